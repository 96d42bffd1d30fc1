import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chanceOfLead, median, quantile, rate } from '../../../src/core/calibration/statistics';

describe('statistics of runs', () => {
  it('take quantiles by nearest rank', () => {
    const sorted = [15, 20, 35, 40, 50];
    assert.deepEqual([0, 0.05, 0.3, 0.4, 0.5, 1].map((share) => quantile(sorted, share)), [15, 15, 20, 20, 35, 50]); // prettier-ignore
    assert.equal(median([9, 1, 5]), 5);
  });

  it('give a quantile that at least its share of the values do not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const at = quantile([...values].sort((a, b) => a - b), share); // prettier-ignore
          assert.ok(values.includes(at));
          assert.ok(values.filter((value) => value <= at).length >= share * values.length - 1e-9);
        },
      ),
    );
  });

  it("give Wilson's interval, as published", () => {
    // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    for (const [held, of, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const found = rate(held, of);
      assert.ok(Math.abs(found.low - low) < 1e-4 && Math.abs(found.high - high) < 1e-4, JSON.stringify(found));
    }
    assert.deepEqual(rate(0, 0), { held: 0, of: 0, low: 0, high: 1 });
  });

  it("give Fisher's exact test, one-sided", () => {
    // The lady tasting tea: all of four, and three of four.
    assert.ok(Math.abs(chanceOfLead({ held: 4, of: 4 }, { held: 0, of: 4 }) - 1 / 70) < 1e-12);
    assert.ok(Math.abs(chanceOfLead({ held: 3, of: 4 }, { held: 1, of: 4 }) - 17 / 70) < 1e-12);
    assert.ok(Math.abs(chanceOfLead({ held: 0, of: 4 }, { held: 4, of: 4 }) - 1) < 1e-12);
  });

  it('find a lead the less likely, the larger it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 200 }),
        fc.nat(200),
        (of, other, held) => {
          const second = { held: Math.min(held, other), of: other };
          let before = 1 + 1e-9;
          for (let count = 0; count <= of; count += Math.max(1, Math.floor(of / 5))) {
            // The more hold in all, the more of them may be the first's; the lead grows with each.
            const chance = chanceOfLead({ held: count, of }, second);
            assert.ok(chance >= 0 && chance <= before, `${count} of ${of}`);
            before = chance + 1e-9;
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
