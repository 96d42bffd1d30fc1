import type { Account } from '../core/budget/account';
import type { Denial } from '../core/budget/denial';
import type { Exhaustion } from '../core/agents/exhaustion';
import { add, formatUsd, formatUsdUp, limitUsd, type Money, times, toDecimal, usd } from '../core/money';
import { type Ceiling, within } from './allowance';
import { type Judge, testsPassing } from './outcome';
import { type ListItem, titledItems } from './planView';

/** What the user is asked when a run has no money for its next call. */
export interface RaiseOffer {
  readonly denial: Denial;
  readonly account: Account;
  /** What the wider caps admit; undefined where there are none. */
  readonly ceiling: Ceiling | undefined;
  /** The smallest budget that admits the next call. */
  readonly least: Money;
  /** How far the best answer so far has come, "2 of 3 tests pass"; undefined where there is none. */
  readonly best: string | undefined;
}

/** A budget that is offered. */
export interface RaiseChoice {
  /** "Raise by $0.000877". */
  readonly label: string;
  /** "to $0.00288: the smallest raise that will do". */
  readonly detail: string;
  readonly to: Money;
}

/** What the user may do about an exhausted budget. */
export type RaiseAction =
  { readonly kind: 'raise'; readonly to: Money } | { readonly kind: 'amount' } | { readonly kind: 'stop' };

/** What can be offered; undefined where the ceiling does not admit the next call, so that there is nothing to ask. */
export function raiseOffer(
  { denial, account, best }: Exhaustion,
  ceiling: Ceiling | undefined,
  judge?: Judge,
): RaiseOffer | undefined {
  const least = add(account.budget, denial.raise);
  if (ceiling !== undefined && least > ceiling.amount) return undefined;
  const verdict = best?.verdict ?? { passed: 0, total: 0, ran: false };
  return { denial, account, ceiling, least, best: best === undefined ? undefined : testsPassing({ verdict }, judge) };
}

/** The budgets that are offered, smallest first. None is above the ceiling. */
export function raiseChoices({
  denial,
  account,
  ceiling,
  least,
}: RaiseOffer): readonly [RaiseChoice, ...RaiseChoice[]] {
  const by = formatUsdUp(denial.raise);
  const smallest = within(add(account.budget, usd(by.slice(1))), ceiling);
  const choices: [RaiseChoice, ...RaiseChoice[]] = [
    {
      label: `Raise by ${by}`,
      detail: `to ${formatUsd(smallest)}: the smallest raise that will do`,
      to: smallest,
    },
  ];
  const double = times(account.budget, 2);
  if (ceiling !== undefined && double > ceiling.amount) {
    if (ceiling.amount > smallest) {
      const detail = `to ${formatUsd(ceiling.amount)}, no more: ${lowered(ceiling.why)}`;
      choices.push({ label: 'Raise as far as it goes', detail, to: ceiling.amount });
    }
  } else if (double > least && double > smallest) {
    choices.push({ label: 'Double the budget', detail: `to ${formatUsd(double)}`, to: double });
  }
  return choices;
}

/** "Solvent: the budget of $0.002 is exhausted". */
export function raiseTitle({ account }: Pick<RaiseOffer, 'account'>): string {
  return `Solvent: the budget of ${formatUsd(account.budget)} is exhausted`;
}

/** The question in a message: "The budget of $0.002 is exhausted, 2 of 3 tests pass. A call to ... would admit it." */
export function raiseMessage({ account, best, denial }: RaiseOffer): string {
  return `The budget of ${formatUsd(account.budget)} is exhausted, ${best ?? 'there is no answer yet'}. ${denial.message}`;
}

/** The question as a list. */
export function raiseItems(offer: RaiseOffer): ListItem<RaiseAction>[] {
  const { best, ceiling, denial } = offer;
  return [
    ...raiseChoices(offer).map(({ label, detail, to }): ListItem<RaiseAction> => {
      return { label: `$(arrow-up) ${label}`, description: detail, action: { kind: 'raise', to } };
    }),
    {
      label: '$(edit) Another amount…',
      ...(ceiling === undefined ? {} : { description: `at most ${formatUsd(ceiling.amount)}` }),
      action: { kind: 'amount' },
    },
    {
      label: best === undefined ? '$(debug-stop) Stop' : '$(debug-stop) Stop with the best answer so far',
      description: best ?? 'there is no answer yet',
      action: { kind: 'stop' },
    },
    ...titledItems('Why', [denial.message, ...(ceiling === undefined ? [] : [ceiling.why])]),
  ];
}

/** Why a typed budget does not do; undefined where it does. */
export function raiseProblem(
  text: string,
  { ceiling, least }: Pick<RaiseOffer, 'ceiling' | 'least'>,
): string | undefined {
  let budget: Money;
  try {
    budget = readAmount(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (ceiling !== undefined && budget > ceiling.amount) {
    return `${ceiling.why} The budget may be at most $${toDecimal(ceiling.amount)}.`;
  }
  return budget < least ? `The next call needs a budget of at least ${formatUsdUp(least)}.` : undefined;
}

/**
 * The chosen budget within the ceiling as it is by now: others may have spent, or a cap was lowered, while the question
 * waited. Undefined where that no longer admits the next call.
 */
export function stillRaised(
  to: Money,
  { least }: Pick<RaiseOffer, 'least'>,
  now: Ceiling | undefined,
): Money | undefined {
  const raised = within(to, now);
  return raised < least ? undefined : raised;
}

/** Reads an amount as it is typed, with or without a dollar sign. @throws RangeError */
export function readAmount(text: string): Money {
  if (text.trim() === '') throw new RangeError('Write an amount of USD, such as 0.002.');
  return limitUsd(text.trim().replace(/^\$/, ''));
}

/** A sentence as the end of another. */
function lowered(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}
