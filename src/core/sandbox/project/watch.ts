import { statfsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { usageOf } from '../usage';
import type { ProjectLimit, ProjectLimits } from './limits';

/** How often a run is looked at, in ms. */
const PERIOD = 200;
const MIB = 1 << 20;

/** What to look at. */
export interface Watched {
  /** The process that the sandbox started with. */
  readonly pid: number;
  /** The folder of the run, the only place on disk that it can write to. */
  readonly folder: string;
  readonly limits: ProjectLimits;
  readonly cpuSeconds: number;
}

/**
 * Looks at a run until it is told to stop, and reports the first limit that no single process of it need have reached.
 * @returns a function that ends the watch
 */
export function watch(watched: Watched, struck: (limit: ProjectLimit) => void): () => void {
  const { pid, folder, limits, cpuSeconds } = watched;
  const freeAtStart = free(folder);
  let sizeAtStart: number | undefined;
  let measuring = false;
  let stopped = false;
  const measure = async (): Promise<void> => {
    measuring = true;
    const size = await sizeOf(folder);
    measuring = false;
    sizeAtStart ??= size;
    if (!stopped && size - sizeAtStart > limits.diskMb * MIB) struck('disk');
  };
  void measure();
  const timer = setInterval(() => {
    const usage = usageOf(pid);
    if (usage.memory > limits.memoryMb * MIB) struck('memory');
    else if (usage.tasks >= limits.processes) struck('processes');
    else if (usage.cpuSeconds > cpuSeconds) struck('cpu');
    // Only where the disk as a whole got that much fuller is it worth looking who filled it.
    else if (!measuring && freeAtStart - free(folder) > limits.diskMb * MIB) void measure();
  }, PERIOD);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

function free(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Bytes on disk of a folder and all that is in it. Links are not followed. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  const pending = [folder];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      const below = join(path, entry.name);
      if (entry.isDirectory()) pending.push(below);
      else bytes += ((await lstat(below).catch(() => undefined))?.blocks ?? 0) * 512;
    }
  }
  return bytes;
}
