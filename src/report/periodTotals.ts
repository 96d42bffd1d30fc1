import type { Entry } from '../core/budget/entry';
import { dayOf, monthOf } from '../core/budget/period';
import { add, type Money, ZERO } from '../core/money';

/** What was spent in the calendar day and month of a moment, by everyone who shares the ledger. */
export interface PeriodTotals {
  readonly day: Money;
  readonly month: Money;
}

/** Adds up the calls of the day and the month that `at` (ms since the epoch) lies in. */
export function periodTotals(entries: readonly Pick<Entry, 'at' | 'cost'>[], at: number): PeriodTotals {
  const month = entries.filter((entry) => monthOf(entry.at) === monthOf(at));
  const day = month.filter((entry) => dayOf(entry.at) === dayOf(at));
  return { day: total(day), month: total(month) };
}

function total(entries: readonly Pick<Entry, 'cost'>[]): Money {
  return entries.reduce((sum, { cost }) => add(sum, cost), ZERO);
}
