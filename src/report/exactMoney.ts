import { type Money, subtract, toDecimal, ZERO } from '../core/money';

/** Exact amounts as a column: "$" and the same number of decimals for all, at least two. */
export function exactColumn(amounts: readonly Money[]): string[] {
  const decimals = Math.max(2, ...new Set(amounts.map((amount) => decimalsOf(amount))));
  return amounts.map((amount) => exactTo(amount, decimals));
}

/** One exact amount: "$0.0001537". */
export function exact(amount: Money): string {
  return exactTo(amount, 2);
}

/** An exact amount with at least so many decimals. */
export function exactTo(amount: Money, decimals: number): string {
  const [whole = '0', fraction = ''] = toDecimal(amount < 0n ? subtract(ZERO, amount) : amount).split('.');
  return `${amount < 0n ? '-' : ''}$${whole}.${fraction.padEnd(decimals, '0')}`;
}

/** How many decimals an exact amount has. */
export function decimalsOf(amount: Money): number {
  return (toDecimal(amount).split('.')[1] ?? '').length;
}
