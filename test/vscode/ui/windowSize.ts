import { type Page } from 'playwright-core';
import { eventually } from './eventually';

/** Pixels of a window. */
export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

/** Makes the window so large, and waits until the workbench fills it: one that has just been opened may miss a change. */
export async function resizeWindow(page: Page, size: WindowSize): Promise<void> {
  await eventually(
    'the window in its new size',
    async () => {
      const now = await sizeOf(page);
      if (now?.width === size.width && now.height === size.height) return true;
      await page.setViewportSize({ ...size, height: size.height - 1 });
      await page.setViewportSize(size);
      return false;
    },
    (is) => is,
  );
}

async function sizeOf(page: Page): Promise<WindowSize | undefined> {
  const box = await page.locator('.monaco-workbench').boundingBox();
  return box === null ? undefined : { width: Math.round(box.width), height: Math.round(box.height) };
}
