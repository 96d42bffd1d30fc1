import { type Money, usd } from '../core/money';

/** An amount as a person typed it, perhaps with a dollar sign; undefined where it is none. */
export function readAmount(text: string): Money | undefined {
  try {
    return usd(text.trim().replace(/^\$\s*/, ''));
  } catch {
    return undefined;
  }
}
