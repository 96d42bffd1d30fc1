import type { IntegerProgram } from './program';

/** Integers up to here are exact in floating point. */
const EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** An integer program in floating-point numbers that are exact. */
export interface FloatProgram {
  readonly budget: number;
  /** By variable. */
  readonly costs: readonly number[];
  /** By tier. */
  readonly weights: readonly number[];
}

/**
 * The program in floating point, with all amounts in units of their greatest common divisor; undefined where some number
 * of it, or the sum that a solver forms of them, would be rounded.
 */
export function inFloats({ variables, budget, weights }: IntegerProgram): FloatProgram | undefined {
  const unit = variables.reduce<bigint>((divisor, { cost }) => gcd(divisor, cost), 0n) || 1n;
  // More than the price of everything buys nothing more.
  const everything = variables.reduce<bigint>((sum, { cost, most }) => sum + cost * BigInt(most), 0n);
  const usable = (budget < everything ? budget : everything) / unit;
  const worth = variables.reduce((sum, { tier, most }) => sum + (weights[tier] ?? 0n) * BigInt(most), 0n);
  if (everything / unit > EXACT || worth > EXACT) return undefined;
  const costs = variables.map(({ cost }) => Number(cost / unit));
  return { budget: Number(usable), costs, weights: weights.map(Number) };
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
