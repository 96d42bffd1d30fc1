import { statfsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf } from '../accounting';
import { usageOf } from '../usage';
import type { ProjectLimit, ProjectLimits } from './limits';

/** How often a run is looked at, in ms. */
const PERIOD = 200;
const MIB = 1 << 20;

/** What to look at. */
export interface Watched {
  /** The process that the sandbox started with. */
  readonly pid: number;
  /** Whether the sandbox is set up, so that /tmp is its own. */
  readonly begun: () => boolean;
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
  const { pid, begun, folder, limits, cpuSeconds } = watched;
  const freeAtStart = free(folder);
  let atStart: Extent | undefined;
  let measuring = false;
  let stopped = false;
  const measure = async (): Promise<void> => {
    measuring = true;
    const now = await extentOf(folder);
    measuring = false;
    atStart ??= now;
    if (stopped) return;
    if (now.bytes - atStart.bytes > limits.diskMb * MIB) struck('disk');
    else if (now.files - atStart.files > limits.files) struck('files');
  };
  const fuller = (): boolean => {
    const { bytes, files } = free(folder);
    return freeAtStart.bytes - bytes > limits.diskMb * MIB || freeAtStart.files - files > limits.files;
  };
  void measure();
  const timer = setInterval(() => {
    const usage = usageOf(pid);
    if (usage.memory > limits.memoryMb * MIB) struck('memory');
    else if (usage.tasks >= limits.processes) struck('processes');
    else if (usage.cpuSeconds > cpuSeconds) struck('cpu');
    else if (begun() && filesOf(pid, '/tmp') > limits.files) struck('files');
    // Only where the disk as a whole got that much fuller is it worth looking who filled it.
    else if (!measuring && fuller()) void measure();
  }, PERIOD);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** What takes room on a disk. */
interface Extent {
  readonly bytes: number;
  /** Files, folders and links. */
  readonly files: number;
}

function free(folder: string): Extent {
  try {
    const { bavail, bsize, ffree } = statfsSync(folder);
    return { bytes: bavail * bsize, files: ffree };
  } catch {
    return { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };
  }
}

/** What a folder and all that is in it take of the disk. Links are not followed. */
async function extentOf(folder: string): Promise<Extent> {
  let [bytes, files] = [0, 0];
  const pending = [folder];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      const below = join(path, entry.name);
      files++;
      if (entry.isDirectory()) pending.push(below);
      else bytes += ((await lstat(below).catch(() => undefined))?.blocks ?? 0) * 512;
    }
  }
  return { bytes, files };
}
