import type { Money } from '../money';
import type { CapName } from './denial';
import { startOfDay, startOfMonth } from './period';

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

/**
 * Tells the caps as they are at the moment: the user may lower them while a run is under way. Rejects with a LedgerError
 * where they cannot be read; nothing is spent then.
 */
export type CapsNow = () => Promise<Caps>;

/** The caps as they are at the moment, also where they do not change. */
export async function capsNow(caps: Caps | CapsNow): Promise<Caps> {
  return typeof caps === 'function' ? caps() : caps;
}

/** A cap as it holds at a moment: what is booked since `since` (ms since the epoch) must not exceed `limit`. */
export interface Limit {
  readonly cap: Exclude<CapName, 'run'>;
  readonly since: number;
  readonly limit: Money;
}

/** What is left of a cap; negative where more was spent before the cap was lowered. */
export interface Remainder {
  readonly cap: CapName;
  readonly left: Money;
}

/** The caps that hold at a moment (ms since the epoch). */
export function limitsAt({ user, workspace }: Caps, at: number): readonly Limit[] {
  const [day, month] = [startOfDay(at), startOfMonth(at)];
  const all: readonly (readonly [Limit['cap'], number, Money | undefined])[] = [
    ['workspace day', day, workspace.day],
    ['workspace month', month, workspace.month],
    ['user day', day, user.day],
    ['user month', month, user.month],
  ];
  return all.flatMap(([cap, since, limit]) => (limit === undefined ? [] : [{ cap, since, limit }]));
}

/** The cap with the least left; undefined where there is none. */
export function tightestOf(remainders: readonly Remainder[]): Remainder | undefined {
  return remainders.reduce<Remainder | undefined>(
    (tightest, next) => (tightest === undefined || next.left < tightest.left ? next : tightest),
    undefined,
  );
}
