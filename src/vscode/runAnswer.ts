import * as vscode from 'vscode';
import type { Language } from '../core/task/task';
import type { Opened, Proposals } from './proposals';
import type { Destination } from './question';
import { openUntitled } from './untitled';

/** An answer that was opened. */
interface Shown {
  readonly code: string;
  readonly opened: Opened;
}

/**
 * The answer of one run, as the user sees it: a diff where it has a place, else a document of its own. There is one at a
 * time: a better answer takes the place of the one before it, and one that the user has decided on does not come back.
 */
export class RunAnswer {
  #shown: Shown | undefined;

  /** @param destination where the answer goes; undefined means a new document */
  constructor(
    private readonly proposals: Proposals,
    private readonly destination: Destination | undefined,
    private readonly language: Language,
  ) {}

  /** Whether this is the proposal that is shown. */
  isShownAs(proposal: vscode.Uri): boolean {
    const opened = this.#shown?.opened;
    return opened?.kind === 'diff' && opened.proposal.toString() === proposal.toString();
  }

  /**
   * Shows an answer. Resolves with where, or with undefined where there is nothing left to decide.
   * @param label how far the answer may be trusted
   */
  async show(code: string, label: string): Promise<Opened | undefined> {
    const before = this.#shown;
    if (code === '') return undefined;
    if (before?.code === code) return this.#stillOpen(before.opened) ? before.opened : undefined;
    const opened = await this.#open(code, label, before);
    this.#shown = { code, opened };
    return opened;
  }

  async #open(code: string, label: string, before: Shown | undefined): Promise<Opened> {
    const { language, destination, proposals } = this;
    if (before?.opened.kind === 'diff') await proposals.withdraw(before.opened.proposal);
    else if (before !== undefined && (await replaceText(before.opened.document, before.code, code))) {
      return before.opened;
    }
    if (destination !== undefined) return proposals.open({ ...destination, code, language, label });
    return { kind: 'untitled', document: await openUntitled(code, language) };
  }

  #stillOpen(opened: Opened): boolean {
    return opened.kind === 'diff' ? this.proposals.isWaiting(opened.proposal) : !opened.document.isClosed;
  }
}

/** Resolves with false where the document was closed or edited meanwhile. */
async function replaceText(document: vscode.TextDocument, from: string, to: string): Promise<boolean> {
  if (document.isClosed || document.getText().trimEnd() !== from.trimEnd()) return false;
  const edit = new vscode.WorkspaceEdit();
  const end = document.lineAt(document.lineCount - 1).range.end;
  edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), to.endsWith('\n') ? to : `${to}\n`);
  return vscode.workspace.applyEdit(edit);
}
