import { randomUUID } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { add, type Money, toDecimal, usd, ZERO } from '../../money';
import type { CallBound } from '../entry';
import { learn, type Learned, UNKNOWN } from '../learned';
import { LedgerError } from './errors';
import { readSegment, signedUsd } from './history';
import { Journal } from './journal';
import { type CheckpointLine, type LedgerLine, readLines, VERSION, writeLine, type WrittenEntry } from './line';
import { QuarterSums } from './quarters';
import { createOnce, keepAs, listSegments, replace, type Segment, segmentFile } from './segments';
import { carriedOver, KEPT_MS, LedgerState, readEntry } from './state';

/** What was done about a damaged ledger. */
export interface Repair {
  /** Where the damaged file is now; undefined where it was missing. */
  readonly setAside: string | undefined;
  /** Lines that could not be read, 1 being the first, with how they begin. */
  readonly unreadable: readonly { readonly line: number; readonly excerpt: string }[];
  /** Booked today as unconfirmed: what settled calls cost whose reservation could not be read, and what the user added. */
  readonly assumed: Money;
}

const NO_BOUND: CallBound = { promptBound: 0, promptProxy: 0, promptHard: 0, maxTokens: 0, completionBound: 0 };

/**
 * Sets a damaged ledger aside and goes on with all of it that can be read. To be called only when the user has decided
 * so: what stood in the unreadable lines no longer counts against caps, except for what the user says.
 * @param assume what the unreadable part may have cost, by the user's account; booked today as unconfirmed
 * @param now ms since the epoch
 * @throws LedgerError where the ledger was written by a newer version; then nothing is changed
 */
export async function repairLedger(folder: string, assume: Money, now: number): Promise<Repair> {
  const last = (await listSegments(folder)).at(-1);
  const file = last?.kind === 'ledger' ? segmentFile(folder, last) : undefined;
  const { lines, unreadable } = file === undefined ? { lines: [], unreadable: [] } : await closed(file, now);
  const [first] = lines;
  const checkpoint = first?.type === 'checkpoint' ? first : await earlier(folder, last, now);
  const state = LedgerState.from(checkpoint);
  let orphans = ZERO;
  for (const line of lines) {
    const known = line.type !== 'settle' || state.entries.has(line.id);
    if (!known) orphans = add(orphans, usd(line.cost));
    state.apply(line);
  }
  const next = (last?.number ?? 0) + 1;
  const all = [state.checkpoint(next, now), ...assumedLines(add(assume, orphans), now)];
  const made = await createOnce(segmentFile(folder, { kind: 'ledger', number: next }), written(all));
  // A process that had read the file before it was damaged has gone on from there: it knows what cannot be read here.
  if (!made) await append(folder, assumedLines(assume, now), now);
  const assumed = made ? add(assume, orphans) : assume;
  if (file === undefined) return { setAside: undefined, unreadable, assumed };
  const setAside = file.replace(/\.jsonl$/, '.damaged.jsonl');
  await keepAs(file, setAside);
  // What can be read goes on to be part of the history.
  await replace(file, written(lines));
  return { setAside, unreadable, assumed };
}

/** Closes a segment, so that other processes stop using it, wherever they had read to, and reads it. */
async function closed(file: string, now: number): Promise<Readable> {
  refuseNewer(await readFile(file, 'utf8'), file);
  await appendFile(file, `\n${writeLine({ type: 'seal', at: now })}\n`);
  const text = await readFile(file, 'utf8');
  const all = text.split('\n').map((part) => ({ part, read: readLines(part) }));
  return {
    lines: all.flatMap(({ read }) => read.flatMap((one) => (one.kind === 'line' ? [one.line] : []))),
    unreadable: all.flatMap(({ part, read }, index) =>
      read.some(({ kind }) => kind === 'damaged') ? [{ line: index + 1, excerpt: part.slice(0, 80) }] : [],
    ),
  };
}

interface Readable extends Pick<Repair, 'unreadable'> {
  readonly lines: readonly LedgerLine[];
}

function refuseNewer(text: string, file: string): void {
  const newer = text.split('\n').some((part) => readLines(part).some(({ kind }) => kind === 'newer'));
  if (newer) throw new LedgerError(`The ledger ${file} was written by a newer Solvent. Update this one to mend it.`);
}

async function append(folder: string, lines: readonly LedgerLine[], now: number): Promise<void> {
  if (lines.length === 0) return;
  const journal = new Journal(
    folder,
    () => now,
    () => undefined,
  );
  const { durable } = await journal.append(lines, true);
  await durable;
  await journal.letGo();
}

function written(lines: readonly LedgerLine[]): string {
  return lines.map((line) => `${writeLine(line)}\n`).join('');
}

/** What a segment's lost first line said, as far as the segments before it know. */
async function earlier(folder: string, lost: Segment | undefined, now: number): Promise<CheckpointLine> {
  const sums = new QuarterSums();
  const learned = new Map<string, Learned>();
  const entries = new Map<string, WrittenEntry>();
  for (const segment of await listSegments(folder)) {
    if (segment.number === lost?.number && lost.kind === 'ledger') continue;
    for await (const record of readSegment(folder, segment, false)) {
      if (record.type !== 'call' && record.type !== 'cleared') continue;
      const { entry } = record;
      sums.add(entry.workspace, entry.at, signedUsd(record.type === 'call' ? entry.cost : record.cost));
      entries.set(entry.id, entry);
      if (record.type === 'call') {
        learned.set(entry.model, learn(learned.get(entry.model) ?? UNKNOWN, entry.bound, entry));
      }
    }
  }
  const kept = [...entries.values()].filter((entry) => carriedOver(readEntry(entry), now));
  return {
    ...{ type: 'checkpoint', version: VERSION, segment: lost?.number ?? 0, at: now, entries: kept, warned: [] },
    ...{ sums: sums.written(now - KEPT_MS), learned: Object.fromEntries(learned) },
  };
}

/** Books what is assumed as one settled call that nobody confirmed. */
function assumedLines(assumed: Money, now: number): readonly LedgerLine[] {
  if (assumed === 0n) return [];
  const id = randomUUID();
  const amount = toDecimal(assumed);
  const booking = {
    run: id,
    task: 'unreadable part of the ledger',
    workspace: '',
    role: 'executor',
    model: 'unknown',
  } as const;
  return [
    { type: 'reserve', id, at: now, until: now, ...booking, reserved: amount, bound: NO_BOUND, limits: [] },
    {
      ...{ type: 'settle', id, cost: amount, unconfirmed: amount, promptTokens: 0, completionTokens: 0 },
      ...{ reported: false, violations: [] },
    },
  ];
}
