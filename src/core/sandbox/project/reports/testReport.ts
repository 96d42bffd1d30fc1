/** Test runners whose reports are understood. */
export type Runner = 'pytest' | 'unittest' | 'node' | 'mocha' | 'jest' | 'vitest' | 'cargo' | 'go';

/** What a runner says of one test. */
export interface ReportedTest {
  /** As the runner names it, with the file or suite where it says so; unique in a report. */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** True for a file or suite that could not be loaded and stands for tests that are not known. */
  readonly suite?: true;
  /** Why it failed: the reason first, then what else is worth reading. */
  readonly message?: string;
  readonly durationMs: number;
}

/** A complete report. One that breaks off before the runner's own summary is none. */
export interface TestReport {
  readonly runner: Runner;
  /** All tests, or where {@link named} says so only those that failed. */
  readonly tests: readonly ReportedTest[];
  readonly named: 'all' | 'failing';
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** All that a run has printed. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Failing tests whose messages are looked for, and characters that are looked through for one. */
export const DETAILED = 50;
export const DETAIL_LENGTH = 20_000;

/** Tests that a report may have; one with more is none. */
export const MOST_TESTS = 20_000;

/** Characters of a message that are kept. */
const MESSAGE_LENGTH = 1_500;

/** A report of tests that are all named. Equal names are told apart by their order. */
export function fullReport(runner: Runner, tests: readonly ReportedTest[]): TestReport {
  const count = (status: ReportedTest['status']): number => tests.filter((test) => test.status === status).length;
  const unique = distinct(tests);
  return {
    runner,
    tests: unique,
    named: 'all',
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
}

/** A report that names only what failed. */
export function failingReport(
  runner: Runner,
  failing: readonly ReportedTest[],
  counts: { readonly passed: number; readonly failed: number; readonly skipped: number },
): TestReport {
  return { runner, tests: distinct(failing), named: 'failing', ...counts };
}

/** A message of bounded length, without colours and blank ends. */
export function messageOf(text: string): string {
  const plain = withoutColours(text).trim();
  return plain.length <= MESSAGE_LENGTH ? plain : `${plain.slice(0, MESSAGE_LENGTH)}...`;
}

/** Text as a terminal without colours shows it. */
export function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
  return text.replace(/\u001B\[[0-9;]*[A-Za-z]/g, '');
}

function distinct(tests: readonly ReportedTest[]): ReportedTest[] {
  const seen = new Map<string, number>();
  return tests.map((test) => {
    const count = (seen.get(test.name) ?? 0) + 1;
    seen.set(test.name, count);
    return count === 1 ? test : { ...test, name: `${test.name} (${count})` };
  });
}
