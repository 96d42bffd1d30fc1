import * as vscode from 'vscode';
import { openUntitled } from './untitled';

/** A task to try Solvent with: small enough for the cheapest model, with tests in its docstring. */
const EXAMPLE = `def slugify(title: str) -> str:
    """Write a title as part of an address: in lower case, its words joined by dashes.

    >>> slugify('Hello, World!')
    'hello-world'
    >>> slugify('  two   spaces ')
    'two-spaces'
    >>> slugify('')
    ''
    """
`;

/** "Solvent: Open an Example": a stub in a new document with the cursor in it, so that it can be solved at once. */
export async function openExample(): Promise<void> {
  await openUntitled(EXAMPLE, 'python');
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined) editor.selection = new vscode.Selection(0, 0, 0, 0);
}
