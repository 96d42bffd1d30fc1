import assert from 'node:assert/strict';
import fc from 'fast-check';
import { add, type Money, usd } from '../../../src/core/money';
import { provision, type ProvisionRequest } from '../../../src/core/provisioning/provision';
import { gainsOf, raisesOf } from '../../../src/core/provisioning/sensitivity';
import { anyPrices, countsOf, likePrices, names, priced } from '../../support/provisioning';

const MODELS = [priced('strong', 1, 0.004), priced('middle', 2, 0.001), priced('weak', 3, 0.0002)];

const raised = (program: ProvisionRequest, amount: bigint) =>
  provision({ ...program, budget: add(program.budget, amount as Money) });

/** The raises of a program that has a pool; undefined where it has none. */
function raises(program: ProvisionRequest) {
  const answer = provision(program);
  return answer.feasible ? raisesOf(program, answer.pool) : undefined;
}

describe('the sensitivity of a pool to its budget', () => {
  it('is the smallest raise for every tier, the smallest first', () => {
    assert.deepEqual(raises({ models: MODELS, budget: usd(0.0043), made: 0 }), [
      { tier: 3, amount: usd(0.0001) },
      { tier: 2, amount: usd(0.0007) },
      { tier: 1, amount: usd(0.0037) },
    ]);
  });

  it('counts the second agent in where a stronger model would be the first', () => {
    const models = [priced('strong', 1, 0.004), priced('weak', 3, 0.0002)];
    const request = { models, budget: usd(0.003), made: 0 };
    assert.deepEqual(raises(request), [{ tier: 1, amount: usd(0.0012) }]);
    assert.deepEqual(raises({ ...request, made: 1 }), [{ tier: 1, amount: usd(0.001) }]);
  });

  it('has nothing to say where the pool holds all there is', () => {
    assert.deepEqual(raises({ models: MODELS, budget: usd(1), made: 0 }), []);
  });

  it('begins with the smallest raise that changes the counts at all: a femto-dollar less changes nothing', () => {
    for (const programs of [likePrices, anyPrices(8)]) {
      fc.assert(
        fc.property(programs, (program) => {
          const answer = provision(program);
          fc.pre(answer.feasible);
          const [first] = raisesOf(program, answer.pool);
          const counts = countsOf(answer, program.models);
          if (first === undefined) {
            assert.ok(counts.every((count, index) => count === 5 * tierSizes(program)[index]!));
            return;
          }
          assert.ok(first.amount > 0n);
          assert.deepEqual(countsOf(raised(program, first.amount - 1n), program.models), counts);
          assert.notDeepEqual(countsOf(raised(program, first.amount), program.models), counts);
        }),
        { numRuns: 300 },
      );
    }
  });

  it('finds for a stronger model than all of the pool the smallest raise that brings one', () => {
    fc.assert(
      fc.property(anyPrices(8), (program) => {
        const answer = provision(program);
        fc.pre(answer.feasible);
        const top = answer.pool[0]!.model.tier;
        const stronger = raisesOf(program, answer.pool).find(({ tier }) => tier < top);
        fc.pre(stronger !== undefined);
        const topAt = (amount: bigint): number => {
          const next = raised(program, amount);
          return next.feasible ? next.pool[0]!.model.tier : Infinity;
        };
        assert.ok(topAt(stronger.amount) < top);
        assert.equal(topAt(stronger.amount - 1n), top);
      }),
      { numRuns: 300 },
    );
  });

  it('tells what a better pool has more of, in the first tier in which it differs', () => {
    const at = (budget: number) => {
      const answer = provision({ models: MODELS, budget: usd(budget), made: 0 });
      return answer.feasible ? answer.pool : [];
    };
    const gains = gainsOf(at(0.0022), at(0.0042)).map(({ model, count, before }) => [model.id, count, before]);
    assert.deepEqual(gains, [['strong', 1, 0]]);
    assert.deepEqual(gainsOf(at(0.0042), at(0.0042)), []);
  });

  it('is what the raised budget really provisions', () => {
    const program = { models: MODELS, budget: usd(0.0022), made: 0 };
    assert.equal(names(provision(program)), '2 x middle, 1 x weak');
    assert.deepEqual(
      raises(program)!.map(({ amount }) => names(raised(program, amount))),
      ['2 x middle, 2 x weak', '3 x middle', '1 x strong, 1 x weak'],
    );
  });
});

function tierSizes({ models }: ProvisionRequest): number[] {
  const sizes = new Map<number, number>();
  for (const { model } of models) sizes.set(model.tier, (sizes.get(model.tier) ?? 0) + 1);
  return [...sizes].sort(([a], [b]) => a - b).map(([, size]) => size);
}
