import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attoUsd } from '../servers/bill';

/** What a call is booked at, in USD x 10^-18. */
export interface Booking {
  readonly cost: bigint;
  /** The part that no provider has confirmed: all of it until the call is settled. */
  readonly unconfirmed: bigint;
}

/** A line of the ledger, as far as it is looked at here. */
interface LedgerLine {
  readonly type: string;
  readonly id: string;
  readonly cost?: string;
  readonly unconfirmed?: string;
  readonly reserved?: string;
}

/** What the ledger among a user's data has booked for its calls, in the order in which they were reserved. */
export function bookingsIn(dataFolder: string): Booking[] {
  const booked = new Map<string, Booking>();
  for (const { type, id, cost = '', unconfirmed = '', reserved = '' } of linesIn(join(dataFolder, 'ledger'))) {
    if (type === 'reserve') booked.set(id, { cost: attoUsd(reserved), unconfirmed: attoUsd(reserved) });
    if (type === 'settle') booked.set(id, { cost: attoUsd(cost), unconfirmed: attoUsd(unconfirmed) });
    if (type === 'clear') booked.set(id, { cost: attoUsd(cost), unconfirmed: 0n });
    if (type === 'release' || type === 'lapse') booked.delete(id);
  }
  return [...booked.values()];
}

function linesIn(folder: string): LedgerLine[] {
  if (!existsSync(folder)) return [];
  const segments = readdirSync(folder).filter((name) => /^ledger\.\d+\.jsonl$/.test(name));
  return segments.flatMap((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LedgerLine);
  });
}
