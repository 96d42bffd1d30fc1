import type { Money } from '../money';
import type { Model } from '../catalogue/model';
import type { ChatMessage, Role } from './message';

/** One request for one completion. Providers never retry by themselves: a retry is a new reservation. */
export interface ChatRequest {
  readonly model: Model;
  readonly role: Role;
  readonly messages: readonly ChatMessage[];
  /** Bound of the completion, reasoning included, in tokens. */
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed?: number;
  /** The id of the task, for gateways that bill or log by tag. */
  readonly runId: string;
}

/** Token counts as the provider reports them. Cached, written and reasoning tokens are parts of the totals. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** What the provider says that it billed for the call, where it says so. */
  readonly billed?: Money;
  /** Nobody has reported it: it was counted here, and confirms nothing. */
  readonly estimated?: true;
}

/**
 * How a request ended. What may be concluded about the bill is in the kind:
 * - `complete`: the answer arrived whole; `usage` is missing where the provider reports none, and `billed` is what it says
 *   that it billed all the same.
 * - `refused`: the provider answered with an error and billed nothing.
 * - `unsent`: the request never left this machine.
 * - `cut`: it left, and what was billed is unknown; `text` is what arrived.
 */
export type ChatOutcome =
  | {
      readonly kind: 'complete';
      readonly text: string;
      /** The answer stopped at `maxTokens`. */
      readonly truncated: boolean;
      readonly usage: Usage | undefined;
      readonly billed?: Money;
    }
  | {
      readonly kind: 'refused';
      readonly status: number;
      /** A sentence for people that says what to do. */
      readonly message: string;
      readonly retryable: boolean;
      /** What the provider asked for in `retry-after`. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'unsent'; readonly message: string; readonly retryable: boolean }
  | { readonly kind: 'cut'; readonly text: string; readonly message: string; readonly retryable: boolean };

/** Receives what a model writes: its answer, or, `hidden`, what it thinks beside that and bills alike. */
export type OnText = (delta: string, hidden?: boolean) => void;

/** Where completions come from. Only the meter holds one. */
export interface ChatProvider {
  /**
   * Asks for one completion. Must not throw: failures are outcomes.
   * `onText` receives the answer as it arrives. Aborting the signal ends the call with a `cut` or `unsent` outcome.
   */
  complete(request: ChatRequest, onText: OnText, signal: AbortSignal): Promise<ChatOutcome>;
}
