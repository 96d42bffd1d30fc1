import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { packClosed } from '../../core/budget/ledger/archive';
import { isFull } from '../../core/budget/ledger/journal';
import { type LedgerLine, writeLine } from '../../core/budget/ledger/line';
import { segmentFile } from '../../core/budget/ledger/segments';
import { LedgerState } from '../../core/budget/ledger/state';
import { startOfDay, startOfMonth } from '../../core/budget/period';
import { toDecimal } from '../../core/money';
import { BILL, bookingOf, BOUND, RESERVED } from './calls';

const LIMIT = '1000000';
/** So many segments are written before they are packed. */
const PACKED_TOGETHER = 100;
/** Of so many calls, one has no known outcome. */
const UNKNOWN_OF = 500;

/**
 * Writes the ledger that would be there after so many calls over some days up to `now` (ms since the epoch), line by
 * line as the ledger does, closed and packed by the ledger's own code; only that nothing waits for the disk.
 */
export async function generate(folder: string, calls: number, days: number, now: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  let segment = new SegmentText(1, new LedgerState(), now - days * 86_400_000);
  for (let index = 0; index < calls; index++) {
    const at = Math.round(now - days * 86_400_000 * (1 - index / calls));
    for (const line of callLines(index, at)) segment.add(line);
    if (!isFull(segment.bytes, segment.first)) continue;
    segment.add({ type: 'seal', at });
    await segment.write(folder);
    const { number, state } = segment;
    segment = new SegmentText(number + 1, state, at);
    if (number % PACKED_TOGETHER !== 0) continue;
    await segment.write(folder);
    await packClosed(folder, now);
  }
  await segment.write(folder);
  await packClosed(folder, now);
}

/** A segment that is being written, with the state that its lines come to. */
class SegmentText {
  readonly state: LedgerState;
  readonly #text: string[] = [];
  /** Bytes of its first line. */
  readonly first: number;
  bytes = 0;

  constructor(
    readonly number: number,
    before: LedgerState,
    at: number,
  ) {
    const checkpoint = before.checkpoint(number, at);
    this.state = LedgerState.from(checkpoint);
    this.#push(checkpoint);
    this.first = this.bytes;
  }

  add(line: LedgerLine): void {
    if (!this.state.apply(line)) throw new Error('Every line of the benchmark takes effect.');
    this.#push(line);
  }

  async write(folder: string): Promise<void> {
    await writeFile(segmentFile(folder, { kind: 'ledger', number: this.number }), this.#text.join(''));
  }

  #push(line: LedgerLine): void {
    const text = `${writeLine(line)}\n`;
    this.#text.push(text);
    this.bytes += text.length;
  }
}

function callLines(index: number, at: number): readonly LedgerLine[] {
  const id = randomUUID();
  const booking = bookingOf(index);
  const { run, task, workspace } = booking;
  const [day, month] = [startOfDay(at), startOfMonth(at)];
  const reserved = toDecimal(RESERVED);
  const { cost, unconfirmed, ...plain } = BILL;
  const amounts = index % UNKNOWN_OF === 0 ? [reserved, reserved] : [toDecimal(cost), toDecimal(unconfirmed)];
  const [costs = '', loose = ''] = amounts;
  const begun: LedgerLine = {
    ...{ type: 'run', run, task, workspace, at, budget: '0.002', expected: '0.0009', worst: '0.0019' },
  };
  return [
    ...(index % 5 === 0 ? [begun] : []),
    {
      ...{ type: 'reserve', id, at, until: at + 60_000, ...booking, reserved, bound: BOUND },
      limits: [
        ['workspace day', day, LIMIT],
        ['workspace month', month, LIMIT],
        ['user day', day, LIMIT],
        ['user month', month, LIMIT],
      ],
    },
    { type: 'sent', id, until: at + 1_800_000 },
    { type: 'settle', id, ...plain, cost: costs, unconfirmed: loose },
    ...(index % 5 === 4 ? [{ type: 'end', run, at, status: 'solved' } as const] : []),
  ];
}
