import * as vscode from 'vscode';
import type { SpendingFacts } from '../report/spendingFacts';
import type { Hints } from '../report/spendingView';
import type { Pipeline } from './pipeline';
import { showPreview } from './preview';
import type { Settings } from './settings';

/** What a report of spending is made with. */
export interface SpendingTools {
  readonly pipeline: Pick<Pipeline, 'ledger' | 'ledgerFolder'>;
  readonly settings: Pick<Settings, 'budgets'>;
}

const HINTS: Hints = {
  clear: 'Book one at what the provider billed: run "Solvent: Clear Unconfirmed Calls…".',
  forget: 'What was learned of a model is forgotten on the command line: solvent ledger --forget MODEL.',
  receipt: 'The receipt of one: run "Solvent: Show Receipt of a Past Run…".',
  repair: 'Run "Solvent: Set a Damaged Ledger Aside…" to go on.',
};

/** What the ledger holds, as read-only Markdown documents: all spending, and the receipts of past runs. */
export class SpendingDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration: vscode.Disposable;
  readonly #spendingUri: vscode.Uri;

  /** @param scheme that of the documents; one provider has it */
  constructor(
    private readonly tools: SpendingTools,
    private readonly scheme = 'solvent-spending',
  ) {
    this.#spendingUri = vscode.Uri.from({ scheme, path: '/Spending.md' });
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  /** Reads the ledger anew each time that the editor asks. */
  async provideTextDocumentContent({ path, query }: vscode.Uri): Promise<string> {
    return path === this.#spendingUri.path ? this.#spending() : this.#receipt(query);
  }

  /** Shows what was spent until now; a document that is open already is brought up to date. */
  async showSpending(): Promise<void> {
    await reading(async () => {
      this.#changed.fire(this.#spendingUri);
      await showPreview(this.#spendingUri);
    });
  }

  /** Lets the user choose one of the last runs, and shows its receipt. */
  async showPastReceipt(): Promise<void> {
    const { runItems } = await import('../report/runItems');
    const { report } = await reading(() => this.#facts());
    if (report.runs.length === 0) {
      void vscode.window.showInformationMessage('There is no receipt yet: no run is on the ledger.');
      return;
    }
    const options = { title: 'Solvent: receipt of a past run', matchOnDescription: true, matchOnDetail: true };
    const chosen = await vscode.window.showQuickPick(runItems(report.runs), options);
    if (chosen === undefined) return;
    const uri = vscode.Uri.from({
      scheme: this.scheme,
      path: `/Receipt ${chosen.id.slice(0, 8)}.md`,
      query: chosen.id,
    });
    this.#changed.fire(uri);
    await showPreview(uri);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }

  async #spending(): Promise<string> {
    const { spendingSheet } = await import('../report/spendingView');
    const { sheetMarkdown } = await import('../report/sheetMarkdown');
    const caps = this.tools.settings.budgets(undefined).caps.user;
    return sheetMarkdown(spendingSheet({ ...(await this.#facts()), caps }, HINTS));
  }

  async #receipt(run: string): Promise<string> {
    const { readHistory } = await import('../core/budget/ledger');
    const { pastReceiptSheet } = await import('../report/pastReceipt');
    const { pastRuns } = await import('../report/pastRun');
    const { sheetMarkdown } = await import('../report/sheetMarkdown');
    const runs = await pastRuns(readHistory(await this.tools.pipeline.ledgerFolder()), run);
    const [found] = runs.filter((one) => one.run === run);
    return found === undefined ? 'This run is no longer on the ledger.\n' : sheetMarkdown(pastReceiptSheet(found));
  }

  /** A damaged ledger is shown as far as it can be read. */
  async #facts(): Promise<SpendingFacts> {
    const { damagedFacts, spendingFacts } = await import('../report/spendingFacts');
    try {
      return await spendingFacts(await this.tools.pipeline.ledger());
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'LedgerDamage') throw error;
      return damagedFacts(await this.tools.pipeline.ledgerFolder(), error.message);
    }
  }
}

/** A long ledger takes a moment to read. */
function reading<T>(work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Reading the ledger' }, work);
}
