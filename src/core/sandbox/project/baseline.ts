import { type ProjectLimits, limitSentence } from './limits';
import type { Ending } from './process';
import type { ReportedTest, TestReport } from './reports/testReport';

/** How a run of the test command ended, and what it reported. */
export interface TestCommandRun {
  readonly ending: Ending;
  /** Undefined where there is no complete report. */
  readonly report: TestReport | undefined;
}

/** Why the tests of a workspace cannot show whether an answer is right. */
export type BaselineProblem = 'passes' | 'no tests' | 'limit' | 'not started' | 'no report';

/**
 * What the tests say of the workspace before anything is written. It is made before any money is spent: only tests that
 * fail now can prove an answer by passing later.
 */
export interface Baseline extends TestCommandRun {
  /** Why these tests prove nothing, and a sentence for the user; undefined where all is well. */
  readonly problem: { readonly kind: BaselineProblem; readonly message: string } | undefined;
  /** The tests that fail now and have to pass; the command as a whole where it does not say which. Never empty. */
  readonly required: readonly ReportedTest[];
  /** Names of tests that fail now for reasons of their own and may go on failing. */
  readonly tolerated: ReadonlySet<string>;
}

const PASSES =
  "All of the project's tests pass already: they do not test what is missing, so they would prove nothing.";

/** Stands for the command where there is no report of tests. */
export const COMMAND_SUCCEEDS = 'the test command succeeds';

/**
 * Judges the run on the untouched workspace.
 * @param reports whether the command was told to write a report
 */
export function baselineOf(run: TestCommandRun, limits: ProjectLimits, reports: boolean): Baseline {
  const { report } = run;
  const failing = report?.tests.filter(({ status }) => status === 'failed') ?? [];
  const command: ReportedTest = { name: COMMAND_SUCCEEDS, status: 'failed', durationMs: run.ending.durationMs };
  return {
    ...run,
    problem: problemOf(run, limits, reports),
    required: failing.length > 0 ? failing : [command],
    tolerated: new Set(),
  };
}

/**
 * The same baseline for a user who knows that some tests fail for another reason, such as a missing network. At least
 * one other failing test has to remain; else the baseline has a problem.
 */
export function tolerate(baseline: Baseline, names: ReadonlySet<string>): Baseline {
  const required = baseline.required.filter(({ name }) => !names.has(name));
  if (required.length > 0) return { ...baseline, required, tolerated: names };
  return { ...baseline, tolerated: names, problem: baseline.problem ?? { kind: 'passes', message: PASSES } };
}

/** Tests that a report counts. */
export function countOf({ passed, failed, skipped }: TestReport): number {
  return passed + failed + skipped;
}

function problemOf({ ending, report }: TestCommandRun, limits: ProjectLimits, reports: boolean): Baseline['problem'] {
  const { status, struck } = ending;
  if (struck !== undefined) {
    const why = limitSentence(struck, limits, limits.baselineSeconds);
    return {
      kind: 'limit',
      message: `The project's tests were ended: ${why}. Choose a command that runs fewer of them, or raise the limit in the settings.`,
    };
  }
  const missing = report === undefined ? notStarted(ending) : undefined;
  if (missing !== undefined) return { kind: 'not started', message: `The test command does not run: ${missing}.` };
  if (report === undefined && reports) {
    return { kind: 'no report', message: `The test runner ended before its summary: ${lastLine(ending)}.` };
  }
  if (report !== undefined && countOf(report) === 0) {
    return { kind: 'no tests', message: 'The test command runs, but finds no tests.' };
  }
  if (status !== 0) return undefined;
  return report !== undefined && report.failed > 0
    ? {
        kind: 'passes',
        message: 'The test command reports success although tests fail, so it cannot show an answer to be right.',
      }
    : { kind: 'passes', message: PASSES };
}

function notStarted({ status, stderr, stdout }: Ending): string | undefined {
  const said = `${stderr}\n${stdout}`;
  const module = /No module named ['"]?(pytest|unittest|nose|tox)\b/.exec(said)?.[1];
  if (module !== undefined) return `${module} is not installed for this Python`;
  if (status !== 126 && status !== 127) return undefined;
  return `${lastLine({ stdout, stderr }).replace(SHELL_PREFIX, '')} (exit status ${status})`;
}

/** What a shell or env puts before its complaint. */
const SHELL_PREFIX = /^(?:\/bin\/)?sh: (?:\d+: )?(?:exec: )?|^(?:\/usr\/bin\/)?env: /;

function lastLine({ stdout, stderr }: Pick<Ending, 'stdout' | 'stderr'>): string {
  const lines = (stderr.trim() === '' ? stdout : stderr).trim().split('\n');
  return (lines.at(-1) ?? '').slice(0, 300) || 'it says nothing';
}
