import assert from 'node:assert/strict';
import fc from 'fast-check';
import { add, type Money, perMillion, usd } from '../../../src/core/money';
import { explainInfeasible, explainPool } from '../../../src/core/provisioning/explain';
import { provision } from '../../../src/core/provisioning/provision';
import type { PricedModel } from '../../../src/core/provisioning/tier';
import { aModel } from '../../support/models';

const priced = (id: string, tier: number, cost: string | number): PricedModel => ({
  model: aModel(id, tier, 1, 1),
  callCost: usd(cost),
});
const MODELS = [priced('strong', 1, 0.004), priced('middle', 2, 0.001), priced('weak', 3, 0.0002)];

async function explained(budget: Money): Promise<string[]> {
  const answer = await provision({ models: MODELS, budget, made: 0 });
  return answer.feasible
    ? explainPool(answer.pool, MODELS, budget)
    : explainInfeasible(MODELS, answer.smallest, budget);
}

describe('the explanation of a pool', () => {
  it('says which models the budget buys, and what the next money would buy', async () => {
    assert.deepEqual(await explained(usd(0.0043)), [
      '2 agents from the strongest tier down: 1 × strong (tier 1) at up to $0.004 a call is the most that the budget admits.',
      '+$0.0001 would buy 2 × weak (tier 3).',
      '+$0.0037 would buy 2 × strong (tier 1).',
    ]);
  });

  it('says what is missing where nothing fits, and the smallest budget that would do', async () => {
    const [line] = await explained(usd('0.00001'));
    assert.match(line!, /cheapest call, to weak, can cost \$0\.0002: a budget of \$0\.00001 is too small/);
    assert.match(line!, /smallest that would do is \$0\.0004\./);
  });

  it('names raises that really buy what they say, and no smaller ones would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 400, max: 20_000 }), async (micro) => {
        const budget = usd(micro / 1e6);
        for (const line of (await explained(budget)).filter((one) => one.startsWith('+'))) {
          const [, raise, count, id] = /^\+\$([\d.]+) would buy (\d+) × (\w+)/.exec(line)!;
          const pool = async (money: Money): Promise<number> => {
            const answer = await provision({ models: MODELS, budget: money, made: 0 });
            return answer.feasible ? (answer.pool.find(({ model }) => model.id === id)?.count ?? 0) : 0;
          };
          const raised = add(budget, usd(raise!));
          assert.ok((await pool(raised)) >= Number(count), `${line} at ${perMillion(budget)}`);
        }
      }),
      { numRuns: 60 },
    );
  });
});
