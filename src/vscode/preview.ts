import * as vscode from 'vscode';

/** Shows a Markdown document rendered, where the editor can do that. */
export async function showPreview(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  try {
    await vscode.commands.executeCommand('markdown.showPreview', document.uri);
  } catch {
    // The editor's own Markdown extension can be switched off; the source is readable, too.
    await vscode.window.showTextDocument(document, { preview: true });
  }
}
