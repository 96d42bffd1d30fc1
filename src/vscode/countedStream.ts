import type { OnText } from '../core/providers/chat';

/** A piece of an answer; `hidden` is what a model thinks beside it. */
export interface StreamPart {
  readonly text: string;
  readonly hidden: boolean;
}

/** Characters that are not counted one by one, so that counting stays cheap: as many are a few tokens at most. */
const BATCH = 16;

/** An answer as it streams, counted by its own model, and full when it has the tokens that it may have. */
export class CountedStream {
  #text = '';
  #hidden = '';
  #tokens = 0;
  #countedAt = 0;

  /**
   * @param count the tokens of a text
   * @param limit tokens that the answer may have
   * @param onText receives what each part adds
   */
  constructor(
    private readonly count: (text: string) => Promise<number>,
    private readonly limit: number,
    private readonly onText: OnText,
  ) {}

  get text(): string {
    return this.#text;
  }

  /** Whether the answer has all the tokens that it may have, as far as it was counted. */
  get full(): boolean {
    return this.#tokens >= this.limit;
  }

  /** Takes a part, and counts where the answer may have become full: a token stands for at least one character. */
  async take({ text, hidden }: StreamPart): Promise<void> {
    if (text === '') return;
    if (hidden) this.#hidden += text;
    else this.#text += text;
    this.onText(text, hidden);
    const grown = this.#length - this.#countedAt;
    if (grown >= Math.max(BATCH, this.limit - this.#tokens)) await this.tokens();
  }

  /** Tokens of all that has arrived. Where they cannot be counted, its bytes: never fewer. */
  async tokens(): Promise<number> {
    const all = this.#hidden + this.#text;
    if (this.#countedAt === all.length) return this.#tokens;
    const counted = await this.count(all).catch(() => Number.NaN);
    this.#tokens = Number.isSafeInteger(counted) && counted >= 0 ? counted : Buffer.byteLength(all);
    this.#countedAt = all.length;
    return this.#tokens;
  }

  get #length(): number {
    return this.#hidden.length + this.#text.length;
  }
}
