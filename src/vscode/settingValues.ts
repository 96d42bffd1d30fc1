import type { Caps, PeriodCaps } from '../core/budget/caps';
import { limitUsd, type Money, smallest } from '../core/money';

/** A setting as `inspect()` gives it: who says what. The shape of each value is unknown, the file may hold anything. */
export interface Inspected {
  /** The full name, such as `solvent.budget.perTask`. */
  readonly key: string;
  readonly defaultValue?: unknown;
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

/** A setting that cannot be used. The message names it, says whose it is and what to write there. */
export class SettingError extends Error {
  override readonly name = 'SettingError';

  constructor(
    /** The full name of the setting. */
    readonly setting: string,
    message: string,
  ) {
    super(message);
  }
}

/** The budgets in force. */
export interface Budgets {
  /** What a task may cost unless the user says otherwise for one run: the user's value, lowered by the workspace. */
  readonly perTask: Money;
  /** What the workspace allows a task at most; undefined where it says nothing. */
  readonly workspacePerTask: Money | undefined;
  readonly caps: Caps;
}

/**
 * Merges the budgets of user and workspace. The workspace only lowers: its values are further limits, never
 * replacements. What cannot be read is an error and never "no limit".
 * @throws SettingError
 */
export function readBudgets(perTask: Inspected, perDay: Inspected, perMonth: Inspected): Budgets {
  const ofUser = userAmount(perTask);
  if (ofUser === undefined) throw wrong(perTask.key, 'your settings', 'must be an amount of USD, such as 0.01');
  const workspacePerTask = workspaceAmount(perTask);
  return {
    perTask: workspacePerTask === undefined ? ofUser : smallest(ofUser, workspacePerTask),
    workspacePerTask,
    caps: {
      user: periodCaps(userAmount(perDay), userAmount(perMonth)),
      workspace: periodCaps(workspaceAmount(perDay), workspaceAmount(perMonth)),
    },
  };
}

/** The user's own value, or the default; what a workspace says is left out. */
export function userValue({ globalValue, defaultValue }: Inspected): unknown {
  return globalValue ?? defaultValue;
}

/** `null` is the user's way to say "no limit", so only what is absent falls back to the default. */
function userAmount({ key, globalValue, defaultValue }: Inspected): Money | undefined {
  return amount(key, globalValue === undefined ? defaultValue : globalValue, 'your settings');
}

function workspaceAmount({ key, workspaceValue, workspaceFolderValue }: Inspected): Money | undefined {
  const values = [
    amount(key, workspaceValue, "the workspace's settings"),
    amount(key, workspaceFolderValue, "the folder's settings"),
  ].filter((value) => value !== undefined);
  const [first, ...rest] = values;
  return first === undefined ? undefined : smallest(first, ...rest);
}

function amount(key: string, value: unknown, whose: string): Money | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw wrong(key, whose, `must be a number of USD from 0 on, such as 0.01, but is ${shown(value)}`);
  }
  try {
    return limitUsd(value);
  } catch {
    throw wrong(key, whose, `must be an amount that can be spent, such as 0.01, but is ${shown(value)}`);
  }
}

function periodCaps(day: Money | undefined, month: Money | undefined): PeriodCaps {
  return { ...(day === undefined ? {} : { day }), ...(month === undefined ? {} : { month }) };
}

function wrong(key: string, whose: string, what: string): SettingError {
  return new SettingError(key, `'${key}' in ${whose} ${what}. Nothing runs until it is mended.`);
}

function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
