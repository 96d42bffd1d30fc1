import assert from 'node:assert/strict';
import type { Caps } from '../../../src/core/budget/caps';
import type { Ask } from '../../../src/core/budget/meter';
import { add, subtract, usd, ZERO } from '../../../src/core/money';
import type { ChatOutcome } from '../../../src/core/providers/chat';
import { callsIn, openLedger, spent } from '../../support/ledger';
import { aModel } from '../../support/models';
import { honestUsage } from '../../support/scripted';
import { eventsOf, inFolder, meteredRun } from './runMoney';

/** $10 per million completion tokens, and prompts for nothing: 100 tokens are $0.001. */
const MODEL = aModel('m', 1, 0, 10);
const ASK: Ask = {
  ...{ role: 'executor', messages: [{ role: 'user', content: 'x' }], maxTokens: 100, temperature: 0, least: 100 },
};
const STEP = usd('0.001');
const full = 'y'.repeat(100);

describe('raising the budget of a run', () => {
  it('admits the next calls, and keeps the account', () =>
    inFolder(async (folder) => {
      const { meter, events } = await meteredRun(folder, STEP, () => full);
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'answer');
      const denied = await meter.metered(MODEL).ask(ASK);
      assert.ok(denied.kind === 'denied');
      const to = add(meter.account.budget, denied.denial.raise);
      meter.raise(to);
      assert.deepEqual(eventsOf(events, 'raised'), [{ type: 'raised', from: STEP, to, account: meter.account }]);
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'answer');
      assert.deepEqual([meter.account.spent, meter.account.budget, meter.account.calls], [to, to, 2]);
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'denied');
    }));

  it('lifts what the plan promised as well', () =>
    inFolder(async (folder) => {
      const { meter } = await meteredRun(folder, usd(1), () => full, { limit: usd('0.0005') });
      assert.equal(meter.left, usd('0.0005'));
      meter.raise(usd(2));
      assert.equal(meter.left, usd(2));
    }));

  it('must be a raise', () =>
    inFolder(async (folder) => {
      const { meter, events } = await meteredRun(folder, STEP, () => full);
      for (const to of [STEP, ZERO]) {
        assert.throws(() => {
          meter.raise(to);
        }, RangeError);
      }
      assert.deepEqual(events, []);
    }));

  it('does not lift wider caps, and the denial names all that are in the way', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: STEP }, workspace: {} };
      const { meter } = await meteredRun(folder, STEP, () => full, { caps });
      await meter.metered(MODEL).ask(ASK);
      const denied = await meter.metered(MODEL).ask(ASK);
      assert.ok(denied.kind === 'denied');
      assert.deepEqual(denied.denial.shortages.map(({ cap }) => cap).sort(), ['run', 'user day']);
      meter.raise(usd(1));
      const again = await meter.metered(MODEL).ask(ASK);
      assert.deepEqual(again.kind === 'denied' && again.denial.shortages.map(({ cap }) => cap), ['user day']);
    }));
});

describe('what a run can afford', () => {
  it('is the least that its budget and all wider caps leave', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd('0.003') }, workspace: { month: usd('0.002') } };
      const { meter, ledger } = await meteredRun(folder, usd(1), () => full, { caps, workspace: '/w' });
      assert.equal(await meter.affordable(), usd('0.002'));
      await spent(ledger, usd('0.0025'), { user: {}, workspace: {} }, { workspace: '/other' });
      assert.equal(await meter.affordable(), usd('0.0005'));
    }));

  it('is refused with the reason, unless another run has left some by then', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: STEP }, workspace: {} };
      const { meter, ledger, events } = await meteredRun(folder, usd(1), () => full, { caps });
      const id = await ledger.reserve({ run: 'o', task: 't', workspace: '', role: 'critic', model: 'm' }, caps, () => ({
        reserved: STEP,
        bound: { promptBound: 1, promptProxy: 1, promptHard: 1, maxTokens: 1, completionBound: 1 },
      }));
      const denial = await meter.refuse(MODEL, 'executor', STEP);
      assert.deepEqual([denial?.cap, denial?.raise], ['user day', STEP]);
      assert.equal(eventsOf(events, 'denied').length, 1);
      await ledger.release(id ?? '');
      assert.equal(await meter.refuse(MODEL, 'executor', STEP), undefined);
      assert.equal(eventsOf(events, 'denied').length, 1);
    }));
});

describe('warnings of a run', () => {
  it('are told once each, as the budget is reached, and anew for a raised one', () =>
    inFolder(async (folder) => {
      const { meter, events } = await meteredRun(folder, usd('0.01'), () => full);
      const told = (): number[] => eventsOf(events, 'warning').map(({ warning }) => warning.percent);
      for (let call = 1; call <= 4; call++) await meter.metered(MODEL).ask(ASK);
      assert.deepEqual(told(), []);
      await meter.metered(MODEL).ask(ASK);
      assert.deepEqual(told(), [50]);
      for (let call = 6; call <= 10; call++) await meter.metered(MODEL).ask(ASK);
      assert.deepEqual(told(), [50, 80, 95]);
      meter.raise(usd('0.016'));
      await meter.metered(MODEL).ask(ASK);
      assert.deepEqual(told(), [50, 80, 95], 'that half of it is spent, the user knows');
      for (let call = 12; call <= 13; call++) await meter.metered(MODEL).ask(ASK);
      assert.deepEqual(told(), [50, 80, 95, 80]);
      const [first] = eventsOf(events, 'warning');
      assert.deepEqual(first?.warning, { cap: 'run', percent: 50, spent: usd('0.005'), limit: usd('0.01') });
    }));

  it('come with those of wider caps, after the call that reached them', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd('0.002') }, workspace: {} };
      const { meter, events } = await meteredRun(folder, usd('0.001'), () => full, { caps });
      await meter.metered(MODEL).ask(ASK);
      assert.deepEqual(
        eventsOf(events, 'warning').map(({ warning }) => [warning.cap, warning.percent]),
        [
          ['run', 95],
          ['user day', 50],
        ],
      );
      assert.deepEqual(
        events.map(({ type }) => type),
        ['reserved', 'arriving', 'settled', 'warning', 'warning'],
      );
    }));
});

describe('a machine that stood still', () => {
  it('between reserving and sending has the call reserved again: what lapsed is not sent', () =>
    inFolder(async (folder) => {
      let now = Date.now();
      const { meter, provider, events } = await meteredRun(folder, usd(1), () => 'ok', {
        now: () => now,
        onEvent: (event) => {
          if (event.type === 'reserved' && event.call === 1) now += 120_000;
        },
      });
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'answer');
      assert.equal(provider.requests.length, 1);
      assert.deepEqual([meter.account.calls, meter.account.reserved, meter.account.spent], [1, ZERO, usd('0.00002')]);
      assert.deepEqual(
        events.map(({ type }) => type),
        ['reserved', 'settled', 'waiting', 'reserved', 'arriving', 'settled'],
      );
      assert.match(eventsOf(events, 'settled')[0]?.problem ?? '', /stood still/);
      assert.equal((await callsIn(folder)).length, 1);
    }));

  it('may find that others took the money meanwhile', () =>
    inFolder(async (folder) => {
      let now = Date.now();
      const caps: Caps = { user: { day: STEP }, workspace: {} };
      const other = await openLedger(folder, () => now);
      const others: Promise<unknown>[] = [];
      const { meter, provider } = await meteredRun(folder, usd(1), () => 'ok', {
        ...{ caps, now: () => now },
        onEvent: ({ type }) => {
          if (type === 'reserved') now += 120_000;
          if (type === 'waiting') others.push(spent(other, STEP, caps));
        },
      });
      const answer = await meter.metered(MODEL).ask(ASK);
      await Promise.all(others);
      assert.equal(answer.kind === 'denied' && answer.denial.cap, 'user day');
      assert.equal(provider.requests.length, 0);
    }));
});

describe('what a provider shows of itself', () => {
  it('is learned from each call, and the next one is reserved accordingly', () =>
    inFolder(async (folder) => {
      const { meter, events } = await meteredRun(folder, usd(1), () => 'ok', {
        provider: {
          complete: (request): Promise<ChatOutcome> => {
            const usage = { ...honestUsage(request, 'ok'), promptTokens: 40, completionTokens: 500 };
            return Promise.resolve({ kind: 'complete', text: 'ok', truncated: false, usage });
          },
        },
      });
      await meter.metered(MODEL).ask(ASK);
      const [settled] = eventsOf(events, 'settled');
      assert.deepEqual(settled?.violations, ['prompt above bound', 'completion above limit', 'billed above reserved']);
      assert.equal(settled.overReserved, subtract(usd('0.005'), STEP));
      await meter.metered(MODEL).ask(ASK);
      const [, second] = eventsOf(events, 'reserved');
      assert.deepEqual([second?.promptTokens, second?.completionBound], [40, MODEL.maxOutputTokens]);
      assert.equal(eventsOf(events, 'settled')[1]?.overReserved, undefined);
    }));
});
