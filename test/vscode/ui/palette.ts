import { type Page } from 'playwright-core';
import { editorLines } from './editors';
import { eventually } from './eventually';
import { openAndPick } from './quickInput';
import { statusBarTexts } from './statusBar';

/** Runs a command by its title in the palette, such as `Solvent: Solve Within Budget`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  // What is said besides, the key for one, comes after a comma.
  const wanted = title.toLowerCase();
  const isWanted = (label: string): boolean => `${label.toLowerCase()},`.startsWith(`${wanted},`);
  await openAndPick(page, { key: 'F1', prefix: '>', typed: title, isWanted });
}

/** Opens a file of the workspace by its path, which may lack leading folders. */
export async function openFile(page: Page, path: string): Promise<void> {
  const name = path.split('/').at(-1) ?? path;
  const isWanted = (label: string): boolean => label.startsWith(name);
  await openAndPick(page, { key: 'Control+P', prefix: '', typed: path, isWanted });
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  await eventually(
    'the text of the file',
    () => editorLines(page),
    (lines) => lines.length > 0,
  );
}

/** Puts the cursor at the start of a line (1 is the first) of the active editor. */
export async function goToLine(page: Page, line: number): Promise<void> {
  const isWanted = (label: string): boolean => label.includes(`line ${line}`);
  await openAndPick(page, { key: 'Control+G', prefix: ':', typed: String(line), isWanted });
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
