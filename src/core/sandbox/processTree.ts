import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait before looking again whether a process is gone, in ms. */
const LOOK_MS = 2;

/**
 * The first processes of the namespaces that a sandbox process has opened. Linux lets one of these vanish only after
 * everything in its namespace has, so that watching it is watching all of them. Empty elsewhere, and where it has ended.
 */
export function namespacesOf({ pid }: Pick<ChildProcess, 'pid'>): readonly number[] {
  if (pid === undefined) return [];
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** A process with all that descend from it; nothing where the kernel does not tell. */
export function treeOf(process: Pick<ChildProcess, 'pid'>): readonly number[] {
  const below = namespacesOf(process).flatMap((pid) => treeOf({ pid }));
  return process.pid === undefined || memoryOf(process.pid) === undefined ? below : [process.pid, ...below];
}

/** Kills a process with its group, and the namespaces that it has opened. */
export function killTree(child: ChildProcess, namespaces: readonly number[]): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    if (!killed(-child.pid)) child.kill('SIGKILL');
  }
  for (const pid of namespaces) killed(pid);
}

/** Waits until processes are gone, `ms` at most: being killed takes a moment on a busy machine. */
export async function vanished(pids: readonly number[], ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (pids.some(lives) && performance.now() < until) await delay(LOOK_MS);
}

/**
 * Waits until processes that were killed are lifeless, `ms` at most: the kernel has taken their memory away from all of
 * their threads, so that none can run anything any more. That it clears up after them takes much longer, where there was
 * much. Only where no process can have started another since its pid was found.
 */
export async function lifeless(pids: readonly number[], ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (pids.some((pid) => (memoryOf(pid) ?? 0) > 0) && performance.now() < until) await delay(LOOK_MS);
}

/** Bytes of the address spaces of a process's threads together; undefined where there is no such process. */
function memoryOf(pid: number): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + spaceOf(`/proc/${pid}/task/${thread}/stat`), 0);
  } catch {
    return undefined;
  }
}

/** The twenty-third field of a file `stat`, and the first comes before a name that may hold anything. */
function spaceOf(file: string): number {
  try {
    const text = readFileSync(file, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[20] ?? 0);
  } catch {
    return 0;
  }
}

/** False for a zombie too: its namespace is empty by then, and who is to bury it may take seconds. */
function lives(pid: number): boolean {
  try {
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
