import { add, type Money, subtract, ZERO } from '../money';
import { cheapestBelow, cheapestCost } from './lexicographic';
import { leastAgents, MOST_INSTANCES, type Provision, type ProvisionRequest } from './provision';
import { tiersOf } from './tier';

/** The smallest amount by which a budget has to be raised for one agent more of a tier, the stronger ones unchanged. */
export interface Raise {
  readonly tier: number;
  readonly amount: Money;
}

/**
 * What a little more money would change, exactly: for every tier the smallest raise that buys one agent more of it next
 * to all that the pool has of stronger tiers; the smallest raise first.
 *
 * A pool is better where it has more of the first tier in which it differs. The cheapest of the better pools that
 * differ in a given tier has one agent more there, the cheapest, and below it only what is missing to the least number
 * of agents. So the first raise is the smallest that changes the pool for the better at all, and the smallest of those
 * for the tiers above the pool's strongest is the smallest that brings a stronger model.
 * @param pool what the request provisions
 */
export function raisesOf({ models, budget, made }: ProvisionRequest, pool: readonly Provision[]): readonly Raise[] {
  const have = new Map<number, number>();
  for (const { model, count } of pool) have.set(model.tier, (have.get(model.tier) ?? 0) + count);
  const least = leastAgents(made);
  const tiers = tiersOf(models, MOST_INSTANCES);
  const below = cheapestBelow(tiers, least);
  let stronger = { cost: ZERO, agents: 0 };
  const raises: Raise[] = [];
  for (const [index, { level, instances }] of tiers.entries()) {
    const count = have.get(level) ?? 0;
    if (instances.length > count) {
      const bought = instances.slice(0, count + 1).map(({ callCost }) => callCost);
      const missing = Math.max(0, least - stronger.agents - bought.length);
      const spare = [...instances.slice(bought.length, bought.length + missing), ...(below[index] ?? [])];
      const fill = cheapestCost(spare, missing);
      if (fill !== undefined) {
        raises.push({ tier: level, amount: subtract(add(stronger.cost, ...bought, fill), budget) });
      }
    }
    const kept = instances.slice(0, count).map(({ callCost }) => callCost);
    stronger = { cost: add(stronger.cost, ...kept), agents: stronger.agents + count };
  }
  return raises.sort((a, b) => (a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : a.tier - b.tier));
}

/** How a better pool differs from the one before it in the first tier in which they differ. */
export interface Gain extends Provision {
  /** Instances of that model that there were before. */
  readonly before: number;
}

/** The models of which a better pool has more, in the first tier in which it has more. Empty where there is none. */
export function gainsOf(before: readonly Provision[], after: readonly Provision[]): readonly Gain[] {
  const had = new Map(before.map(({ model, count }) => [model.id, count]));
  const more = after
    .map((provision) => ({ ...provision, before: had.get(provision.model.id) ?? 0 }))
    .filter((gain) => gain.count > gain.before);
  return more.filter(({ model }) => model.tier === more[0]?.model.tier);
}
