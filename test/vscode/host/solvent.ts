import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { userDataFolder } from '../../../src/core/userData';
import { type Booking, bookingsIn } from '../bookings';
import { eventually } from '../ui/eventually';

/** A project's own tests may run before the first call. */
const RUN_TIMEOUT_MS = 60_000;

/** The extension under test. */
export function solvent(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('solvent.solvent');
  assert.ok(extension, 'the extension is there');
  return extension;
}

/** The folder that is open. */
export function workspaceUri(): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'a folder is open');
  return folder.uri;
}

/** Writes a file into the workspace and shows it. */
export async function showFile(name: string, text: string): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.joinPath(workspaceUri(), name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** The text of a document that is not a file. */
export async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

/** The receipt of the last run of this window, as Markdown. */
export async function lastReceipt(): Promise<string> {
  await vscode.commands.executeCommand('solvent.showReceipt');
  const documents = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'solvent-receipt');
  const numbered = documents.map((document) => ({ document, run: Number(/\d+/.exec(document.uri.path)?.[0]) }));
  const [last] = numbered.sort((a, b) => b.run - a.run);
  assert.ok(last, 'there is a receipt');
  return last.document.getText();
}

/** What the ledger of this account has booked for its calls, in the order in which they were reserved. */
export function bookings(): Booking[] {
  return bookingsIn(dataFolder());
}

/** Lets nothing be known of runs before: what they taught would change how agents work together. */
export function forgetRuns(): void {
  const ledger = join(dataFolder(), 'ledger');
  for (const name of ['journal.jsonl', 'journal.1.jsonl']) rmSync(join(ledger, name), { force: true });
}

/** Where this account keeps its data. */
export function dataFolder(): string {
  return userDataFolder({ platform: process.platform, env: process.env, home: homedir() });
}

/**
 * Runs the command on the active editor and says yes with Enter to whatever is asked, until the first model is called.
 * `ended` resolves when the run is over and its answer is shown.
 */
export async function solveByEnter(models: {
  readonly calls: readonly unknown[];
}): Promise<{ readonly ended: PromiseLike<unknown> }> {
  const before = models.calls.length;
  const ended = vscode.commands.executeCommand('solvent.solve');
  await eventually(
    'the first call',
    async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return models.calls.length;
    },
    (calls) => calls > before,
    RUN_TIMEOUT_MS,
  );
  return { ended };
}
