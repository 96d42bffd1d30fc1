import type { ChatOutcome } from '../providers/chat';

/** An answer is counted again each time that it has grown by this part, so that counting stays cheap. */
const GROWTH = 1.1;

/** Watches an answer arrive, and ends it when it has gone on past its limit: a provider that does so bills each token. */
export class OverrunGuard {
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  #text = '';
  #hidden = '';
  #next: number;

  /**
   * @param leastTokens the fewest tokens that a text can be
   * @param limit completion tokens that the request allows
   * @param signal the user's
   */
  constructor(
    private readonly leastTokens: (text: string) => number,
    private readonly limit: number,
    signal: AbortSignal,
  ) {
    this.#signal = AbortSignal.any([signal, this.#abort.signal]);
    this.#next = limit;
  }

  /** What the request listens to. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** What arrived beside the answer. */
  get hidden(): string {
    return this.#hidden;
  }

  /** More of the answer, or of what is thought beside it. */
  arrived(text: string, hidden = false): void {
    this.#text += text;
    if (hidden) this.#hidden += text;
    // A token stands for at least one character, so that fewer characters cannot be too many tokens.
    if (this.#text.length < this.#next || this.#abort.signal.aborted) return;
    this.#next = this.#text.length * GROWTH;
    if (this.leastTokens(this.#text) > this.limit) this.#abort.abort();
  }

  /** The outcome as it is to be understood: one that was ended here was not cancelled by the user. */
  judged(outcome: ChatOutcome, model: string): ChatOutcome {
    if (!this.#abort.signal.aborted || outcome.kind !== 'cut') return outcome;
    const message = `${model} went on past its limit of ${this.limit} tokens, so its answer was ended.`;
    return { ...outcome, message, retryable: false };
  }
}
