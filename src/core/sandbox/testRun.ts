import type { Task } from '../task/task';
import type { PairResult } from './pair';
import { oneLine } from './report';
import type { Unreadable } from './script/unreadable';
import type { Limits, Verdict } from './verdict';

/** What the judge of Python is told. */
export function jobOf(task: Task, code: string): unknown {
  return { code, prompt: task.prompt, entry: task.entryPoint ?? null, setup: task.setup, tests: task.tests };
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
    tests,
    limits: { seconds: limits.runSeconds, memoryMb: limits.memoryMb },
    ...(killed === undefined ? {} : { killed }),
    stdout,
    stderr,
  };
}
