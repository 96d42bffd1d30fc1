import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import type { Writable } from 'node:stream';

/** A command line, ready to be started. */
export interface Command {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For bubblewrap: the filter of system calls under which it starts what is inside, see {@link systemCallFilter}. */
  readonly filter?: Uint8Array;
}

/** How a command is started. */
export interface StartOptions {
  /** Its descriptors, from 0 on. */
  readonly stdio: Exclude<StdioOptions, string>;
  /** In a process group of its own, so that all of it can be killed. */
  readonly detached?: boolean;
  /** After so many ms it is killed. */
  readonly timeout?: number;
}

/** Starts a command in the root directory, with nothing of this process's environment. */
export function startCommand({ path, args, env, filter }: Command, options: StartOptions): ChildProcess {
  const { stdio, ...others } = options;
  const common = { ...others, cwd: '/', env: { ...env }, windowsHide: true, killSignal: 'SIGKILL' as const };
  if (filter === undefined) return spawn(path, [...args], { ...common, stdio });
  // Bubblewrap reads the filter to its end and closes the descriptor before it starts anything.
  const descriptor = stdio.length;
  const child = spawn(path, ['--seccomp', String(descriptor), ...args], { ...common, stdio: [...stdio, 'pipe'] });
  const streams: readonly unknown[] = child.stdio;
  const channel = streams[descriptor] as Writable | undefined;
  // Where it has ended before it read, how it ended says why.
  channel?.on('error', () => undefined);
  channel?.end(filter);
  return child;
}
