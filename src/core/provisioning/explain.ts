import { add, formatUsd, formatUsdUp, type Money, subtract, times, ZERO } from '../money';
import { type Infeasible, LEAST_AGENTS, MOST_INSTANCES, type Provision } from './provision';
import { cheaperFirst, type PricedModel, tiersOf } from './tier';

/** Sentences for people: why this pool, and what a little more money would buy. */
export function explainPool(pool: readonly Provision[], models: readonly PricedModel[], budget: Money): string[] {
  const strongest = pool[0];
  if (strongest === undefined) return [];
  const size = pool.reduce((sum, { count }) => sum + count, 0);
  const lines = [
    `${size} agents from the strongest tier down: ${strongest.count} × ${strongest.model.id} ` +
      `(tier ${strongest.model.tier}) at up to ${formatUsd(strongest.callCost)} a call is the most that the budget admits.`,
  ];
  const purchases = nextPurchases(pool, models, budget);
  const [least] = purchases;
  const stronger = purchases.find(({ priced }) => priced.model.tier <= strongest.model.tier);
  for (const { raise, count, priced } of new Set([least, stronger].filter((one) => one !== undefined))) {
    lines.push(`+${formatUsdUp(raise)} would buy ${count} × ${priced.model.id} (tier ${priced.model.tier}).`);
  }
  return lines;
}

/** Why no pool fits, and the smallest budget that would do. */
export function explainInfeasible({ binding, smallest = ZERO }: Infeasible, budget: Money): string[] {
  switch (binding.kind) {
    case 'budget':
    case 'agents': {
      const { cheapest, least } = binding;
      const call = `the cheapest call, to ${cheapest.model.id}, can cost ${formatUsd(cheapest.callCost)}`;
      const why =
        binding.kind === 'budget'
          ? `Not even one call fits: ${call}, and a budget of ${formatUsd(budget)} is too small for it.`
          : `${least} agents are the least, and ${call}: a budget of ${formatUsd(budget)} is enough for one, but too small for ${least}.`;
      return [`${why} The smallest that would do is ${formatUsdUp(smallest)}.`];
    }
    case 'context': {
      const { model, tokens } = binding.nearest;
      return [
        `No model of the catalogue can take this task: with its answer it may come to ${tokens} tokens, and ${model.id} ` +
          `takes ${model.contextWindow}. Shorten the task, or add a model with a larger context window.`,
      ];
    }
    case 'models':
      return ['No model of the catalogue can take this task: there is none left to choose from.'];
  }
}

interface Purchase {
  readonly priced: PricedModel;
  readonly count: number;
  readonly raise: Money;
}

/** For every tier the raise that buys one agent more of it, next to all that is stronger; the smallest raise first. */
function nextPurchases(pool: readonly Provision[], models: readonly PricedModel[], budget: Money): Purchase[] {
  const have = new Map<number, number>();
  for (const { model, count } of pool) have.set(model.tier, (have.get(model.tier) ?? 0) + count);
  const [cheapest] = [...models].sort(cheaperFirst);
  let stronger = { cost: ZERO, agents: 0 };
  const purchases: Purchase[] = [];
  for (const { level, instances } of tiersOf(models, MOST_INSTANCES)) {
    const count = have.get(level) ?? 0;
    const next = instances[count];
    if (next !== undefined) {
      const bought = instances.slice(0, count + 1).map(({ callCost }) => callCost);
      const missing = Math.max(0, LEAST_AGENTS - stronger.agents - bought.length);
      const fill = cheapest === undefined ? ZERO : times(cheapest.callCost, missing);
      const raise = subtract(add(stronger.cost, ...bought, fill), budget);
      const same = instances.slice(0, count + 1).filter(({ model }) => model.id === next.model.id);
      if (raise > 0n) purchases.push({ priced: next, count: same.length, raise });
    }
    const kept = instances.slice(0, count).map(({ callCost }) => callCost);
    stronger = { cost: add(stronger.cost, ...kept), agents: stronger.agents + count };
  }
  return purchases.sort((a, b) => (a.raise < b.raise ? -1 : a.raise > b.raise ? 1 : 0));
}
