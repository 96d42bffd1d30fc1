import assert from 'node:assert/strict';
import { usd, ZERO } from '../../../src/core/money';
import { TOPOLOGIES, type TopologyName } from '../../../src/core/plan';
import { type Script, ScriptedSandbox } from '../../support/scripted';
import { CATALOGUE, code, CUT, planned, type RunOptions, TASK, topologyRun } from './topologyRun';

const PAPER = { profile: 'paper' } as const;
/** Weak and middle alone, so that the pool has two kinds of agents at a small budget. */
const MODELS = CATALOGUE.models.slice(1);
/** Two of the middle and one of the weak, by the paper's estimate of 500 tokens in and 384 out. */
const BUDGET = usd('0.0036');

const run = (script: Script, topology: TopologyName, options: RunOptions = {}) =>
  topologyRun(script, { ...PAPER, topology, models: MODELS, budget: BUDGET, ...options });

/** Executors write in turn; the critic and the planner say what they are told to, in turn. */
function scripted(
  answers: readonly string[],
  critiques: readonly string[] = [],
  plans: readonly string[] = [],
): Script {
  const turn = { executor: 0, critic: 0, planner: 0, judge: 0 };
  return ({ role }) => {
    const said = { executor: answers.map(code), critic: critiques, planner: plans, judge: [] }[role];
    return said[Math.min(turn[role]++, said.length - 1)] ?? '';
  };
}

const REJECTED = '{"approved": false, "issues": "Say beta as well."}';
const APPROVED = 'Well done. {"approved": true, "issues": ""}';

describe('topologies in the paper profile (scripted models)', () => {
  it('are planned with 500 tokens in and 384 out for every agent, whatever the task', async () => {
    const plan = await planned({ ...PAPER, topology: 'linear', models: MODELS, budget: BUDGET });
    assert.deepEqual(plan.pool, [
      { model: 'middle', count: 2, role: 'executor' },
      { model: 'weak', count: 1, role: 'executor' },
    ]);
    assert.equal(plan.expectedCost, usd('0.0034692'));
    assert.ok(plan.explanation.some((line) => line.startsWith('Profile paper: as published')));
    const long = { ...TASK, prompt: 'Write f. '.repeat(100) };
    const same = await planned({ ...PAPER, topology: 'linear', models: MODELS, budget: BUDGET, task: long });
    assert.deepEqual(same.pool, plan.pool);
  });

  it('test nothing before the end, and then the last answer alone, which decides', async () => {
    for (const topology of TOPOLOGIES) {
      const script = scripted(['alpha beta', 'alpha beta 2', 'none'], [REJECTED, APPROVED], ['["write"]']);
      const { result, events, runs } = await run(script, topology, { budget: usd(1) });
      assert.equal(runs.length, 1, topology);
      const settled = events.findLastIndex(({ type }) => type === 'settled');
      assert.ok(settled < events.findIndex(({ type }) => type === 'testing'), topology);
      assert.ok(result.code.includes(runs[0]!.trim()), topology);
    }
  });

  it('are greedy, and give every agent 384 tokens', async () => {
    for (const topology of TOPOLOGIES) {
      const { requests } = await run(scripted(['a', 'b'], [REJECTED], ['["write", "critique", "revise"]']), topology, {
        budget: usd(1),
      });
      assert.ok(requests.length >= 3);
      for (const { temperature, maxTokens } of requests) assert.deepEqual([temperature, maxTokens], [0, 384], topology);
    }
  });

  it('Linear calls every agent of the pool once, each on top of the answer before it', async () => {
    const { calls, requests, result } = await run(scripted(['one', 'two', 'alpha beta']), 'linear');
    assert.deepEqual(calls, ['executor weak', 'executor middle', 'executor middle']);
    assert.match(requests[1]!.messages[1]!.content, /return 'one'/);
    assert.match(requests[2]!.messages[1]!.content, /return 'two'/);
    assert.deepEqual([result.status, result.profile], ['solved', 'paper']);
    for (const { messages } of requests) assert.doesNotMatch(messages.at(-1)!.content, /does not contain/);
  });

  it('Star asks all others the task alone, and has the strongest write the final answer from theirs', async () => {
    const { calls, requests } = await run(scripted(['one', 'two', 'alpha beta']), 'star');
    assert.deepEqual(calls, ['executor middle', 'executor weak', 'executor middle']);
    assert.doesNotMatch(requests[1]!.messages[0]!.content, /return 'one'/);
    assert.match(requests[2]!.messages[0]!.content, /Answer 1:[\s\S]*return 'one'[\s\S]*Answer 2:[\s\S]*return 'two'/);
  });

  it('Feedback revises by the critique until the critic approves, and not longer', async () => {
    const script = scripted(['alpha', 'alpha beta', 'none'], [REJECTED, APPROVED]);
    const { calls, requests, result } = await run(script, 'feedback', { budget: usd(1) });
    assert.deepEqual(calls, ['executor weak', 'critic middle', 'executor weak', 'critic middle']);
    assert.match(requests[2]!.messages.at(-1)!.content, /Say beta as well\./);
    assert.match(requests[2]!.messages[1]!.content, /return 'alpha'/);
    assert.match(requests[1]!.messages[0]!.content, /Tests:\nalpha\nbeta/);
    assert.equal(result.status, 'solved');
  });

  it('Feedback ends where the critic wrongly approves: the verdict afterwards says so', async () => {
    const { calls, result } = await run(scripted(['alpha'], [APPROVED]), 'feedback');
    assert.equal(calls.length, 2);
    assert.deepEqual([result.status, result.stop, result.verdict.passed], ['unsolved', 'gave up', 1]);
  });

  it('Feedback with a critic that is never content ends with its eighth answer where the budget does not end it', async () => {
    const { calls } = await run(scripted(['alpha'], ['Hm.']), 'feedback', { budget: usd(1) });
    assert.equal(calls.filter((call) => call.startsWith('executor')).length, 8);
  });

  it('Planner-Driven takes the steps of the plan, and plans again at most twice while issues are left', async () => {
    const plan = '[{"do": "write", "note": "two words"}, "test", "critique", "revise", "critique"]';
    const { calls, requests } = await run(scripted(['alpha'], [REJECTED], [plan]), 'planner', { budget: usd(1) });
    assert.equal(calls.filter((call) => call.startsWith('planner')).length, 3);
    assert.deepEqual(
      calls.slice(0, 3).map((call) => call.split(' ')[0]),
      ['planner', 'executor', 'critic'],
    );
    assert.match(requests[1]!.messages[0]!.content, /two words/);
    const done = await run(scripted(['alpha beta'], [APPROVED], [plan]), 'planner', { budget: usd(1) });
    assert.equal(done.calls.length, 3);
    assert.equal(done.result.status, 'solved');
  });

  it('Planner-Driven falls back to Linear where the plan cannot be read', async () => {
    const { result, calls } = await run(scripted(['none', 'alpha beta'], [], ['Let us begin.']), 'planner');
    assert.ok(calls.some((call) => call.startsWith('executor')));
    assert.notEqual(result.status, 'error');
  });

  it('do not make the call that the paper would have overspent with, and say so', async () => {
    const long = 'x'.repeat(300);
    let denied = 0;
    for (const topology of TOPOLOGIES) {
      const { result, events, receipt } = await run(
        scripted([`alpha ${long}`, `alpha beta ${long}`], [REJECTED], ['["write", "critique", "revise", "critique"]']),
        topology,
        { task: { ...TASK, prompt: 'Write f. '.repeat(60) } },
      );
      assert.ok(result.account.worstReserved <= BUDGET, topology);
      assert.equal(result.account.reserved, ZERO);
      if (!events.some(({ type }) => type === 'denied')) continue;
      denied += 1;
      assert.match(result.overspend!, /^The paper would have overspent here\. A call to /, topology);
      assert.match(receipt, /The paper would have overspent here/, topology);
      assert.ok(['exhausted', 'solved'].includes(result.status), topology);
    }
    assert.ok(denied >= 3, `${denied} topologies overspend`);
  });

  it('leave the last answer and a right receipt whatever call fails', async () => {
    const gone = { kind: 'refused', status: 404, message: 'no such model', retryable: false } as const;
    for (const topology of TOPOLOGIES) {
      for (const fault of [CUT, gone, 'I would rather not.'] as const) {
        for (let position = 1; position <= 4; position++) {
          const script = scripted(
            ['alpha beta'],
            [REJECTED, APPROVED],
            ['["write", "critique", "revise", "critique"]'],
          );
          const { result } = await run((...asked) => (asked[1] === position ? fault : script(...asked)), topology);
          assert.equal(result.account.reserved, ZERO);
          assert.equal(result.status, 'solved', `${topology}, ${position}`);
        }
      }
    }
  });

  it('without tests end as untested', async () => {
    const sandbox = new ScriptedSandbox();
    const { result } = await run(scripted(['one', 'two']), 'linear', { task: { ...TASK, tests: [] }, sandbox });
    assert.deepEqual([result.status, result.stop, sandbox.runs.length], ['unsolved', 'untested', 0]);
    assert.match(result.code, /two/);
  });
});
