import * as vscode from 'vscode';
import type { Entry } from '../core/budget/entry';
import type { Money } from '../core/money';
import { readAmount } from '../report/amountInput';
import { exact } from '../report/exactMoney';
import type { Pipeline } from './pipeline';

/** "Solvent: Clear Unconfirmed Calls…": books a call that the user chooses at what the provider billed for it. */
export async function clearUnconfirmed(pipeline: Pick<Pipeline, 'ledger'>): Promise<void> {
  const ledger = await pipeline.ledger();
  const entry = await chooseCall(await ledger.unconfirmed());
  if (entry === undefined) return;
  const billed = await askBilled(entry);
  if (billed === undefined) return;
  if (!(await ledger.clear(entry.id, billed))) {
    void vscode.window.showWarningMessage('The call was cleared or settled meanwhile: nothing was changed.');
    return;
  }
  void vscode.window.showInformationMessage(
    `Cleared: the call to ${entry.model} is booked at ${exact(billed)} now, and was at ${exact(entry.cost)}.`,
  );
}

async function chooseCall(calls: readonly Entry[]): Promise<Entry | undefined> {
  if (calls.length === 0) {
    void vscode.window.showInformationMessage('There are no unconfirmed calls that could be cleared.');
    return undefined;
  }
  const { callItems } = await import('../report/runItems');
  const options = {
    title: 'Solvent: clear an unconfirmed call',
    placeHolder: 'They are booked at their worst case, because their bill is unknown.',
    matchOnDescription: true,
    matchOnDetail: true,
  };
  const chosen = await vscode.window.showQuickPick(callItems(calls), options);
  return calls.find(({ id }) => id === chosen?.id);
}

async function askBilled({ model, cost, reserved }: Entry): Promise<Money | undefined> {
  const text = await vscode.window.showInputBox({
    title: `Solvent: what did the provider bill for the call to ${model}?`,
    prompt: `In USD, 0 where it was free. It is booked at ${exact(cost)}.`,
    ignoreFocusOut: true,
    validateInput: (typed) => {
      const amount = readAmount(typed);
      if (amount === undefined) return typed === '' ? undefined : 'Write an amount of USD, such as 0.002.';
      if (amount <= reserved) return undefined;
      const message = `That is more than the ${exact(reserved)} that were reserved. Enter takes it all the same.`;
      return { message, severity: vscode.InputBoxValidationSeverity.Warning };
    },
  });
  return text === undefined ? undefined : readAmount(text);
}
