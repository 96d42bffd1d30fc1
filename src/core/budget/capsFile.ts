import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Money, toDecimal, usdAtMost } from '../money';
import type { PeriodCaps } from './caps';
import { codeOf, LedgerError, reason } from './ledger/errors';
import { makeFolder, replace } from './ledger/segments';

/** The user's caps cannot be read or kept; the message names the file and what to do. Nothing is spent meanwhile. */
export class CapsFileError extends LedgerError {
  override readonly name = 'CapsFileError';
}

/** The fields of the file, with the cap that each of them holds. */
const FIELDS = { perDayUsd: 'day', perMonthUsd: 'month' } as const satisfies Record<string, keyof PeriodCaps>;

/** The file beside a ledger that holds the user's own caps, for all windows and command lines that share the ledger. */
export function capsFile(ledgerFolder: string): string {
  return path.join(ledgerFolder, 'caps.json');
}

/**
 * The caps that the user keeps beside a ledger: `{"perDayUsd": 1, "perMonthUsd": null}`, where null and absent mean
 * none. Without a file there are none; a file that cannot be understood is never taken for that.
 * @throws CapsFileError
 */
export async function readCapsFile(ledgerFolder: string): Promise<PeriodCaps> {
  const file = capsFile(ledgerFolder);
  const text = await textOf(file);
  return text === undefined ? {} : parse(text, file);
}

/**
 * Keeps the user's caps beside a ledger, in place of those that were kept. Whole or not at all.
 * @throws CapsFileError
 */
export async function writeCapsFile(ledgerFolder: string, { day, month }: PeriodCaps): Promise<void> {
  const file = capsFile(ledgerFolder);
  const amount = (cap: Money | undefined): string => (cap === undefined ? 'null' : toDecimal(cap));
  const text = `{ "perDayUsd": ${amount(day)}, "perMonthUsd": ${amount(month)} }\n`;
  if ((await textOf(file)) === text) return;
  try {
    await makeFolder(ledgerFolder);
    await replace(file, text);
  } catch (error) {
    throw new CapsFileError(`Your caps cannot be kept in ${file}: ${reason(error)}. Mend that; nothing is spent.`);
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new CapsFileError(`Your caps in ${file} cannot be read: ${reason(error)}. Mend that; nothing is spent.`);
  }
}

function parse(text: string, file: string): PeriodCaps {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(file, 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(file, 'it is not an object');
  const caps: { day?: Money; month?: Money } = {};
  for (const [name, amount] of Object.entries(value)) {
    // A slip in a name must not lift the cap that was meant.
    if (!Object.hasOwn(FIELDS, name)) throw damaged(file, `it has a field '${name}'`);
    if (amount === null) continue;
    if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0) {
      throw damaged(file, `'${name}' is no amount of USD`);
    }
    caps[FIELDS[name as keyof typeof FIELDS]] = usdAtMost(amount);
  }
  return caps;
}

function damaged(file: string, what: string): CapsFileError {
  return new CapsFileError(
    `Your caps in ${file} are damaged: ${what}. Nothing is spent until it reads like ` +
      `{"perDayUsd": 1, "perMonthUsd": 10}, with null for none, or is deleted.`,
  );
}
