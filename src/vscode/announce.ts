import * as vscode from 'vscode';
import type { Denial } from '../core/budget/denial';
import { formatUsd } from '../core/money';
import type { RunResult } from '../core/result';
import { type Ceiling, type LimitSetting, settingOf } from '../report/allowance';
import { widerShortage } from '../report/denialView';
import { headline, type Judge, whatMayHelp } from '../report/outcome';
import { openLimit } from './limitSettings';
import type { RunEnd } from './pipeline';
import type { Opened } from './proposals';
import { follow, type Remedy, remedyFor, showError } from './problem';

const RECEIPT: Remedy = { title: 'Show Receipt', command: 'solvent.showReceipt' };

/** How a run ended, and what there is to say about it. */
export interface Ending extends RunEnd {
  /** Whose tests have judged the answer. */
  readonly judge: Judge;
  /** Why the last call was not admitted; undefined where all were. */
  readonly denial: Denial | undefined;
  /** The limit that admitted no raise of the budget. */
  readonly blocked: Ceiling | undefined;
  /** Where the answer of the run was opened. */
  readonly opened: Opened | undefined;
}

/**
 * Says how a run ended and what it cost, with what to do next. Returns at once; the message stays as long as the user
 * likes.
 */
export function announce(ending: Ending): void {
  const { result, opened } = ending;
  const decide: Remedy[] =
    opened?.kind === 'diff'
      ? [
          { title: 'Accept', command: 'solvent.accept', args: [opened.proposal] },
          { title: 'Discard', command: 'solvent.discard', args: [opened.proposal] },
        ]
      : [];
  const remedies = [...decide, next(ending)];
  void shower(result)(message(ending), ...remedies.map(({ title }) => title)).then(async (title) => {
    const chosen = remedies.find((remedy) => remedy.title === title);
    try {
      if (chosen !== undefined) await follow(chosen);
    } catch (error) {
      await showError(error);
    }
  });
}

function message({ result, judge, opened, blocked }: Ending): string {
  const { spent, budget } = result.account;
  const place = opened?.kind === 'untitled' ? opened.why : undefined;
  const said = [result.error, blocked?.why, whatMayHelp(result), place].flatMap((part) =>
    part === undefined ? [] : [` ${part}`],
  );
  return `${headline(result, judge)}. Spent ${formatUsd(spent)} of ${formatUsd(budget)}.${said.join('')}`;
}

function next({ result, lastCall, denial, blocked }: Ending): Remedy {
  if (result.status === 'error') return remedyFor(lastCall ?? {});
  const limit = result.status === 'exhausted' ? limitInTheWay(denial, blocked) : undefined;
  return limit === undefined ? RECEIPT : openLimit(limit);
}

/** The setting without which the run would have gone on; undefined where it was the user who stopped it. */
function limitInTheWay(denial: Denial | undefined, blocked: Ceiling | undefined): LimitSetting | undefined {
  const wider = denial === undefined ? undefined : widerShortage(denial);
  return wider === undefined ? blocked : settingOf(wider.cap);
}

function shower({ status, stop }: RunResult): (text: string, ...items: string[]) => Thenable<string | undefined> {
  if (status === 'solved' || stop === 'cancelled') return vscode.window.showInformationMessage;
  return status === 'error' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
}
