import type { Model } from './model';

/** What a provider sets of a model and may change any day; all else of a model is known to Solvent. */
export type Terms = Pick<Model, 'price' | 'contextWindow' | 'maxOutputTokens' | 'priceValidFrom' | 'priceValidUntil'>;

/** The same model on other terms. A validity that they do not state is gone with the price that it belonged to. */
export function onTerms(model: Model, terms: Terms): Model {
  const { id, tier, tokenizer, exactTokenizer, baseUrl, apiKeyEnv } = model;
  const { price, contextWindow, maxOutputTokens, priceValidFrom, priceValidUntil } = terms;
  return {
    ...{ id, tier, price, contextWindow, maxOutputTokens, tokenizer, exactTokenizer },
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
    ...(priceValidFrom === undefined ? {} : { priceValidFrom }),
    ...(priceValidUntil === undefined ? {} : { priceValidUntil }),
  };
}
