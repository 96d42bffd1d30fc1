import * as vscode from 'vscode';
import type { Denial } from '../core/budget/denial';
import { formatUsd } from '../core/money';
import type { RunResult } from '../core/result';
import { headline } from '../report/outcome';
import type { RunEnd } from './pipeline';
import type { Opened } from './proposals';
import { openSettings, type Remedy, remedyForOutcome } from './problem';
import { SETTING } from './settings';

const RAISE: Remedy = { title: 'Raise the Budget…', command: '' };
const RECEIPT: Remedy = { title: 'Show Receipt', command: 'solvent.showReceipt' };

/**
 * Says how a run ended and what it cost, with what to do next. Returns at once; the message stays as long as the user
 * likes.
 * @param opened where the answer of the run was opened
 * @param raise asks the same question again with more money
 */
export function announce(
  { result, lastOutcome }: RunEnd,
  denial: Denial | undefined,
  opened: Opened | undefined,
  raise: () => Promise<void>,
): void {
  const decide: Remedy[] =
    opened?.kind === 'diff'
      ? [
          { title: 'Accept', command: 'solvent.accept', args: [opened.proposal] },
          { title: 'Discard', command: 'solvent.discard', args: [opened.proposal] },
        ]
      : [];
  const next = result.status === 'error' ? remedyForOutcome(lastOutcome) : remedyForEnd(result, denial);
  const remedies = [...decide, next];
  void shower(result)(message(result, opened), ...remedies.map(({ title }) => title)).then(async (title) => {
    const chosen = remedies.find((remedy) => remedy.title === title);
    if (chosen === RAISE) await raise();
    else if (chosen !== undefined) await vscode.commands.executeCommand(chosen.command, ...(chosen.args ?? []));
  });
}

function message(result: RunResult, opened: Opened | undefined): string {
  const { spent, budget } = result.account;
  const error = result.error === undefined ? '' : ` ${result.error}`;
  const place = opened?.kind === 'untitled' ? ` ${opened.why}` : '';
  return `${headline(result)}. Spent ${formatUsd(spent)} of ${formatUsd(budget)}.${error}${place}`;
}

/** A run that was out of money is asked about once; where a cap of day or month was in the way, only that can help. */
function remedyForEnd({ status }: RunResult, denial: Denial | undefined): Remedy {
  if (status !== 'exhausted') return RECEIPT;
  if (denial === undefined || denial.cap === 'run') return RAISE;
  return openSettings(denial.cap.endsWith('day') ? SETTING.perDay : SETTING.perMonth);
}

function shower({ status, stop }: RunResult): (text: string, ...items: string[]) => Thenable<string | undefined> {
  if (status === 'solved' || stop === 'cancelled') return vscode.window.showInformationMessage;
  return status === 'error' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
}
