import type { Caps, CapsNow, PeriodCaps } from '../core/budget/caps';
import { CapsFileError, readCapsFile } from '../core/budget/capsFile';
import { type Money, smallest } from '../core/money';
import type { CommonOptions } from './args';
import { CommandError } from './exitCode';

/** What the options say of caps. */
type CapOptions = Pick<CommonOptions, 'perDay' | 'perMonth'>;

/**
 * The caps that hold for everything on a ledger: those that the user keeps beside it, lowered by the options.
 * @throws CommandError where the kept ones cannot be read; they are never taken for none
 */
export async function readCaps(options: CapOptions, folder: string): Promise<Caps> {
  try {
    return await capsOf(options, folder)();
  } catch (error) {
    if (error instanceof CapsFileError) throw new CommandError(error.message);
    throw error;
  }
}

/** As {@link readCaps}, whenever it is asked. It rejects with a CapsFileError. */
export function capsOf(options: CapOptions, folder: string): CapsNow {
  return async () => lowered(await readCapsFile(folder), options);
}

function lowered(kept: PeriodCaps, { perDay, perMonth }: CapOptions): Caps {
  const [day, month] = [lower(kept.day, perDay), lower(kept.month, perMonth)];
  return {
    user: { ...(day === undefined ? {} : { day }), ...(month === undefined ? {} : { month }) },
    workspace: {},
  };
}

function lower(one: Money | undefined, other: Money | undefined): Money | undefined {
  return one === undefined || other === undefined ? (one ?? other) : smallest(one, other);
}
