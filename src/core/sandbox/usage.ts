import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of the kernel's accounting in a second; the same on all of Linux. */
const TICKS = 100;

/** What a tree of processes uses. */
export interface Usage {
  /** Private and shared memory in use, in bytes. */
  readonly memory: number;
  /** Processes and threads. */
  readonly tasks: number;
  /** Processor time, that of processes that have ended included, in seconds. */
  readonly cpuSeconds: number;
  /** Of the memory that its own limits leave it, the largest share that one of the processes has taken; 0 without limits. */
  readonly share: number;
}

/** What is limited: the line of /proc/PID/limits, and that of /proc/PID/status which says how much is taken. */
const LIMITED = [
  ['Max data size', 'VmData'],
  ['Max address space', 'VmSize'],
] as const;

/** What a process and all that descend from it use; nothing where the kernel does not tell. */
export function usageOf(pid: number): Usage {
  const usage = { memory: 0, tasks: 0, cpuSeconds: 0, share: 0 };
  const pending = [pid];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    try {
      const status = readFileSync(`/proc/${one}/status`, 'utf8');
      usage.memory += kilobytes(status, 'RssAnon') + kilobytes(status, 'RssShmem');
      usage.share = Math.max(usage.share, shareTaken(readFileSync(`/proc/${one}/limits`, 'utf8'), status));
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

function shareTaken(limits: string, status: string): number {
  const shares = LIMITED.map(([limited, taken]) => {
    const most = Number(new RegExp(`^${limited} +(\\d+)`, 'm').exec(limits)?.[1] ?? Infinity);
    return kilobytes(status, taken) / most;
  });
  return Math.max(...shares);
}

/** In bytes. */
function kilobytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
}
