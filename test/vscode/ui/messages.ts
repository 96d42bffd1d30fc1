import { type Locator, type Page } from 'playwright-core';
import { eventually } from './eventually';
import { runCommand } from './palette';

const TIMEOUT_MS = 30_000;

/** So often is a message looked for among toasts, though there is one, before it is looked for in the list. */
const POLLS_UNSEEN = 40;

const toasts = (page: Page): Locator => page.locator('.notification-toast .notification-list-item');
const dialog = (page: Page): Locator => page.locator('.monaco-dialog-box');
const byText = (items: Locator, text: string): Locator => items.filter({ hasText: text }).first();

/** The texts of the notifications in view. */
export async function notifications(page: Page): Promise<string[]> {
  return toasts(page).locator('.notification-list-item-message').allInnerTexts();
}

/** Waits for a notification that contains this text, and tells all of it. */
export async function notification(page: Page, containing: string, timeout?: number): Promise<string> {
  const item = await arrived(page, containing, timeout);
  return item.locator('.notification-list-item-message').innerText();
}

/** Presses a button of the notification that contains this text. */
export async function answerNotification(page: Page, containing: string, button: string): Promise<void> {
  const item = await arrived(page, containing);
  await item.hover();
  await item.getByRole('button', { name: button, exact: true }).click();
}

/**
 * Waits for a notification. Of more than three within 800 ms the editor shows none, and a toast goes after a while: then
 * it is in the list behind the bell, which is opened.
 */
async function arrived(page: Page, containing: string, timeout: number = TIMEOUT_MS): Promise<Locator> {
  const toast = byText(toasts(page), containing);
  const listed = byText(page.locator('.notifications-center .notification-list-item'), containing);
  let unseen = 0;
  return eventually(
    `"${containing}"`,
    async () => {
      if (await toast.isVisible()) return toast;
      if (await listed.isVisible()) return listed;
      if (await page.locator('.statusbar .codicon-bell-dot').isVisible()) unseen++;
      if (unseen === POLLS_UNSEEN) await runCommand(page, 'Notifications: Show Notifications');
      throw new Error('it is neither among the toasts nor in the list');
    },
    () => true,
    timeout,
  );
}

/** Waits for the modal dialog and tells its text: the message and, in further lines, the detail. */
export async function dialogText(page: Page): Promise<string> {
  await dialog(page).waitFor();
  return dialog(page).locator('.dialog-message-container').innerText();
}

/** Presses a button of the modal dialog. */
export async function answerDialog(page: Page, button: string): Promise<void> {
  await dialog(page).getByRole('button', { name: button, exact: true }).click();
  await dialog(page).waitFor({ state: 'hidden' });
}
