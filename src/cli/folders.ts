import path from 'node:path';
import { Ledger, LedgerError } from '../core/budget/ledger';
import { userDataFolder } from '../core/userData';
import { CommandError } from './exitCode';
import type { World } from './world';

/** The folder of the ledger: the one that was asked for, else the user's own, shared with the editor. */
export function ledgerFolder(chosen: string | undefined, world: World): string {
  return path.resolve(chosen ?? userDataFolder(world));
}

/** Opens the ledger. @throws CommandError where it cannot be used; nothing is spent without one */
export async function openLedger(folder: string): Promise<Ledger> {
  try {
    return await Ledger.open(folder);
  } catch (error) {
    if (error instanceof LedgerError) throw new CommandError(error.message);
    throw error;
  }
}
