import assert from 'node:assert/strict';
import fc from 'fast-check';
import { add, type Money, times, usd, ZERO } from '../../../src/core/money';
import { solveCounts, weightsOf } from '../../../src/core/provisioning/ilp';
import { exactCounts } from '../../../src/core/provisioning/lexicographic';
import { LEAST_AGENTS, MOST_INSTANCES, provision, type Provisioning } from '../../../src/core/provisioning/provision';
import { type PricedModel, tiersOf } from '../../../src/core/provisioning/tier';
import { aModel } from '../../support/models';

const priced = (id: string, tier: number, cost: string | number): PricedModel => ({
  model: aModel(id, tier, 1, 1),
  callCost: usd(cost),
});

const names = (provisioning: Provisioning): string =>
  provisioning.feasible
    ? provisioning.pool.map(({ model, count }) => `${count} x ${model.id}`).join(', ')
    : `needs ${String(provisioning.smallest)}`;

/** Every assignment of 0 to `most` instances to every model. */
function* assignments(count: number, most: number): Generator<number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (const rest of assignments(count - 1, most)) {
    for (let own = 0; own <= most; own++) yield [...rest, own];
  }
}

/** Brute force: counts per tier of the lexicographically strongest feasible assignment, and the least cost of it. */
function bruteForce(models: readonly PricedModel[], budget: Money, least: number, most: number) {
  const levels = [...new Set(models.map(({ model }) => model.tier))].sort((a, b) => a - b);
  let best: { counts: number[]; cost: Money } | undefined;
  for (const assignment of assignments(models.length, most)) {
    const cost = add(ZERO, ...models.map(({ callCost }, index) => times(callCost, assignment[index]!)));
    const agents = assignment.reduce((sum, count) => sum + count, 0);
    if (cost > budget || agents < least) continue;
    const counts = levels.map((level) =>
      models.reduce((sum, { model }, index) => sum + (model.tier === level ? assignment[index]! : 0), 0),
    );
    const order = best === undefined ? 1 : compare(counts, best.counts);
    if (order > 0 || (order === 0 && cost < best!.cost)) best = { counts, cost };
  }
  return best;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((count, at) => count !== b[at]);
  return index === -1 ? 0 : a[index]! - b[index]!;
}

const anInstance = fc.record({
  models: fc
    .array(fc.record({ tier: fc.integer({ min: 1, max: 4 }), micro: fc.integer({ min: 0, max: 400 }) }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((entries) => entries.map(({ tier, micro }, index) => priced(`m${index}`, tier, micro / 1e6))),
  budget: fc.integer({ min: 0, max: 3000 }).map((micro) => usd(micro / 1e6)),
  made: fc.integer({ min: 0, max: 3 }),
});

describe('provisioning', () => {
  it('takes the most of the strongest tier first, and fills up with weaker ones', async () => {
    const models = [priced('strong', 1, 0.004), priced('middle', 2, 0.001), priced('weak', 3, 0.0002)];
    assert.equal(names(await provision({ models, budget: usd(0.01), made: 0 })), '2 x strong, 2 x middle');
    assert.equal(names(await provision({ models, budget: usd(0.0041), made: 0 })), '4 x middle');
    assert.equal(names(await provision({ models, budget: usd(0.0042), made: 0 })), '1 x strong, 1 x weak');
  });

  it('is exact where the budget is the price to the last digit, and one unit below it', async () => {
    const models = [priced('strong', 1, '0.000123456789012'), priced('weak', 2, '0.000000000000007')];
    const exact = usd('0.000123456789019');
    assert.equal(names(await provision({ models, budget: exact, made: 0 })), '1 x strong, 1 x weak');
    assert.equal(names(await provision({ models, budget: (exact - 1n) as Money, made: 0 })), '5 x weak');
  });

  it('names the smallest budget that would do where not even two agents fit', async () => {
    const models = [priced('strong', 1, 0.004), priced('weak', 3, 0.0002)];
    const answer = await provision({ models, budget: usd('0.0000001'), made: 0 });
    assert.deepEqual(answer, { feasible: false, smallest: usd('0.0004') });
    const enough = await provision({ models, budget: usd('0.0004'), made: 0 });
    assert.equal(names(enough), '2 x weak');
  });

  it('counts calls already made towards the two agents', async () => {
    const models = [priced('only', 1, 0.004)];
    assert.equal((await provision({ models, budget: usd(0.005), made: 0 })).feasible, false);
    assert.equal(names(await provision({ models, budget: usd(0.005), made: 1 })), '1 x only');
    assert.equal((await provision({ models, budget: usd(0.003), made: 7 })).feasible, false);
  });

  it('takes five instances at most of a model that costs nothing', async () => {
    const models = [priced('local', 2, 0), priced('paid', 1, 0.004)];
    assert.equal(names(await provision({ models, budget: ZERO, made: 0 })), '5 x local');
    assert.equal(names(await provision({ models, budget: usd(0.004), made: 0 })), '1 x paid, 5 x local');
  });

  it('says that there is no answer where there is no model', async () => {
    assert.deepEqual(await provision({ models: [], budget: usd(1), made: 0 }), {
      feasible: false,
      smallest: undefined,
    });
  });

  it('breaks ties within a tier towards the cheaper model, and then by name', async () => {
    const models = [priced('b', 1, 0.002), priced('a', 1, 0.002), priced('cheap', 1, 0.001)];
    assert.equal(names(await provision({ models, budget: usd(0.009), made: 0 })), '5 x cheap, 2 x a');
  });

  it('agrees with brute force on the counts of every tier and on the least cost of them', async () => {
    await fc.assert(
      fc.asyncProperty(anInstance, async ({ models, budget, made }) => {
        const least = Math.max(0, LEAST_AGENTS - made);
        const answer = await provision({ models, budget, made });
        const expected = bruteForce(models, budget, Math.max(1, least), MOST_INSTANCES);
        assert.equal(answer.feasible, expected !== undefined);
        if (answer.feasible) assert.equal(answer.cost, expected!.cost);
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with the solver on the integer program, so that the exact answer is only a certificate', async () => {
    let differing = 0;
    const runs = 300;
    await fc.assert(
      fc.asyncProperty(anInstance, async ({ models, budget, made }) => {
        const least = Math.max(0, LEAST_AGENTS - made);
        const tiers = tiersOf(models, MOST_INSTANCES);
        const exact = exactCounts(tiers, budget, least);
        const feasible = (await provision({ models, budget, made })).feasible;
        if (!feasible) return;
        const solved = await solveCounts(tiers, budget, least);
        if (solved === undefined || compare(solved, exact) !== 0) differing++;
      }),
      { numRuns: runs },
    );
    assert.ok(differing <= runs / 100, `the solver differed in ${differing} of ${runs} programs`);
  });

  it('solves tier by tier where the weights pass 2^53', async () => {
    const models = Array.from({ length: 24 }, (_, index) => priced(`t${index + 1}`, index + 1, 0.0024 / (index + 1)));
    const tiers = tiersOf(models, MOST_INSTANCES);
    const budget = usd(0.0095);
    assert.ok((weightsOf(tiers, budget)[0] ?? 0n) > 2n ** 53n);
    assert.deepEqual(await solveCounts(tiers, budget, LEAST_AGENTS), exactCounts(tiers, budget, LEAST_AGENTS));
  });

  it('weighs one agent of a tier above all that can be had below it (Eq. 2)', () => {
    fc.assert(
      fc.property(anInstance, ({ models, budget }) => {
        const tiers = tiersOf(models, MOST_INSTANCES);
        const weights = weightsOf(tiers, budget);
        tiers.forEach((_, index) => {
          const below = tiers.slice(index + 1).reduce((sum, lower, at) => {
            const affordable = lower.instances.filter(({ callCost }, nth) => times(callCost, nth + 1) <= budget).length;
            return sum + weights[index + 1 + at]! * BigInt(affordable);
          }, 0n);
          assert.ok(weights[index]! > below);
        });
      }),
    );
  });
});
