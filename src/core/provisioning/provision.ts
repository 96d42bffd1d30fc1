import { add, type Money, times } from '../money';
import { type Binding, bindingOf } from './binding';
import type { Unfit } from './estimate';
import { exactCounts } from './lexicographic';
import { cheaperFirst, type PricedModel, tiersOf } from './tier';

/** So many instances of a model. */
export interface Provision extends PricedModel {
  readonly count: number;
}

/** What the program comes to: the pool, strongest first, or why there is none. */
export type Provisioning = Feasible | Infeasible;

export interface Feasible {
  readonly feasible: true;
  readonly pool: readonly Provision[];
  /** Of one call by every agent of the pool. */
  readonly cost: Money;
}

export interface Infeasible {
  readonly feasible: false;
  /** The smallest budget that would do; undefined where none would. */
  readonly smallest: Money | undefined;
  readonly binding: Binding;
}

/** Bounds of the program. `made` are calls that were already made: they count towards the least number of agents. */
export interface ProvisionRequest {
  readonly models: readonly PricedModel[];
  /** Models that were left out because the task does not fit them; named where nothing else is left. */
  readonly unfit?: readonly Unfit[];
  readonly budget: Money;
  readonly made: number;
}

/** Instances of one model at most (BAMAS, appendix B). */
export const MOST_INSTANCES = 5;
/** A multi-agent system has at least two agents (BAMAS, Eq. 3). */
export const LEAST_AGENTS = 2;

/** Agents that a pool has at least when so many calls were made: something, and with those calls two. */
export function leastAgents(made: number): number {
  return Math.max(1, LEAST_AGENTS - made);
}

/**
 * Provisions the pool: the lexicographically strongest one within the budget (BAMAS, Eq. 1 to 3). No number of weaker
 * agents outweighs one of a stronger tier; among models of one tier the cheaper are taken first, and among those of one
 * price the first by name.
 *
 * The paper hands the weighted sum to a solver of integer programs. The lexicographic optimum is what that sum is made
 * to express, so it is computed as such, in whole femto-dollars: exact for any number of tiers and any ratio of prices,
 * also where the weights pass 2^53 and a solver in floating point no longer tells them apart, or never comes to an end.
 * Time grows with n log n for n models. Solvers of others check it in tests and in the benchmark.
 */
export function provision({ models, unfit, budget, made }: ProvisionRequest): Provisioning {
  const least = leastAgents(made);
  const [cheapest] = [...models].sort(cheaperFirst);
  if (cheapest === undefined) return { feasible: false, smallest: undefined, binding: bindingOf(unfit ?? []) };
  // One model alone has instances enough.
  const smallest = times(cheapest.callCost, least);
  if (smallest > budget) {
    const kind = cheapest.callCost > budget ? 'budget' : 'agents';
    return { feasible: false, smallest, binding: { kind, cheapest, least } };
  }
  const tiers = tiersOf(models, MOST_INSTANCES);
  const counts = exactCounts(tiers, budget, least);
  const chosen = tiers.flatMap(({ instances }, index) => instances.slice(0, counts[index] ?? 0));
  return { feasible: true, pool: poolOf(chosen), cost: add(...chosen.map(({ callCost }) => callCost)) };
}

function poolOf(instances: readonly PricedModel[]): Provision[] {
  const pool = new Map<string, Provision>();
  for (const { model, callCost } of instances) {
    pool.set(model.id, { model, callCost, count: (pool.get(model.id)?.count ?? 0) + 1 });
  }
  return [...pool.values()];
}
