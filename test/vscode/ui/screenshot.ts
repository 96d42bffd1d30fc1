import { join, resolve } from 'node:path';
import { type Page } from 'playwright-core';

/** Keeps the workbench, or its upper part of so many pixels, as a picture in `out/screenshots`. The name has no ending. */
export async function screenshot(page: Page, name: string, height?: number): Promise<string> {
  const path = join(resolve('out', 'screenshots'), `${name}.png`);
  const width = page.viewportSize()?.width ?? 0;
  await page.screenshot({ path, ...(height === undefined ? {} : { clip: { x: 0, y: 0, width, height } }) });
  return path;
}
