import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { Ledger } from '../../../src/core/budget/ledger';
import { TokenCounter } from '../../../src/core/budget/tokens';
import type { Catalogue } from '../../../src/core/catalogue/model';
import type { RunEvent } from '../../../src/core/events';
import { type Money, usd, ZERO } from '../../../src/core/money';
import { TOPOLOGIES, type TopologyName } from '../../../src/core/plan';
import type { ChatOutcome } from '../../../src/core/providers/chat';
import { planTask, solve } from '../../../src/core/solve';
import type { Task } from '../../../src/core/task/task';
import { bookedIn } from '../../support/ledger';
import { aModel } from '../../support/models';
import { type Script, ScriptedProvider, ScriptedSandbox } from '../../support/scripted';

const catalogue: Catalogue = {
  asOf: '2026-11-20',
  source: 'test',
  models: [aModel('strong', 1, 10, 30), aModel('middle', 2, 1, 3), aModel('weak', 3, 0.1, 0.3)],
};
const task: Task = {
  ...{ id: 'job', language: 'python', prompt: 'Write f.', entryPoint: 'f', setup: '' },
  tests: ['alpha', 'beta'],
};
const code = (body: string): string => `\`\`\`python\ndef f():\n    return '${body}'\n\`\`\``;

describe('topologies in the verified profile (scripted models, scripted verdicts)', () => {
  let folder: string;
  let ledger: Ledger;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'solvent-'));
    ledger = await Ledger.open(folder);
  });
  afterEach(async () => {
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  async function run(script: Script, topology: TopologyName | 'auto' = 'linear', budget = usd(1), asked = task) {
    const provider = new ScriptedProvider(script);
    const sandbox = new ScriptedSandbox();
    const events: RunEvent[] = [];
    const parts = { catalogue, tokens: new TokenCounter(), provider, sandbox, ledger, caps: NO_CAPS, workspace: '' };
    const result = await solve(
      { task: asked, budget, profile: 'verified', topology },
      parts,
      (event) => events.push(event),
      new AbortController().signal,
    );
    const calls = provider.requests.map(({ role, model }) => `${role} ${model.id}`);
    return { result, calls, requests: provider.requests, runs: sandbox.runs, events };
  }

  it('stop at the first answer that passes, which the cheapest model gave', async () => {
    const { result, calls } = await run(() => code('alpha beta'));
    assert.equal(result.status, 'solved');
    assert.deepEqual(result.verdict.passed, 2);
    assert.deepEqual(calls, ['executor weak']);
  });

  it('Linear climbs from cheap to strong, each building on the previous answer and its failing output', async () => {
    const { result, calls, requests } = await run((_, call) => code(['none', 'alpha', 'alpha beta'][call - 1]!));
    assert.equal(result.status, 'solved');
    assert.deepEqual(calls, ['executor weak', 'executor middle', 'executor strong']);
    const last = requests[2]!.messages.map(({ content }) => content).join('\n');
    assert.match(last, /return 'alpha'/);
    assert.match(last, /beta: it does not contain that/);
    assert.doesNotMatch(last, /return 'none'/);
  });

  it('Feedback pays the strongest model as critic only after tests failed, and the revision sees its critique', async () => {
    const { result, calls, requests } = await run(
      ({ role }, call) => (role === 'critic' ? 'Say beta as well.' : code(call === 1 ? 'alpha' : 'alpha beta')),
      'feedback',
    );
    assert.equal(result.status, 'solved');
    assert.deepEqual(calls, ['executor weak', 'critic strong', 'executor middle']);
    assert.match(requests[1]!.messages.at(-1)!.content, /return 'alpha'[\s\S]*beta: it does not contain that/);
    assert.match(requests[2]!.messages.at(-1)!.content, /Say beta as well\./);
    const passing = await run(() => code('alpha beta'), 'feedback');
    assert.deepEqual(passing.calls, ['executor weak']);
  });

  it('keep the answer that passed most tests, whatever came after it', async () => {
    const { result } = await run((_, call) => code(call === 2 ? 'alpha' : 'neither'));
    assert.equal(result.status, 'unsolved');
    assert.equal(result.stop, 'gave up');
    assert.equal(result.verdict.passed, 1);
    assert.match(result.code, /alpha/);
  });

  it('do not run the same code twice, and ask warmer where an answer repeats itself', async () => {
    const { runs, requests } = await run(() => code('alpha'));
    assert.equal(runs.length, 1);
    assert.ok(requests.at(-1)!.temperature > 0);
    assert.equal(requests[0]!.temperature, 0);
  });

  it('ask again where an answer is prose, and say that it held no code', async () => {
    const { result, requests } = await run((_, call) => (call === 1 ? 'I would rather not.' : code('alpha beta')));
    assert.equal(result.status, 'solved');
    assert.match(requests[1]!.messages.at(-1)!.content, /no code/);
  });

  it('give an answer that was cut off more room, and do not pay for its half in the next prompt', async () => {
    const long = `alpha ${'x'.repeat(400)} beta`;
    const { result, requests } = await run(() => code(long));
    assert.equal(result.status, 'solved');
    assert.deepEqual(
      requests.map(({ maxTokens, messages }) => [maxTokens, messages.length]),
      [
        [384, 1],
        [768, 1],
      ],
    );
  });

  it('without tests let the strongest review one draft, and never call the result solved', async () => {
    const { result, calls } = await run((_, call) => code(`draft ${call}`), 'auto', usd(1), { ...task, tests: [] });
    assert.equal(result.status, 'unsolved');
    assert.equal(result.stop, 'untested');
    assert.deepEqual([result.verdict.passed, result.verdict.total, result.verdict.ran], [0, 0, false]);
    assert.match(result.code, /draft 2/);
    assert.deepEqual(calls, ['executor weak', 'executor strong']);
  });

  it('go on with another model where one fails, and give up with its message where all do', async () => {
    const gone: ChatOutcome = { kind: 'refused', status: 404, message: 'no such model', retryable: false };
    const { result, calls } = await run(({ model }) => (model.id === 'weak' ? gone : code('alpha beta')));
    assert.equal(result.status, 'solved');
    assert.deepEqual(calls, ['executor weak', 'executor middle']);
    const none = await run(() => gone);
    assert.equal(none.result.status, 'error');
    assert.equal(none.result.error, 'no such model');
    assert.equal(none.result.account.spent, ZERO);
  });

  it('do not ask a server again, with whatever model, that is not there or rejects the key', async () => {
    const down: ChatOutcome = { kind: 'unsent', message: 'nobody there', retryable: false };
    const rejected: ChatOutcome = { kind: 'refused', status: 401, message: 'wrong key', retryable: false };
    for (const outcome of [down, rejected]) {
      const { result, calls } = await run(() => outcome);
      assert.deepEqual([result.status, result.error], ['error', outcome.message]);
      assert.equal(calls.length, 1);
    }
  });

  it('end as infeasible, having asked nobody, where no two agents fit the budget', async () => {
    const { result, calls } = await run(() => code('alpha'), 'auto', usd('0.0000001'));
    assert.equal(result.status, 'infeasible');
    assert.match(result.error!, /smallest that would do is \$0\.000/);
    assert.deepEqual(calls, []);
  });

  it('end as exhausted, with the best answer so far, where the money does not do', async () => {
    const { result, calls } = await run((_, call) => code(`alpha ${'x'.repeat(100)} ${call}`), 'linear', usd(0.0004));
    assert.equal(result.status, 'exhausted');
    assert.match(result.code, /alpha/);
    assert.match(result.error!, /a raise by \$0\.\d+ would admit/);
    assert.ok(calls.length >= 1);
  });

  it('leave a best answer and a right receipt whatever call fails, and however', async () => {
    const faults: ChatOutcome[] = [
      { kind: 'refused', status: 400, message: 'bad', retryable: false },
      { kind: 'unsent', message: 'down', retryable: false },
      { kind: 'cut', text: '', message: 'reset', retryable: false },
      { kind: 'cut', text: code('alpha').slice(0, 30), message: 'reset', retryable: false },
      { kind: 'complete', text: code('alpha'), truncated: false, usage: undefined },
    ];
    for (const topology of TOPOLOGIES) {
      for (const fault of faults) {
        for (let position = 1; position <= 5; position++) {
          const before = await bookedIn(folder);
          const { result } = await run(
            ({ role }, call) => (call === position ? fault : role === 'critic' ? 'Mend it.' : code(`alpha ${call}`)),
            topology,
          );
          const booked = await bookedIn(folder);
          assert.equal(booked - before, result.account.spent, 'the ledger says the same as the account');
          assert.equal(result.account.reserved, ZERO);
          // A server that is not there is not asked a second time, but branches that are open already go on.
          const first = { linear: 1, feedback: 1, planner: 2, star: 0 }[topology];
          const nobody = fault.kind === 'unsent' && position <= first;
          assert.match(result.code, nobody ? /^$/ : /alpha|def f/);
        }
      }
    }
  });

  it('never reserve more than the budget nor more than the plan promised, at any budget', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40_000 }),
        fc.constantFrom(...TOPOLOGIES),
        fc.integer({ min: 0, max: 900 }),
        async (micro, topology, length) => {
          const budget = usd(micro / 1e6);
          const { result, events } = await run((_, call) => code(`${'x'.repeat(length)} ${call}`), topology, budget);
          const planned = events.find((event) => event.type === 'planned')!;
          assert.ok(result.account.worstReserved <= budget);
          assert.ok(planned.plan.worstCost <= budget);
          assert.ok(result.account.worstReserved <= planned.plan.worstCost);
          assert.ok(result.account.spent <= result.account.worstReserved);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are chosen by a rule that the plan states: Feedback only where a critique and a revision are easily paid', async () => {
    const models = [aModel('strong', 1, 1, 3), aModel('middle', 2, 0.3, 1), aModel('weak', 3, 0.1, 0.3)];
    const parts = { catalogue: { ...catalogue, models }, tokens: new TokenCounter() };
    const chosen = async (budget: Money, tests: readonly string[]) =>
      planTask({ task: { ...task, tests }, budget, profile: 'verified', topology: 'auto' }, parts);
    const ample = await chosen(usd(1), task.tests);
    assert.equal(ample.topology, 'feedback');
    assert.equal(ample.policy.kind, 'rule');
    assert.equal((await chosen(usd(0.001), task.tests)).topology, 'linear');
    const dear = await planTask(
      { task, budget: usd(1), profile: 'verified', topology: 'auto' },
      { catalogue, tokens: new TokenCounter() },
    );
    assert.equal(dear.topology, 'linear');
    assert.match(dear.policy.why, /for a critique by strong, weak can try again many times/);
    const untested = await chosen(usd(1), []);
    assert.equal(untested.topology, 'linear');
    assert.match(untested.policy.why, /no visible tests/);
  });
});
