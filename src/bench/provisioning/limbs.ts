import type { Row } from './highs';
import type { Variable } from './program';

/** Digits are to this base: small enough for a solver's tolerances, about 10^-6, to stay far below 1 in every row. */
const BASE = 1024n;

/** Rows and variables that say together: what is taken costs at most the budget. */
export interface LimbRows {
  readonly rows: readonly Row[];
  /** Carries and what is left of the budget, digit by digit: integers from 0 to `most`. */
  readonly variables: readonly { readonly name: string; readonly most: number }[];
}

/**
 * The budget as addition by hand, digit by digit, so that a solver in floating point only meets small numbers and is
 * exact whatever the prices: for every digit d,
 * sum of cost_d x instances + carry_d + left_d = budget_d + base x carry_(d+1).
 */
export function limbRows(variables: readonly Variable[], budget: bigint): LimbRows {
  const everything = variables.reduce<bigint>((sum, { cost, most }) => sum + cost * BigInt(most), 0n);
  const usable = budget < everything ? budget : everything;
  const digits = everything.toString(2).length / 10 + 1;
  const carry = variables.reduce((sum, { most }) => sum + most, 2);
  const rows: Row[] = [];
  const more: { name: string; most: number }[] = [];
  for (let digit = 0; digit < digits; digit++) {
    const isLast = digit + 1 >= digits;
    const at = (amount: bigint): number => Number((amount / BASE ** BigInt(digit)) % BASE);
    const terms: (readonly [number, string])[] = variables.map(({ name, cost }) => [at(cost), name] as const);
    terms.push([1, `left${digit}`]);
    more.push({ name: `left${digit}`, most: Number(BASE) - 1 });
    if (digit > 0) terms.push([1, `carry${digit}`]);
    if (!isLast) {
      terms.push([-Number(BASE), `carry${digit + 1}`]);
      more.push({ name: `carry${digit + 1}`, most: carry });
    }
    rows.push({ terms, sign: '=', right: at(usable) });
  }
  return { rows, variables: more };
}
