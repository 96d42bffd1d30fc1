import type { PeriodCaps } from '../core/budget/caps';
import type { Entry } from '../core/budget/entry';
import type { Learned } from '../core/budget/learned';
import { type Ledger, type PeriodTotals, readHistory } from '../core/budget/ledger';
import { Spending, type SpendingReport } from './spending';

/** What only a ledger that can be read to its end knows. */
export interface LiveFacts {
  readonly totals: PeriodTotals;
  /** By model. */
  readonly learned: ReadonlyMap<string, Learned>;
  /** Calls without a confirmed bill that can be cleared, oldest first. */
  readonly clearable: readonly Entry[];
  /** Calls whose outcome is awaited: they count at their worst case. */
  readonly awaited: readonly Entry[];
}

/** All that a report of spending says. */
export interface SpendingFacts {
  /** Folder of the ledger. */
  readonly folder: string;
  readonly report: SpendingReport;
  /** Missing where the ledger is damaged. */
  readonly live?: LiveFacts;
  /** Why nothing can be spent: what is damaged, in a sentence. */
  readonly damage?: string;
  /** The user's caps, where they are known. */
  readonly caps?: PeriodCaps;
  /** Why they are not, in a sentence. */
  readonly capsProblem?: string;
}

/** Reads what a ledger holds. Reservations that have lapsed are gone before they are counted. */
export async function spendingFacts(ledger: Ledger): Promise<SpendingFacts> {
  const { folder } = ledger;
  const totals = await ledger.totals();
  const report = await Spending.of(readHistory(folder));
  const clearable = await ledger.unconfirmed();
  const ids = new Set(clearable.map(({ id }) => id));
  const awaited = (await ledger.open()).filter(({ id }) => !ids.has(id));
  return { folder, report, live: { totals, learned: ledger.models, clearable, awaited } };
}

/** Reads what can be read of a damaged ledger. */
export async function damagedFacts(folder: string, damage: string): Promise<SpendingFacts> {
  return { folder, report: await Spending.of(readHistory(folder)), damage };
}
