import { createHash } from 'node:crypto';
import type { ChatRequest } from './chat';
import type { ChatMessage } from './message';
import { COMMON, presetAt, type RequestQuirks } from './presets';

/** The body of a request for one streamed completion. */
export interface ChatBody {
  readonly model: string;
  readonly messages: ChatMessage[];
  readonly stream: true;
  readonly stream_options?: { readonly include_usage: true };
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly random_seed?: number;
  readonly prompt_cache_key?: string;
}

/** Parameters that some servers or models refuse. */
const OPTIONAL = [
  'stream_options',
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'random_seed',
  'seed',
  'prompt_cache_key',
] as const satisfies readonly (keyof ChatBody)[];
type Optional = (typeof OPTIONAL)[number];

/** What a server takes or not, whatever model answers. */
const OF_SERVER: readonly Optional[] = ['stream_options', 'prompt_cache_key'];

/**
 * OpenAI's own reasoning models. They refuse `max_tokens`, because hidden reasoning counts as completion and the old
 * name promised visible text only, and they refuse every temperature but their own.
 */
const REASONING = /^(?:o[134]|gpt-5)(?![a-z0-9])/;

/** A server's words for a parameter that it does not take, as against a value that is out of range. */
const NOT_TAKEN =
  /unsupported|(?:not|n't) support|unrecogni[sz]ed|unknown|unexpected|not permitted|not allowed|extra (?:inputs?|fields?)/i;

/** Whether a refusal says that a parameter is not taken at all. */
export function isNotTaken(message: string): boolean {
  return NOT_TAKEN.test(message);
}

/**
 * Writes requests as each server takes them: as its preset says, without what it has refused. `max_tokens` is the name
 * that every compatible server knows; the newer `max_completion_tokens` goes to OpenAI's reasoning models, to whom it is
 * documented for, and to whatever refused the old one.
 */
export class OpenAiDialect {
  readonly #refused = new Set<string>();

  /** Writes a request as the server at `baseUrl` is known to take it. */
  body(baseUrl: string, request: ChatRequest): ChatBody {
    const { model, messages, maxTokens, temperature, seed, runId } = request;
    const quirks = presetAt(baseUrl)?.asked ?? COMMON;
    const has = (name: Optional): boolean => this.#takes(name, baseUrl, model.id);
    const seedName = quirks.seed;
    return {
      model: model.id,
      messages: messages.map(({ role, content }) => ({ role, content })),
      stream: true,
      ...(quirks.usage === 'on request' && has('stream_options') ? { stream_options: { include_usage: true } } : {}),
      [this.#limitName(quirks, baseUrl, model.id)]: maxTokens,
      ...(has('temperature') ? { temperature } : {}),
      ...(seed !== undefined && seedName !== undefined && has(seedName) ? { [seedName]: seed } : {}),
      ...(quirks.cacheKey && has('prompt_cache_key') ? { prompt_cache_key: cacheKeyOf(runId) } : {}),
    };
  }

  /**
   * Remembers what a server refused, so that the next request does without. True where that is new: only then is the
   * same call worth another try.
   */
  learn(baseUrl: string, request: ChatRequest, status: number, message: string): boolean {
    if ((status !== 400 && status !== 422) || !isNotTaken(message)) return false;
    const sent = this.body(baseUrl, request);
    // The name to use in its place may be in the message as well, and was not sent.
    const named = OPTIONAL.filter((name) => name in sent && names(name).test(message));
    for (const name of named) this.#refused.add(keyOf(name, baseUrl, request.model.id));
    return named.length > 0;
  }

  /** A call without a limit would be a call without a bound, so one of the two names is always there. */
  #limitName({ limit }: RequestQuirks, baseUrl: string, model: string): 'max_tokens' | 'max_completion_tokens' {
    const preferred = REASONING.test(model) ? 'max_completion_tokens' : limit;
    const other = preferred === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
    return !this.#takes(preferred, baseUrl, model) && this.#takes(other, baseUrl, model) ? other : preferred;
  }

  #takes(name: Optional, baseUrl: string, model: string): boolean {
    if (REASONING.test(model) && (name === 'max_tokens' || name === 'temperature')) return false;
    return !this.#refused.has(keyOf(name, baseUrl, model));
  }
}

/**
 * Calls of one run begin alike, and so go to the same cache. Only a digest leaves: a task's id may name files.
 */
function cacheKeyOf(runId: string): string {
  return `solvent-${createHash('sha256').update(runId).digest('hex').slice(0, 24)}`;
}

/** The name as a word of its own: `seed` is none within `random_seed`. */
function names(name: Optional): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_])${name}(?![A-Za-z0-9_])`);
}

/** Streaming and caching are a matter of the server, sampling one of the model behind it. */
function keyOf(name: Optional, baseUrl: string, model: string): string {
  return JSON.stringify(OF_SERVER.includes(name) ? [name, baseUrl] : [name, baseUrl, model]);
}
