import assert from 'node:assert/strict';
import type { Ask } from '../../../src/core/budget/meter';
import { usd, ZERO } from '../../../src/core/money';
import type { ChatOutcome, ChatProvider } from '../../../src/core/providers/chat';
import { callsIn } from '../../support/ledger';
import { aModel } from '../../support/models';
import { eventsOf, inFolder, meteredRun } from './runMoney';

const MODEL = aModel('m', 1, 1, 2);
const ASK: Ask = { role: 'critic', messages: [{ role: 'user', content: 'x' }], maxTokens: 100, temperature: 0 };
const WORST = usd('208e-6');
const BUSY: ChatOutcome = { kind: 'refused', status: 429, message: 'Busy.', retryable: true };

describe('retries of the meter', () => {
  it('are new reservations, wait longer each time, and end after four calls', () =>
    inFolder(async (folder) => {
      const { meter, events, provider } = await meteredRun(folder, usd(1), () => BUSY);
      assert.deepEqual(await meter.metered(MODEL).ask(ASK), { kind: 'failed', of: 'model', message: 'Busy.' });
      assert.equal(provider.requests.length, 4);
      assert.deepEqual(
        eventsOf(events, 'reserved').map(({ call, reserved, account }) => [call, reserved, account.reserved]),
        [1, 2, 3, 4].map((call) => [call, WORST, WORST]),
      );
      assert.deepEqual(
        eventsOf(events, 'waiting').map(({ ms, why }) => [ms, why]),
        [500, 1000, 2000].map((ms) => [ms, 'Busy.']),
      );
      assert.equal((await callsIn(folder)).length, 4);
      assert.equal(meter.account.spent, ZERO);
    })).timeout(60_000);

  it('wait as long as the provider asks, and not at all where that is too long', () =>
    inFolder(async (folder) => {
      const after = (retryAfterMs: number): ChatOutcome => ({ ...BUSY, retryAfterMs });
      const script = (_: unknown, call: number): ChatOutcome | string =>
        call === 1 ? after(700) : call === 2 ? 'ok' : after(31_000);
      const { meter, events } = await meteredRun(folder, usd(1), script);
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'answer');
      assert.equal(eventsOf(events, 'waiting')[0]?.ms, 700);
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'failed');
      assert.equal(eventsOf(events, 'waiting').length, 1);
    }));

  it('go to a provider that could not be reached, without counting as calls', () =>
    inFolder(async (folder) => {
      const unsent: ChatOutcome = { kind: 'unsent', message: 'Nothing answers.', retryable: true };
      const { meter } = await meteredRun(folder, usd(1), (_, call) => (call === 1 ? unsent : 'ok'));
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'answer');
      assert.equal(meter.account.calls, 1);
      assert.equal((await callsIn(folder)).length, 1);
      const never = await meteredRun(folder, usd(1), () => unsent);
      const failed = { kind: 'failed', of: 'server', message: 'Nothing answers.' };
      assert.deepEqual(await never.meter.metered(MODEL).ask(ASK), failed);
      assert.equal(never.provider.requests.length, 2);
      assert.deepEqual([never.meter.account.calls, never.meter.account.spent], [0, ZERO]);
    }));

  it('do not follow a rejected key, which is the same for all that its server serves', () =>
    inFolder(async (folder) => {
      const rejected: ChatOutcome = { kind: 'refused', status: 401, message: 'No key.', retryable: false };
      const { meter, provider } = await meteredRun(folder, usd(1), () => rejected);
      assert.deepEqual(await meter.metered(MODEL).ask(ASK), { kind: 'failed', of: 'server', message: 'No key.' });
      assert.equal(provider.requests.length, 1);
    }));

  it('follow a call that brought nothing once only, because it may have been billed', () =>
    inFolder(async (folder) => {
      const cut: ChatOutcome = { kind: 'cut', text: '', message: 'Bad gateway.', retryable: true };
      const once = await meteredRun(folder, usd(1), (_, call) => (call === 1 ? cut : 'ok'));
      assert.equal((await once.meter.metered(MODEL).ask(ASK)).kind, 'answer');
      assert.equal(once.meter.account.unconfirmed, WORST);
      const always = await meteredRun(folder, usd(1), () => cut);
      assert.deepEqual(await always.meter.metered(MODEL).ask(ASK), {
        kind: 'failed',
        of: 'model',
        message: 'Bad gateway.',
      });
      assert.equal(always.provider.requests.length, 2);
      assert.equal(always.meter.account.unconfirmed, 2n * WORST);
    }));

  it('are denied like any other call where another call has taken the money meanwhile', () =>
    inFolder(async (folder) => {
      const cut: ChatOutcome = { kind: 'cut', text: '', message: 'Reset.', retryable: true };
      const others: Promise<unknown>[] = [];
      const run = await meteredRun(folder, WORST, ({ role }) => (role === 'executor' ? cut : BUSY), {
        onEvent: ({ type }) => {
          if (type === 'waiting') others.push(run.meter.metered(MODEL).ask({ ...ASK, role: 'executor' }));
        },
      });
      const retried = await run.meter.metered(MODEL).ask(ASK);
      await Promise.all(others);
      assert.equal(retried.kind === 'denied' && retried.denial.left, ZERO);
      assert.equal(run.meter.account.spent, WORST);
    }));

  it('end at once when the run is cancelled, before or during a wait', () =>
    inFolder(async (folder) => {
      const script = (): ChatOutcome => ({ ...BUSY, retryAfterMs: 20_000 });
      for (const delay of [undefined, 20]) {
        const { meter, provider } = await meteredRun(folder, usd(1), script, {
          onEvent: ({ type }, cancel) => {
            if (type !== 'waiting') return;
            if (delay === undefined) cancel();
            else setTimeout(cancel, delay);
          },
        });
        const before = Date.now();
        assert.deepEqual(await meter.metered(MODEL).ask(ASK), { kind: 'cancelled' });
        assert.ok(Date.now() - before < 15_000);
        assert.equal(provider.requests.length, 1);
      }
    }));

  it('do not follow a call that was ended because it thought past its limit, and what was seen of that is booked', () =>
    inFolder(async (folder) => {
      let calls = 0;
      const provider: ChatProvider = {
        complete: async (_, onText, signal) => {
          calls++;
          while (!signal.aborted) {
            onText(' word'.repeat(50), true);
            await Promise.resolve();
          }
          return { kind: 'cut', text: '', message: 'Cancelled.', retryable: true };
        },
      };
      const { meter } = await meteredRun(folder, usd(1), () => '', { provider });
      const answer = await meter.metered(MODEL).ask(ASK);
      assert.match(answer.kind === 'failed' ? answer.message : answer.kind, /went on past its limit of 100 tokens/);
      assert.equal(calls, 1);
      const [call] = await callsIn(folder);
      assert.ok(call);
      assert.ok(call.violations.includes('completion above limit'));
      assert.ok(call.cost > WORST && call.unconfirmed === call.cost);
    }));

  it('do not follow a cancelled call, whose worst case stays booked', () =>
    inFolder(async (folder) => {
      const cut: ChatOutcome = { kind: 'cut', text: 'def', message: 'Cancelled.', retryable: false };
      const run = await meteredRun(folder, usd(1), () => cut, {
        onEvent: ({ type }, cancel) => {
          if (type === 'settled') cancel();
        },
      });
      assert.deepEqual(await run.meter.metered(MODEL).ask(ASK), { kind: 'cancelled' });
      assert.equal(run.meter.account.unconfirmed, WORST);
      assert.deepEqual(await run.meter.metered(MODEL).ask(ASK), { kind: 'cancelled' });
      assert.equal(run.provider.requests.length, 1);
      assert.equal(eventsOf(run.events, 'reserved').length, 1, 'nothing is reserved for what is not wanted');
    }));

  it('are not made of a call that is ended alone, and the run goes on', () =>
    inFolder(async (folder) => {
      const own = new AbortController();
      const { meter, provider } = await meteredRun(folder, usd(1), (_, call, signal) => {
        if (call > 1) return 'ok';
        own.abort();
        return { kind: 'cut', text: '', message: signal.aborted ? 'Ended.' : 'Not told.', retryable: true };
      });
      assert.deepEqual(await meter.metered(MODEL).ask({ ...ASK, signal: own.signal }), { kind: 'cancelled' });
      assert.equal(provider.requests.length, 1);
      assert.equal((await meter.metered(MODEL).ask(ASK)).kind, 'answer');
      assert.equal(meter.account.unconfirmed, WORST);
    }));
});
