import * as vscode from 'vscode';
import { isEstimated } from '../core/catalogue/editorModels';
import type { Denials } from './denials';
import { originOf, serversOf } from './endpoint';
import { openExample } from './example';
import type { Keys } from './keys';
import { removeApiKey, setApiKey } from './keyCommands';
import type { Pipeline } from './pipeline';
import type { PriceRefresh } from './prices';
import { showError } from './problem';
import type { Proposals } from './proposals';
import type { RaiseQuestion } from './raiseQuestion';
import type { Receipts } from './receipts';
import type { Runs } from './runs';
import type { ProviderSetUp } from './setUpProvider';
import type { Settings } from './settings';
import type { SolveCommand } from './solveCommand';
import type { SpendingDocuments } from './spending';
import { clearUnconfirmed } from './spendingClear';
import { exportLedger } from './spendingExport';
import { openLedgerFolder, repairDamagedLedger } from './spendingRepair';
import type { RunTerminal } from './terminal';
import type { TestCommandMemory } from './testCommandMemory';

/** What the commands act upon. */
export interface CommandTargets {
  readonly solve: SolveCommand;
  readonly runs: Runs;
  readonly question: RaiseQuestion;
  readonly denials: Denials;
  readonly settings: Settings;
  readonly keys: Keys;
  readonly pipeline: Pipeline;
  readonly prices: PriceRefresh;
  readonly setUp: ProviderSetUp;
  readonly proposals: Proposals;
  readonly receipts: Receipts;
  readonly spending: SpendingDocuments;
  readonly terminal: RunTerminal;
  readonly memory: TestCommandMemory;
  /** To be told once there is a provider or a key. */
  readonly provided: () => void;
}

/** Registers every command. Errors are shown, so that none ends up as the editor's own "command failed". */
export function registerCommands(targets: CommandTargets): vscode.Disposable[] {
  const { solve, runs, question, denials, settings, keys, pipeline, prices, setUp } = targets;
  const { proposals, receipts, terminal, spending } = targets;
  const servers = async (): Promise<string[]> => {
    const { models } = await pipeline.models();
    return serversOf(
      settings.baseUrl,
      models.filter(({ id }) => !isEstimated(id)),
    );
  };
  const handlers: Readonly<Record<string, (argument: unknown) => unknown>> = {
    'solvent.solve': () => solve.solve(),
    'solvent.cancel': () => {
      runs.cancel();
    },
    'solvent.raiseBudget': () => {
      question.show();
    },
    'solvent.whyDenied': () => denials.explain(),
    'solvent.openExample': () => openExample(),
    'solvent.setUpProvider': () => setUp.run(),
    'solvent.setApiKey': async (server) => {
      const all = await servers();
      const { models } = await pipeline.models();
      const priced = (baseUrl: string): string[] =>
        models.filter((model) => originOf(model.baseUrl ?? settings.baseUrl) === originOf(baseUrl)).map(({ id }) => id);
      // A message that misses one server's key names it.
      const stored = await setApiKey(keys, all.includes(server as string) ? [server as string] : all, priced);
      if (stored) targets.provided();
      return stored;
    },
    'solvent.removeApiKey': async () => removeApiKey(keys, await servers()),
    'solvent.refreshPrices': () => prices.run(),
    'solvent.forgetTestCommand': () => forgetTestCommand(targets.memory),
    'solvent.showReceipt': () => receipts.showLast(),
    'solvent.showPastReceipt': () => spending.showPastReceipt(),
    'solvent.showSpending': () => spending.showSpending(),
    'solvent.clearUnconfirmed': () => clearUnconfirmed(pipeline),
    'solvent.exportLedger': () => exportLedger(pipeline),
    'solvent.repairLedger': () => repairDamagedLedger(pipeline),
    'solvent.showTerminal': () => {
      terminal.show();
    },
    'solvent.accept': (uri) => proposals.accept(uri instanceof vscode.Uri ? uri : undefined),
    'solvent.discard': (uri) => proposals.discard(uri instanceof vscode.Uri ? uri : undefined),
    // Not offered in the palette: they are what the status bar and a message lead to.
    'solvent.runMenu': () => runMenu(),
    'solvent.openLedger': () => openLedgerFolder(pipeline),
  };
  return Object.entries(handlers).map(([name, handle]) =>
    vscode.commands.registerCommand(name, async (argument: unknown) => {
      try {
        return await handle(argument);
      } catch (error) {
        await showError(error);
        return undefined;
      }
    }),
  );
}

/** The next task in this workspace is asked about anew; a command of its settings has to be confirmed anew. */
async function forgetTestCommand(memory: TestCommandMemory): Promise<void> {
  const any = await memory.forget();
  void vscode.window.showInformationMessage(
    any
      ? "This workspace's test command is forgotten. The next task asks whose tests are to decide."
      : 'No test command was confirmed for this workspace.',
  );
}

/** What a click on the meter of a run under way offers. */
async function runMenu(): Promise<void> {
  const items: readonly (vscode.QuickPickItem & { readonly command: string })[] = [
    { label: '$(debug-stop) Cancel the run', detail: 'Keeps the best answer so far.', command: 'solvent.cancel' },
    { label: '$(terminal) Show terminal', command: 'solvent.showTerminal' },
    { label: '$(output) Show receipt', command: 'solvent.showReceipt' },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Solvent: a task is being solved' });
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command);
}
