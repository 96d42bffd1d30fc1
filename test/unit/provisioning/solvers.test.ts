import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inFloats } from '../../../src/bench/provisioning/floats';
import { type Highs, loadHighs } from '../../../src/bench/provisioning/highs';
import { lpSolver } from '../../../src/bench/provisioning/lpSolver';
import { programOf } from '../../../src/bench/provisioning/program';
import { type Money, usd } from '../../../src/core/money';
import { provision, type ProvisionRequest } from '../../../src/core/provisioning/provision';
import { anyPrices, countsOf, exactly, likePrices, priced } from '../../support/provisioning';

/** Instances by tier as Solvent provisions them; undefined where nothing fits. */
function solved(request: ProvisionRequest): readonly number[] | undefined {
  const answer = provision(request);
  return answer.feasible ? countsOf(answer, request.models) : undefined;
}

describe('provisioning, against solvers of others', () => {
  let highs: Highs;

  before(async () => {
    highs = await loadHighs();
  });

  const agrees = (request: ProvisionRequest): void => {
    assert.deepEqual(highs.byTier(programOf(request)), solved(request));
  };

  it('agrees with HiGHS on programs of like prices', () => {
    fc.assert(fc.property(likePrices, agrees), { numRuns: 40 });
  }).timeout(60_000);

  it('agrees with HiGHS whatever the prices, from nothing to hundreds of dollars', () => {
    fc.assert(fc.property(anyPrices(6), agrees), { numRuns: 30 });
    fc.assert(fc.property(anyPrices(12), agrees), { numRuns: 10 });
  }).timeout(60_000);

  it('agrees with HiGHS where the weights pass 2^53, with 24 tiers', () => {
    const models = Array.from({ length: 24 }, (_, index) => priced(`t${index + 1}`, index + 1, 0.0024 / (index + 1)));
    for (const budget of [0.0002, 0.0024, 0.0095]) {
      const request = { models, budget: usd(budget), made: 0 };
      if (budget === 0.0095) assert.ok((programOf(request).weights[0] ?? 0n) > 2n ** 53n);
      agrees(request);
    }
  }).timeout(60_000);

  it('agrees with HiGHS where javascript-lp-solver runs out of memory', () => {
    const models = [
      exactly('dear', 1, 400_000_000_000_000_000n),
      exactly('weak', 3, 20_000n),
      exactly('middle', 2, 9n),
      exactly('strong', 1, 10_000n),
    ];
    agrees({ models, budget: 20_019n as Money, made: 0 });
  });

  it('agrees with the weighted sum of the paper, solved by HiGHS and by javascript-lp-solver, where prices are alike', async () => {
    const solve = await lpSolver();
    fc.assert(
      fc.property(likePrices, (request) => {
        const program = programOf(request);
        const floats = inFloats(program);
        assert.ok(floats !== undefined, 'Prices up to 400 units and four tiers are exact in floating point.');
        assert.deepEqual(highs.weighted(program, floats), solved(request));
        assert.deepEqual(solve(program, floats), solved(request));
      }),
      // The same programs every time: what others round is not ours to be tested.
      { numRuns: 100, seed: 1 },
    );
  }).timeout(60_000);

  it('counts calls already made towards the two agents, as the solvers do', () => {
    const models = [priced('strong', 1, 0.004), priced('weak', 2, 0.003)];
    const one = (made: number): ProvisionRequest => ({ models, budget: usd(0.005), made });
    assert.equal(highs.byTier(programOf(one(0))), undefined);
    assert.deepEqual(highs.byTier(programOf(one(1))), [1, 0]);
    for (const made of [0, 1, 2, 7]) agrees(one(made));
  });

  it('weighs one agent of a tier above all that can be had below it (Eq. 2)', () => {
    fc.assert(
      fc.property(anyPrices(8), (request) => {
        const { variables, weights, budget } = programOf(request);
        weights.forEach((weight, tier) => {
          const below = weights.slice(tier + 1).reduce((sum, lower, at) => {
            const costs = variables.flatMap((one) =>
              one.tier === tier + 1 + at ? Array.from({ length: one.most }, () => one.cost) : [],
            );
            const cheapestFirst = costs.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
            let left: bigint = budget;
            return sum + lower * BigInt(cheapestFirst.filter((cost) => (left -= cost) >= 0n).length);
          }, 0n);
          assert.ok(weight > below);
        });
      }),
    );
  });
});
