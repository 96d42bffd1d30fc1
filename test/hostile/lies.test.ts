import assert from 'node:assert/strict';
import type { CallSettled } from '../../src/core/budget/meterEvent';
import type { Violation } from '../../src/core/budget/violation';
import type { Model } from '../../src/core/catalogue/model';
import { add, type Money, usd, ZERO } from '../../src/core/money';
import type { ServedCall } from '../servers/hostileCall';
import { type Lie, LIES, scriptedFates } from '../servers/hostileFaults';
import { inFolder } from '../support/ledger';
import { eventsOf } from '../unit/budget/runMoney';
import { clientOf, KNOWN, UNKNOWN, withHostile } from './asking';
import { type HostileRun, hostileRun } from './hostileRun';
import { PROVED } from './proved';

const LIMIT = 400;
const AMPLE = usd(1);
const SEEDS = [0, 1, 2];

/** How a receipt says what was violated. */
const WORDS: Readonly<Record<Violation, RegExp>> = {
  'prompt above bound': /prompt of \d+ tokens/,
  'completion above limit': /ignored its limit/,
  'billed above reserved': /more than was reserved/,
  'usage below answer': /fewer tokens than it streamed/,
};

/** Lies whose answers have no end of their own. */
const ENDLESS = ['never-ending', 'never-ending thoughts'] as const;

/** Lies after which nobody here knows what was billed: the answer is ended from this side, or there is none. */
const UNKNOWABLE: ReadonlySet<Lie> = new Set([...ENDLESS, 'ten times over', 'over in secret', 'billed error']);

/** How often a call is left at different moments, and how long it may take then. */
const TIMES = 20;
const AT_ONCE_MS = 10_000;
const MANY_CALLS_MS = 60_000;

interface Told {
  readonly run: HostileRun;
  readonly settled: CallSettled;
  readonly served: ServedCall;
}

/** One call of a run of $1 that is lied to, and perhaps others after it that are not. */
function liedTo(lie: Lie, model: Model, seed: number, check: (told: Told) => unknown): Promise<void> {
  return withHostile(scriptedFates([lie], seed), (server) =>
    inFolder(async (folder) => {
      const run = await hostileRun(folder, server, AMPLE);
      await run.ask(model, LIMIT);
      await server.idle();
      const [settled] = eventsOf(run.events, 'settled');
      const [served] = server.calls;
      assert.ok(settled !== undefined && served !== undefined);
      assert.equal(served.fault, lie);
      await check({ run, settled, served });
    }),
  );
}

describe('a provider that lies', () => {
  for (const [knowledge, model] of [
    ['known', KNOWN],
    ['unknown', UNKNOWN],
  ] as const) {
    for (const lie of LIES) {
      const proved = PROVED[lie][knowledge];
      const outcome = proved.length === 0 ? 'is accused of nothing' : `is found out: ${proved.join(', ')}`;
      it(`with '${lie}' and a tokenizer that is ${knowledge} ${outcome}`, async () => {
        for (const seed of UNKNOWABLE.has(lie) ? [0] : SEEDS) {
          await liedTo(lie, model, seed, async ({ run, settled }) => {
            const found = settled.violations;
            const certain = found.filter((violation) => violation !== PROVED[lie].perhaps);
            assert.deepEqual([...certain].sort(), [...proved].sort());
            assert.deepEqual((await run.onLedger())[0], found, 'the ledger has it too');
            const receipt = run.receipt();
            for (const [violation, words] of Object.entries(WORDS) as [Violation, RegExp][]) {
              if (found.includes(violation)) assert.match(receipt, words);
              else assert.doesNotMatch(receipt, words);
            }
          });
        }
      });
    }
  }

  it('is booked at what it bills, or at more, as far as the answer shows it', async () => {
    for (const lie of LIES) {
      if (UNKNOWABLE.has(lie)) continue;
      await liedTo(lie, KNOWN, 0, ({ settled: { cost }, served: { billed } }) => {
        // A model may split its own answer a little otherwise than its tokenizer would.
        assert.ok(atto(cost) * 11n >= billed * 10n, `'${lie}': booked ${cost}, billed ${billed}`);
      });
    }
  });

  it('is not taken to confirm more than any model can write, so that the user can clear it', () =>
    liedTo('huge count', KNOWN, 0, ({ settled: { cost, unconfirmed }, served: { billed } }) => {
      assert.ok(atto(cost) - atto(unconfirmed) <= billed, `${cost} booked, ${unconfirmed} of it unconfirmed`);
    }));

  it('is booked as reported where it claims what nobody can see, within what was reserved', () =>
    liedTo('usage above answer', KNOWN, 0, ({ settled, served }) => {
      assert.equal(settled.completionTokens, LIMIT);
      assert.equal(atto(settled.cost), served.billed);
      assert.ok(settled.cost <= settled.reserved);
    }));

  it('that bills for an error leaves no trace before the invoice', () =>
    liedTo('billed error', KNOWN, 0, ({ settled, served }) => {
      assert.deepEqual([settled.cost, settled.violations], [ZERO, []]);
      assert.ok(served.billed > 0n);
    }));

  for (const lie of ENDLESS) {
    it(`with '${lie}' is left soon after the limit, by this side`, async () => {
      for (const model of [KNOWN, UNKNOWN]) {
        await liedTo(lie, model, 0, ({ run, settled, served }) => {
          const arrived = eventsOf(run.events, 'arriving').reduce((sum, { text }) => sum + text.length, 0);
          // Two characters are a token; what one read of the connection brings is there before anybody can stop it.
          assert.ok(arrived < 2 * 20 * LIMIT, `${arrived} characters arrived`);
          assert.equal(served.endedBy, 'client');
          assert.match(settled.problem ?? '', /limit/);
          assert.equal(settled.unconfirmed, settled.cost);
          assert.ok(settled.cost > settled.reserved);
        });
      }
    });
  }

  for (const lie of [...ENDLESS, 'ten times over'] as const) {
    it(`with '${lie}' is shown, and remembered, with more tokens than it was allowed`, () =>
      liedTo(lie, UNKNOWN, 0, ({ run, settled }) => {
        assert.ok(settled.completionTokens > LIMIT, `${settled.completionTokens} tokens`);
        assert.ok(run.ledger.learned('unknown').longest > LIMIT);
      }));
  }

  it('can be left at any moment of its answer, the one included in which all of it has arrived', async () => {
    for (let time = 0; time < TIMES; time++) {
      await withHostile(scriptedFates(['over in secret']), async (server) => {
        const abort = new AbortController();
        let pieces = 0;
        const leave = (): void => {
          if (++pieces === time + 1) abort.abort();
        };
        const messages = [{ role: 'user', content: 'Write.' }] as const;
        const asked = {
          model: KNOWN,
          role: 'executor',
          messages,
          maxTokens: LIMIT,
          temperature: 0,
          runId: '1',
        } as const;
        const left = clientOf(server).complete(asked, leave, abort.signal);
        const late = new Promise((done) => setTimeout(done, AT_ONCE_MS, 'late'));
        assert.notEqual(await Promise.race([left, late]), 'late', `left in piece ${time + 1}, the call does not end`);
      });
    }
  });

  for (const lie of ['one token over', 'ten times over', 'never-ending', 'usage above limit'] as const) {
    it(`and once ignored its limit, as with '${lie}', is reserved at the longest answer it can give`, () =>
      liedTo(lie, KNOWN, 0, async ({ run }) => {
        assert.equal(run.ledger.learned('known').overruns, 1);
        await run.ask(KNOWN, LIMIT);
        const [before, after] = eventsOf(run.events, 'reserved');
        assert.equal(before?.completionBound, LIMIT);
        assert.ok(after!.completionBound >= KNOWN.maxOutputTokens && after?.maxTokens === LIMIT);
        assert.ok(after.reserved > before.reserved);
        const [, honest] = eventsOf(run.events, 'settled');
        assert.deepEqual([honest?.violations, honest?.unconfirmed], [[], ZERO]);
      }));
  }

  it('and once counted more prompt than there was, has room for as much more in the next bound', () =>
    liedTo('prompt above bound', KNOWN, 0, async ({ run, settled }) => {
      await run.ask(KNOWN, LIMIT);
      const [before, after] = eventsOf(run.events, 'reserved');
      assert.ok(before!.promptTokens < settled.promptTokens && after!.promptTokens >= settled.promptTokens);
    }));

  for (const model of [KNOWN, UNKNOWN]) {
    it(`in call after call of '${model.id}' gets no call admitted that does not fit what is left`, async () => {
      for (const lie of LIES) if (lie !== 'billed error') await liesUntilDenied(lie, model);
    }).timeout(MANY_CALLS_MS);
  }
});

/** A small run that is lied to in every call, until it is denied one or has had enough. */
async function liesUntilDenied(lie: Lie, model: Model): Promise<void> {
  const budget = usd('0.003');
  const calls = 6;
  await withHostile(scriptedFates(Array.from({ length: calls }, () => lie)), (server) =>
    inFolder(async (folder) => {
      const run = await hostileRun(folder, server, budget);
      for (let call = 0; call < calls; call++) {
        const { kind } = await run.ask(model, LIMIT);
        if (kind === 'denied') break;
      }
      await server.idle();
      for (const { account } of eventsOf(run.events, 'reserved')) {
        assert.ok(add(account.spent, account.reserved) <= budget, `'${lie}': a call was admitted beyond the budget`);
      }
      const settled = eventsOf(run.events, 'settled');
      const excess = settled.reduce((sum, { overReserved }) => add(sum, overReserved ?? ZERO), ZERO);
      const { spent } = run.meter.account;
      assert.equal(
        spent,
        settled.reduce((sum, { cost }) => add(sum, cost), ZERO),
      );
      assert.ok(spent <= add(budget, excess), `'${lie}': all that is beyond the budget is what the provider took`);
      const broken = settled.filter(({ overReserved }) => overReserved !== undefined);
      assert.ok(broken.every(({ violations }) => violations.length > 0));
    }),
  );
}

/** Femto-dollars as the server's atto-dollars. */
function atto(amount: Money): bigint {
  return amount * 1000n;
}
