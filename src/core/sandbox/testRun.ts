import type { Language, Task } from '../task/task';
import type { PairResult } from './pair';
import { SandboxError } from './sandbox';
import type { Limits, Verdict } from './verdict';

/** Languages that this version can test. A runner for another one gets its own harness and an entry here. */
export const TESTED: readonly Language[] = ['python'];

/** @throws SandboxError for a language that this version cannot test. */
export function requireTested(language: Language): void {
  if (!TESTED.includes(language)) {
    throw new SandboxError(`this version tests Python only, not ${language}`);
  }
}

/** What the judge is told. */
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
