import assert from 'node:assert/strict';
import { add, usd, ZERO } from '../../../src/core/money';
import { ScriptedSandbox } from '../../support/scripted';
import { aborted, CATALOGUE, code, CUT, ofItsKind, planned, TASK, topologyRun } from './topologyRun';

const FREE = { topology: 'star' } as const;
const NO_TESTS = { ...TASK, tests: [] };

/** A task with a call that can be varied, so that answers can be compared. */
const PROBED = { ...TASK, tests: ['assert f(1) == 1', 'beta'] };

describe('Star in the verified profile (scripted models)', () => {
  it('asks three agents at once that differ in model, prompt and temperature, each reserved beside the others', async () => {
    let open = 0;
    let mostOpen = 0;
    const { requests, calls, events } = await topologyRun(async (_, call) => {
      mostOpen = Math.max(mostOpen, ++open);
      for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
      open -= 1;
      return code(call < 4 ? `none ${call}` : 'alpha beta');
    }, FREE);
    assert.equal(mostOpen, 3);
    assert.deepEqual(calls.slice(0, 3), ['executor weak', 'executor middle', 'executor weak']);
    const prompts = requests.slice(0, 3).map(({ messages }) => messages.map(({ content }) => content).join('\n'));
    assert.equal(new Set(prompts).size, 3);
    assert.deepEqual(
      requests.slice(0, 3).map(({ temperature }) => temperature),
      [0, 0.8, 0.8],
    );
    const reserved = events.filter((event) => event.type === 'reserved').slice(0, 3);
    assert.equal(reserved[2]?.account.reserved, add(ZERO, ...reserved.map((event) => event.reserved)));
  });

  it('opens no more branches than fit together beside one call of the strongest', async () => {
    for (const budget of [usd('0.0012'), usd('0.003'), usd('0.02')]) {
      const { events, result } = await topologyRun(() => code('none'), { ...FREE, budget });
      for (const event of events) {
        if ('account' in event) assert.ok(event.account.spent + event.account.reserved <= budget);
      }
      assert.equal(result.account.reserved, ZERO);
    }
  });

  it('ends the others as soon as one is proven, and their cut calls stand on the receipt', async () => {
    const { result, events, receipt } = await topologyRun(async (_, call, signal) => {
      if (call === 2) return code('alpha beta');
      await aborted(signal);
      return CUT;
    }, FREE);
    assert.equal(result.status, 'solved');
    assert.match(result.code, /alpha beta/);
    const settled = events.filter((event) => event.type === 'settled');
    assert.equal(settled.length, 3, 'the run ends when all its calls are booked');
    const cut = settled.filter(({ unconfirmed }) => unconfirmed > 0n);
    assert.equal(cut.length, 2);
    for (const call of cut) assert.equal(call.cost, call.reserved);
    assert.equal(result.account.unconfirmed, add(ZERO, ...cut.map(({ unconfirmed }) => unconfirmed)));
    assert.equal(result.account.reserved, ZERO);
    assert.equal(receipt.match(/\| unconfirmed; cancelled \|/g)?.length, 2);
    assert.equal(events.at(-1)?.type, 'finished');
  });

  it('is solved, and not cancelled, where the proven branch is the last of the three', async () => {
    const { result } = await topologyRun(async (_, call, signal) => {
      if (call === 3) return code('alpha beta');
      await aborted(signal);
      return CUT;
    }, FREE);
    assert.deepEqual([result.status, result.stop], ['solved', 'solved']);
  });

  it('is cancelled with all its branches, which are booked', async () => {
    const cancel = new AbortController();
    const { result } = await topologyRun(
      async (_, call, signal) => {
        if (call === 3) cancel.abort();
        await aborted(signal);
        return CUT;
      },
      { ...FREE, signal: cancel.signal },
    );
    assert.deepEqual([result.status, result.stop], ['unsolved', 'cancelled']);
    assert.equal(result.account.spent, result.account.worstReserved);
  });

  it('tests one answer at a time, and no code twice', async () => {
    const { events, runs } = await topologyRun((_, call) => code(call < 4 ? 'alpha' : 'alpha beta'), FREE);
    assert.equal(runs.length, 2);
    const tests = events.flatMap((event) => (event.type === 'testing' || event.type === 'verdict' ? [event.type] : []));
    assert.deepEqual(tests, ['testing', 'verdict', 'testing', 'verdict']);
  });

  it('says which call brought the answer that is tested', async () => {
    const { events } = await topologyRun(async (_, call, signal) => {
      if (call !== 3) for (let turn = 0; turn < 30 && !signal.aborted; turn++) await new Promise(setImmediate);
      return code(call < 4 ? `alpha ${call}` : 'alpha beta');
    }, FREE);
    const models = new Map(events.flatMap((event) => (event.type === 'reserved' ? [[event.call, event.model]] : [])));
    const tested = events.flatMap((event) => (event.type === 'testing' ? [event] : []));
    assert.equal(tested[0]?.call, 3);
    for (const { call, model } of tested) assert.equal(models.get(call), model);
  });

  it('builds on the answer that passed most tests where none passes all', async () => {
    const { calls, requests, result } = await topologyRun(
      (_, call) => code(['none', 'alpha', 'nothing', 'alpha beta'][call - 1] ?? ''),
      FREE,
    );
    assert.equal(result.status, 'solved');
    assert.deepEqual(calls.slice(3), ['executor strong']);
    assert.match(requests[3]!.messages[1]!.content, /return 'alpha'/);
  });

  it('merges by behaviour where several passed as many tests: the larger group, and no judge is paid', async () => {
    const sandbox = new ScriptedSandbox(ofItsKind);
    const { calls, requests } = await topologyRun(
      (_, call) => code(['beta kind 1 a', 'beta kind 2', 'beta kind 1 b', 'assert f(1) == 1 beta'][call - 1] ?? ''),
      { ...FREE, task: PROBED, sandbox },
    );
    assert.ok(new Set(sandbox.compared).size >= 3);
    assert.ok(!calls.some((call) => call.startsWith('judge')));
    assert.match(requests[3]!.messages[1]!.content, /kind 1/);
  });

  it('pays the strongest as judge only where that leaves a choice, and takes the answer that it names', async () => {
    const { calls, requests } = await topologyRun(
      ({ role }, call) =>
        role === 'judge'
          ? 'I prefer {"best": 3, "why": "it is right"}.'
          : code(['beta kind 1', 'beta kind 2', 'beta kind 3', '', 'assert f(1) == 1 beta'][call - 1] ?? ''),
      { ...FREE, task: PROBED, sandbox: new ScriptedSandbox(ofItsKind) },
    );
    assert.equal(calls[3], 'judge strong');
    assert.match(requests[3]!.messages[0]!.content, /Answer 1:[\s\S]*Answer 2:[\s\S]*Answer 3:/);
    assert.match(requests[4]!.messages[1]!.content, /kind 3/);
  });

  it('takes the answer of the stronger model where the judge names none, or fails', async () => {
    for (const said of ['Both are fine.', '{"best": 9}', CUT]) {
      const { requests, result } = await topologyRun(
        ({ role }, call) =>
          role === 'judge'
            ? said
            : code(['beta kind 1', 'beta kind 2', 'beta kind 3', '', 'assert f(1) == 1 beta'][call - 1] ?? ''),
        { ...FREE, task: PROBED, sandbox: new ScriptedSandbox(ofItsKind) },
      );
      assert.equal(result.status, 'solved');
      assert.match(requests[4]!.messages[1]!.content, /kind 2/);
    }
  });

  it('without tests lets a judge choose, and never calls the result solved', async () => {
    const { result, calls } = await topologyRun(
      ({ role }, call) => (role === 'judge' ? '{"best": 1}' : code(`draft ${call}`)),
      { ...FREE, task: NO_TESTS },
    );
    assert.deepEqual([result.status, result.stop], ['unsolved', 'untested']);
    assert.deepEqual(calls, ['executor weak', 'executor middle', 'executor weak', 'judge strong']);
    assert.match(result.code, /draft 1/);
  });

  it('without tests pays no judge where all say the same', async () => {
    const { calls } = await topologyRun(() => code('same'), { ...FREE, task: NO_TESTS });
    assert.equal(calls.length, 3);
  });

  it('goes on with the branches that are left where one fails or is not admitted', async () => {
    const gone = { kind: 'refused', status: 404, message: 'no such model', retryable: false } as const;
    const { result } = await topologyRun(({ model }) => (model.id === 'weak' ? gone : code('alpha beta')), FREE);
    assert.equal(result.status, 'solved');
  });

  it('is planned with a judge and executors, and with more than Linear, as all branches are paid', async () => {
    const models = CATALOGUE.models.slice(1);
    const plan = await planned({ ...FREE, models });
    assert.equal(plan.topology, 'star');
    assert.deepEqual(new Set(plan.pool.map(({ role }) => role)), new Set(['judge', 'executor']));
    assert.ok(plan.expectedCost > (await planned({ topology: 'linear', models })).expectedCost);
  });
});
