import { utcDay } from './day';
import { download, DOWNLOAD_LIMITS, type DownloadLimits, RefreshError } from './download';
import { TIERS_FROM } from './leaderboard';
import type { Catalogue, Model, Price } from './model';
import { type Listed, listingOf, MODELS_DEV } from './modelsDev';
import { type PriceChange, priceChanges } from './priceChanges';
import { onTerms } from './terms';

/** How prices are refreshed. */
export interface RefreshRequest {
  /** The prices in use, those of the bundled models. */
  readonly inUse: Catalogue;
  /** Address of a catalogue in the format of models.dev: https, or http on this machine. */
  readonly url: string;
  /** The moment of the refresh, ms since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly limits?: DownloadLimits;
}

/** New prices that nobody has agreed to yet. */
export interface Refreshed {
  readonly catalogue: Catalogue;
  readonly changes: readonly PriceChange[];
  /** Sentences on what is not as the catalogue has it, and on sizes that changed. */
  readonly notes: readonly string[];
}

/**
 * Fetches the prices of today. Ids, tiers, tokenizers and addresses stay ours; prices, context windows and output limits
 * are taken from the catalogue. A model that is missing there, or whose price makes no sense, keeps what it has, with a
 * note. Stores nothing.
 * @throws RefreshError whose message says what to do, and which prices stay in use
 */
export async function refreshPrices({ inUse, url, now, signal, limits }: RefreshRequest): Promise<Refreshed> {
  try {
    const answer = await download(url, signal, limits ?? DOWNLOAD_LIMITS);
    return refreshed(inUse, answer, sourceOf(url), now);
  } catch (error) {
    if (!(error instanceof RefreshError)) throw error;
    throw new RefreshError(`${error.message} The prices as of ${inUse.asOf} stay in use.`);
  }
}

function refreshed(inUse: Catalogue, answer: unknown, source: string, now: number): Refreshed {
  const notes: string[] = [];
  let found = 0;
  const models = inUse.models.map((model) => {
    const listing = listingOf(answer, model.id);
    if (!listing.ok) {
      notes.push(`${model.id} ${listing.why}: it keeps its price.`);
      return model;
    }
    found++;
    const next = withListing(model, listing.listed);
    notes.push(...sizeNotes(model, next, listing.listed));
    return next;
  });
  if (found === 0) throw new RefreshError('The answer has a price for none of the models: try again later.');
  const catalogue = { asOf: utcDay(now), source, models };
  return { catalogue, changes: priceChanges(inUse, catalogue), notes };
}

/** A price of today has no known end, so no validity is stated. */
function withListing(model: Model, listed: Listed): Model {
  const contextWindow = listed.contextWindow ?? model.contextWindow;
  return onTerms(model, {
    price: priceOf(model.price, listed.price),
    // Prompts that would cost more than this price says are not sent.
    contextWindow: Math.min(contextWindow, listed.dearerAbove ?? contextWindow),
    maxOutputTokens: listed.maxOutputTokens ?? model.maxOutputTokens,
  });
}

/** Where a kind had no price, a 0 says that there is none: models.dev has it for models that do not cache. */
function priceOf(before: Price, { input, output, ...others }: Price): Price {
  const { cachedInput, cacheWrite, reasoning } = others;
  return {
    input,
    output,
    ...(cachedInput === undefined || isFiller(cachedInput, before.cachedInput) ? {} : { cachedInput }),
    ...(cacheWrite === undefined || isFiller(cacheWrite, before.cacheWrite) ? {} : { cacheWrite }),
    ...(reasoning === undefined || isFiller(reasoning, before.reasoning) ? {} : { reasoning }),
  };
}

function isFiller(after: bigint, before: bigint | undefined): boolean {
  return after === 0n && before === undefined;
}

function sizeNotes(before: Model, after: Model, { contextWindow, maxOutputTokens, dearerAbove }: Listed): string[] {
  const { id } = after;
  const size = (what: string, from: number, to: number): string[] =>
    from === to ? [] : [`${id}: ${what} ${to} tokens, before ${from}.`];
  return [
    ...size('context window', before.contextWindow, after.contextWindow),
    ...size('longest answer', before.maxOutputTokens, after.maxOutputTokens),
    ...(contextWindow === undefined || maxOutputTokens === undefined
      ? [`${id}: its sizes make no sense there, so it keeps those that it has.`]
      : []),
    ...(dearerAbove === undefined
      ? []
      : [`${id} is dearer above ${dearerAbove} tokens of context, so no more than that is used.`]),
  ];
}

function sourceOf(url: string): string {
  const from = url === MODELS_DEV ? 'models.dev (MIT)' : `${new URL(url).host}, in the format of models.dev`;
  return `${from}, list prices; ${TIERS_FROM}`;
}
