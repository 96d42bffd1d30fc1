import { EventEmitter, once } from 'node:events';
import type { Output } from './view/screen';

/**
 * Writes pieces of text no faster than they are read, so that they do not pile up in memory. Ends quietly where the
 * reader has gone away, as `head` does.
 */
export async function pour(output: Output, pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  if (!(output instanceof EventEmitter)) {
    for await (const piece of pieces) output.write(piece);
    return;
  }
  const gone = new AbortController();
  const end = (): void => {
    gone.abort();
  };
  output.once('error', end);
  output.once('close', end);
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted();
      if (gone.signal.aborted) return;
      if (output.write(piece) !== false) continue;
      await once(output, 'drain', { signal: AbortSignal.any([gone.signal, signal]) }).catch(() => undefined);
    }
  } finally {
    output.off('error', end);
    output.off('close', end);
  }
}
