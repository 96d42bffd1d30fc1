import type { Task } from '../task/task';
import type { PairResult } from './pair';
import type { Limits, Verdict } from './verdict';

/** What the judge of Python is told. */
export function jobOf(task: Task, code: string): unknown {
  return { code, prompt: task.prompt, entry: task.entryPoint ?? null, setup: task.setup, tests: task.tests };
}

/** The verdict on a task without tests. */
export function emptyVerdict(sandbox: 'os' | 'wasm', limits: Limits): Verdict {
  return verdictOf(sandbox, limits, { tests: [], killed: undefined, stdout: '', stderr: '' });
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
