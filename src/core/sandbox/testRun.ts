import type { PairResult } from './pair';
import { oneLine } from './report';
import type { TestRun } from './sandbox';
import type { Unreadable } from './script/unreadable';
import type { Limits, TestOutcome, Verdict } from './verdict';

/** What the judge of Python is told. */
export function jobOf({ task, code, outcomes = false }: TestRun): unknown {
  const { prompt, entryPoint = null, setup, tests } = task;
  return { code, prompt, entry: entryPoint, setup, tests, outcomes };
}

/** The verdict on a task without tests. */
export function emptyVerdict(sandbox: 'os' | 'wasm', limits: Limits): Verdict {
  return verdictOf(sandbox, limits, { tests: [], killed: undefined, stdout: '', stderr: '' });
}

/** The verdict on code that did not come as far as to be run. */
export function unreadVerdict(
  sandbox: 'os' | 'wasm',
  limits: Limits,
  tests: readonly string[],
  { message, limit }: Unreadable,
): Verdict {
  const outcomes = tests.map((test) => ({
    ...{ name: oneLine(test), ok: false, message: `not run: ${message}`, durationMs: 0 },
  }));
  return verdictOf(sandbox, limits, { tests: outcomes, killed: limit, stdout: '', stderr: '' });
}

/** Errors by which code learns that a limit has struck, as Python and Node.js word them, and what it was. */
const MET: readonly (readonly [RegExp, (limits: Limits) => string])[] = [
  [
    /\bENOSPC\b|No space left on device/,
    ({ scratchMb, scratchFiles }) => `the scratch folder may hold ${scratchMb} MiB in ${scratchFiles} files`,
  ],
  [/\bEFBIG\b|File too large/, ({ fileMb, scratchMb }) => `a file may hold ${Math.min(fileMb, scratchMb)} MiB`],
];

/** A message that names the limit which the code has met: such a run goes on, and no word of the verdict tells of it. */
function withLimit(test: TestOutcome, limits: Limits): TestOutcome {
  const { message } = test;
  const [, limit] = MET.find(([error]) => message !== undefined && error.test(message)) ?? [];
  return message === undefined || limit === undefined ? test : { ...test, message: `${message} (${limit(limits)})` };
}

/** Counts a run's outcomes. */
export function verdictOf(
  sandbox: 'os' | 'wasm',
  limits: Limits,
  { tests, killed, stdout, stderr }: PairResult,
): Verdict {
  return {
    passed: tests.filter((test) => test.ok).length,
    total: tests.length,
    ran: tests.length > 0,
    sandbox,
    tests: tests.map((test) => withLimit(test, limits)),
    limits: { seconds: limits.runSeconds, memoryMb: limits.memoryMb },
    ...(killed === undefined ? {} : { killed }),
    stdout,
    stderr,
  };
}
