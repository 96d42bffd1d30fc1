import assert from 'node:assert/strict';
import fc from 'fast-check';
import { QuarterSums } from '../../../src/core/budget/ledger/quarters';
import { add, type Money, subtract, usd, ZERO } from '../../../src/core/money';

const QUARTER = 15 * 60_000;
const WORKSPACES = ['', '/a', '__proto__'];

const workspace = fc.constantFrom(...WORKSPACES);
/** Some days, to the millisecond. */
const moment = fc.integer({ min: 0, max: 3000 * QUARTER });
const booking = fc.record({
  workspace,
  at: moment,
  amount: fc.integer({ min: 0, max: 1000 }).map((mills) => usd(mills / 1000)),
});
/** Where a day or a month can begin. */
const since = fc.nat(3000).map((quarter) => quarter * QUARTER);

interface Booked {
  readonly workspace: string;
  readonly at: number;
  readonly amount: Money;
}

function bruteForce(booked: readonly Booked[], from: number, of: string | undefined): Money {
  const counted = booked.filter((one) => one.at >= from && (of === undefined || one.workspace === of));
  return add(ZERO, ...counted.map(({ amount }) => amount));
}

describe('sums by quarter of an hour', () => {
  it('since any moment at which a day can begin are those of the bookings, however often they were asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(booking, since), { maxLength: 60 }), (steps) => {
        const sums = new QuarterSums();
        const booked: Booked[] = [];
        for (const [one, from] of steps) {
          sums.add(one.workspace, one.at, one.amount);
          booked.push(one);
          for (const of of [undefined, ...WORKSPACES]) {
            for (const asked of [from, 0, steps[0]?.[1] ?? 0]) {
              assert.equal(sums.since(asked, of), bruteForce(booked, asked, of));
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('fall when something is given back, and are the same after they were written and read', () => {
    fc.assert(
      fc.property(fc.array(booking, { minLength: 1, maxLength: 30 }), since, since, (booked, kept, from) => {
        const sums = new QuarterSums();
        for (const { workspace: of, at, amount } of booked) sums.add(of, at, amount);
        const half = booked.filter((_, index) => index % 2 === 0);
        for (const { workspace: of, at, amount } of half) sums.add(of, at, subtract(ZERO, amount));
        const rest = booked.filter((_, index) => index % 2 === 1);
        const read = QuarterSums.from(
          JSON.parse(JSON.stringify(sums.written(kept))) as ReturnType<typeof sums.written>,
        );
        for (const of of [undefined, ...WORKSPACES]) {
          assert.equal(sums.since(from, of), bruteForce(rest, from, of));
          const later = Math.max(kept, from);
          assert.equal(read.since(later, of), bruteForce(rest, later, of));
        }
      }),
    );
  });

  it('count what is dated in the future', () => {
    const sums = new QuarterSums();
    sums.add('', 900 * QUARTER, usd(1));
    assert.equal(sums.since(10 * QUARTER, undefined), usd(1));
  });

  it('make no room where something is given back that is no longer kept', () => {
    const sums = new QuarterSums();
    sums.add('/a', QUARTER, usd(5));
    const read = QuarterSums.from(sums.written(100 * QUARTER));
    read.add('/a', QUARTER, usd(3));
    read.add('/a', QUARTER, subtract(ZERO, usd(5)));
    read.add('/a', 200 * QUARTER, usd(1));
    assert.equal(read.since(0, undefined), usd(1));
    assert.equal(QuarterSums.from(read.written(0)).since(0, '/a'), usd(1));
  });
});
