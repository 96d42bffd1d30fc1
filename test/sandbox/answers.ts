import assert from 'node:assert/strict';
import { type Agreement, isAgreed } from '../../src/core/agreement/agreement';
import { compare } from '../../src/core/agreement/compare';
import type { Known } from '../../src/core/agreement/done';
import type { Sandbox } from '../../src/core/sandbox/sandbox';
import type { Task } from '../../src/core/task/task';

/** A task in Python for a function `f`. */
export function asPython(tests: readonly string[], more: Partial<Task> = {}): Task {
  return { ...{ id: 't', language: 'python', entryPoint: 'f', setup: '', prompt: 'Write f.' }, tests, ...more };
}

/** A task that is probed with so many inputs and no others: `{0}`, `{1}` and so on, which are not varied. */
export const inputs = (count: number): Task =>
  asPython(Array.from({ length: count }, (_, index) => `assert f({${index}})`));

/** An answer that gives one of these expressions for each of {@link inputs}. In them, `x` is 1. */
export function giving(expressions: readonly string[], before = ''): string {
  const cases = expressions.map((made, index) => `    if n == ${index}: return ${made}\n`);
  return `${before}\ndef f(which, x=1):\n    (n,) = which\n${cases.join('')}`;
}

/** Two answers to a task in Python, and what comparing them comes to. */
export class Answers {
  constructor(private readonly open: () => Promise<Sandbox>) {}

  async agreement(task: Task, one: string, other: string, known?: Known): Promise<Agreement> {
    const agreement = await compare(task, one, other, await this.open(), new AbortController().signal, known);
    assert.ok(agreement !== undefined);
    const { probes, same, unclear, untold, differing } = agreement;
    assert.equal(same + unclear + untold + differing.length, probes);
    return agreement;
  }

  /** Claims that two answers do the same on all inputs. */
  async areSame(task: Task, one: string, other: string): Promise<void> {
    const agreement = await this.agreement(task, one, other);
    assert.equal(agreement.same, agreement.probes, JSON.stringify(agreement));
  }

  /** Claims what each of these pairs of expressions comes to. */
  async eachIs(
    what: 'same' | 'differing' | 'untold',
    pairs: readonly (readonly [string, string])[],
    before = '',
  ): Promise<void> {
    const [one, other] = ([0, 1] as const).map((side) => giving(pairs.map((pair) => pair[side]), before)); // prettier-ignore
    const agreement = await this.agreement(inputs(pairs.length), one!, other!);
    const count = what === 'differing' ? agreement.differing.length : agreement[what];
    assert.deepEqual([count, agreement.probes], [pairs.length, pairs.length], JSON.stringify(agreement));
    assert.equal(isAgreed(agreement), { same: true, differing: false, untold: undefined }[what]);
  }
}
