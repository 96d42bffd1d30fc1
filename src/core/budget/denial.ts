import type { Money } from '../money';
import type { Role } from '../providers/message';

/** A limit on spending. `run` is the task's own budget. */
export type CapName = 'run' | 'workspace day' | 'workspace month' | 'user day' | 'user month';

/** Why a call was not admitted: which cap, what the call would have needed, what was left, what would admit it. */
export interface Denial {
  readonly cap: CapName;
  readonly role: Role;
  readonly model: string;
  /** Worst case of the smallest useful call. */
  readonly needed: Money;
  /** What the cap had left. */
  readonly left: Money;
  /** `needed - left`: the smallest raise of the cap that admits the call. */
  readonly raise: Money;
  /** The same as a sentence. */
  readonly message: string;
}
