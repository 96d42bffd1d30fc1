import type { Money } from '../money';

/** Limits of one owner over calendar periods, in the user's time zone. Absent means unlimited. */
export interface PeriodCaps {
  readonly day?: Money;
  readonly month?: Money;
}

/**
 * The limits beyond the run's own budget. The user's count everything on the ledger; the workspace's count what was
 * spent in that workspace. All of them hold at once: what may be spent is the smallest remainder.
 */
export interface Caps {
  readonly user: PeriodCaps;
  readonly workspace: PeriodCaps;
}

export const NO_CAPS: Caps = { user: {}, workspace: {} };
