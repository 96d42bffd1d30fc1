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

/**
 * Looks at what processes use with all that descend from them, and reports the first limit that they are beyond. The
 * kernel limits each process alone; a fork doubles what it has. Only Linux tells.
 * @param pids of processes that may have run before: the time that they have used by then does not count
 * @returns a function that ends it
 */
export function account(
  pids: readonly number[],
  { memoryMb = Number.POSITIVE_INFINITY, cpuSeconds }: Allowance,
  struck: (limit: 'memory' | 'cpu') => void,
): () => void {
  if (process.platform !== 'linux') return () => undefined;
  const before = cpuOf(pids.map(usageOf));
  const timer = setInterval(() => {
    const usages = pids.map(usageOf);
    if (usages.some(({ memory }) => memory > memoryMb * MIB)) struck('memory');
    else if (cpuOf(usages) - before > cpuSeconds) struck('cpu');
  }, PERIOD);
  return () => {
    clearInterval(timer);
  };
}

function cpuOf(usages: readonly Usage[]): number {
  return usages.reduce((sum, usage) => sum + usage.cpuSeconds, 0);
}
