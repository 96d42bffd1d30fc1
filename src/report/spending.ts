import { type HistoryRecord, signedUsd } from '../core/budget/ledger';
import { dayOf } from '../core/budget/period';
import { add, type Money, usd, ZERO } from '../core/money';
import type { Violation } from '../core/budget/violation';
import type { Role } from '../core/providers/message';

/** What a group of calls came to. `unconfirmedUsd` is the part that no provider has confirmed. */
export interface Total {
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reservedUsd: Money;
  readonly costUsd: Money;
  readonly confirmedUsd: Money;
  readonly unconfirmedUsd: Money;
  /** Calls with which a provider broke its word. */
  readonly violations: number;
}

/** A run, with what its plan expected. `status` is missing where the run was not seen to end. */
export interface RunTotal extends Total {
  readonly run: string;
  readonly task: string;
  readonly day: string;
  /** When it began, or its first call was reserved, ms since the epoch. */
  readonly at: number;
  readonly workspace: string;
  readonly status?: string;
  readonly budgetUsd?: Money;
  readonly expectedUsd?: Money;
}

/** How often a model's provider broke its word in one way. Of calls of long ago it is not known in which. */
export interface Broken {
  readonly model: string;
  readonly violation?: Violation;
  readonly times: number;
}

/** How good estimates were, over all runs that ended. */
export interface Estimates {
  readonly runs: number;
  readonly expectedUsd: Money;
  readonly actualUsd: Money;
  readonly budgetUsd: Money;
  /** The median of actual over expected; undefined without runs. */
  readonly medianRatio?: number;
}

/** The ledger as `ledger --json` prints it; days, months and runs in the order in which they began, others by name. */
export interface SpendingReport {
  readonly total: Total;
  readonly days: readonly ({ readonly day: string } & Total)[];
  readonly months: readonly ({ readonly month: string } & Total)[];
  readonly models: readonly ({ readonly model: string } & Total)[];
  readonly roles: readonly ({ readonly role: Role } & Total)[];
  readonly runs: readonly RunTotal[];
  readonly estimates: Estimates;
  readonly violations: readonly Broken[];
  /** Lines that could not be read: what they said is missing above, but not from the sums that caps are held against. */
  readonly unreadable: readonly { readonly file: string; readonly line: number }[];
}

/** The words in which a call is counted. */
interface Counted {
  readonly day: string;
  readonly model: string;
  readonly role: Role;
  readonly run: string | undefined;
  readonly total: Total;
}

interface RunFacts {
  readonly task: string;
  readonly day: string;
  readonly at: number;
  readonly workspace: string;
  readonly status?: string;
  readonly budgetUsd?: Money;
  readonly expectedUsd?: Money;
}

export const NO_CALLS: Total = {
  ...{ calls: 0, promptTokens: 0, completionTokens: 0, violations: 0 },
  ...{ reservedUsd: ZERO, costUsd: ZERO, confirmedUsd: ZERO, unconfirmedUsd: ZERO },
};

/** Adds up a ledger, record by record. */
export class Spending {
  #total = NO_CALLS;
  readonly #days = new Map<string, Total>();
  readonly #models = new Map<string, Total>();
  readonly #roles = new Map<Role, Total>();
  readonly #runs = new Map<string, Total>();
  readonly #facts = new Map<string, RunFacts>();
  readonly #broken = new Map<string, Broken>();
  readonly #unreadable: { readonly file: string; readonly line: number }[] = [];

  /** Reads a whole ledger. */
  static async of(records: AsyncIterable<HistoryRecord>): Promise<SpendingReport> {
    const spending = new Spending();
    for await (const record of records) spending.add(record);
    return spending.report();
  }

  add(record: HistoryRecord): void {
    switch (record.type) {
      case 'run':
        this.#begun(record);
        return;
      case 'end': {
        const facts = this.#facts.get(record.run);
        if (facts !== undefined) this.#facts.set(record.run, { ...facts, status: record.status });
        return;
      }
      case 'damaged':
        this.#unreadable.push({ file: record.file, line: record.number });
        return;
      case 'runs':
        return;
      default:
        if (record.type === 'call') this.#met(record);
        if (record.type === 'day') this.#broke(record.model, undefined, record.violations);
        this.#count(countedOf(record));
    }
  }

  report(): SpendingReport {
    const months = new Map<string, Total>();
    for (const [day, total] of this.#days) addTo(months, day.slice(0, 7), total);
    const byName = <K extends string, V>(map: ReadonlyMap<K, V>): [K, V][] =>
      [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    const runs = [...this.#runs].map(([run, total]) => ({ run, ...this.#factsOf(run), ...total }));
    return {
      total: this.#total,
      days: byName(this.#days).map(([day, total]) => ({ day, ...total })),
      months: byName(months).map(([month, total]) => ({ month, ...total })),
      models: byName(this.#models).map(([model, total]) => ({ model, ...total })),
      roles: byName(this.#roles).map(([role, total]) => ({ role, ...total })),
      runs,
      estimates: estimatesOf(runs),
      violations: byName(this.#broken).map(([, broken]) => broken),
      unreadable: this.#unreadable,
    };
  }

  /** A budget that was raised is announced again: the plan's expectation stays that of the first announcement. */
  #begun(record: HistoryRecord & { readonly type: 'run' }): void {
    const { run, task, workspace, at } = record;
    const known = this.#facts.get(run);
    this.#facts.set(run, {
      ...{ task, workspace, at, day: dayOf(at), expectedUsd: usd(record.expected) },
      ...known,
      budgetUsd: usd(record.budget),
    });
  }

  /** The calls of a run know their task, too, should its announcement be missing. */
  #met({ entry }: HistoryRecord & { readonly type: 'call' }): void {
    const { run, task, workspace, at, model, violations } = entry;
    if (!this.#facts.has(run)) this.#facts.set(run, { task, workspace, at, day: dayOf(at) });
    for (const violation of violations) this.#broke(model, violation, 1);
  }

  #broke(model: string, violation: Violation | undefined, times: number): void {
    if (times === 0) return;
    const key = JSON.stringify([model, violation]);
    const known = this.#broken.get(key)?.times ?? 0;
    this.#broken.set(key, { model, ...(violation === undefined ? {} : { violation }), times: known + times });
  }

  #factsOf(run: string): RunFacts {
    return this.#facts.get(run) ?? { task: '', day: '', at: 0, workspace: '' };
  }

  #count({ day, model, role, run, total }: Counted): void {
    this.#total = plus(this.#total, total);
    addTo(this.#days, day, total);
    addTo(this.#models, model, total);
    addTo(this.#roles, role, total);
    if (run !== undefined) addTo(this.#runs, run, total);
  }
}

function countedOf(record: HistoryRecord & { readonly type: 'call' | 'cleared' | 'day' }): Counted {
  if (record.type === 'day') {
    const { day, model, role, calls, promptTokens, completionTokens, violations } = record;
    const amounts = amountsOf(record.cost, record.unconfirmed);
    const tokens = { promptTokens, completionTokens };
    return {
      ...{ day, model, role, run: undefined },
      total: { calls, ...tokens, reservedUsd: usd(record.reserved), ...amounts, violations },
    };
  }
  const { entry } = record;
  const about = { day: dayOf(entry.at), model: entry.model, role: entry.role, run: entry.run };
  if (record.type === 'cleared') {
    return { ...about, total: { ...NO_CALLS, ...amountsOf(record.cost, record.unconfirmed) } };
  }
  const { promptTokens, completionTokens } = entry;
  return {
    ...about,
    total: {
      ...{ calls: 1, promptTokens, completionTokens, reservedUsd: usd(entry.reserved) },
      ...amountsOf(entry.cost, entry.unconfirmed),
      violations: entry.violations.length > 0 ? 1 : 0,
    },
  };
}

function amountsOf(cost: string, unconfirmed: string): Pick<Total, 'costUsd' | 'confirmedUsd' | 'unconfirmedUsd'> {
  const [costUsd, unconfirmedUsd] = [signedUsd(cost), signedUsd(unconfirmed)];
  return { costUsd, unconfirmedUsd, confirmedUsd: (costUsd - unconfirmedUsd) as Money };
}

function addTo<K>(map: Map<K, Total>, key: K, total: Total): void {
  const known = map.get(key);
  map.set(key, known === undefined ? total : plus(known, total));
}

function plus(one: Total, other: Total): Total {
  return {
    calls: one.calls + other.calls,
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
    violations: one.violations + other.violations,
    reservedUsd: add(one.reservedUsd, other.reservedUsd),
    costUsd: add(one.costUsd, other.costUsd),
    confirmedUsd: add(one.confirmedUsd, other.confirmedUsd),
    unconfirmedUsd: add(one.unconfirmedUsd, other.unconfirmedUsd),
  };
}

function estimatesOf(runs: readonly RunTotal[]): Estimates {
  const ended = runs.filter(({ status, expectedUsd }) => status !== undefined && expectedUsd !== undefined);
  const sum = (of: (run: RunTotal) => Money | undefined): Money =>
    ended.reduce((total, run) => add(total, of(run) ?? ZERO), ZERO);
  const ratios = ended
    .filter(({ expectedUsd }) => expectedUsd !== undefined && expectedUsd > 0n)
    .map(({ costUsd, expectedUsd }) => Number(costUsd) / Number(expectedUsd))
    .sort((a, b) => a - b);
  const median = ratios[Math.floor(ratios.length / 2)];
  return {
    runs: ended.length,
    expectedUsd: sum(({ expectedUsd }) => expectedUsd),
    actualUsd: sum(({ costUsd }) => costUsd),
    budgetUsd: sum(({ budgetUsd }) => budgetUsd),
    ...(median === undefined ? {} : { medianRatio: median }),
  };
}
