import { dearestInput, dearestOutput, type Model } from '../catalogue/model';
import { countWithin, type Money, smallest, subtract, times } from '../money';
import { worstCase } from './price';

/** What a call may be: its completion in tokens, what that is reserved at, and the worst case of prompt and completion. */
export interface CallSize {
  readonly maxTokens: number;
  readonly completionBound: number;
  readonly reserved: Money;
}

/** Bounds of a completion, in tokens. */
export interface CompletionBounds {
  readonly least: number;
  readonly most: number;
  /** What a completion that is limited to `maxTokens` may really be: so many tokens more, or always the same. */
  readonly bound: (maxTokens: number) => number;
}

/**
 * The largest completion, up to `most` tokens, whose worst case `left` admits. It shrinks, but not below `least`, to
 * leave `keep` for later calls. Undefined where not even `least` fits.
 */
export function sizeWithin(
  { price }: Pick<Model, 'price'>,
  promptTokens: number,
  { least, most, bound }: CompletionBounds,
  left: Money,
  keep: Money,
): CallSize | undefined {
  const room = subtract(left, times(dearestInput(price), promptTokens));
  const perToken = dearestOutput(price);
  const admits = (maxTokens: number): boolean => times(perToken, bound(maxTokens)) <= room;
  if (room < 0n || !admits(least)) return undefined;
  // Where the bound does not depend on the limit, shrinking the limit saves nothing.
  const shrinks = bound(least) < bound(most);
  const beyond = bound(most) - most;
  const sparing = shrinks ? countWithin(subtract(room, smallest(keep, room)), perToken, most + beyond) - beyond : most;
  const maxTokens = Math.max(least, sparing);
  const completionBound = bound(maxTokens);
  return { maxTokens, completionBound, reserved: worstCase(price, promptTokens, completionBound) };
}
