import { type Locator, type Page } from 'playwright-core';
import { labelsOf, linesOf } from './drawn';

/** The visible lines of the two sides of a diff. */
export interface DiffSides {
  readonly original: readonly string[];
  readonly modified: readonly string[];
}

const activeGroup = (page: Page): Locator => page.locator('.editor-group-container.active');

/** The title of the active editor's tab. */
export async function activeTab(page: Page): Promise<string> {
  // The ending of a file's name is an element of its own.
  const parts = await activeGroup(page).locator('.tab.active').locator('.label-name, .label-suffix').allInnerTexts();
  return parts.join('');
}

/** The lines of the active text editor that are in view. */
export async function editorLines(page: Page): Promise<string[]> {
  return linesOf(activeGroup(page).locator('.editor-instance .view-lines .view-line'));
}

/** The active editor's two sides when it is a diff editor and drawn (an empty text is one empty line), else nothing. */
export async function diffSides(page: Page): Promise<DiffSides | undefined> {
  const diff = activeGroup(page).locator('.monaco-diff-editor');
  if ((await diff.count()) === 0) return undefined;
  const side = (name: string): Promise<string[]> => linesOf(diff.locator(`.editor.${name} .view-lines .view-line`));
  const sides = { original: await side('original'), modified: await side('modified') };
  return sides.original.length > 0 && sides.modified.length > 0 ? sides : undefined;
}

/** The buttons in the title of the active editor, by what they say. */
export async function editorActions(page: Page): Promise<string[]> {
  const labels = activeGroup(page).locator('.editor-actions .action-label');
  return (await labelsOf(labels)).filter((label) => label !== '');
}

/** Presses a button in the title of the active editor. */
export async function pressEditorAction(page: Page, label: string): Promise<void> {
  await activeGroup(page).locator(`.editor-actions .action-label[aria-label^="${label}"]`).click();
}
