import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type Mocha from 'mocha';

/** The environment variable that tells a mocha run where to write its result. */
export const RESULT_FILE_VARIABLE = 'SOLVENT_TEST_RESULT';

/** One test that has ended. */
export interface TestOutcome {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Wall time, ms. */
  readonly durationMs: number;
  /** Why it failed: the message and the stack. */
  readonly failure?: string;
}

/** What a mocha run wrote about itself. */
export interface SuiteResult {
  /** Whether the run reached its end. A process that dies half way leaves `false`. */
  readonly complete: boolean;
  readonly outcomes: readonly TestOutcome[];
  /** The test that was running when this was written. */
  readonly running?: string;
}

/** How many tests ended how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Keeps the result of a mocha run in a file, from the first test on, so that a run that hangs or dies tells where.
 * A failing hook counts as a failed test.
 */
export function recordResult(runner: Mocha.Runner, file: string): void {
  const outcomes: TestOutcome[] = [];
  const write = (complete: boolean, running?: string): void => {
    const result: SuiteResult = { complete, outcomes, ...(running === undefined ? {} : { running }) };
    writeFileSync(file, JSON.stringify(result));
  };
  const ended = (test: Mocha.Runnable, state: TestOutcome['state'], failure?: string): void => {
    const outcome = { title: test.fullTitle(), state, durationMs: test.duration ?? 0 };
    outcomes.push(failure === undefined ? outcome : { ...outcome, failure });
  };
  write(false);
  runner.on('test', (test) => {
    write(false, test.fullTitle());
  });
  runner.on('pass', (test) => {
    ended(test, 'passed');
  });
  runner.on('pending', (test) => {
    ended(test, 'skipped');
  });
  runner.on('fail', (test, error: unknown) => {
    ended(test, 'failed', failureText(error));
  });
  runner.on('end', () => {
    write(true);
  });
}

/** The result in a file; nothing when the run never wrote one. */
export function readResult(file: string): SuiteResult | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SuiteResult) : undefined;
}

/** A run without a result, with an unfinished one or without a single test has failed, whatever its exit code says. */
export function countsOf(result: SuiteResult | undefined): Counts {
  const outcomes = result?.outcomes ?? [];
  const of = (state: TestOutcome['state']): number => outcomes.filter((outcome) => outcome.state === state).length;
  const whole = result?.complete === true && outcomes.length > 0;
  return { passed: of('passed'), failed: of('failed') + (whole ? 0 : 1), skipped: of('skipped') };
}

/** The tests of a run that failed, in their order. */
export function failuresOf(result: SuiteResult | undefined): readonly TestOutcome[] {
  return (result?.outcomes ?? []).filter((outcome) => outcome.state === 'failed');
}

/** The sum of counts. */
export function total(counts: readonly Counts[]): Counts {
  const sum = (key: keyof Counts): number => counts.reduce((all, one) => all + one[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.stack?.includes(error.message) === true ? error.stack : `${error.message}\n${error.stack ?? ''}`;
}
