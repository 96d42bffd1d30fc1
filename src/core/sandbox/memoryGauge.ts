import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How often the memory is looked at, in ms. */
const LOOK_MS = 50;
/** Of its limit: who crashes while this full has most likely been refused memory. */
const FULL = 0.8;
/** Processes between the one that was started and the interpreter, and one that this may have started. */
const DEPTH = 4;

/** What is limited: the line of /proc/PID/limits, and that of /proc/PID/status which says how much is taken, in KiB. */
const COUNTED = [
  [/^Max data size +(\d+)/m, /^VmData:\s+(\d+) kB/m],
  [/^Max address space +(\d+)/m, /^VmSize:\s+(\d+) kB/m],
] as const;

/**
 * Watches how near a process, and what it starts, comes to its limits of memory: an interpreter that is refused memory may
 * crash without a word. Sees nothing on systems without /proc.
 */
export class MemoryGauge {
  private fullest = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly child: Pick<ChildProcess, 'pid'>) {
    this.timer = setInterval(() => {
      this.look();
    }, LOOK_MS);
    this.timer.unref();
  }

  /** Whether the memory was as good as used up when it was last looked at, or at any time before. */
  get full(): boolean {
    return this.fullest >= FULL;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    let level = this.child.pid === undefined ? [] : [this.child.pid];
    for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
      for (const pid of level) this.fullest = Math.max(this.fullest, shareTaken(pid));
      level = level.flatMap(childrenOf);
    }
  }
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).trim().split(/\s+/).filter(Boolean).map(Number);
}

/** The largest share that a process has taken of what it may have; 0 where nothing is limited. */
function shareTaken(pid: number): number {
  const limits = read(`/proc/${pid}/limits`);
  const status = read(`/proc/${pid}/status`);
  const shares = COUNTED.map(([limited, taken]) => {
    const most = Number(limited.exec(limits)?.[1] ?? Infinity);
    return (Number(taken.exec(status)?.[1] ?? 0) * 1024) / most;
  });
  return Math.max(...shares);
}

/** Empty for a process that is no more. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
