import { type Money, toDecimal } from '../../core/money';

/** Exact amounts as a column: "$" and the same number of decimals for all, at least two. */
export function exactColumn(amounts: readonly Money[]): string[] {
  const decimals = Math.max(2, ...amounts.map((amount) => decimalsOf(amount)));
  return amounts.map((amount) => exactTo(amount, decimals));
}

/** One exact amount: "$0.0001537". */
export function exact(amount: Money): string {
  return exactTo(amount, 2);
}

/** An exact amount with at least so many decimals. */
export function exactTo(amount: Money, decimals: number): string {
  const [whole = '0', fraction = ''] = toDecimal(amount).split('.');
  return `$${whole}.${fraction.padEnd(decimals, '0')}`;
}

function decimalsOf(amount: Money): number {
  return (toDecimal(amount).split('.')[1] ?? '').length;
}
