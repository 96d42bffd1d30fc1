import { type Page } from 'playwright-core';
import { linesOf } from './drawn';

/** The lines of the active terminal that are in view, empty ones at the end left out. */
export async function terminalLines(page: Page): Promise<string[]> {
  const lines = await linesOf(page.locator('.terminal-wrapper.active .xterm-rows > div'));
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, last + 1);
}

/** The names of the open terminals, as the panel shows them. */
export async function terminalNames(page: Page): Promise<string[]> {
  const tabs = page.locator('.terminal-tabs-entry .label-name, .single-terminal-tab');
  return (await tabs.allInnerTexts()).map((name) => name.trim());
}
