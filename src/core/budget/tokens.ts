import type { Model, TokenizerName } from '../catalogue/model';
import type { ChatMessage } from '../providers/message';
import { type Encode, remembering } from './countMemory';
import type { CallBound } from './entry';
import { type Learned, UNKNOWN } from './learned';

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

/** Runs of so many characters without a break make byte-pair merging quadratic; they are bounded by their bytes instead. */
const LONG = 2000;
const LONG_RUN = new RegExp(`\\S{${LONG},}|\\s{${LONG},}`, 'g');

/** Tokenizers that are loaded here. */
type LoadedTokenizer = Exclude<TokenizerName, 'editor'>;

/** How many tokens a text is for a model of the editor's, by its id. */
export type EditorCount = (model: string, text: string) => Promise<number>;

/** What a prompt may count as: the bound that is reserved, and what it was made of. */
export type PromptBound = Pick<CallBound, 'promptBound' | 'promptProxy' | 'promptHard'>;

/** A message that holds more than text, whose tokens nobody can count beforehand. */
export class UncountableError extends Error {
  override readonly name = 'UncountableError';
}

/** Tokens that an answer of the editor's may have beyond its limit when it is ended: those of its last part. */
const LATE = 32;

/** So many reports of a model must be there before its bound is taken from them and not from the bytes. */
const ENOUGH_REPORTS = 3;
/** The learned factor is raised by a tenth, and no tokenizer is taken to be more than a sixth coarser than the proxy. */
const MARGIN = 1.1;
const LEAST_FACTOR = 1.2;
/** What tokenizers agree on least is not left to the factor: digits count one each, letters beyond ASCII by their bytes. */
const DIGITS = /[0-9]/g;
const BEYOND_ASCII = /[^\0-\x7f]+/g;

/**
 * Counts tokens with each model's own tokenizer, loaded on first use. Where the tokenizer is not known the bound is the
 * number of UTF-8 bytes (every token of a byte-level tokenizer stands for at least one byte), and after some reports of
 * the provider a counted proxy times a factor that was learned from them and only ever rises.
 */
export class TokenCounter {
  readonly #encoders = new Map<LoadedTokenizer, Promise<Encode>>();

  /**
   * @param learned what the ledger knows of a model, by its id
   * @param byEditor counts for a model of the editor's
   */
  constructor(
    private readonly learned: (model: string) => Learned = () => UNKNOWN,
    private readonly byEditor: EditorCount = () => Promise.reject(new Error('There is no editor.')),
  ) {}

  /**
   * Upper bounds of what a prompt counts as for each of some models, in tokens. It is counted once with every tokenizer,
   * however many models have it. @throws UncountableError
   */
  async promptBounds(
    models: readonly Model[],
    messages: readonly ChatMessage[],
  ): Promise<readonly { readonly model: Model; readonly promptBound: number }[]> {
    refuseUncountable(messages);
    const counts = new Map<string, number>();
    for (const model of models) {
      const counter = counterOf(model);
      if (!counts.has(counter)) counts.set(counter, (await this.#contents(model, messages)).tokens);
    }
    const proxy = models.some(needsProxy) ? await this.#proxy(messages) : 0;
    return models.map((model) => {
      const contents = counts.get(counterOf(model)) ?? NaN;
      return { model, promptBound: this.#bound(model, messages, contents, proxy).promptBound };
    });
  }

  /** Upper bound of what a prompt counts as, in tokens, with what it was made of. @throws UncountableError for anything but text */
  async bound(model: Model, messages: readonly ChatMessage[]): Promise<PromptBound> {
    refuseUncountable(messages);
    const { tokens } = await this.#contents(model, messages);
    return this.#bound(model, messages, tokens, needsProxy(model) ? await this.#proxy(messages) : 0);
  }

  /** @param proxy the counted proxy, which only models of unknown tokenizers need */
  #bound(model: Model, messages: readonly ChatMessage[], contents: number, proxy: number): PromptBound {
    const format = messages.length * (PER_MESSAGE + PER_ROLE) + PRIMING;
    const counted = contents + format;
    // Some of the editor's models only guess from the length of a text.
    const hard = model.tokenizer === 'editor' ? Math.max(counted, proxy + format) : counted;
    const { reports, factor, extra } = this.learned(model.id);
    if (model.tokenizer !== 'bytes') return { promptBound: hard + extra, promptProxy: hard, promptHard: hard };
    const learned = Math.ceil((proxy + format) * Math.max(LEAST_FACTOR, factor * MARGIN));
    const bound = reports < ENOUGH_REPORTS ? hard : Math.min(hard, learned);
    return { promptBound: bound + extra, promptProxy: proxy + format, promptHard: hard };
  }

  /**
   * Upper bound of a completion that is limited to `maxTokens`. A model that was seen to ignore its limit is only bound
   * by the longest answer that it can give. The editor's are ended from this side, which comes a little late.
   */
  completionBound(model: Model, maxTokens: number): number {
    const { overruns, longest } = this.learned(model.id);
    const bound = model.tokenizer === 'editor' ? maxTokens + LATE : maxTokens;
    return overruns === 0 ? bound : Math.max(bound, model.maxOutputTokens, longest);
  }

  /** What a prompt counts as, for a provider that reports no usage. */
  async prompt(model: Model, messages: readonly ChatMessage[]): Promise<TokenCount> {
    const counts = await this.#contents(model, messages);
    return { tokens: counts.tokens + messages.length * PER_MESSAGE + PRIMING, exact: counts.exact };
  }

  /** What a text counts as, without any chat format. */
  async text(model: Model, text: string): Promise<TokenCount> {
    if (model.tokenizer === 'editor') return { tokens: await this.#countedByEditor(model, text), exact: false };
    return count(await this.#encoder(model.tokenizer), text, model.exactTokenizer);
  }

  /**
   * The fewest tokens that a text can be, for telling whether a provider keeps its word. Models may split their own
   * answers a little otherwise than their tokenizer would, and those of unknown tokenizers by up to twice the proxy.
   * Loaded first, so that it can be asked while an answer arrives.
   */
  async leastTokens(model: Model): Promise<(text: string) => number> {
    if (model.exactTokenizer && model.tokenizer !== 'editor') {
      const encode = await this.#encoder(model.tokenizer);
      return (text) => Math.floor(count(encode, withoutLongRuns(text), true).tokens * 0.95) - 4;
    }
    const encode = await this.#encoder('o200k_base');
    return (text) => Math.floor(count(encode, withoutLongRuns(text), true).tokens / 2) - 16;
  }

  async #contents(model: Model, messages: readonly ChatMessage[]): Promise<TokenCount> {
    const counts = await Promise.all(messages.map(({ content }) => this.text(model, content)));
    return {
      tokens: counts.reduce((sum, { tokens }) => sum + tokens, 0),
      exact: counts.every(({ exact }) => exact),
    };
  }

  async #proxy(messages: readonly ChatMessage[]): Promise<number> {
    const encode = await this.#encoder('o200k_base');
    let tokens = 0;
    for (const { content } of messages) {
      for (const [letters] of content.matchAll(BEYOND_ASCII)) tokens += Buffer.byteLength(letters);
      tokens += content.match(DIGITS)?.length ?? 0;
      tokens += count(encode, content.replace(BEYOND_ASCII, ' '), false).tokens;
    }
    return tokens;
  }

  /** A model that is gone or counts nonsense is bounded by its bytes: the call itself tells what is wrong. */
  async #countedByEditor(model: Model, text: string): Promise<number> {
    if (text === '') return 0;
    const tokens = await this.byEditor(model.id, text).catch(() => Number.NaN);
    return Number.isSafeInteger(tokens) && tokens >= 0 ? tokens : Buffer.byteLength(text);
  }

  #encoder(name: LoadedTokenizer): Promise<Encode> {
    const loaded = this.#encoders.get(name) ?? loadEncoder(name);
    this.#encoders.set(name, loaded);
    return loaded;
  }
}

/** What counts for a model: models of the editor's count for themselves, others share tokenizers. */
function counterOf({ tokenizer, id }: Model): string {
  return tokenizer === 'editor' ? `editor ${id}` : tokenizer;
}

function needsProxy({ tokenizer }: Model): boolean {
  return tokenizer === 'bytes' || tokenizer === 'editor';
}

/** Long runs are only bounded from above by their bytes; from below they count for nothing. */
function withoutLongRuns(text: string): string {
  return text.replace(LONG_RUN, ' ');
}

function count(encode: Encode, text: string, exact: boolean): TokenCount {
  let tokens = 0;
  let from = 0;
  let whole = exact;
  for (const run of longRuns(text)) {
    tokens += encode(text.slice(from, run.index)) + Buffer.byteLength(run[0]);
    whole = false;
    from = run.index + run[0].length;
  }
  return { tokens: tokens + encode(text.slice(from)), exact: whole };
}

/** Looking for them takes a good part of the time that counting takes, and most texts are too short to have any. */
function longRuns(text: string): Iterable<RegExpExecArray> {
  return text.length < LONG ? [] : text.matchAll(LONG_RUN);
}

/** Images, tools and their like cost tokens that no library counts: such a prompt is refused, not guessed. */
function refuseUncountable(messages: readonly ChatMessage[]): void {
  for (const message of messages) {
    const more = Object.keys(message).find((key) => key !== 'role' && key !== 'content');
    if (more !== undefined || typeof message.content !== 'string') {
      const what = more === undefined ? 'parts that are no text' : `'${more}'`;
      throw new UncountableError(`A message with ${what} cannot be counted beforehand, so it is not sent.`);
    }
  }
}

async function loadEncoder(name: LoadedTokenizer): Promise<Encode> {
  // Text that looks like a special token is plain text in a message, and must neither throw nor count as one token.
  const plain = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
  switch (name) {
    case 'o200k_base': {
      const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
      return remembering((text) => countTokens(text, plain));
    }
    case 'cl100k_base': {
      const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base');
      return remembering((text) => countTokens(text, plain));
    }
    case 'openai': {
      const [newer, older] = await Promise.all([loadEncoder('o200k_base'), loadEncoder('cl100k_base')]);
      return (text) => Math.max(newer(text), older(text));
    }
    case 'bytes':
      return (text) => Buffer.byteLength(text);
  }
}
