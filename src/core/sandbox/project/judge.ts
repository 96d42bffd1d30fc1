import type { TestOutcome } from '../verdict';
import { type Baseline, COMMAND_SUCCEEDS, countOf, type TestCommandRun } from './baseline';
import { cutOutput } from './capture';
import { limitSentence, type ProjectLimits } from './limits';
import type { ReportedTest, TestReport } from './reports/testReport';

/** Failing tests that a message names one by one. */
const NAMED = 5;
/** Characters of output that explain a run without a report. */
const TAIL = 1_200;

/**
 * The outcomes of a run with a candidate, in an order and number that the baseline alone decides: one for each test
 * that failed before, then one for all others. An answer is right where all are: what failed passes, what passed still
 * does, no test is gone, and the command reports success.
 * @param seconds the wall-clock limit of the run
 */
export function judge(baseline: Baseline, run: TestCommandRun, limits: ProjectLimits, seconds: number): TestOutcome[] {
  const { struck } = run.ending;
  if (struck !== undefined) return allFail(baseline, `the tests were ended: ${limitSentence(struck, limits, seconds)}`);
  if (baseline.report === undefined) return [wholeCommand(run)];
  if (run.report === undefined) {
    return allFail(baseline, `the test runner ended before its summary (${statusOf(run)}):\n${tailOf(run)}`.trim());
  }
  return byTest(baseline, baseline.report, run, run.report);
}

/** The names of the outcomes, which a task gives as its tests. */
export function outcomeNames(baseline: Baseline): string[] {
  const names = baseline.required.map(({ name }) => name);
  return baseline.report === undefined ? names : [...names, othersOf(baseline.report)];
}

function othersOf({ passed }: TestReport): string {
  return passed === 0
    ? 'nothing else fails'
    : passed === 1
      ? 'the other test passes'
      : `the ${passed} other tests pass`;
}

function allFail(baseline: Baseline, reason: string): TestOutcome[] {
  return outcomeNames(baseline).map((name) => ({ name, ok: false, message: reason, durationMs: 0 }));
}

/** Where the baseline has no report, such as one that did not compile, the exit status counts, and a report if any. */
function wholeCommand(run: TestCommandRun): TestOutcome {
  const { ending, report } = run;
  const { durationMs } = ending;
  const failing = failingOf(report);
  const name = COMMAND_SUCCEEDS;
  if (failing.length > 0) return { name, ok: false, message: listed(failing), durationMs };
  if (report !== undefined && countOf(report) === 0) return { name, ok: false, message: 'no test was run', durationMs };
  if (ending.status === 0) return { name, ok: true, durationMs };
  return { name, ok: false, message: `${statusOf(run)}:\n${tailOf(run)}`, durationMs };
}

function byTest(baseline: Baseline, before: TestReport, run: TestCommandRun, after: TestReport): TestOutcome[] {
  const found = new Map(after.tests.map((test) => [test.name, test]));
  const failing = failingOf(after);
  const known = new Set(baseline.required.map(({ name }) => name));
  const fresh = failing.filter(({ name }) => !known.has(name) && !baseline.tolerated.has(name));
  const explained = new Set<ReportedTest>();
  const enough = after.passed >= before.passed + baseline.required.length;
  const required = baseline.required.map((test): TestOutcome => {
    const now = found.get(test.name);
    const outcome = { name: test.name, durationMs: now?.durationMs ?? 0 };
    if (test.name === COMMAND_SUCCEEDS) return wholeCommand(run);
    if (now?.status === 'failed') return { ...outcome, ok: false, message: now.message ?? 'failed' };
    if (now?.status === 'skipped') return { ...outcome, ok: false, message: 'it is skipped' };
    if (now?.status === 'passed') return { ...outcome, ok: true };
    const related = relatedTo(test, fresh);
    for (const one of related) explained.add(one);
    if (related.length > 0) return { ...outcome, ok: false, message: listed(related) };
    // A suite that can be loaded now is its tests; a report that names failing tests only does not name this one.
    const gone = test.suite === true ? after.passed <= before.passed : after.named === 'all' || !enough;
    return gone ? { ...outcome, ok: false, message: notRun(after, before, fresh) } : { ...outcome, ok: true };
  });
  const others = fresh.filter((one) => !explained.has(one));
  const message = problemOfOthers(before, run, after, others, found, failing.length > 0);
  const rest = { name: othersOf(before), durationMs: run.ending.durationMs };
  return [...required, message === undefined ? { ...rest, ok: true } : { ...rest, ok: false, message }];
}

/** What is wrong apart from the required tests; undefined where nothing is. */
function problemOfOthers(
  before: TestReport,
  run: TestCommandRun,
  after: TestReport,
  fresh: readonly ReportedTest[],
  found: ReadonlyMap<string, ReportedTest>,
  anyFails: boolean,
): string | undefined {
  if (fresh.length > 0) return listed(fresh);
  if (before.named === 'all' && after.named === 'all') {
    const lost = before.tests.filter(({ name, status }) => status === 'passed' && found.get(name)?.status !== 'passed');
    const [first] = lost;
    if (first !== undefined) {
      const more = lost.length > 1 ? ` and ${lost.length - 1} more` : '';
      const how = found.get(first.name)?.status === 'skipped' ? 'skipped' : 'not run any more';
      return `${first.name}${more}: ${how}`;
    }
  } else if (after.passed < before.passed) {
    return `only ${after.passed} tests pass, where ${before.passed} did`;
  }
  const [was, is] = [countOf(before), countOf(after)];
  // A test that fails, or a suite that cannot be loaded, says more than what is missing because of it.
  if (anyFails) return undefined;
  if (is < was) return `only ${is} tests were run, where there were ${was}`;
  if (after.skipped > before.skipped) return `${after.skipped} tests are skipped, where ${before.skipped} were`;
  if (run.ending.status !== 0) return `no test fails, but the command does: ${statusOf(run)}`;
  return undefined;
}

/**
 * Failing tests that say why a required one is not reported: those that a suite stood for, or the suite that a test is
 * part of, or where names do not tell that, any that cannot be loaded.
 */
function relatedTo(required: ReportedTest, fresh: readonly ReportedTest[]): ReportedTest[] {
  if (required.suite === true) {
    const stem = required.name.replace(/\.\w+$/, '').replace(/^.*_FailedTest\./, '');
    return fresh.filter(({ name }) => name.startsWith(required.name) || name.includes(stem));
  }
  const suites = fresh.filter(({ suite }) => suite === true);
  const own = suites.filter(({ name }) => required.name.startsWith(name));
  return own.length > 0 ? own : suites;
}

function notRun(after: TestReport, before: TestReport, fresh: readonly ReportedTest[]): string {
  if (fresh.length > 0) return `it was not run: ${listed(fresh)}`;
  return `it was not run: the report names ${countOf(after)} tests, where there were ${countOf(before)}`;
}

function failingOf(report: TestReport | undefined): ReportedTest[] {
  return report?.tests.filter(({ status }) => status === 'failed') ?? [];
}

function listed(tests: readonly ReportedTest[]): string {
  const lines = tests.slice(0, NAMED).map(({ name, message }) => `${name}: ${message ?? 'failed'}`);
  return tests.length > NAMED ? [...lines, `and ${tests.length - NAMED} more`].join('\n') : lines.join('\n');
}

function statusOf({ ending: { status = 0 } }: TestCommandRun): string {
  return status > 128 ? `ended by signal ${status - 128}` : `exit status ${status}`;
}

/** The end of what was printed, the errors where there are any. */
function tailOf({ ending: { stdout, stderr } }: TestCommandRun): string {
  const text = (stderr.trim() === '' ? stdout : stderr).trim();
  return text.length <= TAIL ? text : cutOutput(text, TAIL);
}
