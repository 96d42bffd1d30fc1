import { add, type Money, subtract, ZERO } from '../money';
import type { PricedModel, Tier } from './tier';

/**
 * The optimum of the integer program of BAMAS (Eq. 2 and 3), by exact arithmetic: the most instances of the strongest
 * tier that leave enough to reach `least` agents, then the most of the next tier, and so on.
 *
 * Why that is the optimum. By Eq. 2, W_i is 1 more than all that the tiers below i can bring within the budget, each
 * with as many agents as B / c_j and its instances allow. So of two pools that first differ in tier i, the one with more
 * of tier i has the larger sum, whatever follows: the sum orders feasible pools as their counts are ordered
 * lexicographically. The largest count of a tier, with those above it fixed, is found by counting up:
 * - The least that k more agents of the tier can cost is the sum of its k cheapest, plus the cheapest of all that is not
 *   yet taken where agents are missing. Any other choice of k can be exchanged for that one without costing more, so
 *   k is possible exactly where this sum is within what is left.
 * - That least cost only grows with k, so the first k that does not fit ends the count.
 * - The k cheapest leave the most for the tiers below, and no instance of a stronger tier can be among the agents that
 *   are missing: with it the stronger tier's count would not have been the largest.
 *
 * The weights themselves are never formed. They pass 2^53 with some twenty tiers, or with fewer and cheap models, and
 * then a solver that holds them as floating-point numbers can no longer tell pools apart; here nothing is rounded.
 * @returns instances per tier, each the tier's cheapest. All zeros where not even `least` agents fit.
 */
export function exactCounts(tiers: readonly Tier[], budget: Money, least: number): number[] {
  const below = cheapestBelow(tiers, least);
  const counts: number[] = [];
  let left = budget;
  let chosen = 0;
  for (const [index, { instances }] of tiers.entries()) {
    let count = 0;
    let spent = ZERO;
    for (const { callCost } of instances) {
      const cost = add(spent, callCost);
      const missing = Math.max(0, least - chosen - count - 1);
      const fill = cheapestCost([...instances.slice(count + 1, count + 1 + missing), ...(below[index] ?? [])], missing);
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

/** What the `count` cheapest of some agents cost together; undefined where there are fewer. */
export function cheapestCost(agents: readonly PricedModel[], count: number): Money | undefined {
  if (count === 0) return ZERO;
  if (agents.length < count) return undefined;
  return add(...cheapestOf(agents, count).map(({ callCost }) => callCost));
}

/** For every tier the `count` cheapest agents of all tiers below it. */
export function cheapestBelow(tiers: readonly Tier[], count: number): (readonly PricedModel[])[] {
  const below: (readonly PricedModel[])[] = [];
  let cheapest: readonly PricedModel[] = [];
  for (const { instances } of [...tiers].reverse()) {
    below.unshift(cheapest);
    cheapest = cheapestOf([...cheapest, ...instances.slice(0, count)], count);
  }
  return below;
}

function cheapestOf(agents: readonly PricedModel[], count: number): readonly PricedModel[] {
  return [...agents].sort(byCost).slice(0, count);
}

function byCost(a: PricedModel, b: PricedModel): number {
  return a.callCost < b.callCost ? -1 : a.callCost > b.callCost ? 1 : 0;
}
