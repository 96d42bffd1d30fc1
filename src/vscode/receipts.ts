import * as vscode from 'vscode';
import type { RunEvent } from '../core/events';
import { receiptMarkdown } from '../report/receipt';
import type { RunRecord } from '../report/record';
import { showPreview } from './preview';
import type { RunView } from './runs';

/** The scheme of receipts. */
const SCHEME = 'solvent-receipt';
/** Receipts that a window keeps. */
const KEPT = 50;

/** The receipts of this window's runs, as read-only Markdown documents. */
export class Receipts implements RunView, vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #records = new Map<string, RunRecord>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  #last: vscode.Uri | undefined;

  begun(record: RunRecord): void {
    this.#last = vscode.Uri.from({ scheme: SCHEME, path: `/Receipt ${record.heading.run}.md` });
    this.#keep(this.#last, record);
  }

  happened(event: RunEvent, record: RunRecord): void {
    if (this.#last === undefined) return;
    this.#keep(this.#last, record);
    if (event.type !== 'arriving') this.#changed.fire(this.#last);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const record = this.#records.get(uri.toString());
    return record === undefined ? 'This receipt is no longer kept in this window.\n' : receiptMarkdown(record);
  }

  /** Shows the receipt of the current or last run, rendered where the editor can do that. */
  async showLast(): Promise<void> {
    if (this.#last === undefined) {
      const past = 'Show a Past Run…';
      const message = 'There is no receipt yet: nothing was run in this window.';
      void vscode.window.showInformationMessage(message, past).then(async (chosen) => {
        if (chosen === past) await vscode.commands.executeCommand('solvent.showPastReceipt');
      });
      return;
    }
    await showPreview(this.#last);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }

  #keep(uri: vscode.Uri, record: RunRecord): void {
    this.#records.set(uri.toString(), record);
    const [oldest] = this.#records.keys();
    if (this.#records.size > KEPT && oldest !== undefined) this.#records.delete(oldest);
  }
}
