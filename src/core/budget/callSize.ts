import { dearestOutput, type Model } from '../catalogue/model';
import { countWithin, formatUsd, formatUsdUp, type Money, smallest, subtract } from '../money';
import type { Role } from '../providers/message';
import type { Denial } from './denial';
import type { Remainder } from './ledger';
import { worstCase } from './price';

/** What a call may be: its prompt's bound and its completion, in tokens, and the worst case of both. */
export interface CallSize {
  readonly promptTokens: number;
  readonly maxTokens: number;
  readonly reserved: Money;
}

/**
 * The largest completion, up to `most` tokens, whose worst case `left` admits. It shrinks, but not below `least`, to
 * leave `keep` for later calls. Undefined where not even `least` fits.
 */
export function sizeWithin(
  { price }: Model,
  promptTokens: number,
  bounds: { readonly least: number; readonly most: number },
  left: Money,
  keep: Money,
): CallSize | undefined {
  const room = subtract(left, worstCase(price, promptTokens, 0));
  if (room < 0n) return undefined;
  const perToken = dearestOutput(price);
  const admitted = countWithin(room, perToken, bounds.most);
  if (admitted < bounds.least) return undefined;
  const sparing = countWithin(subtract(room, smallest(keep, room)), perToken, bounds.most);
  const maxTokens = Math.max(bounds.least, sparing);
  return { promptTokens, maxTokens, reserved: worstCase(price, promptTokens, maxTokens) };
}

/** Why a call that needs at least `needed` was not admitted by the tightest of the caps. */
export function denialOf({ cap, left }: Remainder, role: Role, model: string, needed: Money): Denial {
  const raise = subtract(needed, left);
  const name = cap === 'run' ? "the task's budget" : `the ${cap} cap`;
  const message =
    `A call to ${model} as ${role} can cost ${formatUsdUp(needed)}, but ${name} has ${formatUsd(left)} left: ` +
    `a raise by ${formatUsdUp(raise)} would admit it.`;
  return { cap, role, model, needed, left, raise, message };
}
