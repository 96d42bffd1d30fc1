import assert from 'node:assert/strict';
import { usd } from '../../src/core/money';
import type { Task } from '../../src/core/task/task';
import { headline } from '../../src/report/outcome';
import type { Script } from '../support/scripted';
import {
  CATALOGUE,
  CUT,
  planned,
  type RunOptions,
  topologyRun,
  type TopologyRun,
} from '../unit/topologies/topologyRun';
import { sandbox } from './bench';

/** Two visible tests, which do not say what becomes of numbers below 0. */
const TASK: Task = {
  ...{ id: 'square', language: 'python', prompt: 'Write f(x), the square of x.', entryPoint: 'f', setup: '' },
  tests: ['assert f(1) == 1', 'assert f(2) == 4'],
};
const answer = (body: string): string => `\`\`\`python\ndef f(x):\n    return ${body}\n\`\`\``;
const RIGHT = answer('x * x');
const RIGHT_TOO = answer('x ** 2');
const WRONG = answer('x * x if x > 0 else 0');
const WRONG_TOO = answer('abs(x) * x');
const FAILING = answer('x');

/** Answers in turn; the last is repeated. Judges say what they are told to. */
function inTurn(answers: readonly string[], judgement = '{"best": 1}'): Script {
  let given = 0;
  return ({ role }) => (role === 'judge' ? judgement : (answers[Math.min(given++, answers.length - 1)] ?? ''));
}

async function run(script: Script, options: RunOptions = {}): Promise<TopologyRun> {
  return topologyRun(script, { task: TASK, topology: 'linear', sandbox: await sandbox(), ...options });
}

describe('the mode of a run (scripted models, real sandbox)', function () {
  this.timeout(300_000);

  it('frugal stops at the first pass', async () => {
    const { result, calls } = await run(inTurn([WRONG]), { mode: 'frugal' });
    assert.deepEqual([result.stop, calls], ['solved', ['executor weak']]);
  });

  it('balanced is the default, and a second answer that does the same is enough', async () => {
    const { result, calls, requests, events, receipt } = await run(inTurn([RIGHT, RIGHT_TOO]));
    assert.deepEqual([result.status, result.stop], ['solved', 'agreed']);
    assert.deepEqual(calls, ['executor weak', 'executor weak']);
    assert.match(result.code, /x \* x/);
    assert.equal(requests[1]!.messages.length, 1, 'the second answer is written without sight of the first');
    assert.doesNotMatch(requests[1]!.messages[0]!.content, /x \* x/);
    assert.equal(events.filter(({ type }) => type === 'compared').length, 1);
    assert.match(receipt, /## Evidence\n\n- The answers of calls 1 and 2 do the same on /);
    assert.match(headline(result), /^Solved: 2 of 2 tests pass, and an independent answer agrees$/);
  });

  it('tests no code twice, and tells which call brought it first', async () => {
    const { result, events, receipt } = await run(inTurn([FAILING, RIGHT, FAILING, FAILING]));
    assert.equal(result.stop, 'solved');
    const repeated = events.flatMap((event) => (event.type === 'repeated' ? [[event.call, event.of]] : []));
    assert.deepEqual(repeated, [
      [3, 1],
      [4, 1],
    ]);
    assert.equal(events.filter(({ type }) => type === 'verdict').length, 2);
    assert.match(receipt, /\| 3 \| executor \|.*\| same code as call 1 \|/);
  });

  it('balanced has a stronger model decide where two answers that pass do otherwise, and takes the side it is on', async () => {
    for (const answers of [
      [WRONG, RIGHT, RIGHT_TOO],
      [RIGHT, WRONG, RIGHT_TOO],
    ]) {
      const { result, calls, receipt } = await run(inTurn(answers));
      assert.deepEqual([result.status, result.stop], ['solved', 'agreed']);
      assert.deepEqual(calls, ['executor weak', 'executor weak', 'executor strong']);
      assert.match(result.code, /return x \* x\n/);
      assert.match(receipt.replaceAll('\\', ''), /do otherwise on \d+ of \d+ inputs, such as f\(/);
    }
  });

  it('balanced ends as disputed, with the answer of the strongest, where all three do otherwise', async () => {
    const { result } = await run(inTurn([WRONG, WRONG_TOO, RIGHT]));
    assert.deepEqual([result.status, result.stop], ['solved', 'disputed']);
    assert.match(result.code, /return x \* x\n/);
    assert.match(
      headline(result),
      /^Solved, but disputed: 2 of 2 tests pass, and an independent answer does otherwise$/,
    );
  });

  it('balanced asks a judge where no model is stronger', async () => {
    const models = CATALOGUE.models.slice(2);
    for (const [judgement, chosen] of [
      ['{"best": 2}', /return x \* x\n/],
      ['{"best": 1}', /x > 0/],
      ['I cannot tell.', /x > 0/],
    ] as const) {
      const { result, calls } = await run(inTurn([WRONG, RIGHT], judgement), { models });
      assert.deepEqual(calls, ['executor weak', 'executor weak', 'judge weak']);
      assert.equal(result.stop, 'disputed');
      assert.match(result.code, chosen);
    }
  });

  it('balanced counts an answer that fails the tests as no opinion, and asks for no more than two', async () => {
    const { result, calls } = await run(inTurn([RIGHT, FAILING]));
    assert.deepEqual([result.stop, calls.length], ['solved', 3]);
    assert.match(result.code, /x \* x/);
  });

  it('thorough asks on, the strongest first, until three answers do the same', async () => {
    const { result, calls } = await run(inTurn([WRONG, RIGHT, RIGHT_TOO, WRONG, RIGHT]), { mode: 'thorough' });
    assert.equal(result.stop, 'agreed');
    assert.match(result.code, /return x \* x\n/);
    assert.equal(calls[1], 'executor strong');
    assert.equal(calls.length, 5);
    const firm = await run(inTurn([RIGHT, RIGHT_TOO, RIGHT]), { mode: 'thorough' });
    assert.deepEqual([firm.result.stop, firm.calls.length], ['agreed', 3]);
  });

  it('buys nothing where the tests hold no call that can be varied, and the plan says so', async () => {
    const task = { ...TASK, tests: ['assert f(len("a")) == 1'] };
    for (const mode of ['balanced', 'thorough'] as const) {
      const { result, calls } = await run(inTurn([RIGHT]), { task, mode });
      assert.deepEqual([result.stop, calls.length], ['solved', 1]);
      assert.ok((await planned({ task, mode })).explanation.some((line) => line.includes('no evidence is bought')));
    }
  });

  it('buys nothing for an answer that does not do the same twice, and says so', async () => {
    const lots = answer('x * x if x in (1, 2) else __import__("random").random()');
    for (const mode of ['balanced', 'thorough'] as const) {
      const { result, calls, receipt } = await run(inTurn([lots]), { mode });
      assert.deepEqual([result.stop, calls.length], ['solved', 1]);
      assert.match(receipt, /this answer does not even do the same twice/);
    }
  });

  it('buys nothing that the budget does not admit, asks nobody for more, and says nothing of a denial', async () => {
    const models = CATALOGUE.models.slice(1, 2);
    const asked = { mode: 'thorough', models, task: TASK, topology: 'linear' } as const;
    const { smallestFeasible: budget } = await planned({ ...asked, budget: usd('0.000001') });
    // Its bytes are its tokens here, so it takes nearly all of what its call may.
    const long = answer(`x * x  # ${'x'.repeat(384 - answer('x * x  # ').length)}`);
    assert.ok(budget !== undefined && long.length === 384);
    const { result, events, calls } = await run(inTurn([long]), { ...asked, budget });
    assert.deepEqual([result.status, result.stop], ['solved', 'solved']);
    assert.equal(calls.length, 1);
    assert.ok(!events.some(({ type }) => type === 'denied' || type === 'exhausted'));
  });

  it('never loses an answer that passes, whatever becomes of the evidence', async () => {
    const gone = { kind: 'refused', status: 404, message: 'no such model', retryable: false } as const;
    for (const mode of ['balanced', 'thorough'] as const) {
      for (const fault of [CUT, gone, 'I would rather not.', FAILING] as const) {
        for (let position = 2; position <= 4; position++) {
          const turns = inTurn([RIGHT, WRONG, WRONG_TOO, RIGHT]);
          const { result } = await run((...asked) => (asked[1] === position ? fault : turns(...asked)), { mode });
          assert.equal(result.status, 'solved');
          assert.deepEqual([result.verdict.passed, result.verdict.total], [2, 2]);
        }
      }
    }
  });

  it('ends as solved where the user cancels what is only evidence', async () => {
    const cancel = new AbortController();
    const { result } = await run(
      (_, call) => {
        if (call === 2) cancel.abort();
        return RIGHT;
      },
      { signal: cancel.signal },
    );
    assert.deepEqual([result.status, result.stop], ['solved', 'solved']);
  });

  it('stands in the plan with what it costs and what for; frugal costs least, thorough most', async () => {
    const plans = await Promise.all(
      (['frugal', 'balanced', 'thorough'] as const).map((mode) => planned({ task: TASK, mode, topology: 'linear' })),
    );
    const [frugal, balanced, thorough] = plans;
    assert.ok(frugal!.expectedCost < balanced!.expectedCost && balanced!.expectedCost < thorough!.expectedCost);
    for (const plan of plans) {
      assert.ok(plan.explanation.some((line) => line.startsWith(`Mode ${plan.mode}: `)));
      assert.ok(plan.expectedCost <= plan.worstCost);
    }
    assert.ok(balanced!.explanation.some((line) => /\$0\.\d+ of that is for a second, independent answer/.test(line)));
  });
});
