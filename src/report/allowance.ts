import type { CapName } from '../core/budget/denial';
import type { Remainder } from '../core/budget/ledger';
import { formatUsd, largest, type Money, smallest, ZERO } from '../core/money';

/** The most that a task may be given right now, and what sets that limit. */
export interface Ceiling {
  readonly amount: Money;
  /** A sentence, such as "Your cap for today leaves $0.0042." */
  readonly why: string;
  /** Full name of the setting that holds the limit. */
  readonly setting: string;
}

const CAPS: Readonly<Record<CapName, readonly [string, string]>> = {
  run: ['The budget of the task', 'solvent.budget.perTask'],
  'workspace day': ["This workspace's cap for today", 'solvent.budget.perDay'],
  'workspace month': ["This workspace's cap for this month", 'solvent.budget.perMonth'],
  'user day': ['Your cap for today', 'solvent.budget.perDay'],
  'user month': ['Your cap for this month', 'solvent.budget.perMonth'],
};

/**
 * The tightest of the limits that hold for a task beyond its own budget.
 * @param workspacePerTask what the workspace allows a task; undefined where it says nothing
 * @param remainder what the tightest cap of day and month has left; undefined where there is no cap
 */
export function ceilingOf(workspacePerTask: Money | undefined, remainder: Remainder | undefined): Ceiling | undefined {
  const ceilings: Ceiling[] = [];
  if (workspacePerTask !== undefined) {
    const why = `This workspace allows ${formatUsd(workspacePerTask)} for a task.`;
    ceilings.push({ amount: workspacePerTask, why, setting: 'solvent.budget.perTask' });
  }
  if (remainder !== undefined) {
    const [name, setting] = CAPS[remainder.cap];
    const amount = largest(remainder.left, ZERO);
    ceilings.push({ amount, why: `${name} leaves ${formatUsd(amount)}.`, setting });
  }
  return ceilings.sort((a, b) => (a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0))[0];
}

/** A budget within the ceiling. */
export function within(budget: Money, ceiling: Ceiling | undefined): Money {
  return ceiling === undefined ? budget : smallest(budget, ceiling.amount);
}
