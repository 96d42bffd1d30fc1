import type { Caps, PeriodCaps } from '../core/budget/caps';
import { CapsFileError, readCapsFile } from '../core/budget/capsFile';
import { type Money, smallest } from '../core/money';
import type { CommonOptions } from './args';
import { CommandError } from './exitCode';

/**
 * The caps that hold for everything on a ledger: those that the user keeps beside it, lowered by the options.
 * @throws CommandError where the kept ones cannot be read; they are never taken for none
 */
export async function readCaps(
  { perDay, perMonth }: Pick<CommonOptions, 'perDay' | 'perMonth'>,
  folder: string,
): Promise<Caps> {
  const kept = await keptCaps(folder);
  const [day, month] = [lower(kept.day, perDay), lower(kept.month, perMonth)];
  return {
    user: { ...(day === undefined ? {} : { day }), ...(month === undefined ? {} : { month }) },
    workspace: {},
  };
}

async function keptCaps(folder: string): Promise<PeriodCaps> {
  try {
    return await readCapsFile(folder);
  } catch (error) {
    if (error instanceof CapsFileError) throw new CommandError(error.message);
    throw error;
  }
}

function lower(one: Money | undefined, other: Money | undefined): Money | undefined {
  return one === undefined || other === undefined ? (one ?? other) : smallest(one, other);
}
