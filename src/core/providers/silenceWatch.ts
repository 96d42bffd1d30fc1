/** How long a request may take, in ms: for its first byte, between two, and in all. */
export interface Patience {
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly wholeMs: number;
}

/** Aborts a request that the user cancelled, that stays silent or that never ends, and knows which of them it was. */
export class SilenceWatch {
  readonly #abort = new AbortController();
  readonly #cancel: () => void;
  #timer: NodeJS.Timeout;
  #silentMs: number | undefined;
  readonly #whole: NodeJS.Timeout;
  #endless = false;

  /** Starts waiting for the first byte. */
  constructor(
    private readonly user: AbortSignal,
    private readonly patience: Patience,
  ) {
    this.#cancel = () => {
      this.#abort.abort();
    };
    user.addEventListener('abort', this.#cancel, { once: true });
    if (user.aborted) this.#abort.abort();
    this.#timer = this.#arm(patience.firstByteMs);
    this.#whole = setTimeout(() => {
      this.#endless = true;
      this.#abort.abort();
    }, patience.wholeMs);
  }

  /** What the request listens to. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get cancelled(): boolean {
    return this.user.aborted;
  }

  /** For how long nothing came, in ms, where that ended the request. */
  get silentMs(): number | undefined {
    return this.#silentMs;
  }

  /** Whether it took longer than any answer may, though something came all the time. */
  get endless(): boolean {
    return this.#endless;
  }

  /** Something came: the wait starts again, for `ms`. */
  heard(ms = this.patience.idleMs): void {
    clearTimeout(this.#timer);
    this.#timer = this.#arm(ms);
  }

  /** Stops watching. */
  end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#whole);
    this.user.removeEventListener('abort', this.#cancel);
  }

  #arm(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#silentMs = ms;
      this.#abort.abort();
    }, ms);
  }
}
