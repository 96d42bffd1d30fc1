import { connectFailure } from './connectFailure';
import { isObject, openaiFetch } from './openaiFetch';
import { rootMessage } from './openaiFailure';
import { presetAt } from './presets';
import { quoted } from './providerText';

/** A server that may serve models, and the key to ask it with. */
export interface ModelServer {
  /** Address of the API, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Undefined where none is needed. */
  readonly key: string | undefined;
  /** Path that tells whether a key is good, where the list is open to everybody; that of the preset where absent. */
  readonly keyPath?: string | undefined;
}

/** A model as a server lists it. */
export interface OfferedModel {
  readonly id: string;
  /** Prompt and completion together, in tokens; undefined where the server does not say. */
  readonly contextWindow?: number;
}

/**
 * What a server says that it serves, or why it does not. `accepted` is false only where the server rejected the key, or
 * the lack of one, so that what is a fault of the network is not held against a key.
 */
export type Offered =
  | { readonly kind: 'models'; readonly models: readonly OfferedModel[] }
  | { readonly kind: 'failed'; readonly accepted: false | undefined; readonly message: string };

/** How long a list may take, in ms. */
const LIST_MS = 10_000;
/** The longest list that is read: that of a large gateway has a tenth of it. */
const MOST_BYTES = 8 * 1024 * 1024;

/** How a server is asked. */
export interface Asking {
  /** How long the answer may take, in ms. */
  readonly withinMs?: number;
  /** Gives the question up. */
  readonly signal?: AbortSignal;
}

/**
 * Asks a server for the list of its models, which no provider bills: `GET /models` of the OpenAI API
 * (https://platform.openai.com/docs/api-reference/models/list). Where that list is open to everybody, the key is tried
 * first with what the provider has for it. Must not throw: failures are in the answer, without the key.
 */
export async function offeredModels(
  server: ModelServer,
  { withinMs = LIST_MS, signal }: Asking = {},
): Promise<Offered> {
  const { baseUrl, key, keyPath = presetAt(baseUrl)?.keyPath } = server;
  const { host } = new URL(baseUrl);
  const timeout = AbortSignal.timeout(withinMs);
  const until = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  try {
    if (keyPath !== undefined && key !== undefined) {
      const tried = await get(server, keyPath, until);
      await tried.body?.cancel();
      if (!tried.ok) return failed(refusal(server, tried), isRejection(tried) ? false : undefined);
    }
    const response = await get(server, '/models', until);
    if (!response.ok) {
      await response.body?.cancel();
      return failed(refusal(server, response), isRejection(response) ? false : undefined);
    }
    const text = await readWhole(response);
    const models = text === undefined ? undefined : modelsOf(text);
    return models === undefined ? failed(noList(host, text)) : { kind: 'models', models };
  } catch (error) {
    if (signal?.aborted === true) return failed('Cancelled.');
    if (timeout.aborted) return failed(`${host} did not answer within ${withinMs / 1000} s.`);
    const secrets = key === undefined ? [] : [key];
    const connect = connectFailure(error, host);
    return failed(connect?.message ?? `${host} cannot be asked for its models: ${rootMessage(error, { secrets })}.`);
  }
}

function failed(message: string, accepted?: false): Offered {
  return { kind: 'failed', accepted, message };
}

function get({ baseUrl, key }: ModelServer, path: string, signal: AbortSignal): Promise<Response> {
  return openaiFetch(`${baseUrl.replace(/\/+$/, '')}${path}`, {
    headers: { accept: 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    // A redirect would carry the key to an address that nobody chose.
    redirect: 'manual',
    signal,
  });
}

function isRejection({ status }: Response): boolean {
  return status === 401 || status === 403;
}

function refusal({ baseUrl, key }: ModelServer, response: Response): string {
  const { status, headers } = response;
  const { host } = new URL(baseUrl);
  if (isRejection(response)) {
    return key === undefined
      ? `${host} wants an API key (HTTP ${status}).`
      : `${host} rejected the API key (HTTP ${status}).`;
  }
  if (status === 404 || status === 405) {
    return `${host} does not tell its models (HTTP ${status}): check that the base URL is that of its API (it often ends in /v1).`;
  }
  if (status >= 300 && status < 400) {
    const to = quoted(headers.get('location') ?? '', key === undefined ? [] : [key]);
    return `${host} redirects to ${to === '' ? 'another address' : to}, which is not followed: check the base URL, and whether this network wants you to sign in first.`;
  }
  return `${host} did not answer with its models (HTTP ${status}).`;
}

/** Networks that want a sign-in, and servers that are something else, answer with pages. */
function noList(host: string, text: string | undefined): string {
  return text !== undefined && /^\s*</.test(text)
    ? `${host} answered with a web page: check the base URL (it often ends in /v1), and whether this network wants you to sign in first.`
    : `${host} answered with something that is no list of models: check that the base URL is that of an OpenAI-compatible API.`;
}

/** The body as text; undefined where it is longer than any list. */
async function readWhole({ body }: Response): Promise<string | undefined> {
  if (body === null) return '';
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body as ReadableStream<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The models of `{ data: [{ id }] }`; undefined where it is another thing. */
function modelsOf(text: string): OfferedModel[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(json) || !('data' in json) || !Array.isArray(json.data)) return undefined;
  const entries: readonly unknown[] = json.data;
  return entries.flatMap((entry) => {
    if (!isObject(entry) || !('id' in entry) || typeof entry.id !== 'string' || entry.id === '') return [];
    const contextWindow = windowOf({ ...entry });
    return [{ id: entry.id, ...(contextWindow === undefined ? {} : { contextWindow }) }];
  });
}

/** vLLM's name for it, and OpenRouter's. */
function windowOf(entry: Readonly<Record<string, unknown>>): number | undefined {
  const given = entry['max_model_len'] ?? entry['context_length'];
  return typeof given === 'number' && Number.isSafeInteger(given) && given > 0 ? given : undefined;
}
