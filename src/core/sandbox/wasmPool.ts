import { availableParallelism, totalmem } from 'node:os';
import { SandboxError } from './sandbox';

/** How many pairs of interpreters there are, and for how long. */
export interface PoolOptions {
  /** Pairs to have ready while the pool is in use. */
  readonly ready: number;
  /** Pairs to have ready where as many were wanted at once; more than there are processors help nobody. */
  readonly kept: number;
  /** Pairs that may be there at once, loading, ready or at work. Further runs wait for their turn. */
  readonly most: number;
  /** Pairs that may load at once; each keeps two processors busy. */
  readonly loading: number;
  /** How long ready pairs outlive the last run, in ms. */
  readonly idleMs: number;
  /** How long a run may wait for a pair to load once it is its turn, in ms. */
  readonly loadMs: number;
}

/** What a pair takes of memory while it waits, in MiB, about. */
const PAIR_MB = 300;
/** How long a run has the processors for itself before the next pair is loaded beside it, in ms. */
const HEAD_START = 150;

/** One ready pair, and more as they are wanted: in all up to eight, or what a quarter of the machine's memory holds. */
export function defaultPool(): PoolOptions {
  const room = Math.floor(totalmem() / 4 / (PAIR_MB * 1024 * 1024));
  const most = Math.max(2, Math.min(8, room));
  const processors = availableParallelism();
  return {
    ready: 1,
    kept: Math.min(most, 4, processors),
    most,
    loading: Math.max(1, Math.floor(processors / 2)),
    idleMs: 5 * 60_000,
    loadMs: 60_000,
  };
}

/** What the pool knows of a pair. */
export interface Pooled {
  /** Rejects when it cannot be loaded. */
  readonly loaded: Promise<unknown>;
  /** False when it has ended, whoever did that. */
  readonly alive: boolean;
  end(): void;
}

interface Waiting<P> {
  readonly take: (pair: P) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Pairs of interpreters that are loaded ahead of need. Each is handed out once and never comes back. What waits here does
 * not keep this process alive.
 */
export class WasmPool<P extends Pooled> {
  private idle: P[] = [];
  private readonly loading = new Set<P>();
  private readonly busy = new Set<P>();
  private readonly waiting: Waiting<P>[] = [];
  /** The most that were wanted at once since the pool last rested. */
  private peak = 0;
  private over = false;
  private rest: NodeJS.Timeout | undefined;
  private next: NodeJS.Timeout | undefined;

  constructor(
    private readonly make: () => P,
    private readonly options: PoolOptions,
  ) {}

  /** Whether {@link close} was called. */
  get closed(): boolean {
    return this.over;
  }

  /** Pairs that are there, in whatever state. */
  get size(): number {
    return this.idle.length + this.loading.size + this.busy.size;
  }

  /** The pairs that wait for a run. */
  get ready(): readonly P[] {
    return this.idle.filter(({ alive }) => alive);
  }

  /** Loads what is to be ready. Returns at once. */
  warm(): void {
    this.touch();
    this.fill();
  }

  /**
   * A loaded pair for one run, to be given back by {@link discard}.
   * @throws SandboxError when none can be loaded or the pool is closed; the signal's reason on abort
   */
  async take(signal?: AbortSignal): Promise<P> {
    signal?.throwIfAborted();
    if (this.over) throw closed();
    this.touch();
    this.peak = Math.max(this.peak, this.busy.size + this.waiting.length + 1);
    let pair = this.idle.shift();
    while (pair !== undefined && !pair.alive) pair = this.idle.shift();
    if (pair === undefined) pair = await this.wait(signal);
    else this.busy.add(pair);
    this.fillSoon();
    return pair;
  }

  /** Takes back a pair that was not used. */
  putBack(pair: P): void {
    this.busy.delete(pair);
    this.idle.push(pair);
    this.touch();
  }

  /** Ends a pair that has had its run, and loads another in its place. */
  discard(pair: P): void {
    this.busy.delete(pair);
    pair.end();
    this.touch();
    this.fill();
  }

  /** Ends all that is there. Runs that are going on fail, further ones are refused. */
  close(): void {
    this.over = true;
    this.empty();
    for (const pair of this.busy) pair.end();
    for (const { fail } of this.waiting.splice(0)) fail(closed());
  }

  private wait(signal: AbortSignal | undefined): Promise<P> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearInterval(alive);
        signal?.removeEventListener('abort', abort);
        const at = this.waiting.indexOf(waiting);
        if (at >= 0) this.waiting.splice(at, 1);
      };
      const waiting: Waiting<P> = {
        take: (pair) => {
          settle();
          resolve(pair);
        },
        fail: (error) => {
          settle();
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an abort may have any reason
          reject(error);
        },
      };
      const abort = (): void => {
        waiting.fail(signal?.reason);
      };
      // The pairs do not keep this process alive, but who waits for one does.
      const alive = setInterval(() => undefined, 1 << 30);
      signal?.addEventListener('abort', abort);
      this.waiting.push(waiting);
      this.fill();
    });
  }

  /** Loads pairs as long as there are too few, and there is room for one. */
  private fill(): void {
    this.idle = this.idle.filter(({ alive }) => alive);
    const { ready, kept, most, loading } = this.options;
    const wanted = (): number => Math.max(this.waiting.length, ready, Math.min(kept, this.peak - this.busy.size));
    while (!this.over && this.loading.size < loading && this.size < most) {
      if (this.idle.length + this.loading.size >= wanted()) return;
      this.load();
    }
  }

  /** Loads pairs, but not beside the first steps of a run. */
  private fillSoon(): void {
    this.next ??= setTimeout(() => {
      this.next = undefined;
      this.fill();
    }, HEAD_START).unref();
  }

  private load(): void {
    const pair = this.make();
    this.loading.add(pair);
    const { loadMs } = this.options;
    const late = setTimeout(() => {
      failed(new Error(`it is not loaded after ${loadMs / 1000} s`));
    }, loadMs).unref();
    const failed = (error: Error): void => {
      if (!this.loading.delete(pair)) return;
      clearTimeout(late);
      pair.end();
      this.waiting.shift()?.fail(new SandboxError(`Pyodide does not start: ${error.message}`));
      if (this.waiting.length > 0) this.fill();
    };
    pair.loaded.then(() => {
      if (!this.loading.delete(pair)) return;
      clearTimeout(late);
      const first = this.waiting.shift();
      if (first === undefined) this.idle.push(pair);
      else {
        this.busy.add(pair);
        first.take(pair);
      }
      if (this.waiting.length > 0) this.fill();
      else this.fillSoon();
    }, failed);
  }

  /** Puts off the time at which nothing is kept ready any more. */
  private touch(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      if (this.busy.size + this.loading.size + this.waiting.length === 0) this.empty();
      else this.touch();
    }, this.options.idleMs).unref();
  }

  private empty(): void {
    clearTimeout(this.rest);
    clearTimeout(this.next);
    this.next = undefined;
    this.peak = 0;
    const pairs = [...this.idle.splice(0), ...this.loading];
    this.loading.clear();
    for (const pair of pairs) pair.end();
  }
}

/** What runs are told when there is no pool any more. */
export function closed(): SandboxError {
  return new SandboxError('The sandbox was closed.');
}
