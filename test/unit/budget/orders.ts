import type { Caps } from '../../../src/core/budget/caps';
import { type Money, usd } from '../../../src/core/money';

/** What a spending process is told to do. Amounts are in thousandths of a dollar. */
export interface Orders {
  readonly folder: string;
  readonly name: string;
  readonly workspace: string;
  /** The user's cap for the day; that of the month is twice as high. */
  readonly userDay: number;
  /** The workspace's cap for the day; absent means none. */
  readonly workspaceDay?: number;
  readonly segmentBytes?: number;
  /** Calls at a time. */
  readonly inFlight: number;
  /** What each call reserves and costs; without it calls differ, and cost little of what they reserve. */
  readonly step?: number;
  /** Whether to go on where there is no money for a call. */
  readonly patient: boolean;
  /** Stand still for ever after this call was sent. */
  readonly pauseAfter?: number;
  /** Where segments are kept as they were written. */
  readonly keepIn?: string;
  /** At `real` (ms since the epoch) its clock showed `start`, and goes `speed` times as fast as the real one. */
  readonly clock: { readonly start: number; readonly real: number; readonly speed: number };
}

export function mills(count: number): Money {
  return usd(`${count}e-3`);
}

export function capsOf({ userDay, workspaceDay }: Orders): Caps {
  return {
    user: { day: mills(userDay), month: mills(2 * userDay) },
    workspace: workspaceDay === undefined ? {} : { day: mills(workspaceDay) },
  };
}
