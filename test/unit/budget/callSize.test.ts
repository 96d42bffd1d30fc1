import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sizeWithin } from '../../../src/core/budget/callSize';
import { worstCase } from '../../../src/core/budget/price';
import { type Money, perToken } from '../../../src/core/money';
import { aModel } from '../../support/models';

const money = fc.bigInt({ min: 0n, max: 10n ** 13n }) as fc.Arbitrary<Money>;

describe('the size of a call', () => {
  it('never has a worst case above what is left, also where answers end late, and could not be larger', () => {
    fc.assert(
      fc.property(
        fc.record({
          ...{ left: money, keep: money, prompt: fc.nat(500), late: fc.constantFrom(0, 32) },
          ...{ least: fc.integer({ min: 1, max: 64 }), more: fc.nat(2000), output: fc.constantFrom(0, 1, 7) },
          ...{ written: fc.constantFrom(0, 1, 5), thought: fc.constantFrom(0, 2, 9) },
        }),
        ({ left, keep, prompt, late, least, more, output, written, thought }) => {
          // A token may be dearer than its plain price: one that is written to the cache, or one of reasoning.
          const dearer = { cacheWrite: perToken(written), reasoning: perToken(thought) };
          const model = { price: { ...aModel('m', 1, 1, output).price, ...dearer } };
          const bounds = { least, most: least + more, bound: (maxTokens: number): number => maxTokens + late };
          const cost = (maxTokens: number): Money => worstCase(model.price, prompt, maxTokens + late);
          const size = sizeWithin(model, prompt, bounds, left, keep);
          if (size === undefined) {
            assert.ok(cost(least) > left);
            return;
          }
          const { maxTokens, completionBound, reserved } = size;
          assert.ok(reserved <= left && maxTokens >= least && maxTokens <= least + more);
          assert.deepEqual([completionBound, reserved], [maxTokens + late, cost(maxTokens)]);
          if (maxTokens < least + more)
            assert.ok(cost(maxTokens + 1) + keep > left, 'it leaves no more than is to be kept');
        },
      ),
      { numRuns: 2000 },
    );
  });
});
