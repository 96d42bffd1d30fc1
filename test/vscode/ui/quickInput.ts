import { type Locator, type Page } from 'playwright-core';
import { labelsOf } from './drawn';
import { eventually } from './eventually';

/** One that is fading away is inert, and none any more. */
const widget = (page: Page): Locator => page.locator('.quick-input-widget:not([inert]):visible');
const input = (page: Page): Locator => widget(page).locator('.quick-input-box input');
const rows = (page: Page): Locator => widget(page).locator('.quick-input-list .monaco-list-row');

/** How long a key is given to open something, and a box to be there when it is read, ms. */
const PRESS_AGAIN_MS = 1000;
const READ_TIMEOUT_MS = 500;

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

/** The choices in view of which a part is cut off, because the window is too narrow for it. */
export async function cutChoices(page: Page): Promise<string[]> {
  const whole = rows(page).locator('.monaco-icon-label-container');
  const cut = await whole.evaluateAll((parts: readonly { scrollWidth: number; clientWidth: number }[]) =>
    parts.map(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1),
  );
  const texts = await whole.allInnerTexts();
  return texts.filter((_, index) => cut[index] === true);
}

/** A choice of a quick input that a key opens. */
export interface Choice {
  readonly key: string;
  /** What stands in the box when it opens. */
  readonly prefix: string;
  readonly typed: string;
  /** Tells the choice by what a screen reader says of it. */
  readonly isWanted: (label: string) => boolean;
}

/** How long the first choice of a workbench that has just been opened may take on a busy machine, in ms. */
const FIRST_CHOICE_MS = 30_000;

/**
 * Opens a quick input by its key, types, and takes the choice that is wanted once it is there. An input that closes on
 * the way, as they do when something else takes the focus, is opened again.
 */
export async function openAndPick(page: Page, { key, prefix, typed, isWanted }: Choice): Promise<void> {
  let pressed = 0;
  const step = async (): Promise<boolean> => {
    const value = pressed === 0 ? undefined : await valueIfOpen(page);
    if (value?.startsWith(prefix) !== true) {
      if (Date.now() < pressed + PRESS_AGAIN_MS) return false;
      pressed = Date.now();
      await page.keyboard.press(key);
      return false;
    }
    if (value !== prefix + typed) await input(page).fill(prefix + typed, { timeout: READ_TIMEOUT_MS });
    return focusedAfterStep(page, isWanted);
  };
  await eventually(`the choice "${typed}"`, step, (found) => found, FIRST_CHOICE_MS);
  await page.keyboard.press('Enter');
}

/** Types into the open quick pick and takes the choice whose label has this in it. */
export async function pick(page: Page, typed: string): Promise<void> {
  await input(page).fill(typed);
  await eventually(
    `the choice "${typed}"`,
    () => focusedAfterStep(page, (label) => label.includes(typed)),
    (found) => found,
  );
  await page.keyboard.press('Enter');
}

/** Fills the open input box (or the filter of a pick) in place of what it holds, and accepts. */
export async function answerInput(page: Page, text: string): Promise<void> {
  await input(page).fill(text);
  await page.keyboard.press('Enter');
}

/** Accepts what the open quick pick or input box stands at. The key goes there, also where the focus is on its way yet. */
export async function acceptQuickInput(page: Page): Promise<void> {
  await input(page).press('Enter');
}

/** Closes the open quick pick or input box without an answer. Another may take its place at once. */
export async function dismissQuickInput(page: Page): Promise<void> {
  await input(page).waitFor();
  const title = await titleIfOpen(page);
  await input(page).press('Escape');
  await eventually(
    `that "${title ?? ''}" is closed`,
    () => titleIfOpen(page),
    (shown) => shown === undefined || shown !== title,
  );
}

/** Whether the focused choice is the wanted one. Goes on to the next where it is further down. */
async function focusedAfterStep(page: Page, isWanted: (label: string) => boolean): Promise<boolean> {
  const [focused] = await labelsOf(rows(page).and(page.locator('.focused')));
  if (focused !== undefined && isWanted(focused)) return true;
  if ((await labelsOf(rows(page))).some(isWanted)) await page.keyboard.press('ArrowDown');
  return false;
}

/** Undefined where none is open. */
async function titleIfOpen(page: Page): Promise<string | undefined> {
  const title = widget(page).locator('.quick-input-title');
  return (await input(page).count()) === 0 ? undefined : title.innerText({ timeout: READ_TIMEOUT_MS });
}

async function valueIfOpen(page: Page): Promise<string | undefined> {
  return (await input(page).count()) === 0 ? undefined : input(page).inputValue({ timeout: READ_TIMEOUT_MS });
}
