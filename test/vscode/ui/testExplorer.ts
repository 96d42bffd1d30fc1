import { type Locator, type Page } from 'playwright-core';
import { labelsOf } from './drawn';
import { eventually } from './eventually';
import { runCommand } from './palette';

/** How long a key is given to do its work before it is pressed again, ms. */
const PRESS_AGAIN_MS = 1000;

const list = (page: Page): Locator => page.locator('.test-explorer .monaco-list:focus');
const rows = (page: Page): Locator => page.locator('.test-explorer .monaco-list-row');

/** What a screen reader says of the rows of the Test Explorer: "assert f(1) == 2 (Failed), in 1.2ms". */
export function testExplorerRows(page: Page): Promise<string[]> {
  return labelsOf(rows(page));
}

/** Opens the Test Explorer, with the focus on its first row. */
export async function openTestExplorer(page: Page): Promise<void> {
  await runCommand(page, 'Testing: Focus on Test Explorer View');
  await rows(page).first().waitFor();
  await pressUntil(page, 'Control+ArrowDown', async () => (await list(page).count()) > 0);
  await pressUntil(page, 'ArrowDown', async () => (await focusedRow(page)) !== undefined);
}

/** Opens the focused row, so that its tests are in view. */
export async function expandRow(page: Page): Promise<void> {
  const before = await rows(page).count();
  await pressUntil(page, 'ArrowRight', async () => (await rows(page).count()) > before);
}

/** Goes down to the row of which a screen reader says this. */
export async function focusRow(page: Page, start: string): Promise<void> {
  for (;;) {
    const row = await focusedRow(page);
    if (row?.startsWith(start) === true) return;
    await pressUntil(page, 'ArrowDown', async () => (await focusedRow(page)) !== row);
  }
}

async function focusedRow(page: Page): Promise<string | undefined> {
  const [label] = await labelsOf(list(page).locator('.monaco-list-row.focused'));
  return label;
}

async function pressUntil(page: Page, key: string, done: () => Promise<boolean>): Promise<void> {
  let pressed = 0;
  const step = async (): Promise<boolean> => {
    if (await done()) return true;
    if (Date.now() > pressed + PRESS_AGAIN_MS) {
      pressed = Date.now();
      await page.keyboard.press(key);
    }
    return false;
  };
  await eventually(`what ${key} leads to`, step, (is) => is);
}
