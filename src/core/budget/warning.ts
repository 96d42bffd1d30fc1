import type { Money } from '../money';
import type { CapName } from './denial';

/** Parts of a cap at which the user is warned, in percent. */
export const WARN_AT = [50, 80, 95] as const;

/** So much of a cap is spent. Each threshold is told once for a run, a day and a month. */
export interface Warning {
  readonly cap: CapName;
  /** The threshold that was reached, in percent. */
  readonly percent: (typeof WARN_AT)[number];
  readonly spent: Money;
  readonly limit: Money;
}

/** The highest threshold that `spent` has reached of `limit`; undefined below the first, and where there is no limit. */
export function thresholdOf(spent: Money, limit: Money): Warning['percent'] | undefined {
  return limit === 0n ? undefined : WARN_AT.findLast((percent) => spent * 100n >= limit * BigInt(percent));
}
