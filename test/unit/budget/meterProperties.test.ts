import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Caps } from '../../../src/core/budget/caps';
import type { Model } from '../../../src/core/catalogue/model';
import { add, perToken, usd, ZERO } from '../../../src/core/money';
import type { ChatOutcome } from '../../../src/core/providers/chat';
import { bookedIn } from '../../support/ledger';
import { aModel } from '../../support/models';
import { honestUsage, type Script } from '../../support/scripted';
import { eventsOf, inFolder, meteredRun } from './runMoney';

/** Ways in which a scripted, honest provider ends a call: none bills more than the call's worst case. */
const ENDINGS = ['whole', 'full', 'no usage', 'refused', 'unsent', 'cut'] as const;

const model: fc.Arbitrary<Model> = fc
  .tuple(fc.nat(90), fc.nat(90), fc.option(fc.nat(120)), fc.option(fc.nat(120)))
  .map(([input, output, write, reasoning]) =>
    aModel('m', 1, `${input}e-1`, `${output}e-1`, {
      price: {
        input: perToken(`${input}e-1`),
        output: perToken(`${output}e-1`),
        ...(write === null ? {} : { cacheWrite: perToken(`${write}e-1`) }),
        ...(reasoning === null ? {} : { reasoning: perToken(`${reasoning}e-1`) }),
      },
    }),
  );

const asked = fc.record({
  model,
  prompt: fc.string({ unit: 'grapheme', maxLength: 60 }),
  maxTokens: fc.integer({ min: 1, max: 900 }),
  keep: fc.nat(3000),
  ending: fc.constantFrom(...ENDINGS),
  /** Asked together with the one before. */
  parallel: fc.boolean(),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

/** Ends a call as its temperature says: the one part of a request that means nothing here. */
function scriptFor(asks: readonly Asked[]): Script {
  return (request): string | ChatOutcome => {
    const ending = asks[request.temperature]?.ending ?? 'cut';
    const full = 'y'.repeat(request.maxTokens);
    const tokens = honestUsage(request, full);
    switch (ending) {
      case 'whole':
        return 'short';
      case 'full': {
        const dear = { ...tokens, cacheWriteTokens: tokens.promptTokens, reasoningTokens: tokens.completionTokens };
        return { kind: 'complete', text: full, truncated: true, usage: dear };
      }
      case 'no usage':
        return { kind: 'complete', text: full, truncated: true, usage: undefined };
      case 'refused':
        return { kind: 'refused', status: 400, message: 'no', retryable: false };
      case 'unsent':
        return { kind: 'unsent', message: 'no', retryable: false };
      case 'cut':
        return { kind: 'cut', text: full, message: 'no', retryable: false };
    }
  };
}

describe('the meter, for any asks and any honest outcomes', () => {
  it('never has spent and reserved above the budget, and its account is the sum of its calls and of the ledger', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(8000), fc.array(asked, { maxLength: 6 }), (budgetMicro, asks) =>
        inFolder(async (folder) => {
          const budget = usd(`${budgetMicro}e-6`);
          const { meter, events, provider } = await meteredRun(folder, budget, scriptFor(asks));
          await inGroups(asks, async ({ model, prompt, maxTokens, keep }, index) => {
            const messages = [{ role: 'user', content: prompt } as const];
            const money = usd(`${keep}e-6`);
            await meter.metered(model).ask({ role: 'executor', messages, maxTokens, temperature: index, keep: money });
          });
          for (const event of events) {
            if (!('account' in event)) continue;
            const { spent, reserved, worstReserved } = event.account;
            assert.ok(add(spent, reserved) <= budget);
            assert.ok(worstReserved >= add(spent, reserved) && worstReserved <= budget);
          }
          const settled = eventsOf(events, 'settled');
          assert.ok(
            settled.every(({ cost, reserved, overReserved }) => cost <= reserved && overReserved === undefined),
          );
          const { account } = meter;
          assert.equal(account.reserved, ZERO);
          assert.equal(account.spent, add(...settled.map(({ cost }) => cost)));
          const loose = settled.map(({ unconfirmed }) => unconfirmed);
          assert.equal(account.unconfirmed, add(...loose));
          assert.equal(account.spent, await bookedIn(folder));
          assert.ok(provider.requests.length >= account.calls);
        }),
      ),
      { numRuns: 150 },
    );
  }).timeout(120_000);

  it('never exceeds a day cap that several runs share, whoever asks first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(4000), fc.array(asked, { minLength: 2, maxLength: 5 }), (capMicro, asks) =>
        inFolder(async (folder) => {
          const cap = usd(`${capMicro}e-6`);
          const caps: Caps = { user: { day: cap }, workspace: {} };
          const runs = await Promise.all(
            asks.map((one) => meteredRun(folder, usd(1), scriptFor([one]), { caps, workspace: one.prompt })),
          );
          await Promise.all(
            runs.map(async ({ meter }, index) => {
              const { model, prompt, maxTokens } = asks[index]!;
              const messages = [{ role: 'user', content: prompt } as const];
              await meter.metered(model).ask({ role: 'executor', messages, maxTokens, temperature: 0 });
            }),
          );
          assert.ok((await bookedIn(folder)) <= cap);
        }),
      ),
      { numRuns: 60 },
    );
  }).timeout(120_000);
});

/** Asks one after the other, those marked as parallel together with the one before. */
async function inGroups(asks: readonly Asked[], work: (asked: Asked, index: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < asks.length;) {
    let to = from + 1;
    while (asks[to]?.parallel === true) to++;
    await Promise.all(asks.slice(from, to).map((one, offset) => work(one, from + offset)));
    from = to;
  }
}
