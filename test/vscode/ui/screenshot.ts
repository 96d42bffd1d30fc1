import { join, resolve } from 'node:path';
import { type Page } from 'playwright-core';

/** Keeps the workbench as a picture in `out/screenshots`. The name has no ending. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = join(resolve('out', 'screenshots'), `${name}.png`);
  await page.screenshot({ path });
  return path;
}
