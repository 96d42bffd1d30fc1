import { add, formatUsd, type Money, subtract, times, ZERO } from '../money';
import { LEAST_AGENTS, MOST_INSTANCES, type Provision } from './provision';
import { cheaperFirst, type PricedModel, tiersOf } from './tier';

/** Sentences for people: why this pool, and what a little more money would buy. */
export function explainPool(pool: readonly Provision[], models: readonly PricedModel[], budget: Money): string[] {
  const strongest = pool[0];
  if (strongest === undefined) return [];
  const size = pool.reduce((sum, { count }) => sum + count, 0);
  const lines = [
    `${size} agents from the strongest tier down: ${strongest.count} x ${strongest.model.id} ` +
      `(tier ${strongest.model.tier}) at up to ${formatUsd(strongest.callCost)} a call is the most that the budget admits.`,
  ];
  const next = nextPurchase(pool, models, budget);
  if (next !== undefined) {
    lines.push(
      `+${formatUsd(next.raise)} would buy ${next.count} x ${next.model.model.id} (tier ${next.model.model.tier}).`,
    );
  }
  return lines;
}

/** Why no pool fits, and the smallest budget that would do. */
export function explainInfeasible(
  models: readonly PricedModel[],
  smallest: Money | undefined,
  budget: Money,
): string[] {
  const [cheapest] = [...models].sort(cheaperFirst);
  if (cheapest === undefined || smallest === undefined) return ['No model of the catalogue can take this task.'];
  return [
    `Two agents are the least, and the cheapest call, to ${cheapest.model.id}, can cost ${formatUsd(cheapest.callCost)}: ` +
      `a budget of ${formatUsd(budget)} is too small. The smallest that would do is ${formatUsd(smallest)}.`,
  ];
}

interface Purchase {
  readonly model: PricedModel;
  readonly count: number;
  readonly raise: Money;
}

/** The smallest raise that makes the pool lexicographically stronger, and what it buys. */
function nextPurchase(pool: readonly Provision[], models: readonly PricedModel[], budget: Money): Purchase | undefined {
  const have = new Map<number, number>();
  for (const { model, count } of pool) have.set(model.tier, (have.get(model.tier) ?? 0) + count);
  const [cheapest] = [...models].sort(cheaperFirst);
  let stronger = { cost: ZERO, agents: 0 };
  let best: Purchase | undefined;
  for (const { level, instances } of tiersOf(models, MOST_INSTANCES)) {
    const count = have.get(level) ?? 0;
    const next = instances[count];
    if (next !== undefined) {
      const bought = instances.slice(0, count + 1).map(({ callCost }) => callCost);
      const missing = Math.max(0, LEAST_AGENTS - stronger.agents - bought.length);
      const fill = cheapest === undefined ? ZERO : times(cheapest.callCost, missing);
      const raise = subtract(add(stronger.cost, ...bought, fill), budget);
      if (raise > 0n && (best === undefined || raise < best.raise)) best = { model: next, count: count + 1, raise };
    }
    const kept = instances.slice(0, count).map(({ callCost }) => callCost);
    stronger = { cost: add(stronger.cost, ...kept), agents: stronger.agents + count };
  }
  return best;
}
