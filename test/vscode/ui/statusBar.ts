import { type Locator, type Page } from 'playwright-core';

/** A status bar item as people see and hear it. */
export interface StatusBarItem {
  readonly text: string;
  /** What a screen reader says. */
  readonly label: string;
}

const item = (page: Page, containing: string): Locator =>
  page.locator('.statusbar-item').filter({ hasText: containing }).first();

/** The texts of all status bar items. */
export async function statusBarTexts(page: Page): Promise<string[]> {
  const texts = await page.locator('.statusbar-item:visible').allInnerTexts();
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/** The first item whose text contains this, waiting for one to appear. */
export async function statusBarItem(page: Page, containing: string): Promise<StatusBarItem> {
  const link = item(page, containing).locator('.statusbar-item-label');
  await link.waitFor();
  return { text: (await link.innerText()).trim(), label: (await link.getAttribute('aria-label')) ?? '' };
}

/**
 * What the item tells when the mouse rests on it.
 * @param meanwhile is done while it does
 */
export async function statusBarTooltip(
  page: Page,
  containing: string,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<string> {
  await item(page, containing).hover();
  const hover = page.locator('.workbench-hover:visible').first();
  await hover.waitFor();
  const text = await hover.innerText();
  await meanwhile();
  await page.mouse.move(0, 0);
  return text;
}

/** Clicks the item, which runs its command. */
export async function clickStatusBarItem(page: Page, containing: string): Promise<void> {
  await item(page, containing).click();
}
