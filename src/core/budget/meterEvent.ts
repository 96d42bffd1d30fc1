import type { Money } from '../money';
import type { Role } from '../providers/message';
import type { Account } from './account';
import type { Denial } from './denial';

/** A call as it is announced before it is made. */
export interface CallReserved {
  /** Unique within the run: 1, 2, 3... A retry is a call of its own. */
  readonly call: number;
  readonly role: Role;
  readonly model: string;
  /** Upper bound of the prompt, in tokens. */
  readonly promptTokens: number;
  /** What the completion may be at most, in tokens. */
  readonly maxTokens: number;
  /** The worst case that was reserved. */
  readonly reserved: Money;
}

/** How a call ended, with what it is booked at. */
export interface CallSettled {
  readonly call: number;
  readonly role: Role;
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reserved: Money;
  readonly cost: Money;
  /** False where the outcome is unknown and the worst case is booked. */
  readonly confirmed: boolean;
  /** Why the call brought no whole answer, in a sentence. */
  readonly problem?: string;
  /** The provider reported more than was reserved: by how much the booking exceeds it. */
  readonly overReserved?: Money;
}

/** What the meter reports. `account` is the state of the run's money right after the event. */
export type MeterEvent =
  | ({ readonly type: 'reserved'; readonly account: Account } & CallReserved)
  | { readonly type: 'arriving'; readonly call: number; readonly text: string }
  | ({ readonly type: 'settled'; readonly account: Account } & CallSettled)
  | { readonly type: 'denied'; readonly denial: Denial; readonly account: Account }
  | { readonly type: 'waiting'; readonly ms: number; readonly why: string };
