import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type Command, startCommand } from '../command';
import { killTree, namespacesOf, vanished } from '../processTree';
import { SandboxError } from '../sandbox';
import { Capture } from './capture';
import { STARTED } from './confine';
import type { ProjectLimit, ProjectLimits } from './limits';
import { watch } from './watch';

/** How a confined command came to its end. */
export interface Ending {
  /** Exit status; undefined where it was ended from here. 128 + n where signal n ended it. */
  readonly status: number | undefined;
  /** The limit that ended it. */
  readonly struck: ProjectLimit | undefined;
  /** All of what it printed. */
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** What to run and within which bounds. */
export interface Execution {
  readonly command: Command;
  readonly limits: ProjectLimits;
  readonly seconds: number;
  /** The run's folder on disk. */
  readonly folder: string;
}

/** How long processes may take to vanish after they were killed, in ms. */
const GRACE = 5_000;
const SIGXCPU = 24;

/**
 * Runs a confined command to its end, or to that of a limit. When it settles, no process of it is left.
 * @throws SandboxError where the sandbox did not start; the signal's reason on abort
 */
export async function execute({ command, limits, seconds, folder }: Execution, signal?: AbortSignal): Promise<Ending> {
  signal?.throwIfAborted();
  const started = performance.now();
  const [stdout, stderr] = [new Capture(limits.outputBytes), new Capture(limits.outputBytes)];
  const seen: { struck: ProjectLimit | undefined; begun: boolean } = { struck: undefined, begun: false };
  // A process group of its own: killing it reaches also a child that has not yet tied its life to its parent's.
  const child = startCommand(command, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true });
  const namespaces: number[] = [];
  const kill = (): void => {
    const opened = namespacesOf(child);
    namespaces.push(...opened);
    killTree(child, opened);
  };
  const strike = (limit: ProjectLimit): void => {
    seen.struck ??= limit;
    kill();
  };
  const outputs = [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const;
  for (const [stream, capture] of outputs) {
    stream?.on('data', (chunk: Buffer) => {
      capture.take(chunk);
      if (stdout.bytes + stderr.bytes > limits.outputBytes) strike('output');
    });
  }
  (child.stdio[STARTED] as Readable | undefined)?.on('data', () => {
    seen.begun = true;
  });
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  const abort = (): void => {
    kill();
  };
  signal?.addEventListener('abort', abort);
  const timer = setTimeout(() => {
    strike('time');
  }, seconds * 1000);
  const cpuSeconds = seconds * limits.cpuFactor;
  const begun = (): boolean => seen.begun;
  const unwatch =
    child.pid === undefined ? undefined : watch({ pid: child.pid, begun, folder, limits, cpuSeconds }, strike);
  try {
    const status = await ended(child);
    signal?.throwIfAborted();
    if (!seen.begun && seen.struck === undefined) {
      throw new SandboxError(`the sandbox failed before any test ran: ${stderr.text.trim() || 'it says nothing'}`);
    }
    if (status === 128 + SIGXCPU) seen.struck ??= 'cpu';
    const { struck } = seen;
    return {
      status: struck === undefined ? status : undefined,
      struck,
      stdout: stdout.text,
      stderr: stderr.text,
      durationMs: performance.now() - started,
    };
  } finally {
    unwatch?.();
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    kill();
    await vanished(namespaces, GRACE);
  }
}

/** Waits until a process has ended and its outputs are read, which its own processes may hold open only for so long. */
async function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const settle = (code: number | null): void => {
      clearTimeout(grace);
      resolve(code ?? 128 + 9);
    };
    child.once('error', (error) => {
      reject(new SandboxError(`the sandbox did not start: ${error.message}`));
    });
    child.once('close', settle);
    child.once('exit', (code) => {
      grace = setTimeout(settle, GRACE, code);
    });
  });
}
