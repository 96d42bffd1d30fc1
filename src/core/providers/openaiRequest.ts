import type { ChatRequest } from './chat';
import type { ChatMessage } from './message';

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
}

/** Parameters that some servers or models refuse. */
const OPTIONAL = ['stream_options', 'max_tokens', 'temperature', 'seed'] as const;
type Optional = (typeof OPTIONAL)[number];

/**
 * OpenAI's own reasoning models. They refuse `max_tokens`, because hidden reasoning counts as completion and the old
 * name promised visible text only, and they refuse every temperature but their own.
 */
const REASONING = /^(?:o[134]|gpt-5)(?![a-z0-9])/;

/** A server's words for a parameter that it does not take, as against a value that is out of range. */
const NOT_TAKEN =
  /unsupported|(?:not|n't) support|unrecogni[sz]ed|unknown|unexpected|not permitted|not allowed|extra (?:inputs?|fields?)/i;

/**
 * Writes requests as each server takes them. `max_tokens` is the name that every compatible server knows; the newer
 * `max_completion_tokens` goes to OpenAI's reasoning models, and to whatever refused the old one.
 */
export class OpenAiDialect {
  readonly #refused = new Set<string>();

  /** Writes a request as the server at `baseUrl` is known to take it. */
  body(baseUrl: string, request: ChatRequest): ChatBody {
    const { model, messages, maxTokens, temperature, seed } = request;
    const has = (name: Optional): boolean => this.#takes(name, baseUrl, model.id);
    return {
      model: model.id,
      messages: messages.map(({ role, content }) => ({ role, content })),
      stream: true,
      ...(has('stream_options') ? { stream_options: { include_usage: true } } : {}),
      ...(has('max_tokens') ? { max_tokens: maxTokens } : { max_completion_tokens: maxTokens }),
      ...(has('temperature') ? { temperature } : {}),
      ...(seed !== undefined && has('seed') ? { seed } : {}),
    };
  }

  /**
   * Remembers what a server refused, so that the next request does without. True where that is new: only then is the
   * same call worth another try.
   */
  learn(baseUrl: string, request: ChatRequest, status: number, message: string): boolean {
    if ((status !== 400 && status !== 422) || !NOT_TAKEN.test(message)) return false;
    const named = OPTIONAL.filter(
      (name) =>
        message.includes(name) &&
        this.#takes(name, baseUrl, request.model.id) &&
        (name !== 'seed' || 'seed' in request),
    );
    for (const name of named) this.#refused.add(keyOf(name, baseUrl, request.model.id));
    return named.length > 0;
  }

  #takes(name: Optional, baseUrl: string, model: string): boolean {
    if (REASONING.test(model) && (name === 'max_tokens' || name === 'temperature')) return false;
    return !this.#refused.has(keyOf(name, baseUrl, model));
  }
}

/** Streaming is a matter of the server, sampling one of the model behind it. */
function keyOf(name: Optional, baseUrl: string, model: string): string {
  return JSON.stringify(name === 'stream_options' ? [name, baseUrl] : [name, baseUrl, model]);
}
