import type { Money } from '../money';
import type { Role } from '../providers/message';
import type { Account } from './account';
import type { Denial } from './denial';
import type { Violation } from './violation';
import type { Warning } from './warning';

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
  /** What the completion is reserved at: more than `maxTokens` for a model that is known to ignore its limit. */
  readonly completionBound: number;
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
  /** The part of `cost` that the provider did not confirm; all of it where the outcome is unknown. */
  readonly unconfirmed: Money;
  /** How the provider broke its word. */
  readonly violations: readonly Violation[];
  /** Why the call brought no whole answer, in a sentence. */
  readonly problem?: string;
  /** By how much the booking exceeds the reservation, where the provider broke its word. */
  readonly overReserved?: Money;
}

/** What the meter reports. `account` is the state of the run's money right after the event. */
export type MeterEvent =
  | ({ readonly type: 'reserved'; readonly account: Account } & CallReserved)
  | { readonly type: 'arriving'; readonly call: number; readonly text: string }
  | ({ readonly type: 'settled'; readonly account: Account } & CallSettled)
  | { readonly type: 'denied'; readonly denial: Denial; readonly account: Account }
  | { readonly type: 'warning'; readonly warning: Warning; readonly account: Account }
  /** The run's budget was raised. */
  | { readonly type: 'raised'; readonly from: Money; readonly to: Money; readonly account: Account }
  | { readonly type: 'waiting'; readonly ms: number; readonly why: string };
