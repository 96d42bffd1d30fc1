import assert from 'node:assert/strict';
import { usd } from '../../../src/core/money';
import type { Script } from '../../support/scripted';
import { code, CUT, planned, TASK, topologyRun } from './topologyRun';

const ASKED = { topology: 'planner' } as const;

/** Plans, critiques and answers in turn; the last of each is repeated. */
function scripted(plans: readonly string[], answers: readonly string[]): Script {
  let plan = 0;
  let answer = 0;
  return ({ role }) => {
    if (role === 'planner') return plans[Math.min(plan++, plans.length - 1)] ?? '';
    if (role === 'critic') return 'Say beta as well.';
    return code(answers[Math.min(answer++, answers.length - 1)] ?? '');
  };
}

const PLAN =
  '[{"do": "write", "note": "two words"}, "test", "critique", {"do": "revise", "note": "keep alpha"}, "stop"]';

describe('Planner-Driven in the verified profile (scripted models)', () => {
  it('lets the strongest plan, and has the others take the steps, each with the note of the planner', async () => {
    const { result, calls, requests } = await topologyRun(scripted([PLAN], ['alpha', 'alpha beta']), ASKED);
    assert.equal(result.status, 'solved');
    assert.deepEqual(calls, ['planner strong', 'executor weak', 'critic middle', 'executor middle']);
    assert.match(requests[1]!.messages.at(-1)!.content, /two words/);
    assert.match(requests[3]!.messages.at(-1)!.content, /Say beta as well\.\nkeep alpha/);
    assert.match(requests[3]!.messages[1]!.content, /return 'alpha'/);
  });

  it('ends with the first answer that passes, whatever steps are left', async () => {
    const { calls } = await topologyRun(scripted([PLAN], ['alpha beta']), ASKED);
    assert.deepEqual(calls, ['planner strong', 'executor weak']);
  });

  it('makes a plan again at most twice, sees where the last one led, and goes on as Linear after that', async () => {
    const { result, calls, requests } = await topologyRun(
      scripted(['["write"]'], ['alpha 1', 'alpha 2', 'alpha 3', 'alpha beta']),
      ASKED,
    );
    assert.equal(result.status, 'solved');
    assert.equal(calls.filter((call) => call === 'planner strong').length, 3);
    assert.deepEqual(calls.slice(-1), ['executor strong']);
    const second = requests.filter(({ role }) => role === 'planner')[1]!;
    assert.match(second.messages[0]!.content, /return 'alpha 1'[\s\S]*beta: it does not contain that/);
  });

  for (const [name, plan] of [
    ['prose', 'First I would write the function, then test it.'],
    ['a step that nobody knows', '[{"do": "write"}, {"do": "deploy"}]'],
    ['steps that write nothing', '["test", "critique", "stop"]'],
    ['a list that is not closed', '[{"do": "write"}, {"do":'],
    ['nothing', ''],
    ['a list of numbers', '[1, 2, 3]'],
    ['brackets without end', '['.repeat(300) + ']'.repeat(300)],
    ['no list', '{"do": "write"}'],
  ] as const) {
    it(`falls back to Linear where the plan is ${name}`, async () => {
      const { result, calls } = await topologyRun(scripted([plan], ['none', 'alpha beta']), ASKED);
      assert.equal(result.status, 'solved');
      assert.deepEqual(calls, ['planner strong', 'executor weak', 'executor middle']);
    });
  }

  it('falls back to Linear where the planner fails, or there is no money for a plan and its first step', async () => {
    const failing = await topologyRun(({ role }) => (role === 'planner' ? CUT : code('alpha beta')), ASKED);
    assert.equal(failing.result.status, 'solved');
    assert.deepEqual(failing.calls.slice(-1), ['executor weak']);
    const poor = await topologyRun(scripted([PLAN], ['alpha beta']), { ...ASKED, budget: usd('0.00026') });
    assert.deepEqual([poor.result.status, poor.calls], ['solved', ['executor weak']]);
  });

  it('pays one critique for an answer, and none where there is no answer yet', async () => {
    const plan = '["critique", "write", "critique", "critique", "revise"]';
    const { calls } = await topologyRun(scripted([plan], ['alpha', 'alpha beta']), ASKED);
    assert.deepEqual(calls, ['planner strong', 'executor weak', 'critic middle', 'executor middle']);
  });

  it('without tests works as Linear: there is nothing to plan by', async () => {
    const { result, calls } = await topologyRun(scripted([PLAN], ['draft']), {
      ...ASKED,
      task: { ...TASK, tests: [] },
    });
    assert.equal(result.stop, 'untested');
    assert.ok(!calls.includes('planner strong'));
  });

  it('is planned with planner, critic and executors by their strength, and with the price of its plan', async () => {
    const plan = await planned(ASKED);
    assert.deepEqual(
      plan.pool.map(({ model, role }) => [model, role]),
      [
        ['strong', 'planner'],
        ['middle', 'critic'],
        ['weak', 'executor'],
      ],
    );
    assert.ok(plan.expectedCost > (await planned({ topology: 'linear' })).expectedCost);
  });
});
