import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Ledger, LedgerDamage, LedgerError } from '../core/budget/ledger';
import { userDataFolder } from '../core/userData';
import { CommandError } from './exitCode';
import { whyNot } from './files';
import { shellWord } from './shell';
import type { World } from './world';

/** The folder of the ledger: the one that was asked for, else the user's own, shared with the editor. */
export function ledgerFolder(chosen: string | undefined, world: World): string {
  return path.resolve(chosen ?? path.join(userDataFolder(world), 'ledger'));
}

/** Makes the folder of a ledger that is only read. @throws CommandError */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CommandError(`The ledger's folder ${folder} cannot be made: ${whyNot(error)}. Choose another folder.`);
  }
}

/** Opens the ledger. @throws CommandError where it cannot be used; nothing is spent without one */
export async function openLedger(folder: string): Promise<Ledger> {
  try {
    return await Ledger.open(folder);
  } catch (error) {
    if (error instanceof LedgerDamage) throw new CommandError(`${error.message} ${repairHint(folder)}`);
    if (error instanceof LedgerError) throw new CommandError(error.message);
    throw error;
  }
}

/** What to do about a damaged ledger. */
export function repairHint(folder: string): string {
  return `Run solvent ledger --repair --ledger ${shellWord(folder)} to set it aside and go on.`;
}
