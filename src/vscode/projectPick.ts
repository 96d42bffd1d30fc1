import * as vscode from 'vscode';
import type { ReportedTest } from '../core/sandbox/project/reports/testReport';
import {
  isWhole,
  type Offer,
  type OfferAction,
  offerItems,
  offerTitle,
  type ProblemAction,
  problemItems,
  visibly,
} from '../report/projectView';
import { oneLine } from '../report/text';
import type { ListItem } from '../report/planView';
import { type ActionItem, quickPickItems } from './listItems';

/** Asks whose tests are to decide. Escape is Cancel. */
export async function askWhoseTests(offer: Offer): Promise<OfferAction> {
  const action = await choose(offerItems(offer), {
    title: offerTitle(offer),
    placeHolder: 'Nothing was run or spent so far.',
  });
  if (action?.kind !== 'run' || isWhole(action.command.line)) return action ?? { kind: 'cancel' };
  // What a line of a list cannot show as it is must have been seen before it runs.
  return (await confirmWhole(action.command.line)) ? action : { kind: 'cancel' };
}

/** Says why the project's tests prove nothing, and asks what to do. Escape is Cancel. */
export async function askAboutProblem(message: string, actions: readonly ProblemAction[]): Promise<ProblemAction> {
  const action = await choose(problemItems(message, actions), {
    title: "Solvent: the project's tests cannot prove an answer",
    placeHolder: 'Choose what to do about it',
  });
  return action ?? { kind: 'cancel' };
}

/**
 * Asks for a command line. Undefined where the user gave it up.
 * @param problemOf says what is wrong with a line; undefined where nothing is
 */
export async function askCommand(
  line: string,
  problemOf: (line: string) => string | undefined,
): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: "Solvent: the command that runs this project's tests",
    prompt: 'It runs in the sandbox, from the top folder of the workspace. ${file} is the file of the answer',
    placeHolder: 'python3 -m pytest tests/unit',
    value: line,
    ignoreFocusOut: true,
    validateInput: problemOf,
  });
  return typed === undefined || problemOf(typed) !== undefined ? undefined : typed.trim();
}

interface TestItem extends vscode.QuickPickItem {
  readonly name: string;
}

/** Lets the user choose which failing tests have to pass. Resolves with the names of the others, or with undefined. */
export async function askTolerated(
  failing: readonly ReportedTest[],
  tolerated: ReadonlySet<string>,
): Promise<ReadonlySet<string> | undefined> {
  const items = failing.map(({ name, message = '' }): TestItem => ({
    name,
    label: oneLine(name, 120).replaceAll('$(', '$ ('),
    description: oneLine(message.split('\n')[0] ?? '', 100).replaceAll('$(', '$ ('),
    picked: !tolerated.has(name),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Solvent: which failing tests have to pass?',
    placeHolder: 'Leave out what fails for reasons of its own, such as no network',
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (picked === undefined) return undefined;
  const wanted = new Set(picked.map(({ name }) => name));
  return new Set(failing.map(({ name }) => name).filter((name) => !wanted.has(name)));
}

async function choose<Action>(
  items: readonly ListItem<Action>[],
  options: { readonly title: string; readonly placeHolder: string },
): Promise<Action | undefined> {
  for (;;) {
    const picked: ActionItem<Action> | undefined = await vscode.window.showQuickPick(quickPickItems(items), {
      ...options,
      ignoreFocusOut: true,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    // A line that only informs is no answer.
    if (picked === undefined || picked.action !== undefined) return picked?.action;
  }
}

async function confirmWhole(line: string): Promise<boolean> {
  const run = 'Run It in the Sandbox';
  const message = "Run this as the project's test command?";
  return (await vscode.window.showWarningMessage(message, { modal: true, detail: visibly(line) }, run)) === run;
}
