import { toDecimal, usd } from '../money';
import type { Booking, Entry, Settlement } from './entry';

/** What is appended to the ledger's file, one JSON object a line. Amounts are exact decimal USD in strings. */
export type LedgerLine =
  | ({ readonly type: 'reserve'; readonly id: string; readonly at: number; readonly until: number } & Booking & {
        readonly reserved: string;
      })
  | { readonly type: 'sent'; readonly id: string }
  | ({ readonly type: 'settle'; readonly id: string; readonly cost: string } & Omit<Settlement, 'cost'>)
  | { readonly type: 'release'; readonly id: string };

/** Takes one line into account. Lines of unknown reservations are left out: their reservation was compacted away. */
export function applyLine(entries: Map<string, Entry>, line: LedgerLine): void {
  if (line.type === 'reserve') {
    const { id, at, until, run, task, workspace, role, model } = line;
    const reserved = usd(line.reserved);
    entries.set(id, {
      ...{ id, at, until, run, task, workspace, role, model },
      ...{ reserved, cost: reserved, confirmed: false, promptTokens: 0, completionTokens: 0 },
      state: 'reserved',
    });
    return;
  }
  const entry = entries.get(line.id);
  if (entry === undefined) return;
  switch (line.type) {
    case 'sent':
      entries.set(line.id, { ...entry, state: 'sent' });
      return;
    case 'settle': {
      const { confirmed, promptTokens, completionTokens } = line;
      entries.set(line.id, {
        ...entry,
        cost: usd(line.cost),
        confirmed,
        promptTokens,
        completionTokens,
        state: 'settled',
      });
      return;
    }
    case 'release':
      entries.set(line.id, { ...entry, state: 'released' });
      return;
  }
}

export function settleLine(id: string, settlement: Settlement): LedgerLine {
  return { type: 'settle', id, ...settlement, cost: toDecimal(settlement.cost) };
}

const FIELDS: Readonly<Record<LedgerLine['type'], readonly (readonly [string, 'string' | 'number' | 'boolean'])[]>> = {
  reserve: [
    ['at', 'number'],
    ['until', 'number'],
    ['run', 'string'],
    ['task', 'string'],
    ['workspace', 'string'],
    ['role', 'string'],
    ['model', 'string'],
    ['reserved', 'string'],
  ],
  sent: [],
  settle: [
    ['cost', 'string'],
    ['confirmed', 'boolean'],
    ['promptTokens', 'number'],
    ['completionTokens', 'number'],
  ],
  release: [],
};

/** Reads a line; undefined where it is not one of ours. */
export function parseLine(text: string): LedgerLine | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const fields = json as Record<string, unknown>;
  const type = fields['type'];
  if (typeof type !== 'string' || !Object.hasOwn(FIELDS, type) || typeof fields['id'] !== 'string') return undefined;
  const whole = FIELDS[type as LedgerLine['type']].every(([name, kind]) => typeof fields[name] === kind);
  return whole && isAmount(fields['reserved']) && isAmount(fields['cost']) ? (json as LedgerLine) : undefined;
}

function isAmount(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && /^\d+(\.\d{1,15})?$/.test(value));
}
