/** What is still to be undone when this process ends. */
const pending = new Set<() => void>();

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Has `undo` called when this process exits. It has to be synchronous, and must not mind that its work is done already.
 * @returns a function that takes it off the list again.
 */
export function atExit(undo: () => void): () => void {
  if (pending.size === 0) process.on('exit', undoAll);
  pending.add(undo);
  return () => {
    pending.delete(undo);
    if (pending.size === 0) process.off('exit', undoAll);
  };
}

/** Makes the signals that ask a process to end into an orderly exit, on which everything is undone. */
export function exitOnSignals(): void {
  for (const [signal, code] of Object.entries(EXIT_CODES)) process.once(signal, () => process.exit(code));
}

function undoAll(): void {
  for (const undo of pending) {
    try {
      undo();
    } catch {
      // The others still have to be undone, and nobody is left to be told.
    }
  }
}
