import { EXIT } from './exitCode';
import { sentenceOf } from './sentence';

/**
 * The user's wish to stop. The first SIGINT, SIGTERM or SIGHUP aborts the signal, so that the run can end in order and say what
 * was spent; the second ends the process at once, and what was sent stays on the ledger at its worst case.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}

/** What nobody caught ends the process with one sentence; SOLVENT_DEBUG adds where it happened. */
export function reportUncaught(): void {
  process.on('uncaughtException', (error) => {
    const where = (process.env['SOLVENT_DEBUG'] ?? '') === '' ? '' : `${error.stack ?? ''}\n`;
    process.stderr.write(`solvent: ${sentenceOf(error)}\n${where}`);
    process.exit(EXIT.notSolved);
  });
}

/** A reader that has gone away (`| head`), or a terminal that was closed, is no reason to crash: the run goes on and its exit code still counts. */
export function survivePipeEnd(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}

/** Ends the process once everything that was written has left it. */
export async function exitWhenWritten(code: number): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
  );
  process.exit(code);
}
