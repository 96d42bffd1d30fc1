import * as vscode from 'vscode';
import { registerCommands } from './vscode/commands';
import { Keys } from './vscode/keys';
import { Pipeline } from './vscode/pipeline';
import { Proposals } from './vscode/proposals';
import { Receipts } from './vscode/receipts';
import { Runs } from './vscode/runs';
import { Settings } from './vscode/settings';
import { SolveCommand } from './vscode/solveCommand';
import { StatusBar } from './vscode/statusBar';
import { RunTerminal } from './vscode/terminal';

/** Builds the editor's side of Solvent and registers it. Nothing of the core's pipeline is loaded here. */
export function activate(context: vscode.ExtensionContext): void {
  const setContext = (key: string) => (value: boolean) => {
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const settings = new Settings();
  const keys = new Keys(context.secrets, process.env);
  const pipeline = new Pipeline(context.extensionPath, settings, keys);
  const statusBar = new StatusBar();
  const terminal = new RunTerminal(() => {
    runs.cancel();
  });
  const receipts = new Receipts();
  const proposals = new Proposals(setContext('solvent.proposal'));
  const runs = new Runs([statusBar, terminal, receipts], setContext('solvent.running'));
  const solve = new SolveCommand({ settings, keys, pipeline, runs, statusBar, proposals });
  const commands = registerCommands({ solve, runs, settings, keys, pipeline, proposals, receipts, terminal });
  context.subscriptions.push(statusBar, terminal, receipts, proposals, runs, ...commands);
}
