import type { Booking, CallBound, Settlement } from '../../src/core/budget/entry';
import type { Sized } from '../../src/core/budget/ledger';
import { type Money, ZERO } from '../../src/core/money';

export const BOOKING: Booking = { run: 'r', task: 't/1', workspace: '/w', role: 'critic', model: 'm' };
export const BOUND: CallBound = {
  ...{ promptBound: 100, promptProxy: 80, promptHard: 100 },
  ...{ maxTokens: 200, completionBound: 200 },
};

/** A confirmed bill. */
export function billOf(cost: Money, more: Partial<Settlement> = {}): Settlement {
  return {
    ...{ cost, unconfirmed: ZERO, promptTokens: 12, completionTokens: 3, reported: true, violations: [] },
    ...more,
  };
}

/** What a call may reserve where every cap leaves that much; undefined where one does not. */
export function sizedAt(reserved: Money): (remainders: readonly { readonly left: Money }[]) => Sized | undefined {
  return (remainders) => (remainders.every(({ left }) => left >= reserved) ? { reserved, bound: BOUND } : undefined);
}
