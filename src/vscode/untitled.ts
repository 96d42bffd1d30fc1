import * as vscode from 'vscode';
import type { Language } from '../core/task/task';

/** Opens an answer in a new, unsaved document, so that it is not lost whatever became of its place. */
export async function openUntitled(code: string, language: Language): Promise<vscode.TextDocument> {
  const content = code.endsWith('\n') ? code : `${code}\n`;
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}
