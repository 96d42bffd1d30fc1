import type { Model, TokenizerName } from '../catalogue/model';
import type { ChatMessage } from '../providers/message';

/** A number of tokens; `exact` where it is the provider's own count and not only an upper bound of it. */
export interface TokenCount {
  readonly tokens: number;
  readonly exact: boolean;
}

/** Tokens that the chat format adds, after OpenAI's own counting recipe: per message, and to prime the answer. */
const PER_MESSAGE = 3;
const PRIMING = 3;
/** The name of a message's role is a token too; some servers count it and some do not, so only the bound has it. */
const PER_ROLE = 1;

/** Runs without a break make byte-pair merging quadratic; longer ones are bounded by their bytes instead. */
const LONG_RUN = /\S{2000,}|\s{2000,}/g;

type Encode = (text: string) => number;

/**
 * Counts tokens with each model's own tokenizer, loaded on first use. Where the tokenizer is not known the count is
 * the number of UTF-8 bytes: every token of a byte-level tokenizer stands for at least one byte, so that is a bound.
 */
export class TokenCounter {
  readonly #encoders = new Map<TokenizerName, Promise<Encode>>();

  /** Upper bound of what a prompt counts as. */
  async promptBound(model: Model, messages: readonly ChatMessage[]): Promise<number> {
    const counts = await this.#contents(model, messages);
    return counts.tokens + messages.length * (PER_MESSAGE + PER_ROLE) + PRIMING;
  }

  /** What a prompt counts as, for a provider that reports no usage. */
  async prompt(model: Model, messages: readonly ChatMessage[]): Promise<TokenCount> {
    const counts = await this.#contents(model, messages);
    return { tokens: counts.tokens + messages.length * PER_MESSAGE + PRIMING, exact: counts.exact };
  }

  /** What a text counts as, without any chat format. */
  async text(model: Model, text: string): Promise<TokenCount> {
    const encode = await this.#encoder(model.tokenizer);
    let tokens = 0;
    let exact = model.exactTokenizer;
    let from = 0;
    for (const run of text.matchAll(LONG_RUN)) {
      tokens += encode(text.slice(from, run.index)) + Buffer.byteLength(run[0]);
      exact = false;
      from = run.index + run[0].length;
    }
    return { tokens: tokens + encode(text.slice(from)), exact };
  }

  async #contents(model: Model, messages: readonly ChatMessage[]): Promise<TokenCount> {
    const counts = await Promise.all(messages.map(({ content }) => this.text(model, content)));
    return {
      tokens: counts.reduce((sum, { tokens }) => sum + tokens, 0),
      exact: counts.every(({ exact }) => exact),
    };
  }

  #encoder(name: TokenizerName): Promise<Encode> {
    const loaded = this.#encoders.get(name) ?? loadEncoder(name);
    this.#encoders.set(name, loaded);
    return loaded;
  }
}

async function loadEncoder(name: TokenizerName): Promise<Encode> {
  // Text that looks like a special token is plain text in a message, and must neither throw nor count as one token.
  const plain = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
  switch (name) {
    case 'o200k_base': {
      const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
      return (text) => countTokens(text, plain);
    }
    case 'cl100k_base': {
      const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base');
      return (text) => countTokens(text, plain);
    }
    case 'openai': {
      const [newer, older] = await Promise.all([loadEncoder('o200k_base'), loadEncoder('cl100k_base')]);
      return (text) => Math.max(newer(text), older(text));
    }
    case 'bytes':
      return (text) => Buffer.byteLength(text);
  }
}
