import * as vscode from 'vscode';
import type { Range } from '../core/task/extraction';
import { failingPart } from '../report/testResults';
import { nameOf } from './place';
import { findRegion, lineNumber } from './region';

/** Where a test stands: a range of its document's text as that was when the test was read. */
export interface TestPlace {
  readonly source: vscode.Uri;
  readonly snapshot: string;
  readonly range: Range;
}

/** The place of what its message says has failed: one assertion of several, where it tells. */
export function failingPlace(place: TestPlace, message: string): TestPlace {
  return { ...place, range: failingPart(place.snapshot, place.range, message) };
}

/** Where a place is in a document now. Undefined where it was edited, went away or cannot be told from another. */
export function rangeIn(document: vscode.TextDocument, { snapshot, range }: TestPlace): vscode.Range | undefined {
  const text = document.getText();
  const found = text === snapshot ? range : findRegion(snapshot, range, text);
  return found && new vscode.Range(document.positionAt(found.start), document.positionAt(found.end));
}

/** "roman.py:7", by the document as it is open now. Undefined where the place is not in it any more. */
export function placeLabel(place: TestPlace): string | undefined {
  const document = openDocument(place.source);
  const line =
    document === undefined ? lineNumber(place.snapshot, place.range.start) : startLine(rangeIn(document, place));
  return line === undefined ? undefined : `${nameOf(place.source)}:${line}`;
}

/** The location of a place now, its document opened where it is not yet. Undefined where it cannot be told. */
export async function locate(place: TestPlace): Promise<vscode.Location | undefined> {
  const document = await documentOf(place.source);
  const range = document && rangeIn(document, place);
  return document && range && new vscode.Location(document.uri, range);
}

/** Shows a place in its document, or says that it is not there any more. */
export async function reveal(place: TestPlace): Promise<void> {
  const location = await locate(place);
  if (location === undefined) {
    void vscode.window.showInformationMessage(`This test is not in ${nameOf(place.source)} any more as it was run.`);
    return;
  }
  const { uri, range } = location;
  const editor = await vscode.window.showTextDocument(uri, { preview: false });
  // The cursor is where the assertion begins.
  editor.selection = new vscode.Selection(range.end, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** A document as it is now. Undefined where it was deleted, moved or closed for good. */
export async function documentOf(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const open = openDocument(uri);
  if (open !== undefined || uri.scheme === 'untitled') return open;
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const wanted = uri.toString();
  return vscode.workspace.textDocuments.find((known) => !known.isClosed && known.uri.toString() === wanted);
}

function startLine(range: vscode.Range | undefined): number | undefined {
  return range && range.start.line + 1;
}
