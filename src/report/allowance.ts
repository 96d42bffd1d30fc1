import type { CapName } from '../core/budget/denial';
import type { Remainder } from '../core/budget/caps';
import { add, formatUsd, largest, type Money, smallest, ZERO } from '../core/money';

/** Where a limit can be changed: the full name of the setting, and whose value of it holds. */
export interface LimitSetting {
  readonly setting: string;
  readonly owner: 'user' | 'workspace';
}

/** The most that a task may be given right now, and what sets that limit. */
export interface Ceiling extends LimitSetting {
  readonly amount: Money;
  /** A sentence, such as "Your cap for today leaves $0.0042." */
  readonly why: string;
}

const CAPS: Readonly<Record<CapName, LimitSetting & { readonly name: string }>> = {
  run: { name: 'The budget of the task', setting: 'solvent.budget.perTask', owner: 'user' },
  'workspace day': { name: "This workspace's cap for today", setting: 'solvent.budget.perDay', owner: 'workspace' },
  'workspace month': {
    name: "This workspace's cap for this month",
    setting: 'solvent.budget.perMonth',
    owner: 'workspace',
  },
  'user day': { name: 'Your cap for today', setting: 'solvent.budget.perDay', owner: 'user' },
  'user month': { name: 'Your cap for this month', setting: 'solvent.budget.perMonth', owner: 'user' },
};

/** The setting that holds a cap. That of a run is where its budget came from. */
export function settingOf(cap: CapName): LimitSetting {
  const { setting, owner } = CAPS[cap];
  return { setting, owner };
}

/** "Your cap for today leaves $0.0042." */
export function leftText({ cap, left }: Remainder): string {
  return `${CAPS[cap].name} leaves ${formatUsd(largest(left, ZERO))}.`;
}

/**
 * The tightest of the limits that hold for a task beyond its own budget.
 * @param workspacePerTask what the workspace allows a task; undefined where it says nothing
 * @param remainder what the tightest cap of day and month has left; undefined where there is no cap
 * @param spent what the task has spent already, which that cap has counted
 */
export function ceilingOf(
  workspacePerTask: Money | undefined,
  remainder: Remainder | undefined,
  spent: Money = ZERO,
): Ceiling | undefined {
  const ceilings: Ceiling[] = [];
  if (workspacePerTask !== undefined) {
    const why = `This workspace allows ${formatUsd(workspacePerTask)} for a task.`;
    ceilings.push({ amount: workspacePerTask, why, setting: CAPS.run.setting, owner: 'workspace' });
  }
  if (remainder !== undefined) {
    const amount = add(largest(remainder.left, ZERO), spent);
    ceilings.push({ amount, why: leftText(remainder), ...settingOf(remainder.cap) });
  }
  return ceilings.sort((a, b) => (a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0))[0];
}

/** A budget within the ceiling. */
export function within(budget: Money, ceiling: Ceiling | undefined): Money {
  return ceiling === undefined ? budget : smallest(budget, ceiling.amount);
}
