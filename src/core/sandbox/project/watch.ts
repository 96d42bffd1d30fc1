import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectLimit, ProjectLimits } from './limits';

/** How often a run is looked at, in ms. */
const PERIOD = 200;
/** Clock ticks of the kernel's accounting in a second; the same on all of Linux. */
const TICKS = 100;
const MIB = 1 << 20;

/** What a tree of processes uses. */
export interface Usage {
  /** Private and shared memory in use, in bytes. */
  readonly memory: number;
  /** Processes and threads. */
  readonly tasks: number;
  /** Processor time, that of processes that have ended included, in seconds. */
  readonly cpuSeconds: number;
}

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

/** What a process and all that descend from it use; nothing where the kernel does not tell. */
export function usageOf(pid: number): Usage {
  const usage = { memory: 0, tasks: 0, cpuSeconds: 0 };
  const pending = [pid];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    try {
      const status = readFileSync(`/proc/${one}/status`, 'utf8');
      usage.memory += kilobytes(status, 'RssAnon') + kilobytes(status, 'RssShmem');
      const stat = readFileSync(`/proc/${one}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      for (const field of [11, 12, 13, 14]) usage.cpuSeconds += Number(fields[field] ?? 0) / TICKS;
      const threads = readdirSync(`/proc/${one}/task`);
      usage.tasks += threads.length;
      for (const thread of threads) {
        const children = readFileSync(`/proc/${one}/task/${thread}/children`, 'utf8');
        pending.push(...children.split(' ').filter(Boolean).map(Number));
      }
    } catch {
      // It ended while it was looked at.
    }
  }
  return usage;
}

function kilobytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
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
