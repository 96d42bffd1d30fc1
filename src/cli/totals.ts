import type { Entry } from '../core/budget/entry';
import { dayOf } from '../core/budget/period';
import { add, type Money, ZERO } from '../core/money';

/** What a group of calls came to. `unconfirmedUsd` is the part that is booked at its worst case. */
export interface Total {
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: Money;
  readonly confirmedUsd: Money;
  readonly unconfirmedUsd: Money;
}

/** The ledger as `ledger --json` prints it; days and runs in the order in which they began, models by name. */
export interface LedgerReport {
  readonly total: Total;
  readonly days: readonly ({ readonly day: string } & Total)[];
  readonly models: readonly ({ readonly model: string } & Total)[];
  readonly runs: readonly ({ readonly run: string; readonly task: string; readonly day: string } & Total)[];
}

type Counted = Pick<
  Entry,
  'at' | 'run' | 'task' | 'model' | 'cost' | 'confirmed' | 'promptTokens' | 'completionTokens'
>;

/** Adds up the calls of a ledger by day, model and run. */
export function ledgerReport(entries: readonly Counted[]): LedgerReport {
  const days = grouped(entries, ({ at }) => dayOf(at));
  const models = grouped(entries, ({ model }) => model);
  const runs = grouped(entries, ({ run }) => run);
  return {
    total: totalOf(entries),
    days: [...days].map(([day, group]) => ({ day, ...totalOf(group) })),
    models: [...models].sort(([a], [b]) => (a < b ? -1 : 1)).map(([model, group]) => ({ model, ...totalOf(group) })),
    runs: [...runs].map(([run, group]) => ({
      run,
      task: group[0]?.task ?? '',
      day: dayOf(group[0]?.at ?? 0),
      ...totalOf(group),
    })),
  };
}

function grouped(entries: readonly Counted[], key: (entry: Counted) => string): Map<string, Counted[]> {
  const groups = new Map<string, Counted[]>();
  for (const entry of entries) {
    const group = groups.get(key(entry));
    if (group === undefined) groups.set(key(entry), [entry]);
    else group.push(entry);
  }
  return groups;
}

function totalOf(entries: readonly Counted[]): Total {
  const sum = (of: readonly Counted[]): Money => of.reduce((total, { cost }) => add(total, cost), ZERO);
  return {
    calls: entries.length,
    promptTokens: entries.reduce((tokens, entry) => tokens + entry.promptTokens, 0),
    completionTokens: entries.reduce((tokens, entry) => tokens + entry.completionTokens, 0),
    costUsd: sum(entries),
    confirmedUsd: sum(entries.filter(({ confirmed }) => confirmed)),
    unconfirmedUsd: sum(entries.filter(({ confirmed }) => !confirmed)),
  };
}
