import { type Locator, type Page } from 'playwright-core';

const toasts = (page: Page): Locator => page.locator('.notification-toast .notification-list-item');
const dialog = (page: Page): Locator => page.locator('.monaco-dialog-box');
const byText = (items: Locator, text: string): Locator => items.filter({ hasText: text }).first();

/** The texts of the notifications in view. */
export async function notifications(page: Page): Promise<string[]> {
  return toasts(page).locator('.notification-list-item-message').allInnerTexts();
}

/** Waits for a notification that contains this text, and tells all of it. */
export async function notification(page: Page, containing: string, timeout?: number): Promise<string> {
  const message = byText(toasts(page), containing).locator('.notification-list-item-message');
  await message.waitFor(timeout === undefined ? {} : { timeout });
  return message.innerText();
}

/** Presses a button of the notification that contains this text. */
export async function answerNotification(page: Page, containing: string, button: string): Promise<void> {
  const toast = byText(toasts(page), containing);
  await toast.hover();
  await toast.getByRole('button', { name: button, exact: true }).click();
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
