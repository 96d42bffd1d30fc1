import * as vscode from 'vscode';
import { CapWarnings } from './vscode/capWarnings';
import { registerCommands } from './vscode/commands';
import { Denials } from './vscode/denials';
import { Keys } from './vscode/keys';
import { LmModels } from './vscode/lmModels';
import { Pipeline } from './vscode/pipeline';
import { PriceRefresh } from './vscode/prices';
import { ProjectTests } from './vscode/projectTests';
import { Proposals } from './vscode/proposals';
import { RaiseQuestion } from './vscode/raiseQuestion';
import { Receipts } from './vscode/receipts';
import { Runs } from './vscode/runs';
import { Settings } from './vscode/settings';
import { ProviderSetUp } from './vscode/setUpProvider';
import { SolveCommand } from './vscode/solveCommand';
import { SpendingDocuments } from './vscode/spending';
import { StatusBar } from './vscode/statusBar';
import { RunTerminal } from './vscode/terminal';
import { TestCommandMemory } from './vscode/testCommandMemory';
import { TestExplorer } from './vscode/testExplorer';
import { UserCaps } from './vscode/userCaps';

/** Builds the editor's side of Solvent and registers it. Nothing of the core's pipeline is loaded here. */
export function activate(context: vscode.ExtensionContext): void {
  const setContext = (key: string) => (value: boolean) => {
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const provided = (): void => {
    setContext('solvent.provided')(true);
  };
  const settings = new Settings();
  const keys = new Keys(context.secrets, process.env);
  const lm = new LmModels();
  const pipeline = new Pipeline(context.extensionPath, settings, keys, lm);
  const statusBar = new StatusBar();
  const terminal = new RunTerminal(() => {
    runs.cancel();
  });
  const receipts = new Receipts();
  const proposals = new Proposals(setContext('solvent.proposal'));
  const question = new RaiseQuestion(setContext('solvent.asking'));
  const denials = new Denials(question);
  const memory = new TestCommandMemory(context.workspaceState);
  const projectTests = new ProjectTests(settings, memory);
  const controller = (): vscode.TestController => vscode.tests.createTestController('solvent', 'Solvent');
  const tests = new TestExplorer(controller, pipeline, projectTests);
  const views = [statusBar, terminal, receipts, tests, denials, new CapWarnings()];
  const runs = new Runs(views, setContext('solvent.running'));
  const userCaps = new UserCaps(settings, pipeline);
  const setUp = new ProviderSetUp({ settings, keys, pipeline, lm, provided });
  const solve = new SolveCommand({
    ...{ settings, keys, pipeline, setUp, runs, statusBar, proposals, question, userCaps },
    ...{ memory, projectTests, terminal },
    platform: process.platform,
  });
  const prices = new PriceRefresh({ pipeline, settings });
  const spending = new SpendingDocuments({ pipeline, settings });
  const commands = registerCommands({
    ...{ solve, runs, question, denials, settings, keys, pipeline, prices, setUp },
    ...{ proposals, receipts, spending, terminal, memory, provided },
  });
  context.subscriptions.push(
    statusBar,
    terminal,
    receipts,
    tests,
    spending,
    proposals,
    runs,
    question,
    userCaps,
    projectTests,
  );
  context.subscriptions.push(...commands);
}
