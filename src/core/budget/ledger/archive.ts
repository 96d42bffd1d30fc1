import { rm } from 'node:fs/promises';
import { add, toDecimal } from '../../money';
import { dayOf } from '../period';
import { codeOf } from './errors';
import {
  type CallRecord,
  type ClearedRecord,
  type DayRecord,
  type HistoryRecord,
  packedRecords,
  type RunsRecord,
  segmentRecords,
  signedUsd,
} from './history';
import { checked } from './line';
import { listSegments, removeDrafts, removePacked, replace, type Segment, segmentFile } from './segments';

/** Calls are kept one by one for so long, in ms; older ones are summed by day, model and role. */
const SINGLE_MS = 400 * 86_400_000;

/**
 * Packs the closed segments of a folder: one line a call, and one line a day for calls of long ago. No cent is lost,
 * and a file that holds damaged lines is left as it is. Several processes may do it at once: they write the same.
 * @param now ms since the epoch
 */
export async function packClosed(folder: string, now: number): Promise<void> {
  await removeDrafts(folder);
  await removePacked(folder);
  const segments = await listSegments(folder);
  for (const segment of segments.slice(0, -1)) {
    if (segment.kind !== 'ledger') continue;
    const records = await gather(segmentRecords(segmentFile(folder, segment), false));
    if (records !== undefined) await pack(folder, segment, 'calls', records);
  }
  for (const segment of segments.filter(({ kind }) => kind === 'calls')) {
    // This very file, and not what another process may have made of it by now.
    const records = await gather(packedRecords(segmentFile(folder, segment)));
    if (records === undefined) continue;
    // Segments are in the order of time, so the first that is too young ends the search.
    if (records.some((record) => timeOf(record) > now - SINGLE_MS)) break;
    await pack(folder, segment, 'days', summedByDay(records));
  }
}

async function pack(
  folder: string,
  from: Segment,
  kind: Segment['kind'],
  records: readonly { readonly type: string }[],
): Promise<void> {
  const to = { kind, number: from.number };
  await replace(segmentFile(folder, to), records.map((record) => `${checked(record)}\n`).join(''));
  // Only now: a process that is killed in between leaves both, and the packed one is read.
  await rm(segmentFile(folder, from), { force: true });
}

/** All records; undefined where some cannot be read, or the file is gone: another process has packed it. */
async function gather(records: AsyncIterable<HistoryRecord>): Promise<readonly HistoryRecord[] | undefined> {
  const all: HistoryRecord[] = [];
  try {
    for await (const record of records) {
      if (record.type === 'damaged') return undefined;
      all.push(record);
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  return all;
}

function timeOf(record: HistoryRecord): number {
  if (record.type === 'call' || record.type === 'cleared') return record.entry.at;
  return record.type === 'run' || record.type === 'end' ? record.at : 0;
}

/** Sums calls by day, workspace, model and role, and runs by day and workspace. */
function summedByDay(records: readonly HistoryRecord[]): readonly HistoryRecord[] {
  const days = new Map<string, DayRecord>();
  const runs = new Map<string, RunsRecord>();
  for (const record of records) {
    if (record.type === 'run') {
      const day = dayOf(record.at);
      const key = JSON.stringify([day, record.workspace]);
      const sum = runs.get(key) ?? { type: 'runs', day, workspace: record.workspace, runs: 0, expected: '0' };
      runs.set(key, { ...sum, runs: sum.runs + 1, expected: sumOf(sum.expected, record.expected) });
    }
    if (record.type !== 'call' && record.type !== 'cleared') continue;
    const { workspace, model, role } = record.entry;
    const day = dayOf(record.entry.at);
    const key = JSON.stringify([day, workspace, model, role]);
    days.set(key, withCall(days.get(key) ?? { ...NOTHING, day, workspace, model, role }, record));
  }
  return [...days.values(), ...runs.values()];
}

const NOTHING: Omit<DayRecord, 'day' | 'workspace' | 'model' | 'role'> = {
  type: 'day',
  ...{ calls: 0, promptTokens: 0, completionTokens: 0, violations: 0 },
  ...{ reserved: '0', cost: '0', unconfirmed: '0' },
};

function withCall(sum: DayRecord, record: CallRecord | ClearedRecord): DayRecord {
  const { entry } = record;
  const change = record.type === 'call' ? entry : record;
  const amounts = { cost: sumOf(sum.cost, change.cost), unconfirmed: sumOf(sum.unconfirmed, change.unconfirmed) };
  if (record.type === 'cleared') return { ...sum, ...amounts };
  return {
    ...sum,
    ...amounts,
    calls: sum.calls + 1,
    promptTokens: sum.promptTokens + entry.promptTokens,
    completionTokens: sum.completionTokens + entry.completionTokens,
    reserved: sumOf(sum.reserved, entry.reserved),
    violations: sum.violations + (entry.violations.length > 0 ? 1 : 0),
  };
}

function sumOf(one: string, other: string): string {
  return toDecimal(add(signedUsd(one), signedUsd(other)));
}
