import { add, type Money, subtract, ZERO } from '../money';

/** The state of one run's money, as shown by every meter. All amounts are those of the run alone. */
export interface Account {
  readonly budget: Money;
  /** Booked, confirmed and unconfirmed. */
  readonly spent: Money;
  /** The part of `spent` that is booked at worst case because the provider's outcome is unknown. */
  readonly unconfirmed: Money;
  /** Worst cases of calls under way. */
  readonly reserved: Money;
  /** The highest that `spent + reserved` has been. */
  readonly worstReserved: Money;
  /** Calls that were sent. */
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export function openAccount(budget: Money): Account {
  return {
    budget,
    spent: ZERO,
    unconfirmed: ZERO,
    reserved: ZERO,
    worstReserved: ZERO,
    calls: 0,
    promptTokens: 0,
    completionTokens: 0,
  };
}

/** What a further call may reserve: the limit less everything booked and reserved; never negative. */
export function available(account: Account, limit: Money = account.budget): Money {
  const left = subtract(limit, add(account.spent, account.reserved));
  return left > 0n ? left : ZERO;
}
