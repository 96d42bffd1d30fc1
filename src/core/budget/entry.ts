import type { Money } from '../money';
import type { Role } from '../providers/message';

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

/** What a settled call is booked at. */
export interface Settlement {
  readonly cost: Money;
  /** False where the outcome is unknown and `cost` is the worst case. */
  readonly confirmed: boolean;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** One call on the ledger. `cost` counts against caps: the worst case until the call is settled. */
export interface Entry extends Booking, Settlement {
  readonly id: string;
  /** When it was reserved, ms since the epoch. */
  readonly at: number;
  readonly reserved: Money;
  readonly state: 'reserved' | 'sent' | 'settled' | 'released';
  /** Until when the reserving process may take to send or settle it, ms since the epoch. */
  readonly until: number;
}
