import { type Page } from 'playwright-core';
import { linesOf } from './drawn';
import { eventually } from './eventually';

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

/** Follows the link of the active terminal that this text is in, as a click with Ctrl does. */
export async function followTerminalLink(page: Page, text: string): Promise<void> {
  const terminal = page.locator('.terminal-wrapper.active');
  const drawn = terminal.locator('.xterm-rows span', { hasText: text }).first();
  await page.keyboard.down('Control');
  try {
    let nudge = 0;
    const overLink = async (): Promise<boolean> => {
      // The terminal may scroll meanwhile.
      const box = await drawn.boundingBox();
      if (box === null) throw new Error(`"${text}" is not in view in the terminal`);
      // What is below a mouse that stands still is not looked at again.
      await page.mouse.move(box.x + box.width / 2 + (nudge++ % 2), box.y + box.height / 2);
      return (await terminal.locator('.xterm-cursor-pointer').count()) > 0;
    };
    await eventually(`a link at "${text}"`, overLink, (is) => is);
    await page.mouse.down();
    await page.mouse.up();
  } finally {
    await page.keyboard.up('Control');
  }
}
