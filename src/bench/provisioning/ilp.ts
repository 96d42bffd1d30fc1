import type { Model as Program } from 'javascript-lp-solver';
import { countWithin, type Money } from '../../core/money';
import type { Tier } from '../../core/provisioning/tier';

/** Integers up to here are exact in the solver's floating point. */
const EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The integer program of BAMAS (Eq. 2 and 3) through javascript-lp-solver: maximise the sum of W_i x_ij, subject to the
 * budget and to at least `least` agents. Where the weights pass 2^53 they would no longer be told apart, so then the
 * program is solved once per tier: maximise the tier's own count, with the stronger tiers' counts fixed.
 * @returns instances per tier; undefined where the solver finds no answer.
 */
export async function solveCounts(tiers: readonly Tier[], budget: Money, least: number): Promise<number[] | undefined> {
  const { default: solver } = await import('javascript-lp-solver');
  const costs = scaled(tiers, budget);
  if (costs === undefined) return undefined;
  const weights = weightsOf(tiers, budget);
  const solve = (objective: (tier: number) => number, fixed: readonly number[]): number[] | undefined => {
    const solution: Readonly<Record<string, unknown>> = solver.Solve(
      programOf(tiers, costs, least, objective, fixed),
    ) as never;
    if (solution['feasible'] !== true) return undefined;
    return tiers.map((tier, index) =>
      models(tier).reduce((sum, { id }) => sum + Math.round(Number(solution[nameOf(index, id)] ?? 0)), 0),
    );
  };
  if (weights.every((weight) => weight <= EXACT)) return solve((tier) => Number(weights[tier] ?? 0n), []);
  let counts: number[] = [];
  for (const index of tiers.keys()) {
    const best = solve((tier) => (tier === index ? 1 : 0), counts);
    if (best === undefined) return undefined;
    counts = best.slice(0, index + 1);
  }
  return counts;
}

/**
 * W_L = 1, W_i = 1 + sum over lower tiers j of W_j x floor(B / c_j), where c_j is the tier's cheapest call and the
 * floor is at most the number of instances that the tier has (BAMAS, Eq. 2).
 */
export function weightsOf(tiers: readonly Tier[], budget: Money): bigint[] {
  const weights: bigint[] = [];
  let below = 0n;
  for (const tier of [...tiers].reverse()) {
    const weight = 1n + below;
    weights.unshift(weight);
    const price = tier.instances[0]?.callCost;
    if (price !== undefined) below += weight * BigInt(countWithin(budget, price, tier.instances.length));
  }
  return weights;
}

interface ScaledCosts {
  readonly budget: number;
  readonly of: ReadonlyMap<string, number>;
}

/** All amounts in units of their greatest common divisor: small whole numbers, exact in floating point. */
function scaled(tiers: readonly Tier[], budget: Money): ScaledCosts | undefined {
  const prices = tiers.flatMap((tier) => models(tier).map(({ id, cost }) => [id, cost] as const));
  const unit = prices.reduce<bigint>((divisor, [, price]) => gcd(divisor, price), 0n);
  if (unit === 0n) return { budget: 0, of: new Map(prices.map(([id]) => [id, 0])) };
  // More than the price of everything buys nothing more.
  const everything = tiers.reduce<bigint>(
    (sum, tier) => tier.instances.reduce((inner, { callCost }) => inner + callCost, sum),
    0n,
  );
  const usable = (budget < everything ? budget : everything) / unit;
  if (usable > EXACT) return undefined;
  return { budget: Number(usable), of: new Map(prices.map(([id, price]) => [id, Number(price / unit)])) };
}

function programOf(
  tiers: readonly Tier[],
  costs: ScaledCosts,
  least: number,
  objective: (tier: number) => number,
  fixed: readonly number[],
): Program {
  const constraints: Program['constraints'] = { cost: { max: costs.budget }, agents: { min: least } };
  const variables: Program['variables'] = {};
  const ints: Record<string, 1> = {};
  for (const [index, tier] of tiers.entries()) {
    const tierName = `tier${index}`;
    const count = fixed[index];
    if (count !== undefined) constraints[tierName] = { equal: count };
    for (const { id, instances } of models(tier)) {
      const name = nameOf(index, id);
      constraints[`most ${name}`] = { max: instances };
      variables[name] = {
        worth: objective(index),
        cost: costs.of.get(id) ?? 0,
        agents: 1,
        [tierName]: 1,
        [`most ${name}`]: 1,
      };
      ints[name] = 1;
    }
  }
  return { optimize: 'worth', opType: 'max', constraints, variables, ints };
}

function models(tier: Tier): { readonly id: string; readonly cost: Money; readonly instances: number }[] {
  const found = new Map<string, { id: string; cost: Money; instances: number }>();
  for (const { model, callCost } of tier.instances) {
    const entry = found.get(model.id);
    if (entry === undefined) found.set(model.id, { id: model.id, cost: callCost, instances: 1 });
    else entry.instances++;
  }
  return [...found.values()];
}

/** Model names are free text; the prefix keeps them apart from the solver's own keys, such as "feasible". */
function nameOf(tier: number, id: string): string {
  return `x${tier} ${id}`;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
