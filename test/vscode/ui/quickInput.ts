import { type Locator, type Page } from 'playwright-core';
import { labelsOf } from './drawn';
import { eventually } from './eventually';

const widget = (page: Page): Locator => page.locator('.quick-input-widget:visible');
const input = (page: Page): Locator => widget(page).locator('.quick-input-box input');
const rows = (page: Page): Locator => widget(page).locator('.quick-input-list .monaco-list-row');

/** A quick pick or input box, as it stands. */
export interface QuickInput {
  readonly title: string;
  readonly placeholder: string;
  readonly value: string;
  /** What stands below the box: the prompt, or what is wrong with the value. */
  readonly message: string;
  /** The choices in view, each with its description and detail. */
  readonly choices: readonly string[];
}

/** Reads the open quick pick or input box, waiting for one to open. */
export async function readQuickInput(page: Page): Promise<QuickInput> {
  await input(page).waitFor();
  return {
    title: await widget(page).locator('.quick-input-title').innerText(),
    placeholder: (await input(page).getAttribute('placeholder')) ?? '',
    value: await input(page).inputValue(),
    message: await widget(page).locator('.quick-input-message').innerText(),
    choices: await labelsOf(rows(page)),
  };
}

/**
 * Types and takes the first choice once it is the one that is wanted, since the list follows the typing with some delay.
 * `label` is a part of the choice's label; without it, what is typed.
 */
export async function pick(page: Page, typed: string, label = typed): Promise<void> {
  await input(page).pressSequentially(typed);
  await eventually(
    `the choice "${label}"`,
    async () => (await labelsOf(rows(page)))[0] ?? '',
    (first) => first.toLowerCase().includes(label.toLowerCase()),
  );
  await page.keyboard.press('Enter');
}

/** Fills the open input box (or the filter of a pick) in place of what it holds, and accepts. */
export async function answerInput(page: Page, text: string): Promise<void> {
  await input(page).fill(text);
  await page.keyboard.press('Enter');
}

/** Closes the open quick pick or input box without an answer. */
export async function dismissQuickInput(page: Page): Promise<void> {
  await input(page).waitFor();
  await page.keyboard.press('Escape');
  await input(page).waitFor({ state: 'hidden' });
}
