import { type Money, countWithin } from '../../core/money';
import { leastAgents, MOST_INSTANCES, type ProvisionRequest } from '../../core/provisioning/provision';

/** How many instances of one model are taken: an integer from 0 to `most`. */
export interface Variable {
  readonly name: string;
  /** Index of the model's tier, 0 for the strongest. */
  readonly tier: number;
  /** Of one instance. */
  readonly cost: Money;
  readonly most: number;
}

/**
 * The integer program of BAMAS (Eq. 3), for solvers of others: maximise the sum of weight x instances, subject to the
 * budget and to the least number of agents. Models of one tier and their instances are interchangeable in it, so that
 * solvers are compared by instances per tier.
 */
export interface IntegerProgram {
  readonly variables: readonly Variable[];
  readonly budget: Money;
  readonly least: number;
  /** W_i by tier (Eq. 2), the strongest first. */
  readonly weights: readonly bigint[];
}

/** Instances by tier; undefined where a solver says that there is no answer. */
export type Counts = readonly number[] | undefined;

export function programOf({ models, budget, made }: ProvisionRequest): IntegerProgram {
  const levels = [...new Set(models.map(({ model }) => model.tier))].sort((a, b) => a - b);
  const variables = models.map(({ model, callCost }, index) => ({
    name: `x${index}`,
    tier: levels.indexOf(model.tier),
    cost: callCost,
    most: MOST_INSTANCES,
  }));
  return { variables, budget, least: leastAgents(made), weights: weightsOf(variables, levels.length, budget) };
}

/** Instances by tier, from instances by variable. */
export function countsOf({ variables, weights }: IntegerProgram, instances: (name: string) => number): number[] {
  const counts = weights.map(() => 0);
  for (const { name, tier } of variables) counts[tier] = (counts[tier] ?? 0) + instances(name);
  return counts;
}

/**
 * W_L = 1, W_i = 1 + sum over lower tiers j of W_j x floor(B / c_j), where c_j is the tier's cheapest call and the
 * floor is at most the number of instances that the tier has (BAMAS, Eq. 2).
 */
function weightsOf(variables: readonly Variable[], tiers: number, budget: Money): bigint[] {
  const weights: bigint[] = [];
  let below = 0n;
  for (let tier = tiers - 1; tier >= 0; tier--) {
    const own = variables.filter((variable) => variable.tier === tier);
    const weight = 1n + below;
    weights.unshift(weight);
    const all = own.reduce((sum, { most }) => sum + most, 0);
    const counts = own.map(({ cost }) => countWithin(budget, cost, all));
    below += weight * BigInt(Math.max(0, ...counts));
  }
  return weights;
}
