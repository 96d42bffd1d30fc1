import type { Means } from '../agents/crew';
import type { Model } from '../catalogue/model';
import { type Money, subtract } from '../money';

/**
 * How many answers the money pays that is left after a call of `cost`, each at its worst case: as a run climbs, from
 * the model after `from` up the pool and then of the strongest, and of the strongest that still fits where that one does
 * not. At most as many as a run may still try.
 * @param from the model of the last answer; undefined where there is none, and the cheapest begins
 */
export function callsLeft({ pool, models, left }: Means, cost: Money, from: Model | undefined, most: number): number {
  const upwards = pool.toReversed();
  const line =
    from === undefined ? [...models.slice(0, 1), ...upwards] : upwards.filter(({ model }) => model.tier < from.tier);
  let rest = subtract(left, cost);
  for (let calls = 0; ; calls++) {
    const wanted = line[Math.min(calls, line.length - 1)] ?? pool[0];
    const fits = models.filter(({ callCost }) => callCost <= rest);
    const next = wanted !== undefined && wanted.callCost <= rest ? wanted : fits.at(-1);
    if (next === undefined || calls >= most) return calls;
    rest = subtract(rest, next.callCost);
  }
}
