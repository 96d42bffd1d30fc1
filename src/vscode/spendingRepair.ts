import path from 'node:path';
import * as vscode from 'vscode';
import { type Money, ZERO } from '../core/money';
import { readAmount } from '../report/amountInput';
import { exact } from '../report/exactMoney';
import { damageText } from '../report/repairText';
import type { Pipeline } from './pipeline';

/** "Solvent: Set a Damaged Ledger Aside…": says what is lost, asks what it may have cost, and goes on. */
export async function repairDamagedLedger(pipeline: Pick<Pipeline, 'ledgerFolder'>): Promise<void> {
  const folder = await pipeline.ledgerFolder();
  const { Ledger, LedgerDamage, readHistory, repairLedger } = await import('../core/budget/ledger');
  let damaged: string;
  try {
    await (await Ledger.open(folder)).close();
    void vscode.window.showInformationMessage('The ledger is not damaged: there is nothing to set aside.');
    return;
  } catch (error) {
    if (!(error instanceof LedgerDamage)) throw error;
    damaged = error.file;
  }
  let unreadable = 0;
  for await (const record of readHistory(folder)) {
    if (record.type === 'damaged' && record.file === damaged) unreadable += 1;
  }
  if (!(await agreed(damageText(path.basename(damaged), unreadable)))) return;
  const assumed = await askAssumed();
  if (assumed === undefined) return;
  const repair = await repairLedger(folder, assumed, Date.now());
  const kept = repair.setAside === undefined ? '' : ` The damaged file is ${repair.setAside}.`;
  const booked = repair.assumed === 0n ? '' : ` ${exact(repair.assumed)} were booked today as unconfirmed.`;
  const show = 'Show Spending';
  void vscode.window.showInformationMessage(`Spending goes on.${booked}${kept}`, show).then(async (chosen) => {
    if (chosen === show) await vscode.commands.executeCommand('solvent.showSpending');
  });
}

async function agreed(detail: string): Promise<boolean> {
  const goOn = 'Set Aside and Go On…';
  const message = 'The ledger is damaged. Set the damaged part aside and go on?';
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, goOn)) === goOn;
}

async function askAssumed(): Promise<Money | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'Solvent: what may the unreadable part have cost today?',
    prompt: 'In USD; empty means 0. It is booked as unconfirmed, counts against your caps, and can be cleared later.',
    placeHolder: '0',
    ignoreFocusOut: true,
    validateInput: (typed) =>
      typed.trim() === '' || readAmount(typed) !== undefined ? undefined : 'Write an amount of USD, such as 0.002.',
  });
  if (text === undefined) return undefined;
  return text.trim() === '' ? ZERO : readAmount(text);
}

/** Shows the folder of the ledger: in the system's own file manager where that is on the same machine. */
export async function openLedgerFolder(pipeline: Pick<Pipeline, 'ledgerFolder'>): Promise<void> {
  const folder = vscode.Uri.file(await pipeline.ledgerFolder());
  await vscode.workspace.fs.createDirectory(folder);
  if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) {
    await vscode.commands.executeCommand('revealFileInOS', folder);
    return;
  }
  const options = { title: 'Solvent: the folder of the ledger', defaultUri: folder, openLabel: 'Open' };
  const [chosen] = (await vscode.window.showOpenDialog(options)) ?? [];
  if (chosen !== undefined) await vscode.commands.executeCommand('vscode.open', chosen);
}
