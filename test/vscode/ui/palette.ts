import { type Page } from 'playwright-core';
import { editorLines } from './editors';
import { eventually } from './eventually';
import { answerInput, pick } from './quickInput';
import { statusBarTexts } from './statusBar';

/** Runs a command by its title in the palette, such as `Solvent: Solve within budget`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await pick(page, title);
}

/** Opens a file of the workspace by its path, which may lack leading folders. */
export async function openFile(page: Page, path: string): Promise<void> {
  const name = path.split('/').at(-1) ?? path;
  await page.keyboard.press('Control+P');
  await pick(page, path, name);
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  await eventually(
    'the text of the file',
    () => editorLines(page),
    (lines) => lines.length > 0,
  );
}

/** Puts the cursor at the start of a line (1 is the first) of the active editor. */
export async function goToLine(page: Page, line: number): Promise<void> {
  await page.keyboard.press('Control+G');
  await answerInput(page, `:${line}`);
  await cursorInLine(page, line);
}

/** Selects whole lines, first to last (1 is the first), without the line break after the last. */
export async function selectLines(page: Page, first: number, last: number): Promise<void> {
  await goToLine(page, first);
  for (let line = first; line < last; line++) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+End');
  await cursorInLine(page, last);
}

/** The status bar tells where the cursor is: until it does, further keys might still go elsewhere. */
async function cursorInLine(page: Page, line: number): Promise<void> {
  await eventually(
    'the cursor',
    () => statusBarTexts(page),
    (texts) => texts.some((text) => text.startsWith(`Ln ${line},`)),
  );
}
