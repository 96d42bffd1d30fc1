import * as vscode from 'vscode';
import type { Warning } from '../core/budget/warning';
import type { RunEvent } from '../core/events';
import { settingOf } from '../report/allowance';
import { warningText } from '../report/moneyText';
import { openLimit } from './limitSettings';
import { follow, type Remedy, showError } from './problem';
import type { RunView } from './runs';

const SPENDING: Remedy = { title: 'Show Spending', command: 'solvent.showSpending' };

/**
 * Tells when much of a cap of day or month is spent, a notification for each threshold. How often is not decided here:
 * the ledger lets one window tell it, once a period. The run's own budget is the status bar's.
 */
export class CapWarnings implements RunView {
  begun(): void {
    // Nothing was spent yet.
  }

  happened(event: RunEvent): void {
    if (event.type === 'warning' && event.warning.cap !== 'run') void tell(event.warning);
  }
}

async function tell(warning: Warning): Promise<void> {
  const { showInformationMessage, showWarningMessage } = vscode.window;
  const remedies = [SPENDING, openLimit(settingOf(warning.cap))];
  const show = warning.percent < 80 ? showInformationMessage : showWarningMessage;
  const chosen = await show(warningText(warning), ...remedies.map(({ title }) => title));
  const remedy = remedies.find(({ title }) => title === chosen);
  try {
    if (remedy !== undefined) await follow(remedy);
  } catch (error) {
    await showError(error);
  }
}
