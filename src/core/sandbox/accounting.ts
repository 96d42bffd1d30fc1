import { setTimeout as delay } from 'node:timers/promises';
import { usagesByPs } from './psUsage';
import { type Usage, usageOf } from './usage';

/** How often a run is looked at, in ms. */
const PERIOD = 100;
const MIB = 1 << 20;

/** What a run may use. */
export interface Allowance {
  /**
   * Memory in use, in MiB, of each of the processes that were started and all that descend from it; undefined where it
   * is limited otherwise.
   */
  readonly memoryMb: number | undefined;
  /** Processor time of all processes together, in seconds. */
  readonly cpuSeconds: number;
}

/** How usage is found out: by the files of Linux, or by `ps`. */
export type Source = 'files' | 'ps';

/**
 * Looks at what processes use with all that descend from them, and reports the first limit that they are beyond. The
 * kernel limits each process alone, and that of macOS no memory at all; a fork doubles what it has. Windows does not tell.
 * @param pids of processes that may have run before: the time that they have used by then does not count
 * @returns a function that ends it
 */
export function account(
  pids: readonly number[],
  { memoryMb = Number.POSITIVE_INFINITY, cpuSeconds }: Allowance,
  struck: (limit: 'memory' | 'cpu') => void,
  source: Source | undefined = sourceOf(process.platform),
): () => void {
  if (source === undefined) return () => undefined;
  let before: number | undefined;
  const consider = (usages: readonly Usage[]): void => {
    before ??= cpuOf(usages);
    if (usages.some(({ memory }) => memory > memoryMb * MIB)) struck('memory');
    else if (cpuOf(usages) - before > cpuSeconds) struck('cpu');
  };
  return source === 'files' ? byFiles(pids, consider) : byPs(pids, consider);
}

function sourceOf(platform: NodeJS.Platform): Source | undefined {
  return platform === 'linux' ? 'files' : platform === 'darwin' ? 'ps' : undefined;
}

function byFiles(pids: readonly number[], consider: (usages: readonly Usage[]) => void): () => void {
  consider(pids.map(usageOf));
  const timer = setInterval(() => {
    consider(pids.map(usageOf));
  }, PERIOD);
  return () => {
    clearInterval(timer);
  };
}

/** One look after the other: each of them is a process. */
function byPs(pids: readonly number[], consider: (usages: readonly Usage[]) => void): () => void {
  const over = new AbortController();
  const look = async (): Promise<void> => {
    for (;;) {
      const usages = await usagesByPs(pids);
      if (over.signal.aborted) return;
      consider(usages);
      await delay(PERIOD, undefined, { ref: false });
    }
  };
  void look();
  return () => {
    over.abort();
  };
}

function cpuOf(usages: readonly Usage[]): number {
  return usages.reduce((sum, usage) => sum + usage.cpuSeconds, 0);
}
