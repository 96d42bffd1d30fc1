import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { userDataFolder } from '../../../src/core/userData';
import { attoUsd } from '../../servers/bill';

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

/** A line of the ledger, as far as it is looked at here. */
interface LedgerLine {
  readonly type: string;
  readonly id: string;
  readonly cost?: string;
  readonly reserved?: string;
  readonly confirmed?: boolean;
}

/** What the ledger of this account has booked for its calls, in order, in USD x 10^-18. */
export function bookings(): { readonly cost: bigint; readonly confirmed: boolean }[] {
  const folder = userDataFolder({ platform: process.platform, env: process.env, home: homedir() });
  const lines = readFileSync(join(folder, 'ledger.jsonl'), 'utf8').split('\n');
  const booked = new Map<string, { cost: bigint; confirmed: boolean }>();
  for (const line of lines.filter((text) => text !== '')) {
    const { type, id, cost, reserved, confirmed } = JSON.parse(line) as LedgerLine;
    if (type === 'reserve') booked.set(id, { cost: attoUsd(reserved ?? ''), confirmed: false });
    if (type === 'settle') booked.set(id, { cost: attoUsd(cost ?? ''), confirmed: confirmed === true });
    if (type === 'release') booked.delete(id);
  }
  return [...booked.values()];
}
