import { spawn } from 'node:child_process';

/** How a child process is run. */
export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which the child and all it started are stopped. */
  readonly timeout: number;
}

/** How long a process may take to clean up after itself before it is killed, ms. */
const GRACE_MS = 15_000;
const INTERRUPTED = 130;

/**
 * Runs a command with its output passed through and without input. It gets a process group of its own, so that a
 * time-out, Ctrl+C or the end of this process reaches everything that it started.
 * @returns nothing when it succeeded, else a few words on how it failed.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<string | undefined> {
  const ownGroup = process.platform !== 'win32';
  const child = spawn(command, args, { env: options.env, stdio: ['ignore', 'inherit', 'inherit'], detached: ownGroup });
  const signalAll = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(ownGroup ? -child.pid : child.pid, signal);
    } catch {
      // The group has ended already.
    }
  };
  let stopped: string | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: string): void => {
    stopped ??= why;
    signalAll('SIGTERM');
    killTimer ??= setTimeout(() => {
      signalAll('SIGKILL');
    }, GRACE_MS);
  };
  const limit = setTimeout(() => {
    stop(`stopped after ${options.timeout / 1000} s`);
  }, options.timeout);
  const interrupt = (): void => {
    stop('interrupted');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const failure = await new Promise<string | undefined>((done) => {
    child.once('error', (error) => {
      done(error.message);
    });
    child.once('exit', (code, signal) => {
      done(code === 0 ? undefined : `ended with ${signal ?? `exit code ${String(code)}`}`);
    });
  });
  signalAll('SIGKILL');
  clearTimeout(limit);
  clearTimeout(killTimer);
  process.off('SIGINT', interrupt);
  process.off('SIGTERM', interrupt);
  if (stopped === 'interrupted') process.exit(INTERRUPTED);
  return stopped ?? failure;
}
