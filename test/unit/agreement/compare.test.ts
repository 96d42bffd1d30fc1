import assert from 'node:assert/strict';
import { type Agreement, isAgreed } from '../../../src/core/agreement/agreement';
import { compare } from '../../../src/core/agreement/compare';
import type { Known } from '../../../src/core/agreement/done';
import type { Sandbox, TestRun } from '../../../src/core/sandbox/sandbox';
import type { LimitStruck, Outcome, Verdict } from '../../../src/core/sandbox/verdict';
import type { Task } from '../../../src/core/task/task';

/** Ten inputs that are not varied. */
const TASK: Task = {
  ...{ id: 't', language: 'javascript', entryPoint: 'f', setup: '', prompt: 'Write f.' },
  tests: Array.from({ length: 10 }, (_, index) => `f(/${index}/)`),
};

/** What an answer does with an input in its n-th run, counted from 1; a limit or `gone` where that is its end. */
type Behaviour = (input: number, run: number) => Outcome | LimitStruck | 'gone';

const gives = (value: unknown): Outcome => ({ kind: 'value', exact: String(value), loose: String(value) });

/** A machine that does what it is told, also what no real one does at will: to be slow once. */
class Scripted implements Sandbox {
  readonly kind = 'os';
  readonly languages = ['javascript'] as const;
  readonly description = 'scripted outcomes';
  /** The inputs of each run, by the code, and how long it was allowed to take. */
  readonly runs: [code: string, inputs: readonly number[], seconds: number | undefined][] = [];

  /** @param took ms of each input that is run */
  constructor(
    private readonly answers: Readonly<Record<string, Behaviour>>,
    private readonly took = 1,
  ) {}

  async run({ task, code, outcomes, limits }: TestRun): Promise<Verdict> {
    await Promise.resolve();
    assert.equal(outcomes, true);
    const inputs = task.tests.map((test) => Number(/\d+/.exec(test)?.[0]));
    this.runs.push([code, inputs, limits?.runSeconds]);
    const run = this.runs.filter(([other]) => other === code).length;
    let end: LimitStruck | 'gone' | undefined;
    const tests = inputs.map((input, index) => {
      const test = { name: task.tests[index] ?? '', durationMs: end === undefined ? this.took : 0 };
      const done = end ?? this.answers[code]?.(input, run) ?? 'gone';
      if (typeof done !== 'string') return { ...test, ok: true, outcome: done };
      end ??= done;
      return { ...test, ok: false, message: 'ended' };
    });
    return {
      ...{ passed: 0, total: tests.length, ran: true, sandbox: 'os', tests, stdout: '', stderr: '' },
      limits: { seconds: 1, memoryMb: 1 },
      ...(end === undefined || end === 'gone' ? {} : { killed: end }),
    };
  }
}

async function compared(
  one: Behaviour,
  other: Behaviour,
  took?: number,
): Promise<{ agreement: Agreement; runs: Scripted['runs']; known: Known }> {
  const sandbox = new Scripted({ one, other }, took);
  const known: Known = new Map();
  const agreement = await compare(TASK, 'one', 'other', sandbox, new AbortController().signal, known);
  assert.ok(agreement !== undefined);
  return { agreement, runs: sandbox.runs, known };
}

describe('the comparison of answers', () => {
  it('runs each answer twice, the second time with the inputs in the opposite order', async () => {
    const { agreement, runs } = await compared(gives, gives);
    const forth = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    assert.deepEqual(
      runs.map(([, inputs]) => inputs),
      [forth, forth.toReversed(), forth, forth.toReversed()],
    );
    assert.deepEqual(agreement, { probes: 10, same: 10, unclear: 0, untold: 0, differing: [] });
  });

  it('starts an answer anew where an input was its end, for the inputs after it, three times at most', async () => {
    const { agreement, runs } = await compared(gives, (input) => (input % 3 === 2 ? 'gone' : gives(input)));
    assert.deepEqual(
      runs.filter(([code]) => code === 'other').map(([, inputs]) => inputs.length),
      [10, 7, 4, 9, 8, 5, 2],
    );
    assert.deepEqual(agreement.differing, ['f(/2/)', 'f(/5/)', 'f(/8/)']);
    assert.deepEqual([agreement.same, agreement.untold], [6, 1], 'what is after the third end is not known');
  });

  it('does not wait twice for every input that an answer does not come to an end with', async () => {
    const { agreement, runs } = await compared(gives, (input) => (input > 5 ? 'time' : gives(input)));
    assert.deepEqual(
      runs.filter(([code]) => code === 'other').map(([, inputs]) => inputs.length),
      [10, 3, 2, 7, 6],
    );
    assert.deepEqual(agreement.differing, ['f(/6/)', 'f(/7/)', 'f(/8/)']);
    assert.deepEqual([agreement.same, agreement.untold], [6, 1]);
  });

  it('holds nothing against an answer that a busy machine ended once', async () => {
    const { agreement } = await compared(gives, (input, run) => (run === 1 && input === 6 ? 'time' : gives(input)));
    assert.deepEqual(agreement, { probes: 10, same: 9, unclear: 0, untold: 1, differing: [] });
  });

  it('gives all inputs of an answer 15 s together, and blames none for the end of that time', async () => {
    const endless: Behaviour = (input) => (input === 1 ? 'time' : gives(input));
    const spent = await compared(endless, endless, 6500);
    assert.deepEqual(
      spent.runs.filter(([code]) => code === 'one').map(([, inputs, seconds]) => [inputs.length, seconds]),
      [
        [10, 15],
        [2, 15],
        [1, 8.5],
      ],
    );
    assert.deepEqual([spent.agreement.same, spent.agreement.untold], [2, 8]);
    const over = await compared(endless, endless, 7500);
    assert.deepEqual([over.agreement.same, over.agreement.untold], [1, 9], 'the run was ended, and not input 1');
  });

  it('takes ends by different limits for the same, and one by itself for another', async () => {
    const ending =
      (end: LimitStruck | 'gone'): Behaviour =>
      (input) =>
        input === 4 ? end : gives(input);
    assert.equal((await compared(ending('time'), ending('memory'))).agreement.same, 10);
    assert.deepEqual((await compared(ending('time'), ending('gone'))).agreement.differing, ['f(/4/)']);
  });

  it('counts for nothing what is another with every run, what is no data, and what differs in a trifle', async () => {
    const lots: Behaviour = (input, run) => gives(`${input} in ${run}`);
    const opaque: Behaviour = () => ({ kind: 'opaque' });
    const trifle: Behaviour = (input) => ({ kind: 'value', exact: '-0', loose: String(input) });
    for (const other of [lots, opaque, trifle]) {
      const { agreement } = await compared(gives, other);
      assert.deepEqual(agreement, { probes: 10, same: 0, unclear: 0, untold: 10, differing: [] });
      assert.equal(isAgreed(agreement), undefined);
    }
  });

  it('runs no answer again that it knows already', async () => {
    const { runs, known } = await compared(gives, gives);
    assert.equal(runs.length, 4);
    const sandbox = new Scripted({ one: () => 'gone', third: gives });
    const signal = new AbortController().signal;
    const agreement = await compare(TASK, 'one', 'third', sandbox, signal, known);
    assert.equal(agreement?.same, 10);
    assert.deepEqual(
      sandbox.runs.map(([code]) => code),
      ['third', 'third'],
    );
    assert.equal((await compare(TASK, 'one', 'one', sandbox, signal, known))?.same, 10);
  });

  it('comes to nothing where a sandbox tells no outcomes, or has no verdict', async () => {
    const silent = new Scripted({ one: gives, other: gives });
    const { signal } = new AbortController();
    for (const change of [
      (verdict: Verdict): Verdict => ({ ...verdict, ran: false, tests: [] }),
      (verdict: Verdict): Verdict => ({
        ...verdict,
        tests: verdict.tests.map(({ name, ok }) => ({ name, ok, durationMs: 1 })),
      }),
    ]) {
      const sandbox: Sandbox = {
        ...{ kind: 'os', languages: ['javascript'], description: 'no outcomes' },
        run: async (request) => change(await silent.run(request)),
      };
      assert.equal(await compare(TASK, 'one', 'other', sandbox, signal), undefined);
    }
  });
});

describe('whether answers agree', () => {
  const told = { probes: 10, same: 5, unclear: 0, untold: 0, differing: [] };

  it('is seen from no difference and the same on half of the inputs', () => {
    assert.equal(isAgreed({ ...told, unclear: 5 }), true);
    assert.equal(isAgreed({ ...told, untold: 5 }), true);
    assert.equal(isAgreed({ ...told, same: 9, differing: ['f(1)'] }), false);
    assert.equal(isAgreed({ ...told, same: 4, unclear: 6 }), false);
  });

  it('cannot be said where too much tells nothing', () => {
    assert.equal(isAgreed({ ...told, same: 4, untold: 6 }), undefined);
    assert.equal(isAgreed({ ...told, same: 4, untold: 5, differing: ['f(1)'] }), false);
  });
});
