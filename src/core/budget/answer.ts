import type { Money } from '../money';
import type { ChatMessage, Role } from '../providers/message';
import type { Denial } from './denial';

/** What an agent asks of its model. */
export interface Ask {
  readonly role: Role;
  readonly messages: readonly ChatMessage[];
  /** Completion tokens wanted; the call may get fewer. */
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed?: number;
  /** Completion tokens below which the answer would be useless; {@link LEAST_TOKENS} where absent. */
  readonly least?: number;
  /** Money that planned next calls need: this call shrinks, down to the least useful size, to leave it. */
  readonly keep?: Money;
  /** Ends this call alone; the run's own signal ends it as well. */
  readonly signal?: AbortSignal;
}

/** What a model said. `call` is the number of the call that brought it. */
export interface AnswerText {
  readonly kind: 'answer';
  readonly call: number;
  readonly text: string;
  /** False where it was cut off, by its bound or on its way. */
  readonly whole: boolean;
}

/** How an ask ended. What goes wrong with a call is a kind; only a ledger that cannot be written is thrown. */
export type Answer =
  | AnswerText
  | { readonly kind: 'denied'; readonly denial: Denial }
  /** `of`: whether only this model failed, or whatever its server serves would (a rejected key, nobody there). */
  | { readonly kind: 'failed'; readonly message: string; readonly of: 'model' | 'server' }
  | { readonly kind: 'cancelled' };
