import type { Price } from '../core/catalogue/model';
import type { PriceChange } from '../core/catalogue/priceChanges';
import { type Money, perMillion } from '../core/money';

/** What each kind of price is called, with what holds where it is not stated. */
const KINDS: Readonly<Record<keyof Price, { readonly name: string; readonly otherwise: string }>> = {
  input: { name: 'input', otherwise: 'no price' },
  output: { name: 'output', otherwise: 'no price' },
  cachedInput: { name: 'cached input', otherwise: 'as input' },
  cacheWrite: { name: 'cache write', otherwise: 'as input' },
  reasoning: { name: 'reasoning', otherwise: 'as output' },
};

/** "cached input". */
export function kindName(kind: keyof Price): string {
  return KINDS[kind].name;
}

/** A price of one token as exact USD per million tokens, with cents at least: "$0.0028", "$2.50". */
export function perMillionText(price: Money): string {
  const [whole = '0', fraction = ''] = perMillion(price).split('.');
  return `$${whole}.${fraction.padEnd(2, '0')}`;
}

/** Old and new price in USD per million tokens, or what holds in the place of one that is not stated. */
export function changeTexts({ kind, before, after }: PriceChange): { readonly before: string; readonly after: string } {
  const text = (price: Money | undefined): string =>
    price === undefined ? KINDS[kind].otherwise : perMillionText(price);
  return { before: text(before), after: text(after) };
}

/** "× 0.667"; empty where old and new price cannot be compared. */
export function factorText({ factor }: Pick<PriceChange, 'factor'>): string {
  return factor === undefined ? '' : `× ${Number(factor.toPrecision(3))}`;
}
