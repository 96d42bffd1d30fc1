/** What is still to be undone when this process ends. */
const pending = new Set<() => void>();

/** What each signal that asks a process to end leads to: the exit code that a shell would tell. */
const EXITS: Readonly<Partial<Record<NodeJS.Signals, () => void>>> = {
  SIGINT: () => process.exit(130),
  SIGTERM: () => process.exit(143),
  SIGHUP: () => process.exit(129),
};

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

/** Makes the signals that ask a process to end into an orderly exit, on which everything is undone. Once is enough. */
export function exitOnSignals(): void {
  for (const [signal, exit] of Object.entries(EXITS)) {
    if (!process.listeners(signal as NodeJS.Signals).includes(exit)) process.once(signal, exit);
  }
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
