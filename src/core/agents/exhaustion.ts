import type { Account } from '../budget/account';
import type { Denial } from '../budget/denial';
import type { Money } from '../money';
import type { Attempt } from './crew';

/** A run that has no money for its next call. */
export interface Exhaustion {
  /** The call that is not admitted, and by how much. */
  readonly denial: Denial;
  readonly account: Account;
  /** The best answer so far. */
  readonly best: Attempt | undefined;
}

/**
 * Asks the user whether the run may cost more. Resolves with its new budget, or with undefined to stop with the best
 * answer so far. Until then nothing is spent.
 */
export type AskForRaise = (exhaustion: Exhaustion) => Promise<Money | undefined>;
