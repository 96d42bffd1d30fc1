import { type Money, times } from '../money';

/**
 * A call that costs more than so many others is not made before the cheaper model has tried once more: a second try that
 * passes in one case of twelve already pays for itself. In recorded answers it passes in one case of three.
 */
const MUCH_DEARER = 12;

/** Whether one call costs so much more than another that the other is worth a second try first. */
export function isMuchDearer(cost: Money, other: Money): boolean {
  return cost > times(other, MUCH_DEARER);
}
