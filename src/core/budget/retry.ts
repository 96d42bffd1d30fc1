import type { ChatOutcome } from '../providers/chat';
import type { Answer } from './answer';

/**
 * How often a call is made again. `refused`: the provider asks for patience, as with 429. `unsent`: nobody answers at its
 * address. `cut`: it brought nothing but may have been billed, so each retry is booked at its worst case as well.
 */
const RETRIES = { refused: 3, unsent: 1, cut: 1 };
/** The longest wait that a provider may ask for, and the first one where it asks for none; ms. */
const LONGEST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 500;
/** HTTP: the key was rejected. */
const UNAUTHORIZED = 401;

/** The call may be made again, after a wait, so many times in all. */
export interface Again {
  readonly kind: 'again';
  readonly message: string;
  readonly of: 'model' | 'server';
  readonly waitMs: number;
  readonly retries: number;
}

/** What the outcome of a call means for who asked. */
export function answerOf(outcome: ChatOutcome, call: number, cancelled: boolean): Answer | Again {
  if (cancelled) return { kind: 'cancelled' };
  switch (outcome.kind) {
    case 'complete':
      return { kind: 'answer', call, text: outcome.text, whole: !outcome.truncated };
    case 'cut':
      // What arrived was paid for and may hold a whole function: it is tested like any other answer.
      if (outcome.text.trim() !== '') return { kind: 'answer', call, text: outcome.text, whole: false };
      if (!outcome.retryable) return { kind: 'failed', message: outcome.message, of: 'model' };
      return { kind: 'again', message: outcome.message, of: 'model', waitMs: 0, retries: RETRIES.cut };
    case 'refused':
    case 'unsent': {
      const { message } = outcome;
      const of = outcome.kind === 'unsent' || outcome.status === UNAUTHORIZED ? 'server' : 'model';
      if (!outcome.retryable) return { kind: 'failed', message, of };
      return {
        kind: 'again',
        message,
        of,
        waitMs: outcome.kind === 'refused' ? (outcome.retryAfterMs ?? 0) : 0,
        retries: RETRIES[outcome.kind],
      };
    }
  }
}

/** How long to wait before the next attempt, in ms; undefined where there should be none. `attempt` counts from 1. */
export function waitBefore(again: Again, attempt: number): number | undefined {
  if (attempt > again.retries || again.waitMs > LONGEST_WAIT_MS) return undefined;
  return Math.max(again.waitMs, FIRST_WAIT_MS * 2 ** (attempt - 1));
}

/** Waits; ends early, without an error, when the run is cancelled. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
