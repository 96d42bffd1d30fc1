import { type Money, perMillion, perToken } from '../money';
import type { Catalogue, Model, Price } from './model';

/** The field of a model list that states each kind of price, in USD per million tokens. */
export const PRICE_FIELDS = {
  input: 'inputUsdPerMTok',
  output: 'outputUsdPerMTok',
  cachedInput: 'cachedInputUsdPerMTok',
  cacheWrite: 'cacheWriteUsdPerMTok',
  reasoning: 'reasoningUsdPerMTok',
} as const satisfies Record<keyof Price, string>;

export const PRICE_KINDS = Object.keys(PRICE_FIELDS) as readonly (keyof Price)[];

/** A catalogue as a model list, exact in its prices: the inverse of `readCatalogue`. Notes are left out. */
export function modelListOf({ asOf, source, models }: Catalogue): Readonly<Record<string, unknown>> {
  return { asOf, source, models: models.map(entryOf) };
}

function entryOf(model: Model): object {
  const { id, tier, price, contextWindow, maxOutputTokens, tokenizer } = model;
  const { baseUrl, apiKeyEnv, priceValidFrom, priceValidUntil } = model;
  const prices: Record<string, number | string | undefined> = {};
  for (const kind of PRICE_KINDS) prices[PRICE_FIELDS[kind]] = stated(price[kind]);
  return {
    ...{ id, tier, ...prices, priceValidFrom, priceValidUntil, contextWindow, maxOutputTokens },
    // The others follow from the name and cannot be stated.
    ...(tokenizer === 'openai' || tokenizer === 'editor' ? {} : { tokenizer }),
    ...{ baseUrl, apiKeyEnv },
  };
}

/** A number where that is exact, and else the decimal text, which a model list may hold as well. */
function stated(price: Money | undefined): number | string | undefined {
  if (price === undefined) return undefined;
  const text = perMillion(price);
  return perToken(Number(text)) === price ? Number(text) : text;
}
