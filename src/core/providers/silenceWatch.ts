/** Aborts a request that the user cancelled or that stays silent for too long, and knows which of the two it was. */
export class SilenceWatch {
  readonly #abort = new AbortController();
  readonly #cancel: () => void;
  #timer: NodeJS.Timeout;
  #silentMs: number | undefined;

  /** Starts waiting for the first byte, `firstByteMs` at most. */
  constructor(
    private readonly user: AbortSignal,
    firstByteMs: number,
    private readonly idleMs: number,
  ) {
    this.#cancel = () => {
      this.#abort.abort();
    };
    user.addEventListener('abort', this.#cancel, { once: true });
    if (user.aborted) this.#abort.abort();
    this.#timer = this.#arm(firstByteMs);
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

  /** Something came: the wait starts again, for `ms`. */
  heard(ms = this.idleMs): void {
    clearTimeout(this.#timer);
    this.#timer = this.#arm(ms);
  }

  /** Stops watching. */
  end(): void {
    clearTimeout(this.#timer);
    this.user.removeEventListener('abort', this.#cancel);
  }

  #arm(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#silentMs = ms;
      this.#abort.abort();
    }, ms);
  }
}
