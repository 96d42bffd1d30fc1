import * as vscode from 'vscode';
import type { Target } from '../core/task/extraction';
import type { Placement } from '../core/task/place';
import type { Language } from '../core/task/task';
import { oneLine } from '../report/text';
import { findPlace, nameOf } from './place';
import { difference, findRegion } from './region';
import { openUntitled } from './untitled';

/** The scheme of proposed documents. */
const SCHEME = 'solvent-proposal';

/** Characters of a file's name in the title of a proposal. */
const SHOWN_NAME = 32;

/** An answer and where it belongs. */
export interface Answer {
  readonly source: vscode.Uri;
  /** The document's text when the task was taken from it; `target` is a range of this. */
  readonly snapshot: string;
  readonly target: Target;
  readonly code: string;
  readonly language: Language;
  /** How far the answer may be trusted, such as "not verified: 2 of 3 tests pass". */
  readonly label: string;
}

/**
 * Where an answer was opened: as a diff, or in a document of its own. `why` is the sentence that says why it could not be
 * put where it belongs.
 */
export type Opened =
  | { readonly kind: 'diff'; readonly proposal: vscode.Uri }
  | { readonly kind: 'untitled'; readonly document: vscode.TextDocument; readonly why?: string };

/**
 * Answers that wait to be accepted or discarded, each as a diff of the real document against the proposed one. The
 * proposed side follows edits of the document as long as the answer's place can be found again.
 */
export class Proposals implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #accepted = new vscode.EventEmitter<vscode.Uri>();
  /** Tells which proposal the user has accepted. */
  readonly onDidAccept = this.#accepted.event;
  readonly #waiting = new Map<string, Answer>();
  readonly #registrations: readonly vscode.Disposable[];
  #count = 0;

  /** @param changed is told whether a proposal waits, each time that may have changed. */
  constructor(private readonly changed: (waiting: boolean) => void) {
    this.#registrations = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.#follow(document.uri);
      }),
    ];
  }

  /** Opens an answer as a diff, or in a document of its own where its document cannot take it. */
  async open(answer: Answer): Promise<Opened> {
    const place = await findPlace(answer.source);
    const why = place.kind === 'document' ? await misfit(answer, place.document) : place.why;
    if (place.kind !== 'document' || why !== undefined) {
      const document = await openUntitled(answer.code, answer.language);
      return { kind: 'untitled', document, why: `${why ?? ''} The answer is in a new document instead.` };
    }
    const path = answer.source.path.startsWith('/') ? answer.source.path : `/${answer.source.path}`;
    const uri = vscode.Uri.from({ scheme: SCHEME, path, query: String(++this.#count) });
    this.#waiting.set(uri.toString(), answer);
    this.changed(true);
    const proposed = await vscode.workspace.openTextDocument(uri);
    const { languageId } = place.document;
    if (proposed.languageId !== languageId) await vscode.languages.setTextDocumentLanguage(proposed, languageId);
    // How far the answer may be trusted must not be what a narrow tab cuts off.
    const title = `${oneLine(nameOf(answer.source), SHOWN_NAME)} ↔ Solvent, ${answer.label}`;
    await vscode.commands.executeCommand('vscode.diff', place.document.uri, uri, title, { preview: false });
    return { kind: 'diff', proposal: uri };
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const answer = this.#waiting.get(uri.toString());
    if (answer === undefined) return 'This proposal was accepted or discarded.\n';
    const place = await findPlace(answer.source);
    const current = place.kind === 'document' ? place.document.getText() : answer.snapshot;
    const placement = (await placed(answer, current)) ?? (await placed(answer, answer.snapshot));
    return placement?.text ?? answer.code;
  }

  /**
   * Puts a proposal into its document as one edit that can be undone. The document is saved where it was saved before,
   * and left unsaved where it held unsaved changes.
   */
  async accept(proposal?: vscode.Uri): Promise<void> {
    const uri = this.#chosen(proposal);
    const answer = uri && this.#waiting.get(uri.toString());
    if (!uri || !answer) {
      nothingWaits();
      return;
    }
    try {
      await this.#put(uri, answer);
    } finally {
      this.#accepted.fire(uri);
    }
  }

  /** Closes a proposal; the document stays as it is. */
  async discard(proposal?: vscode.Uri): Promise<void> {
    const uri = this.#chosen(proposal);
    if (uri === undefined) nothingWaits();
    else await this.#close(uri);
  }

  /** Whether a proposal was neither accepted nor discarded yet. */
  isWaiting(proposal: vscode.Uri): boolean {
    return this.#waiting.has(proposal.toString());
  }

  /** Takes back a proposal that a better one replaces. */
  async withdraw(proposal: vscode.Uri): Promise<void> {
    if (this.isWaiting(proposal)) await this.#close(proposal);
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
    this.#changed.dispose();
    this.#accepted.dispose();
  }

  async #put(uri: vscode.Uri, answer: Answer): Promise<void> {
    const place = await findPlace(answer.source);
    if (place.kind !== 'document') {
      await this.#close(uri);
      return this.#elsewhere(answer, place.why);
    }
    const { document } = place;
    const current = document.getText();
    const placement = await placed(answer, current);
    if (placement === undefined) {
      await this.#close(uri);
      return this.#elsewhere(answer, editedMeanwhile(answer));
    }
    const wasSaved = !document.isDirty && !document.isUntitled;
    const { start, end, text } = difference(current, placement.text);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    if (!(await vscode.workspace.applyEdit(edit))) {
      await this.#close(uri);
      return this.#elsewhere(answer, `${nameOf(answer.source)} did not take the edit.`);
    }
    await this.#close(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    const position = document.positionAt(placement.start);
    editor.selection = new vscode.Selection(position, position);
    editor.revealRange(new vscode.Range(position, document.positionAt(placement.end)));
    if (wasSaved && !(await document.save())) {
      void vscode.window.showWarningMessage(
        `${nameOf(answer.source)} could not be saved; the answer is in the editor.`,
      );
    }
  }

  /** The proposal that was named and no other; where none was, that of the active tab, else the latest. */
  #chosen(named: vscode.Uri | undefined): vscode.Uri | undefined {
    if (named?.scheme === SCHEME) return this.#waiting.has(named.toString()) ? named : undefined;
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    const active = input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
    const latest = [...this.#waiting.keys()].at(-1);
    const candidates = [active, latest === undefined ? undefined : vscode.Uri.parse(latest)];
    return candidates.find((uri) => uri !== undefined && this.#waiting.has(uri.toString()));
  }

  async #close(uri: vscode.Uri): Promise<void> {
    this.#waiting.delete(uri.toString());
    this.changed(this.#waiting.size > 0);
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri.toString());
    await vscode.window.tabGroups.close(tabs);
  }

  async #elsewhere({ code, language, label }: Answer, why: string): Promise<void> {
    await openUntitled(code, language);
    void vscode.window.showWarningMessage(`${why} The answer (${label}) is in a new document instead.`);
  }

  #follow(source: vscode.Uri): void {
    for (const [uri, answer] of this.#waiting) {
      if (answer.source.toString() === source.toString()) this.#changed.fire(vscode.Uri.parse(uri));
    }
  }
}

/** The answer in a text of its document; undefined where its place is not there any more. */
async function placed({ snapshot, target, code, language }: Answer, text: string): Promise<Placement | undefined> {
  const region = text === snapshot ? target : findRegion(snapshot, target, text);
  if (region === undefined) return undefined;
  const { placeAnswer } = await import('../core/task');
  return placeAnswer(text, { ...target, start: region.start, end: region.end }, code, language);
}

/** Why an answer cannot be put into its document as that is now; undefined where it can. */
async function misfit(answer: Answer, document: vscode.TextDocument): Promise<string | undefined> {
  return (await placed(answer, document.getText())) === undefined ? editedMeanwhile(answer) : undefined;
}

function editedMeanwhile({ source }: Answer): string {
  return `The place of the answer in ${nameOf(source)} was edited meanwhile.`;
}

function nothingWaits(): void {
  void vscode.window.showInformationMessage('No answer waits to be accepted or discarded.');
}
