import type { HistoryRecord } from '../core/budget/ledger';
import { add, type Money, usd, ZERO } from '../core/money';
import type { GroupedCall } from './callGroups';

type CallRecord = HistoryRecord & { readonly type: 'call' };
type RunRecord = HistoryRecord & { readonly type: 'run' };

/** A call of a run as it stands on the ledger. Amounts are exact. */
export interface PastCall extends GroupedCall, Omit<CallRecord['entry'], 'reserved' | 'cost' | 'unconfirmed'> {}

/** A run as the ledger has it. What a plan promised is missing where its announcement cannot be read. */
export interface PastRun {
  readonly run: string;
  readonly task: string;
  readonly workspace: string;
  /** ms since the epoch. */
  readonly beganAt: number;
  readonly endedAt?: number;
  readonly status?: string;
  /** The budget at first, and after every raise. */
  readonly budgets: readonly Money[];
  readonly expected?: Money;
  readonly worst?: Money;
  /** In the order in which they were reserved. */
  readonly calls: readonly PastCall[];
}

/** What the calls of a run add up to. */
export interface PastSums {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reserved: Money;
  readonly cost: Money;
  readonly unconfirmed: Money;
}

/** The runs of a ledger whose id begins so, in the order in which they are met. */
export async function pastRuns(records: AsyncIterable<HistoryRecord>, prefix: string): Promise<readonly PastRun[]> {
  const runs = new Map<string, PastRun>();
  for await (const record of records) {
    const id = runOf(record);
    if (id?.startsWith(prefix) === true) take(runs, id, record);
  }
  return [...runs.values()].map((run) => ({ ...run, calls: run.calls.toSorted((a, b) => a.at - b.at) }));
}

export function sumsOf(calls: readonly PastCall[]): PastSums {
  const amount = (of: (call: PastCall) => Money): Money => add(ZERO, ...calls.map(of));
  const tokens = (of: (call: PastCall) => number): number => calls.reduce((sum, call) => sum + of(call), 0);
  return {
    promptTokens: tokens(({ promptTokens }) => promptTokens),
    completionTokens: tokens(({ completionTokens }) => completionTokens),
    reserved: amount(({ reserved }) => reserved),
    cost: amount(({ cost }) => cost),
    unconfirmed: amount(({ unconfirmed }) => unconfirmed),
  };
}

function runOf(record: HistoryRecord): string | undefined {
  switch (record.type) {
    case 'run':
    case 'end':
      return record.run;
    case 'call':
    case 'cleared':
      return record.entry.run;
    default:
      return undefined;
  }
}

function take(runs: Map<string, PastRun>, id: string, record: HistoryRecord): void {
  const known = runs.get(id);
  switch (record.type) {
    case 'run':
      runs.set(id, begun(known, record));
      return;
    case 'end':
      if (known !== undefined) runs.set(id, { ...known, endedAt: record.at, status: record.status });
      return;
    case 'call':
    case 'cleared': {
      const { run, task, workspace, at } = record.entry;
      const of = known ?? { run, task, workspace, beganAt: at, budgets: [], calls: [] };
      const others = of.calls.filter((call) => call.id !== record.entry.id);
      runs.set(id, { ...of, calls: [...others, callOf(record.entry)] });
      return;
    }
    default:
  }
}

/** A raise is announced as the run was, with a larger budget. */
function begun(known: PastRun | undefined, { run, task, workspace, at, ...amounts }: RunRecord): PastRun {
  const budget = usd(amounts.budget);
  const fresh = { run, task, workspace, beganAt: at, budgets: [], calls: [] };
  return {
    ...{ expected: usd(amounts.expected), worst: usd(amounts.worst) },
    ...(known ?? fresh),
    budgets: [...(known?.budgets ?? []), budget],
  };
}

function callOf({ reserved, cost, unconfirmed, ...entry }: CallRecord['entry']): PastCall {
  return { ...entry, reserved: usd(reserved), cost: usd(cost), unconfirmed: usd(unconfirmed) };
}
