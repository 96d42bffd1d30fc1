import { createReadStream } from 'node:fs';
import { type Money, subtract, toDecimal, usd, ZERO } from '../../money';
import type { Role } from '../../providers/message';
import type { Entry } from '../entry';
import { codeOf } from './errors';
import { type LedgerLine, readChecked, readLines, type WrittenEntry } from './line';
import { listSegments, type Segment, segmentFile } from './segments';
import { LedgerState, readEntry, writeEntry } from './state';

/** A call, as the segment has it in which it was settled; the last segment also has those that are still open. */
export interface CallRecord {
  readonly type: 'call';
  readonly entry: WrittenEntry;
}

/** A call of an earlier segment was cleared: its amounts change by so much. Decimal USD, perhaps negative. */
export interface ClearedRecord {
  readonly type: 'cleared';
  readonly entry: WrittenEntry;
  readonly cost: string;
  readonly unconfirmed: string;
}

/** Calls of long ago, summed up. Amounts are decimal USD. */
export interface DayRecord {
  readonly type: 'day';
  /** "2026-11-20". */
  readonly day: string;
  readonly workspace: string;
  readonly model: string;
  readonly role: Role;
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reserved: string;
  readonly cost: string;
  readonly unconfirmed: string;
  /** Calls with which the provider broke its word. */
  readonly violations: number;
}

/** Runs of long ago, summed up by the day on which they began. */
export interface RunsRecord {
  readonly type: 'runs';
  readonly day: string;
  readonly workspace: string;
  readonly runs: number;
  /** What their plans expected, decimal USD. */
  readonly expected: string;
}

export type RunRecord = LedgerLine & { readonly type: 'run' };
export type EndRecord = LedgerLine & { readonly type: 'end' };

/** A line of a file that cannot be read. What it said about money is still in the sums that caps are held against. */
export interface DamagedRecord {
  readonly type: 'damaged';
  readonly file: string;
  /** 1 is the first. */
  readonly number: number;
}

export type HistoryRecord = CallRecord | ClearedRecord | DayRecord | RunRecord | RunsRecord | EndRecord | DamagedRecord;

/** Reads decimal USD that may be negative, as in a {@link ClearedRecord}. */
export function signedUsd(text: string): Money {
  return text.startsWith('-') ? subtract(ZERO, usd(text.slice(1))) : usd(text);
}

/** Everything that is on a ledger, in the order in which it was settled. Files are read as they are asked for. */
export async function* readHistory(folder: string): AsyncGenerator<HistoryRecord, void> {
  const segments = await listSegments(folder);
  for (const segment of segments) yield* readSegment(folder, segment, segment === segments.at(-1));
}

/** The records of one file. @param last whether it is the one that is appended to */
export async function* readSegment(
  folder: string,
  segment: Segment,
  last: boolean,
): AsyncGenerator<HistoryRecord, void> {
  const file = segmentFile(folder, segment);
  try {
    if (segment.kind === 'ledger') yield* segmentRecords(file, last);
    else yield* packedRecords(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    // It was packed since the folder was looked at.
    const packed = (await listSegments(folder)).find(({ number }) => number === segment.number);
    if (packed !== undefined && packed.kind !== segment.kind) yield* readSegment(folder, packed, false);
  }
}

/** The records of a segment as it was written. @param last whether it is the one that is appended to */
export async function* segmentRecords(file: string, last: boolean): AsyncGenerator<HistoryRecord, void> {
  let state: LedgerState | undefined;
  const carried = new Map<string, Entry>();
  const cleared: ClearedRecord[] = [];
  for await (const { text, number } of linesOf(file)) {
    for (const read of readLines(text)) {
      if (read.kind === 'torn') continue;
      if (read.kind !== 'line') {
        yield { type: 'damaged', file, number };
        continue;
      }
      const { line } = read;
      if (line.type === 'checkpoint') {
        state = LedgerState.from(line);
        for (const entry of line.entries) if (entry.state === 'settled') carried.set(entry.id, readEntry(entry));
        continue;
      }
      state ??= new LedgerState();
      if (!state.apply(line)) continue;
      if (line.type === 'run' || line.type === 'end') yield line;
      if (line.type === 'clear') cleared.push(...clearedRecords(carried.get(line.id), state.entries.get(line.id)));
    }
  }
  if (state === undefined) return;
  for (const entry of state.entries.values()) {
    if (carried.has(entry.id)) continue;
    // What is carried over open belongs to the segment that sees its end.
    const open = entry.state !== 'settled';
    if (open && !last && state.sealed !== undefined && state.carriesOver(entry, state.sealed)) continue;
    yield { type: 'call', entry: writeEntry(entry) };
  }
  yield* cleared;
}

function clearedRecords(before: Entry | undefined, after: Entry | undefined): ClearedRecord[] {
  if (before === undefined || after === undefined) return [];
  const change = (of: (entry: Entry) => Money): string => toDecimal(subtract(of(after), of(before)));
  return [
    {
      type: 'cleared',
      entry: writeEntry(after),
      cost: change(({ cost }) => cost),
      unconfirmed: change(({ unconfirmed }) => unconfirmed),
    },
  ];
}

/** The records of a packed segment. */
export async function* packedRecords(file: string): AsyncGenerator<HistoryRecord, void> {
  for await (const { text, number } of linesOf(file)) {
    const record = readChecked(text) as HistoryRecord | undefined;
    yield record ?? { type: 'damaged', file, number };
  }
}

/** The lines of a file; the last one also where it has no newline. */
async function* linesOf(file: string): AsyncGenerator<{ readonly text: string; readonly number: number }, void> {
  let number = 0;
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const texts = `${rest}${chunk}`.split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      number += 1;
      if (text !== '') yield { text, number };
    }
  }
  if (rest !== '') yield { text: rest, number: number + 1 };
}
