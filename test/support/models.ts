import type { Model, Price } from '../../src/core/catalogue/model';
import { perToken } from '../../src/core/money';

/** A model for tests: prices in USD per million tokens, counted by its bytes unless said otherwise. */
export function aModel(
  id: string,
  tier: number,
  inputUsd: string | number,
  outputUsd: string | number,
  more: Partial<Model> & { readonly price?: Partial<Price> } = {},
): Model {
  return {
    id,
    tier,
    contextWindow: 8192,
    maxOutputTokens: 4096,
    tokenizer: 'bytes',
    exactTokenizer: false,
    ...more,
    price: { input: perToken(inputUsd), output: perToken(outputUsd), ...more.price },
  };
}
