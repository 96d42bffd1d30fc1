import { capName, type Denial, type Shortage } from '../core/budget/denial';
import { formatUsd, formatUsdUp } from '../core/money';
import { type LimitSetting, settingOf } from './allowance';
import { type ListItem, titledItems } from './planView';
import { markdownText, oneLine } from './text';

/** What the user may do about a denial. */
export type DenialAction =
  | { readonly kind: 'settings'; readonly limit: LimitSetting }
  /** Answer the question that the run still waits with. */
  | { readonly kind: 'raise' };

/** "Solvent: why a call to gpt-4o as critic was not admitted". */
export function denialTitle({ model, role }: Denial): string {
  return `Solvent: why a call to ${oneLine(model, 40)} as ${role} was not admitted`;
}

/**
 * Every cap that was in the way, with what the call asked for, what the cap had left and the smallest raise that would
 * do, as a list whose lines lead to where the cap can be raised.
 * @param asking whether the run of the denial still waits for a larger budget
 */
export function denialItems(denial: Denial, asking: boolean): ListItem<DenialAction>[] {
  const caps = denial.shortages.map((shortage): ListItem<DenialAction> => {
    const { cap, asked, left, raise } = cells(denial, shortage);
    const raises = asking && shortage.cap === 'run';
    return {
      label: `$(circle-slash) ${cap}`,
      description: `asked ${asked} · left ${left} · smallest raise ${raise}`,
      detail: raises ? 'The run waits: raise its budget, or stop it.' : where(settingOf(shortage.cap)),
      action: raises ? { kind: 'raise' } : { kind: 'settings', limit: settingOf(shortage.cap) },
    };
  });
  return [...caps, ...titledItems('Why', [denial.message])];
}

/** The same as a Markdown table. */
export function denialTable(denial: Denial): string {
  const rows = denial.shortages.map((shortage) => {
    const { cap, asked, left, raise } = cells(denial, shortage);
    return `| ${[cap, asked, left, raise].map((cell) => markdownText(cell)).join(' | ')} |`;
  });
  return ['| Cap | Asked | Left | Smallest raise |', '| --- | ---: | ---: | ---: |', ...rows].join('\n');
}

/** The cap beyond the run's own budget that was tightest; undefined where only the budget was in the way. */
export function widerShortage({ shortages }: Pick<Denial, 'shortages'>): Shortage | undefined {
  return shortages.find(({ cap }) => cap !== 'run');
}

function cells(
  { needed }: Denial,
  { cap, left, raise }: Shortage,
): { readonly cap: string; readonly asked: string; readonly left: string; readonly raise: string } {
  const name = capName(cap);
  return {
    cap: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    asked: formatUsdUp(needed),
    left: formatUsd(left),
    raise: formatUsdUp(raise),
  };
}

function where({ setting, owner }: LimitSetting): string {
  return `Set by ${setting} in ${owner === 'user' ? 'your settings' : "the workspace's settings"}.`;
}
