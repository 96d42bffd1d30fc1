import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { openSandbox } from '../../core/sandbox/open';
import { isSolved } from '../../core/sandbox/verdict';
import type { Task } from '../../core/task/task';
import { type AtATime, eightAtATime } from './atATime';
import { type Spread, spreadOf } from './stats';

/** The program whose verdict is timed. */
export const CODE = 'def mean(xs):\n    return sum(xs) / len(xs)\n';
export const TASK: Task = {
  id: 'mean',
  language: 'python',
  prompt: 'def mean(xs):\n    """The mean."""\n',
  entryPoint: 'mean',
  tests: ['assert mean([1, 2, 3]) == 2', 'assert mean([5]) == 5', 'assert mean([0, 1]) == 0.5'],
  setup: '',
};

/** A sandboxed verdict and the bare interpreter's run of the same program. */
export interface Verdicts {
  /** In turns; ms. */
  readonly sandboxed: Spread;
  readonly bare: Spread;
  /** Verdicts wanted eight at a time. */
  readonly eight: AtATime;
}

const MANY = 80;

export async function verdicts(): Promise<Verdicts> {
  const sandbox = await openSandbox({ choice: 'auto', harness: path.resolve('src/core/sandbox/harness') });
  const run = promisify(execFile);
  const program = [CODE, ...TASK.tests].join('\n');
  const { stdout } = await run('python3', ['-c', 'import sys; print(sys.executable)']);
  const python = stdout.trim();
  const verdict = async (): Promise<void> => {
    const found = await sandbox.run({ task: TASK, code: CODE });
    if (!isSolved(found)) throw new Error('The benchmark program must pass.');
  };
  const sandboxed: number[] = [];
  const bare: number[] = [];
  for (let turn = 0; turn < 33; turn++) {
    let started = performance.now();
    await verdict();
    const first = performance.now() - started;
    started = performance.now();
    await run(python, ['-c', program]);
    const second = performance.now() - started;
    if (turn < 3) continue;
    sandboxed.push(first);
    bare.push(second);
  }
  const eight = await eightAtATime(MANY, verdict);
  return { sandboxed: spreadOf(sandboxed), bare: spreadOf(bare), eight };
}
