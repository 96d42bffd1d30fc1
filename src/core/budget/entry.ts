import type { Money } from '../money';
import type { Role } from '../providers/message';
import type { Violation } from './violation';

/** Who a call is booked to. */
export interface Booking {
  /** Unique for every run, also of the same task. */
  readonly run: string;
  /** The task's id. */
  readonly task: string;
  /** The workspace in which it was asked; empty on the command line. */
  readonly workspace: string;
  readonly role: Role;
  readonly model: string;
}

/** What a call was allowed to be, in tokens: from these and from what providers report, the bounds are learned. */
export interface CallBound {
  /** What the prompt was reserved at. */
  readonly promptBound: number;
  /** What a tokenizer that is not the model's own counts for the prompt: what the learned factor is multiplied with. */
  readonly promptProxy: number;
  /** What the prompt is without anything learned: its own tokenizer's count, or its bytes. */
  readonly promptHard: number;
  /** What the completion was limited to in the request. */
  readonly maxTokens: number;
  /** What the completion was reserved at: more than `maxTokens` where the model is known to ignore its limit. */
  readonly completionBound: number;
}

/** What a settled call is booked at. */
export interface Settlement {
  readonly cost: Money;
  /** The part of `cost` that the provider did not confirm; all of it where the outcome is unknown. */
  readonly unconfirmed: Money;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Whether the tokens are the provider's own report, which bounds may be learned from. */
  readonly reported: boolean;
  /** How the provider broke its word with this call. */
  readonly violations: readonly Violation[];
}

/** One call on the ledger. `cost` counts against caps: the worst case until the call is settled. */
export interface Entry extends Booking, Settlement {
  readonly id: string;
  /** When it was reserved, ms since the epoch; the day and month that it counts towards. */
  readonly at: number;
  readonly reserved: Money;
  readonly bound: CallBound;
  readonly state: 'reserved' | 'sent' | 'settled';
  /** Until when the reserving process may take for its next step, ms since the epoch. */
  readonly until: number;
}
