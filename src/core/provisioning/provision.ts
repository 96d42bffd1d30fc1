import { add, type Money } from '../money';
import { solveCounts } from './ilp';
import { exactCounts } from './lexicographic';
import { cheaperFirst, type PricedModel, tiersOf } from './tier';

/** So many instances of a model. */
export interface Provision extends PricedModel {
  readonly count: number;
}

/** What the solver found: the pool, strongest first, or the smallest budget that would do. */
export type Provisioning =
  | { readonly feasible: true; readonly pool: readonly Provision[]; readonly cost: Money }
  | { readonly feasible: false; readonly smallest: Money | undefined };

/** Bounds of the program. `made` are calls that were already made: they count towards the least number of agents. */
export interface ProvisionRequest {
  readonly models: readonly PricedModel[];
  readonly budget: Money;
  readonly made: number;
}

/** Instances of one model at most (BAMAS, appendix B). */
export const MOST_INSTANCES = 5;
/** A multi-agent system has at least two agents (BAMAS, Eq. 3). */
export const LEAST_AGENTS = 2;

/**
 * Provisions the pool: the lexicographically strongest one within the budget (BAMAS, Eq. 1 to 3). No number of weaker
 * agents outweighs one of a stronger tier; among models of one tier the cheaper are taken first.
 *
 * The integer program is solved in floating point; its answer is taken only where exact arithmetic confirms it, and
 * otherwise the same program is solved exactly, tier by tier.
 */
export async function provision(request: ProvisionRequest): Promise<Provisioning> {
  const least = Math.max(0, LEAST_AGENTS - request.made);
  const tiers = tiersOf(request.models, MOST_INSTANCES);
  const cheapest = tiers.flatMap(({ instances }) => instances.slice(0, Math.max(1, least))).sort(cheaperFirst);
  const smallest = cheapest.slice(0, Math.max(1, least));
  if (smallest.length < Math.max(1, least)) return { feasible: false, smallest: undefined };
  const needed = costOf(smallest);
  if (needed > request.budget) return { feasible: false, smallest: needed };

  const exact = exactCounts(tiers, request.budget, least);
  const solved = await solveCounts(tiers, request.budget, least);
  const counts = solved?.every((count, index) => count === exact[index]) ? solved : exact;
  const chosen = tiers.flatMap((tier, index) => tier.instances.slice(0, counts[index] ?? 0));
  return { feasible: true, pool: poolOf(chosen), cost: costOf(chosen) };
}

function costOf(instances: readonly PricedModel[]): Money {
  return add(...instances.map(({ callCost }) => callCost));
}

function poolOf(instances: readonly PricedModel[]): Provision[] {
  const pool = new Map<string, Provision>();
  for (const { model, callCost } of instances) {
    pool.set(model.id, { model, callCost, count: (pool.get(model.id)?.count ?? 0) + 1 });
  }
  return [...pool.values()];
}
