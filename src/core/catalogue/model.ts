import type { Money } from '../money';

/** How a model splits text into tokens. `bytes` is the safe bound for tokenizers that no library here knows. */
export const TOKENIZERS = ['o200k_base', 'cl100k_base', 'bytes'] as const;
/**
 * Two cannot be stated: `openai` stands for a model of OpenAI's whose tokenizer was not, so the larger count is taken, and
 * `editor` for a model of the editor's, which counts for it.
 */
export type TokenizerName = (typeof TOKENIZERS)[number] | 'openai' | 'editor';

/** What one token costs, by kind. A kind without a price of its own costs what its parent kind costs. */
export interface Price {
  readonly input: Money;
  readonly output: Money;
  /** Prompt tokens that the provider read from its cache; full input price where absent. */
  readonly cachedInput?: Money;
  /** Prompt tokens that the provider wrote to its cache; full input price where absent. */
  readonly cacheWrite?: Money;
  /** Hidden reasoning tokens; output price where absent. */
  readonly reasoning?: Money;
}

/** A model that can be provisioned. */
export interface Model {
  readonly id: string;
  /** 1 is the strongest; several models may share a tier. */
  readonly tier: number;
  readonly price: Price;
  /** Prompt and completion together, in tokens. */
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
  readonly tokenizer: TokenizerName;
  /** Whether the tokenizer is stated for this model, so that its counts are the provider's own and not only a bound. */
  readonly exactTokenizer: boolean;
  /** Where this model is served, if not at the provider's default address. */
  readonly baseUrl?: string;
  /** Environment variable that holds the key for `baseUrl`. */
  readonly apiKeyEnv?: string;
  /** First UTC day of the price, as "2026-11-20"; of a promotion, say. */
  readonly priceValidFrom?: string;
  /** Last UTC day of the price, as "2026-11-20". */
  readonly priceValidUntil?: string;
}

/** Models with the day on which their prices were true. */
export interface Catalogue {
  /** ISO date. */
  readonly asOf: string;
  /** Where the prices come from, for people. */
  readonly source: string;
  readonly models: readonly Model[];
  /** Sentences that every plan with these prices has to say: which models were left out, how old the prices are. */
  readonly notes?: readonly string[];
}

/** Models whose answer is only a part of what they write, under their own names and under those of gateways. */
const REASONING = /^(?:.*\/)?(?:o[134]|gpt-5|gpt-oss|codex)(?![a-z0-9])/;

/** Whether a model may bill reasoning that nobody gets to see, so that its answer does not tell what it wrote. */
export function mayReasonUnseen({ id, price }: Pick<Model, 'id' | 'price'>): boolean {
  return price.reasoning !== undefined || REASONING.test(id);
}

/** The dearest that one completion token can be: an output or a reasoning token. */
export function dearestOutput(price: Price): Money {
  return price.reasoning !== undefined && price.reasoning > price.output ? price.reasoning : price.output;
}

/** The dearest that one prompt token can be: plain, or written to the cache. */
export function dearestInput(price: Price): Money {
  return price.cacheWrite !== undefined && price.cacheWrite > price.input ? price.cacheWrite : price.input;
}
