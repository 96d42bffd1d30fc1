import { add, formatUsd, formatUsdUp, type Money, usd, ZERO } from '../money';
import type { TopologyName } from '../plan';
import { type Infeasible, provision, type Provision, type ProvisionRequest } from './provision';
import { assignRoles } from './roles';
import { gainsOf, type Raise, raisesOf } from './sensitivity';

/** Sentences for people: why this pool, and what a little more money would buy. */
export function explainPool(
  request: ProvisionRequest,
  pool: readonly Provision[],
  topology: TopologyName = 'linear',
): string[] {
  const strongest = pool[0];
  if (strongest === undefined) return [];
  const size = pool.reduce((sum, { count }) => sum + count, 0);
  const raises = raisesOf(request, pool);
  const best = raises.find(({ tier }) => tier < strongest.model.tier) ?? raises.find(isOf(strongest));
  const told = new Set([raises[0], best].filter((raise) => raise !== undefined));
  return [
    `${size} agents from the strongest tier down: ${strongest.count} × ${strongest.model.id} ` +
      `(tier ${strongest.model.tier}) at up to ${formatUsd(strongest.callCost)} a call is the most that the budget admits.`,
    ...[...told].flatMap((raise) => explainRaise(request, pool, raise, topology)),
  ];
}

const isOf =
  ({ model }: Provision) =>
  ({ tier }: Raise): boolean =>
    tier === model.tier;

/** What a raise buys. It is told as it would be typed in, rounded up, and so is what that buys. */
function explainRaise(
  { models, budget, made }: ProvisionRequest,
  pool: readonly Provision[],
  { amount }: Raise,
  topology: TopologyName,
): string[] {
  const told = formatUsdUp(amount);
  const raised = provision({ models, budget: add(budget, usd(told.slice(1))), made });
  const gains = raised.feasible ? gainsOf(pool, raised.pool) : [];
  const [gain] = gains;
  if (!raised.feasible || gain === undefined) return [];
  const lead = leadOf(topology, pool);
  const next = leadOf(topology, raised.pool);
  const bought =
    lead !== undefined && next !== undefined && next.model.tier < lead.model.tier
      ? `a stronger ${next.role}, ${next.model.id} (tier ${next.model.tier}) instead of ${lead.model.id}`
      : gains
          .map(({ model, count, before }) => {
            const more = count - before;
            if (before === 0) return `${more} × ${model.id} (tier ${model.tier})`;
            return `${more === 1 ? 'one' : more} more ${model.id} (tier ${model.tier})`;
          })
          .join(', ');
  const all = raised.pool.map(({ model, count }) => `${count} × ${model.id}`).join(', ');
  return [`+${told} buys ${bought}: ${all} in all.`];
}

/** The strongest agent and its role, where the topology sets it apart from those that execute. */
function leadOf(topology: TopologyName, pool: readonly Provision[]) {
  const [lead] = assignRoles(topology, pool);
  return lead?.role === 'executor' ? undefined : lead;
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
