import { formatUsd, formatUsdUp, type Money, subtract, ZERO } from '../money';
import type { Role } from '../providers/message';
import type { Remainder } from './caps';

/** A limit on spending. `run` is the task's own budget. */
export type CapName = 'run' | 'workspace day' | 'workspace month' | 'user day' | 'user month';

/** A cap that does not admit a call. */
export interface Shortage extends Remainder {
  /** The smallest raise of the cap that would do. */
  readonly raise: Money;
}

/** Why a call was not admitted: which cap, what the call would have needed, what was left, what would admit it. */
export interface Denial {
  /** The tightest of the caps that are in the way. */
  readonly cap: CapName;
  readonly role: Role;
  readonly model: string;
  /** Worst case of the smallest useful call. */
  readonly needed: Money;
  /** What the cap had left. */
  readonly left: Money;
  /** `needed - left`: the smallest raise of the cap that admits the call. */
  readonly raise: Money;
  /** Every cap that is in the way, the tightest first: each has to be raised. */
  readonly shortages: readonly Shortage[];
  /** The same as a sentence. */
  readonly message: string;
}

const NAMES: Readonly<Record<CapName, string>> = {
  run: "the task's budget",
  'workspace day': "the workspace's cap for today",
  'workspace month': "the workspace's cap for this month",
  'user day': 'your cap for today',
  'user month': 'your cap for this month',
};

/** What a cap is called in a sentence. */
export function capName(cap: CapName): string {
  return NAMES[cap];
}

/**
 * Why a call that needs at least `needed` was not admitted.
 * @param remainders what the caps have left; at least one of them less than `needed`
 */
export function denialOf(remainders: readonly Remainder[], role: Role, model: string, needed: Money): Denial {
  const shortages = remainders
    .filter(({ left }) => left < needed)
    .map((remainder) => ({ ...remainder, raise: subtract(needed, remainder.left) }))
    .sort((a, b) => (a.left < b.left ? -1 : a.left > b.left ? 1 : 0));
  const [tightest] = shortages;
  if (tightest === undefined) throw new Error('A call that every cap admits is not denied.');
  const { cap, left, raise } = tightest;
  const lefts = shortages.map((one) => `${capName(one.cap)} ${leftOf(one)}`);
  const raises = shortages.map((one) => formatUsdUp(one.raise));
  const message =
    `A call to ${model} as ${role} can cost ${formatUsdUp(needed)}, but ${lefts.join(' and ')}: ` +
    `a raise by ${raises.join(' and ')}${shortages.length > 1 ? ', one each,' : ''} would admit it.`;
  return { cap, role, model, needed, left, raise, shortages, message };
}

/** A cap that was lowered, or booked more than was reserved, may have less than nothing left. */
function leftOf({ left }: Remainder): string {
  return left < 0n ? `is passed by ${formatUsd(subtract(ZERO, left))}` : `has ${formatUsd(left)} left`;
}
