import { connectFailure } from './connectFailure';
import { isObject, openaiFetch } from './openaiFetch';
import { rootMessage } from './openaiFailure';

/** A server that may serve models, and the key to ask it with. */
export interface ModelServer {
  /** Address of the API, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Undefined where none is needed. */
  readonly key: string | undefined;
}

/**
 * What a server says that it serves, or why it does not. `accepted` is false only where the server rejected the key, so
 * that what is a fault of the network is not held against a key.
 */
export type Offered =
  | { readonly kind: 'models'; readonly ids: readonly string[] }
  | { readonly kind: 'failed'; readonly accepted: boolean | undefined; readonly message: string };

/** How long a list may take, in ms. */
const LIST_MS = 10_000;

/**
 * Asks a server for the list of its models, which no provider bills: `GET /models` of the OpenAI API
 * (https://platform.openai.com/docs/api-reference/models/list). Must not throw: failures are in the answer, without the
 * key.
 * @param withinMs how long the answer may take, in ms
 */
export async function offeredModels({ baseUrl, key }: ModelServer, withinMs = LIST_MS): Promise<Offered> {
  const { host } = new URL(baseUrl);
  const secrets = key === undefined ? [] : [key];
  const failed = (message: string, accepted?: boolean): Offered => ({ kind: 'failed', accepted, message });
  const timeout = AbortSignal.timeout(withinMs);
  try {
    const response = await openaiFetch(`${baseUrl.replace(/\/+$/, '')}/models`, {
      headers: { accept: 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
      // A redirect would carry the key to an address that nobody chose.
      redirect: 'manual',
      signal: timeout,
    });
    const { status } = response;
    if (response.ok) {
      const ids = idsOf(await response.json());
      return ids === undefined
        ? failed(`${host} answered with something that is no list of models.`)
        : { kind: 'models', ids };
    }
    await response.body?.cancel();
    if (status === 401 || status === 403) return failed(`${host} rejected the API key (HTTP ${status}).`, false);
    if (status === 404 || status === 405) return failed(`${host} does not tell its models (HTTP ${status}).`);
    return failed(`${host} did not answer with its models (HTTP ${status}).`);
  } catch (error) {
    if (timeout.aborted) return failed(`${host} did not answer within ${withinMs / 1000} s.`);
    const connect = connectFailure(error, host);
    return failed(connect?.message ?? `${host} cannot be asked for its models: ${rootMessage(error, { secrets })}.`);
  }
}

/** The ids of `{ data: [{ id }] }`; undefined where it is another thing. */
function idsOf(json: unknown): string[] | undefined {
  if (!isObject(json) || !('data' in json) || !Array.isArray(json.data)) return undefined;
  const entries: readonly unknown[] = json.data;
  return entries.flatMap((entry) =>
    isObject(entry) && 'id' in entry && typeof entry.id === 'string' && entry.id !== '' ? [entry.id] : [],
  );
}
