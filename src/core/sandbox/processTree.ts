import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
