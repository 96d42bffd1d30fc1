import { add, type Money, subtract, ZERO } from '../money';
import type { Tier } from './tier';

/**
 * The lexicographic optimum by exact arithmetic, tier by tier: the most instances of the strongest tier that leave
 * enough to reach `least` agents, then the most of the next. Within a tier the cheapest instances are taken, which
 * leaves most for the tiers below, so each tier's maximum is found by counting up.
 * @returns instances per tier. All zeros where not even `least` agents fit.
 */
export function exactCounts(tiers: readonly Tier[], budget: Money, least: number): number[] {
  const counts: number[] = [];
  let left = budget;
  let chosen = 0;
  for (const [index, tier] of tiers.entries()) {
    let count = 0;
    let spent = ZERO;
    for (const { callCost } of tier.instances) {
      const cost = add(spent, callCost);
      const rest = tier.instances.slice(count + 1).concat(tiers.slice(index + 1).flatMap((lower) => lower.instances));
      const fill = cheapest(
        rest.map((instance) => instance.callCost),
        Math.max(0, least - chosen - count - 1),
      );
      if (fill === undefined || add(cost, fill) > left) break;
      spent = cost;
      count++;
    }
    counts.push(count);
    chosen += count;
    left = subtract(left, spent);
  }
  return counts;
}

/** The sum of the `count` smallest prices; undefined where there are fewer. */
function cheapest(prices: readonly Money[], count: number): Money | undefined {
  if (prices.length < count) return undefined;
  if (count === 0) return ZERO;
  return add(...[...prices].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).slice(0, count));
}
