/** Ends a run when the user asks to stop or when its time is up, and can tell which it was. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Why the run was ended, in a sentence; undefined where the time did not run out. */
  reason(): string | undefined;
}

export function timeLimit(maxSeconds: number | undefined, interrupt: AbortSignal): TimeLimit {
  if (maxSeconds === undefined) return { signal: interrupt, reason: () => undefined };
  const timeout = AbortSignal.timeout(Math.ceil(maxSeconds * 1000));
  return {
    signal: AbortSignal.any([interrupt, timeout]),
    reason: () => (timeout.aborted ? `Ended after ${maxSeconds} s, as --max-seconds says.` : undefined),
  };
}
