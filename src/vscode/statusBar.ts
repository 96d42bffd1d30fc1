import * as vscode from 'vscode';
import type { PeriodCaps } from '../core/budget/caps';
import type { RunEvent } from '../core/events';
import { ZERO } from '../core/money';
import type { PeriodTotals } from '../report/periodTotals';
import type { RunRecord } from '../report/record';
import { statusView } from '../report/statusView';
import type { RunView } from './runs';

/** The meter is drawn at most this often while it runs, in ms. */
const REDRAW_MS = 100;

/** The meter of the current or last run in the status bar. Hidden until there is one. */
export class StatusBar implements RunView, vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('solvent.meter', vscode.StatusBarAlignment.Left, 0);
  #totals: PeriodTotals = { day: ZERO, month: ZERO };
  #caps: PeriodCaps = {};
  #record: RunRecord | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#item.name = 'Solvent';
  }

  /** Sets what was spent before the next run begins, and the caps that this counts against. */
  setTotals(before: PeriodTotals, caps: PeriodCaps): void {
    this.#totals = before;
    this.#caps = caps;
  }

  begun(record: RunRecord): void {
    this.#record = record;
    this.#draw();
    this.#item.show();
  }

  happened(event: RunEvent, record: RunRecord): void {
    this.#record = record;
    if (event.type === 'finished') this.#draw();
    else
      this.#timer ??= setTimeout(() => {
        this.#draw();
      }, REDRAW_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#item.dispose();
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#record === undefined) return;
    const { text, tooltip, label, prominent } = statusView(this.#record, { before: this.#totals, caps: this.#caps });
    const markdown = new vscode.MarkdownString(tooltip, true);
    markdown.isTrusted = false;
    this.#item.text = text;
    this.#item.tooltip = markdown;
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.backgroundColor = prominent ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.command = commandFor(this.#record);
  }
}

/** What a click leads to. */
function commandFor({ result, asking }: RunRecord): string {
  if (result !== undefined) return 'solvent.showReceipt';
  return asking === undefined ? 'solvent.runMenu' : 'solvent.raiseBudget';
}
