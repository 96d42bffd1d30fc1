import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { dayOf } from '../core/budget/period';
import { counted, grouped } from '../report/text';
import type { Pipeline } from './pipeline';

/** Rows between two messages of progress. */
const STEP = 5000;

/** "Solvent: Export Ledger…": writes every call to a file that the user chooses, as CSV or JSON by its ending. */
export async function exportLedger(pipeline: Pick<Pipeline, 'ledgerFolder'>): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const uri = await vscode.window.showSaveDialog({
    title: 'Solvent: export the ledger',
    saveLabel: 'Export',
    filters: { CSV: ['csv'], JSON: ['json'] },
    defaultUri: vscode.Uri.joinPath(folder, `solvent-ledger-${dayOf(Date.now())}.csv`),
  });
  if (uri !== undefined) await exportTo(uri, await pipeline.ledgerFolder());
}

/** Writes the ledger in a folder to a file, whole or not at all. */
export async function exportTo(uri: vscode.Uri, folder: string): Promise<void> {
  if (uri.scheme !== 'file') throw new Error('The ledger can be exported to a disk only: choose a file there.');
  if (path.dirname(uri.fsPath) === folder) throw new Error('That is the folder of the ledger: choose another one.');
  const written = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Solvent: exporting the ledger', cancellable: true },
    (progress, token) => write(uri.fsPath, folder, progress, token),
  );
  if (written === undefined) {
    void vscode.window.showInformationMessage('The export was cancelled. No file was written.');
    return;
  }
  const { rows, unreadable } = written;
  const lost = unreadable === 0 ? '' : ` ${counted(unreadable, 'line')} of the ledger cannot be read: missing there.`;
  const show = unreadable === 0 ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const open = 'Open';
  void show(`${grouped(rows)} ${rows === 1 ? 'row was' : 'rows were'} exported to ${uri.fsPath}.${lost}`, open).then(
    async (chosen) => {
      if (chosen === open) await vscode.commands.executeCommand('vscode.open', uri);
    },
  );
}

/** Resolves with what was written; undefined where the user cancelled. */
async function write(
  file: string,
  folder: string,
  progress: vscode.Progress<{ readonly message?: string }>,
  token: vscode.CancellationToken,
): Promise<{ readonly rows: number; readonly unreadable: number } | undefined> {
  const { mkdir } = await import('node:fs/promises');
  const { exportRows, exportText } = await import('../report/ledgerExport');
  const { writeExport } = await import('../report/exportFile');
  const controller = new AbortController();
  const listening = token.onCancellationRequested(() => {
    controller.abort();
  });
  let [rows, unreadable] = [0, 0];
  async function* counting(): ReturnType<typeof exportRows> {
    for await (const row of exportRows(folder, () => (unreadable += 1))) {
      rows += 1;
      if (rows % STEP === 0) progress.report({ message: `${grouped(rows)} rows` });
      yield row;
    }
  }
  try {
    await mkdir(folder, { recursive: true });
    await writeExport(file, exportText(counting(), path.extname(file) === '.json' ? 'json' : 'csv'), controller.signal);
    return { rows, unreadable };
  } catch (error) {
    if (token.isCancellationRequested) return undefined;
    throw error;
  } finally {
    listening.dispose();
  }
}
