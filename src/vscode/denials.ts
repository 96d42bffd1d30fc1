import * as vscode from 'vscode';
import type { Denial } from '../core/budget/denial';
import type { RunEvent } from '../core/events';
import { denialItems, denialTitle } from '../report/denialView';
import { openLimit } from './limitSettings';
import { quickPickItems } from './listItems';
import { follow } from './problem';
import type { RaiseQuestion } from './raiseQuestion';
import type { RunView } from './runs';

/** Remembers the last call of this window that was not admitted, and can say why. */
export class Denials implements RunView {
  #last: Denial | undefined;

  constructor(private readonly question: RaiseQuestion) {}

  begun(): void {
    // The denial of an earlier run is still the last one.
  }

  happened(event: RunEvent): void {
    if (event.type === 'denied') this.#last = event.denial;
  }

  /** "Solvent: Why Was This Denied?": which caps, what was asked, what was left, and the smallest raise of each. */
  async explain(): Promise<void> {
    if (this.#last === undefined) {
      void vscode.window.showInformationMessage('No call was denied in this window.');
      return;
    }
    const items = quickPickItems(denialItems(this.#last, this.question.asking));
    const placeHolder = 'Enter leads to where the cap can be raised';
    const picked = await vscode.window.showQuickPick(items, { title: denialTitle(this.#last), placeHolder });
    if (picked?.action?.kind === 'settings') await follow(openLimit(picked.action.limit));
    if (picked?.action?.kind === 'raise') this.question.show();
  }
}
