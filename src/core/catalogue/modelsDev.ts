import { type Money, perToken } from '../money';
import snapshot from './bundled.json';
import type { Price } from './model';

/** The public catalogue that prices are refreshed from (MIT), in USD per million tokens. */
export const MODELS_DEV = 'https://models.dev/api.json';

/** What models.dev states of a model, as far as it can be used. */
export interface Listed {
  readonly price: Price;
  /** Tokens; undefined where it states none that can be used. */
  readonly contextWindow: number | undefined;
  /** Tokens; undefined where it states none that can be used. */
  readonly maxOutputTokens: number | undefined;
  /** Tokens of context from which on other, dearer prices hold; undefined where there is one price for all. */
  readonly dearerAbove: number | undefined;
}

/** A model's entry, or why there is none that can be used, as the end of a sentence about the model. */
export type Listing = { readonly ok: true; readonly listed: Listed } | { readonly ok: false; readonly why: string };

type Fields = Readonly<Record<string, unknown>>;

/** More than a dollar a token, in USD per million tokens, is no price. */
const MOST_USD = 1_000_000;

const PROVIDERS = new Map(snapshot.models.map(({ id, provider }) => [id, provider]));

/** The provider under which models.dev lists a bundled model, such as "openai"; undefined for any other. */
export function providerOf(id: string): string | undefined {
  return PROVIDERS.get(id);
}

/**
 * Reads one model out of an answer of models.dev: `{ PROVIDER: { models: { ID: { cost: { input, output, cache_read?,
 * cache_write?, reasoning?, context_over_200k?, tiers? }, limit: { context, output } } } } }`. Nothing of the answer is
 * believed: whatever is no price makes the whole entry one that cannot be used.
 */
export function listingOf(answer: unknown, id: string): Listing {
  const models = field(field(answer, providerOf(id) ?? ''), 'models');
  const entry = field(models, id);
  if (entry === undefined) return { ok: false, why: 'is not listed there' };
  const cost = field(entry, 'cost');
  const limit = field(entry, 'limit');
  try {
    const listed = {
      price: priceOf(cost),
      contextWindow: tokens(field(limit, 'context')),
      maxOutputTokens: tokens(field(limit, 'output')),
      dearerAbove: dearerAbove(cost),
    };
    return { ok: true, listed };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, why: 'has no usable price there' };
    throw error;
  }
}

function priceOf(cost: unknown): Price {
  const cachedInput = optionalPrice(cost, 'cache_read');
  const cacheWrite = optionalPrice(cost, 'cache_write');
  const reasoning = optionalPrice(cost, 'reasoning');
  return {
    input: price(field(cost, 'input')),
    output: price(field(cost, 'output')),
    ...(cachedInput === undefined ? {} : { cachedInput }),
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function optionalPrice(cost: unknown, name: string): Money | undefined {
  const value = field(cost, name);
  return value === undefined || value === null ? undefined : price(value);
}

/** @throws RangeError for what is no price */
function price(value: unknown): Money {
  if (typeof value !== 'number' || !(value >= 0 && value <= MOST_USD)) throw new RangeError('no price');
  return perToken(value);
}

/** @throws RangeError for tiers of prices that are not understood */
function dearerAbove(cost: unknown): number | undefined {
  const tiers = field(cost, 'tiers') ?? [];
  if (!Array.isArray(tiers)) throw new RangeError('no tiers');
  const sizes = tiers.map((tier: unknown) => {
    const size = tokens(field(field(tier, 'tier'), 'size'));
    if (size === undefined) throw new RangeError('no size');
    return size;
  });
  if (field(cost, 'context_over_200k') !== undefined) sizes.push(200_000);
  return sizes.length === 0 ? undefined : Math.min(...sizes);
}

/** A count of tokens from 1 on; undefined for everything else. */
function tokens(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : undefined;
}

/** A property that an object has of its own. */
function field(of: unknown, name: string): unknown {
  if (typeof of !== 'object' || of === null || Array.isArray(of)) return undefined;
  return Object.hasOwn(of, name) ? (of as Fields)[name] : undefined;
}
