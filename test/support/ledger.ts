import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Booking, Entry } from '../../src/core/budget/entry';
import { type HistoryRecord, Ledger, readHistory, signedUsd } from '../../src/core/budget/ledger';
import { type Caps, NO_CAPS } from '../../src/core/budget/caps';
import { readEntry } from '../../src/core/budget/ledger/state';
import { add, type Money, usd, ZERO } from '../../src/core/money';
import { BOOKING, sizedAt, billOf } from './bills';

const opened: { readonly folder: string; readonly ledger: Ledger }[] = [];

/** A folder of its own for a test's ledger; what {@link openLedger} opened in it is closed in the end. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-ledger-'));
  try {
    return await work(folder);
  } finally {
    const inside = opened.filter((one) => one.folder.startsWith(folder));
    for (const one of inside) {
      opened.splice(opened.indexOf(one), 1);
      await one.ledger.close();
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** As {@link Ledger.open}; closed together with its folder. */
export async function openLedger(folder: string, now?: () => number, segmentBytes?: number): Promise<Ledger> {
  const ledger = await Ledger.open(folder, now, segmentBytes);
  opened.push({ folder, ledger });
  return ledger;
}

export { billOf, BOOKING, BOUND, sizedAt } from './bills';

/** Reserves a call that is known to fit. */
export async function reserved(
  ledger: Ledger,
  amount: Money = usd('0.002'),
  caps: Caps = NO_CAPS,
  booking: Partial<Booking> = {},
): Promise<string> {
  const id = await ledger.reserve({ ...BOOKING, ...booking }, caps, sizedAt(amount));
  if (id === undefined) throw new Error('The call should have fitted.');
  return id;
}

/** Reserves, sends and settles a call that is known to fit, for all that it reserved. */
export async function spent(
  ledger: Ledger,
  amount: Money = usd('0.002'),
  caps: Caps = NO_CAPS,
  booking: Partial<Booking> = {},
): Promise<string> {
  const id = await reserved(ledger, amount, caps, booking);
  if (!(await ledger.sent(id))) throw new Error('The call should have left.');
  await ledger.settle(id, booking.workspace ?? BOOKING.workspace, billOf(amount), caps);
  return id;
}

/** Everything on a ledger, read from its files. */
export async function recordsIn(folder: string): Promise<readonly HistoryRecord[]> {
  const records: HistoryRecord[] = [];
  for await (const record of readHistory(folder)) records.push(record);
  return records;
}

/** The calls on a ledger that are kept one by one, in the order of its files. */
export async function callsIn(folder: string): Promise<readonly Entry[]> {
  return (await recordsIn(folder)).flatMap((record) => (record.type === 'call' ? [readEntry(record.entry)] : []));
}

/** What all calls on a ledger were booked at, also those that were packed or cleared. */
export async function bookedIn(folder: string): Promise<Money> {
  const records = await recordsIn(folder);
  return add(
    ZERO,
    ...records.map((record) => {
      if (record.type === 'call') return usd(record.entry.cost);
      return record.type === 'day' || record.type === 'cleared' ? signedUsd(record.cost) : ZERO;
    }),
  );
}
