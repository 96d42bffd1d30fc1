import { type HistoryRecord, readHistory } from '../core/budget/ledger';
import { csvLine, type CsvValue } from './csv';
import { isoTime } from './when';

export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** An amount as exact decimal USD. */
interface Amount {
  readonly decimal: string;
}

/**
 * One row of an export, with the columns of the CSV and the fields of the JSON: a call with what is known of its run,
 * or the sum of a day's calls of long ago. Empty is what is not known.
 */
export interface ExportRow {
  readonly kind: 'call' | 'day';
  /** When the call was reserved: ISO 8601 with zone. */
  readonly time: string | undefined;
  /** The day that it counts towards. */
  readonly day: string;
  readonly id: string | undefined;
  readonly run: string | undefined;
  readonly task: string | undefined;
  readonly workspace: string;
  readonly role: string;
  readonly model: string;
  readonly state: string | undefined;
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Whether the tokens are the provider's own report. */
  readonly reported: boolean | undefined;
  readonly promptBound: number | undefined;
  readonly maxTokens: number | undefined;
  readonly completionBound: number | undefined;
  readonly reservedUsd: Amount;
  readonly costUsd: Amount;
  readonly unconfirmedUsd: Amount;
  readonly violations: readonly string[];
  readonly runStatus: string | undefined;
  readonly runBudgetUsd: Amount | undefined;
  readonly runExpectedUsd: Amount | undefined;
  readonly runWorstUsd: Amount | undefined;
}

type RunFields = Pick<ExportRow, 'runStatus' | 'runBudgetUsd' | 'runExpectedUsd' | 'runWorstUsd'>;
type CallEntry = (HistoryRecord & { readonly type: 'call' })['entry'];

const NO_RUN: RunFields = {
  runStatus: undefined,
  runBudgetUsd: undefined,
  runExpectedUsd: undefined,
  runWorstUsd: undefined,
};

/**
 * Every call of a ledger, in the order in which it was settled. The ledger is read twice, so that a call comes with the
 * end of its run and with what it was cleared at, however much later that was; only runs are held in memory.
 * @param unreadable is told of every line that cannot be read
 */
export async function* exportRows(
  folder: string,
  unreadable: (file: string, line: number) => void,
): AsyncGenerator<ExportRow, void> {
  const runs = new Map<string, RunFields>();
  const cleared = new Map<string, CallEntry>();
  for await (const record of readHistory(folder)) {
    if (record.type === 'run') {
      const { run, budget, expected, worst } = record;
      const { runExpectedUsd = amount(expected), runWorstUsd = amount(worst), runStatus } = runs.get(run) ?? NO_RUN;
      runs.set(run, { runStatus, runBudgetUsd: amount(budget), runExpectedUsd, runWorstUsd });
    } else if (record.type === 'end') {
      runs.set(record.run, { ...(runs.get(record.run) ?? NO_RUN), runStatus: record.status });
    } else if (record.type === 'cleared') cleared.set(record.entry.id, record.entry);
  }
  for await (const record of readHistory(folder)) {
    if (record.type === 'call') {
      const entry = cleared.get(record.entry.id) ?? record.entry;
      yield callRow(entry, runs.get(entry.run) ?? NO_RUN);
    } else if (record.type === 'day') yield dayRow(record);
    else if (record.type === 'damaged') unreadable(record.file, record.number);
  }
}

/** The text of an export, in pieces: a header and a line a row, or an array of an object a line. */
export async function* exportText(rows: AsyncIterable<ExportRow>, format: ExportFormat): AsyncGenerator<string, void> {
  if (format === 'csv') {
    yield csvLine(COLUMNS);
    for await (const row of rows) yield csvLine(COLUMNS.map((column) => csvValue(row[column])));
    return;
  }
  let before = '[\n';
  for await (const row of rows) {
    yield before + jsonRow(row);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** The columns of the CSV, in order. */
export const COLUMNS = [
  ...(['kind', 'time', 'day', 'id', 'run', 'task', 'workspace', 'role', 'model', 'state'] as const),
  ...(['calls', 'promptTokens', 'completionTokens', 'reported'] as const),
  ...(['promptBound', 'maxTokens', 'completionBound'] as const),
  ...(['reservedUsd', 'costUsd', 'unconfirmedUsd', 'violations'] as const),
  ...(['runStatus', 'runBudgetUsd', 'runExpectedUsd', 'runWorstUsd'] as const),
] satisfies readonly (keyof ExportRow)[];

function callRow(entry: CallEntry, run: RunFields): ExportRow {
  const { at, id, task, workspace, role, model, state, promptTokens, completionTokens, reported, bound } = entry;
  const time = isoTime(at);
  const { promptBound, maxTokens, completionBound } = bound;
  return {
    ...{ kind: 'call', time, day: time.slice(0, 10), id, run: entry.run, task, workspace, role, model, state },
    ...{ calls: 1, promptTokens, completionTokens, reported, promptBound, maxTokens, completionBound },
    ...{ reservedUsd: amount(entry.reserved), costUsd: amount(entry.cost), unconfirmedUsd: amount(entry.unconfirmed) },
    violations: entry.violations,
    ...run,
  };
}

function dayRow(record: HistoryRecord & { readonly type: 'day' }): ExportRow {
  const { day, workspace, role, model, calls, promptTokens, completionTokens } = record;
  return {
    ...{ kind: 'day', time: undefined, day, id: undefined, run: undefined, task: undefined, workspace, role, model },
    ...{ state: undefined, calls, promptTokens, completionTokens, reported: undefined },
    ...{ promptBound: undefined, maxTokens: undefined, completionBound: undefined },
    ...{ reservedUsd: amount(record.reserved), costUsd: amount(record.cost) },
    ...{ unconfirmedUsd: amount(record.unconfirmed), violations: [], ...NO_RUN },
  };
}

function amount(decimal: string): Amount {
  return { decimal };
}

function csvValue(value: ExportRow[keyof ExportRow]): CsvValue {
  if (typeof value === 'boolean') return String(value);
  return isList(value) ? value.join('; ') : value;
}

function jsonRow(row: ExportRow): string {
  const fields = COLUMNS.flatMap((column) => {
    const value = row[column];
    if (value === undefined) return [];
    const text = typeof value === 'object' && !isList(value) ? value.decimal : JSON.stringify(value);
    return [`${JSON.stringify(column)}:${text}`];
  });
  return `{${fields.join(',')}}`;
}

function isList(value: ExportRow[keyof ExportRow]): value is readonly string[] {
  return Array.isArray(value);
}
