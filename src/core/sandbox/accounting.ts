import { statfsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Fullness } from './fullness';
import { namespacesOf } from './processTree';
import { usagesByPs } from './psUsage';
import { type Usage, usageOf } from './usage';

/** How often a run is looked at, in ms. */
const PERIOD = 50;
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
  /** What each may have in its scratch folder; undefined where files are limited otherwise, or not at all. */
  readonly scratch?: Scratch | undefined;
}

/** A scratch folder that is a file system of its own. */
export interface Scratch {
  /** Its path, as the process in the sandbox sees it. */
  readonly path: string;
  /** Files, folders and links that may be in it. */
  readonly files: number;
}

export type Excess = 'memory' | 'cpu' | 'files';

/** How usage is found out: by the files of Linux, or by `ps`. */
export type Source = 'files' | 'ps';

/**
 * Looks at what processes use with all that descend from them, and reports the first limit that they are beyond. The
 * kernel limits each process alone, and that of macOS no memory at all; a fork doubles what it has; and how many files a
 * file system in memory may hold cannot be told to bubblewrap. Windows does not tell.
 */
export class Account {
  private readonly over = new AbortController();
  private before: number | undefined;
  private readonly fullness: readonly Fullness[];
  private settled = false;

  /** @param pids of processes that may have run before: the time that they have used by then does not count */
  constructor(
    private readonly pids: readonly number[],
    private readonly allowance: Allowance,
    private readonly struck: (limit: Excess) => void,
    source: Source | undefined = sourceOf(process.platform),
  ) {
    this.fullness = pids.map(() => new Fullness());
    if (source === 'files') this.byFiles();
    if (source === 'ps') void this.byPs();
  }

  /**
   * Whether a process, or one that it started, had as good as used up the memory that its own limits leave it, or was about
   * to, see {@link Fullness}: an interpreter that is refused memory may crash without a word.
   */
  wasFull(pid: number | undefined): boolean {
    return pid !== undefined && this.fullness[this.pids.indexOf(pid)]?.reached === true;
  }

  /** To be told once the processes are in their sandboxes: before that, the scratch folder's path is one of the host's. */
  settle(): void {
    this.settled = true;
  }

  close(): void {
    this.over.abort();
  }

  private byFiles(): void {
    const look = (): void => {
      this.consider(this.pids.map(usageOf));
    };
    look();
    const timer = setInterval(look, PERIOD);
    this.over.signal.addEventListener('abort', () => {
      clearInterval(timer);
    });
  }

  /** One look after the other: each of them is a process. */
  private async byPs(): Promise<void> {
    for (;;) {
      const usages = await usagesByPs(this.pids);
      if (this.over.signal.aborted) return;
      this.consider(usages);
      await delay(2 * PERIOD, undefined, { ref: false });
    }
  }

  private consider(usages: readonly Usage[]): void {
    const { memoryMb = Number.POSITIVE_INFINITY, cpuSeconds, scratch } = this.allowance;
    const used = usages.reduce((sum, usage) => sum + usage.cpuSeconds, 0);
    this.before ??= used;
    usages.forEach(({ share }, index) => this.fullness[index]?.add(share));
    if (usages.some(({ memory }) => memory > memoryMb * MIB)) this.struck('memory');
    else if (used - this.before > cpuSeconds) this.struck('cpu');
    else if (
      this.settled &&
      scratch !== undefined &&
      this.pids.some((pid) => filesOf(pid, scratch.path) > scratch.files)
    )
      this.struck('files');
  }
}

function sourceOf(platform: NodeJS.Platform): Source | undefined {
  return platform === 'linux' ? 'files' : platform === 'darwin' ? 'ps' : undefined;
}

/**
 * Files and folders in a file system that the first process of a sandbox sees, by the process that opened the sandbox and
 * the path inside; 0 where it is no more. Before the sandbox is set up, the path is one of the host's.
 */
export function filesOf(pid: number, path: string): number {
  try {
    const [first] = namespacesOf({ pid });
    if (first === undefined) return 0;
    const { files, ffree } = statfsSync(`/proc/${first}/root${path}`);
    return files - ffree;
  } catch {
    return 0;
  }
}
