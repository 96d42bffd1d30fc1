import { access, constants, stat } from 'node:fs/promises';
import * as vscode from 'vscode';

/** Whether a document can take an answer, or in words why it cannot. */
export type Place =
  | { readonly kind: 'document'; readonly document: vscode.TextDocument }
  | { readonly kind: 'gone' | 'read-only'; readonly why: string };

/** Looks up the document of a URI as it is now: open, on disk, deleted, closed for good, or read-only. */
export async function findPlace(uri: vscode.Uri): Promise<Place> {
  const name = nameOf(uri);
  const open = vscode.workspace.textDocuments.find(
    (known) => known.uri.toString() === uri.toString() && !known.isClosed,
  );
  if (uri.scheme === 'untitled') {
    return open === undefined ? { kind: 'gone', why: `${name} was closed.` } : { kind: 'document', document: open };
  }
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) {
    return { kind: 'read-only', why: `${name} is read-only.` };
  }
  try {
    const { permissions = 0 } = await vscode.workspace.fs.stat(uri);
    if ((permissions & vscode.FilePermission.Readonly) !== 0 || (await isLocked(uri))) {
      return { kind: 'read-only', why: `${name} is read-only.` };
    }
    return { kind: 'document', document: open ?? (await vscode.workspace.openTextDocument(uri)) };
  } catch {
    // What is no file, such as a notebook's cell, has nothing on a disk to be looked up.
    if (open !== undefined && uri.scheme !== 'file') return { kind: 'document', document: open };
    return { kind: 'gone', why: `${name} was deleted or moved.` };
  }
}

/** The last part of a path. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}

/** A file without any write permission is meant to stay as it is, also where the account could write it. */
async function isLocked(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return false;
  const { mode } = await stat(uri.fsPath);
  if ((mode & 0o222) === 0) return true;
  return access(uri.fsPath, constants.W_OK).then(
    () => false,
    () => true,
  );
}
