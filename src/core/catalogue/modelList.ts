import { type Money, perToken } from '../money';
import { isDay } from './day';
import { type Catalogue, type Model, type Price, TOKENIZERS } from './model';

/** A model list that cannot be used; the message names the entry, the field and what to write there. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';
}

type Fields = Readonly<Record<string, unknown>>;

const SOURCE = 'user';

/** Models that are known to use a tokenizer of OpenAI's, under their own names and under those of gateways. */
const OPENAI_MODELS = /^(?:openai\/)?(?:gpt-(?:3\.5|4|5)|chatgpt-|o[134](?:-|$))/;

/**
 * Reads a model list: `{ asOf, models: [{ id, tier, inputUsdPerMTok, outputUsdPerMTok, contextWindow, maxOutputTokens,
 * cachedInputUsdPerMTok?, cacheWriteUsdPerMTok?, reasoningUsdPerMTok?, priceValidFrom?, priceValidUntil?, tokenizer?,
 * baseUrl?, apiKeyEnv? }] }`. Prices are USD per million tokens. A missing price is refused, never guessed.
 * @throws CatalogueError naming what is wrong and where.
 */
export function parseModelList(text: string, where: string): Catalogue {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CatalogueError(`${where} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (!isFields(json)) throw new CatalogueError(`${where} must hold an object with 'asOf' and 'models'.`);
  return readCatalogue(json, where);
}

/** As {@link parseModelList}, for a list that is already an object (a setting of the editor). */
export function readCatalogue(json: Fields, where: string): Catalogue {
  const { asOf, source, models } = json;
  if (typeof asOf !== 'string' || Number.isNaN(Date.parse(asOf))) {
    throw new CatalogueError(`${where}: 'asOf' must be the date of the prices, such as "2026-11-20".`);
  }
  if (!Array.isArray(models) || models.length === 0) {
    throw new CatalogueError(`${where}: 'models' must be a list of at least one model.`);
  }
  const read = models.map((entry: unknown, index) => readModel(entry, `${where}, model ${index + 1}`));
  const seen = new Set<string>();
  for (const { id } of read) {
    if (seen.has(id)) throw new CatalogueError(`${where}: model '${id}' is listed twice.`);
    seen.add(id);
  }
  return { asOf, source: typeof source === 'string' ? source : SOURCE, models: read };
}

/** Reads one entry of a model list. @throws CatalogueError */
export function readModel(entry: unknown, where: string): Model {
  if (!isFields(entry)) throw new CatalogueError(`${where} must be an object.`);
  const { id } = entry;
  if (typeof id !== 'string' || id.trim() === '') throw new CatalogueError(`${where}: 'id' must be the model's name.`);
  const at = `${where} ('${id}')`;
  if (id.startsWith('vscode:')) {
    throw new CatalogueError(`${at}: names that begin with 'vscode:' are those of the editor's own models.`);
  }
  const stated = optionalText(entry, 'tokenizer', at);
  if (stated !== undefined && !isStatable(stated)) {
    throw new CatalogueError(`${at}: 'tokenizer' must be one of ${TOKENIZERS.join(', ')}, but is '${stated}'.`);
  }
  const baseUrl = optionalText(entry, 'baseUrl', at);
  if (baseUrl !== undefined && !/^https?:\/\//.test(baseUrl)) {
    throw new CatalogueError(`${at}: 'baseUrl' must start with http:// or https://.`);
  }
  const apiKeyEnv = optionalText(entry, 'apiKeyEnv', at);
  const priceValidFrom = optionalDay(entry, 'priceValidFrom', at);
  const priceValidUntil = optionalDay(entry, 'priceValidUntil', at);
  if (priceValidFrom !== undefined && priceValidUntil !== undefined && priceValidUntil < priceValidFrom) {
    throw new CatalogueError(`${at}: 'priceValidUntil' must not be before 'priceValidFrom', ${priceValidFrom}.`);
  }
  const tokenizer = stated ?? (OPENAI_MODELS.test(id) ? 'openai' : 'bytes');
  return {
    id,
    tier: wholeNumber(entry, 'tier', at),
    price: readPrice(entry, at),
    contextWindow: wholeNumber(entry, 'contextWindow', at),
    maxOutputTokens: wholeNumber(entry, 'maxOutputTokens', at),
    tokenizer,
    exactTokenizer: stated !== undefined && stated !== 'bytes',
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
    ...(priceValidFrom === undefined ? {} : { priceValidFrom }),
    ...(priceValidUntil === undefined ? {} : { priceValidUntil }),
  };
}

function readPrice(entry: Fields, at: string): Price {
  const cachedInput = price(entry, 'cachedInputUsdPerMTok', at);
  const cacheWrite = price(entry, 'cacheWriteUsdPerMTok', at);
  const reasoning = price(entry, 'reasoningUsdPerMTok', at);
  return {
    input: requiredPrice(entry, 'inputUsdPerMTok', at),
    output: requiredPrice(entry, 'outputUsdPerMTok', at),
    ...(cachedInput === undefined ? {} : { cachedInput }),
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function requiredPrice(entry: Fields, field: string, at: string): Money {
  const read = price(entry, field, at);
  if (read !== undefined) return read;
  throw new CatalogueError(
    `${at} has no price: add '${field}' in USD per million tokens. Solvent never guesses a price.`,
  );
}

function price(entry: Fields, field: string, at: string): Money | undefined {
  const value = entry[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' || typeof value === 'string') {
    try {
      return perToken(value);
    } catch {
      // Falls through to the one message for everything that is not a price.
    }
  }
  throw new CatalogueError(`${at}: '${field}' must be USD per million tokens, such as 0.27.`);
}

function wholeNumber(entry: Fields, field: string, at: string): number {
  const value = entry[field];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new CatalogueError(`${at}: '${field}' must be a whole number from 1 on.`);
}

function optionalText(entry: Fields, field: string, at: string): string | undefined {
  const value = entry[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new CatalogueError(`${at}: '${field}' must be a text.`);
}

function optionalDay(entry: Fields, field: string, at: string): string | undefined {
  const value = entry[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && isDay(value)) return value;
  throw new CatalogueError(`${at}: '${field}' must be a day, such as "2026-11-20".`);
}

function isStatable(name: string): name is (typeof TOKENIZERS)[number] {
  return (TOKENIZERS as readonly string[]).includes(name);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
