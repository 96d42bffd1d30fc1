import assert from 'node:assert/strict';
import fc from 'fast-check';
import { add, type Money, times, usd, ZERO } from '../../../src/core/money';
import { leastAgents, MOST_INSTANCES, provision } from '../../../src/core/provisioning/provision';
import type { PricedModel } from '../../../src/core/provisioning/tier';
import { anyPrices, countsOf, exactly, levelsOf, likePrices, names, priced } from '../../support/provisioning';

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
  const levels = levelsOf(models);
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

describe('provisioning', () => {
  it('takes the most of the strongest tier first, and fills up with weaker ones', () => {
    const models = [priced('strong', 1, 0.004), priced('middle', 2, 0.001), priced('weak', 3, 0.0002)];
    assert.equal(names(provision({ models, budget: usd(0.01), made: 0 })), '2 x strong, 2 x middle');
    assert.equal(names(provision({ models, budget: usd(0.0041), made: 0 })), '4 x middle');
    assert.equal(names(provision({ models, budget: usd(0.0042), made: 0 })), '1 x strong, 1 x weak');
  });

  it('is exact where the budget is the price to the last digit, and one unit below it', () => {
    const models = [priced('strong', 1, '0.000123456789012'), priced('weak', 2, '0.000000000000007')];
    const exact = usd('0.000123456789019');
    assert.equal(names(provision({ models, budget: exact, made: 0 })), '1 x strong, 1 x weak');
    assert.equal(names(provision({ models, budget: (exact - 1n) as Money, made: 0 })), '5 x weak');
  });

  it('names the smallest budget that would do where not even two agents fit', () => {
    const models = [priced('strong', 1, 0.004), priced('weak', 3, 0.0002)];
    const answer = provision({ models, budget: usd('0.0000001'), made: 0 });
    const binding = { kind: 'budget', cheapest: models[1], least: 2 };
    assert.deepEqual(answer, { feasible: false, smallest: usd('0.0004'), binding });
    assert.deepEqual(provision({ models, budget: usd('0.0002'), made: 0 }), {
      feasible: false,
      smallest: usd('0.0004'),
      binding: { ...binding, kind: 'agents' },
    });
    const enough = provision({ models, budget: usd('0.0004'), made: 0 });
    assert.equal(names(enough), '2 x weak');
  });

  it('counts calls already made towards the two agents', () => {
    const models = [priced('only', 1, 0.004)];
    assert.equal(provision({ models, budget: usd(0.005), made: 0 }).feasible, false);
    assert.equal(names(provision({ models, budget: usd(0.005), made: 1 })), '1 x only');
    assert.equal(provision({ models, budget: usd(0.003), made: 7 }).feasible, false);
  });

  it('takes five instances at most of a model that costs nothing', () => {
    const models = [priced('local', 2, 0), priced('paid', 1, 0.004)];
    assert.equal(names(provision({ models, budget: ZERO, made: 0 })), '5 x local');
    assert.equal(names(provision({ models, budget: usd(0.004), made: 0 })), '1 x paid, 5 x local');
  });

  it('says that there is no answer where there is no model', () => {
    assert.deepEqual(provision({ models: [], budget: usd(1), made: 0 }), {
      feasible: false,
      smallest: undefined,
      binding: { kind: 'models' },
    });
  });

  it('breaks ties within a tier towards the cheaper model, and then by name', () => {
    const models = [priced('b', 1, 0.002), priced('a', 1, 0.002), priced('cheap', 1, 0.001)];
    assert.equal(names(provision({ models, budget: usd(0.009), made: 0 })), '5 x cheap, 2 x a');
  });

  it('agrees with brute force on the counts of every tier and on the least cost of them', () => {
    for (const programs of [likePrices, anyPrices(5)]) {
      fc.assert(
        fc.property(programs, ({ models, budget, made }) => {
          const answer = provision({ models, budget, made });
          const expected = bruteForce(models, budget, leastAgents(made), MOST_INSTANCES);
          assert.equal(answer.feasible, expected !== undefined);
          if (!answer.feasible) return;
          assert.deepEqual(countsOf(answer, models), expected!.counts);
          assert.equal(answer.cost, expected!.cost);
        }),
        { numRuns: 60 },
      );
    }
  });

  it('names a smallest budget that does, and one femto-dollar less does not', () => {
    fc.assert(
      fc.property(anyPrices(6), ({ models, budget, made }) => {
        const answer = provision({ models, budget, made });
        fc.pre(!answer.feasible);
        const { smallest } = answer as { smallest: Money };
        assert.ok(smallest > budget);
        assert.ok(provision({ models, budget: smallest, made }).feasible);
        assert.ok(!provision({ models, budget: (smallest - 1n) as Money, made }).feasible);
      }),
    );
  });

  it('comes to the same pool whatever the order of the catalogue', () => {
    const shuffled = anyPrices(8).chain((program) =>
      fc.record({
        program: fc.constant(program),
        models: fc.shuffledSubarray([...program.models], { minLength: program.models.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ program, models }) => {
        assert.equal(names(provision({ ...program, models })), names(provision(program)));
      }),
    );
  });

  it('solves where a solver in floating point runs out of memory: prices of $400 and of nine femto-dollars', () => {
    const models = [
      exactly('dear', 1, 400_000_000_000_000_000n),
      exactly('weak', 3, 20_000n),
      exactly('middle', 2, 9n),
      exactly('strong', 1, 10_000n),
    ];
    assert.equal(names(provision({ models, budget: 20_019n as Money, made: 0 })), '2 x strong, 2 x middle');
  });
});
