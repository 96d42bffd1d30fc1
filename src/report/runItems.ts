import { formatUsd } from '../core/money';
import type { Entry } from '../core/budget/entry';
import { exact } from './exactMoney';
import { shortIds } from './shortId';
import type { RunTotal } from './spending';
import { oneLine } from './text';
import { timeText } from './when';

/** A line of a list that leads to a run or a call. */
export interface LedgerItem {
  /** The id that is meant. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** Runs that a list offers. */
const OFFERED = 1000;

/** The last runs as a list to choose from, the latest first. */
export function runItems(runs: readonly RunTotal[]): LedgerItem[] {
  const ids = shortIds(runs.map(({ run }) => run));
  return runs
    .slice(-OFFERED)
    .reverse()
    .map(({ run, task, at, status, costUsd, budgetUsd, expectedUsd }) => ({
      id: run,
      label: `${icon(status)} ${unmarked(task)}`,
      description: `${exact(costUsd)}${budgetUsd === undefined ? '' : ` of ${formatUsd(budgetUsd)}`}`,
      detail: [
        timeText(at),
        status ?? 'not seen to end',
        ...(expectedUsd === undefined ? [] : [`expected ${formatUsd(expectedUsd)}`]),
        ids.get(run) ?? run,
      ].join(' · '),
    }));
}

/** Unconfirmed calls as a list to choose from, the latest first. */
export function callItems(calls: readonly Entry[]): LedgerItem[] {
  const ids = shortIds(calls.map(({ id }) => id));
  return calls.toReversed().map(({ id, at, model, role, task, cost, unconfirmed }) => ({
    id,
    label: `$(question) ${unmarked(model)} as ${role}`,
    description: `${exact(cost)}${unconfirmed === cost ? '' : `, ${exact(unconfirmed)} of it unconfirmed`}`,
    detail: `${timeText(at)} · ${oneLine(task, 60)} · ${ids.get(id) ?? id}`,
  }));
}

function icon(status: string | undefined): string {
  if (status === 'solved') return '$(pass)';
  return status === 'error' ? '$(error)' : '$(circle-slash)';
}

/** A label turns "$(name)" into an icon, which no text of unknown origin may. */
function unmarked(text: string): string {
  return oneLine(text, 60).replaceAll('$(', '$ (');
}
