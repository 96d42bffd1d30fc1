import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FrameLocator, type Page } from 'playwright-core';
import { attoUsd } from '../../servers/bill';
import { type Booking, bookingsIn } from '../bookings';
import { type Profile, type Settings } from '../profile';
import { MODEL_LIST, type ScriptedModels, startScriptedModels } from '../scripted/models';
import { eventually } from './eventually';
import { runCommand } from './palette';
import { acceptQuickInput, type QuickInput, readQuickInput } from './quickInput';
import { screenshot } from './screenshot';
import { openWorkbench, type Workbench } from './workbench';

/** Solvent in a workbench of its own, with scripted models for a provider. */
export interface SolventWorkbench extends Workbench {
  readonly models: ScriptedModels;
}

/**
 * Opens a workspace of these files (text by path) with the built extension.
 * @param list the models that the user has in the settings
 * @param restricted whether nobody has trusted the workspace
 */
export async function openSolvent(
  files: Readonly<Record<string, string>>,
  settings: Settings = {},
  list: object = MODEL_LIST,
  restricted = false,
): Promise<SolventWorkbench> {
  const models = await startScriptedModels();
  try {
    const workbench = await openWorkbench({
      extension: '.',
      files,
      restricted,
      settings: { 'solvent.budget.perTask': 0.002, 'solvent.mode': 'frugal', ...settings },
      machineSettings: { ...providerSettings(models), 'solvent.models': list },
    });
    const close = async (): Promise<void> => {
      await workbench.close();
      await models.stop();
    };
    return { ...workbench, models, close };
  } catch (error) {
    await models.stop();
    throw error;
  }
}

/** The user's settings under which the scripted models are the provider. */
export function providerSettings(models: ScriptedModels): Settings {
  return { 'solvent.provider.baseUrl': models.baseUrl, 'solvent.models': MODEL_LIST };
}

/** Runs the command from the palette and waits until the plan is there. */
export async function plan(page: Page): Promise<QuickInput> {
  await runCommand(page, 'Solvent: Solve Within Budget');
  return planShown(page);
}

/** The plan, once it is made. */
export async function planShown(page: Page): Promise<QuickInput> {
  return eventually(
    'the plan',
    () => readQuickInput(page),
    ({ placeholder, choices }) => placeholder.includes('Nothing was spent') && choices.length > 0,
  );
}

/** Takes the first line of the plan: runs it. */
export async function runPlan(page: Page): Promise<void> {
  await acceptQuickInput(page);
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** The text of the receipt that is open, once this is in it. */
export async function receiptText(page: Page, containing: string): Promise<string> {
  return eventually(
    'the receipt',
    () => receipt(page).locator('body').innerText(),
    (text) => text.includes(containing),
  );
}

/** Scrolls the receipt until a heading is on top. */
export async function scrollReceipt(page: Page, heading: string): Promise<void> {
  const found = receipt(page).getByRole('heading', { name: heading });
  await found.evaluate((element: { scrollIntoView(): void }) => {
    element.scrollIntoView();
  });
}

const receipt = (page: Page): FrameLocator => page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');

/** Takes all notifications away. */
export async function clearNotifications(page: Page): Promise<void> {
  await runCommand(page, 'Notifications: Clear All Notifications');
}

/** Makes the workbench ready for the next test, and keeps a picture of it where the last one has failed. */
export async function tidyUp({ page, models }: SolventWorkbench, test: Mocha.Test | undefined): Promise<void> {
  models.requireKey(undefined);
  if (test?.state === 'failed') {
    await screenshot(page, `failure-${test.title.replaceAll(/\W+/g, '-')}`);
    // Whatever the test has left open takes the keys.
    for (let open = 0; open < 3; open++) await page.keyboard.press('Escape');
  }
  await clearNotifications(page);
}

/** Reads the text of a file of the workspace as it is on disk. */
export function onDisk(profile: Profile, file: string): Promise<string> {
  return readFile(join(profile.workspace, file), 'utf8');
}

/** Waits until a file of the workspace holds a text, whole: the editor empties a file before it writes it. */
export async function fileBecomes(profile: Profile, file: string, text: string): Promise<void> {
  await eventually(
    file,
    () => onDisk(profile, file),
    (now) => now === text,
  );
}

/** What the ledger of the profile has booked, in USD x 10^-18, and how much of it is unconfirmed. */
export function booked(profile: Profile): { readonly total: bigint; readonly unconfirmed: bigint } {
  const bookings = bookingsIn(dataFolder(profile));
  const sum = (of: (booking: Booking) => bigint): bigint => bookings.reduce((all, booking) => all + of(booking), 0n);
  return { total: sum(({ cost }) => cost), unconfirmed: sum(({ unconfirmed }) => unconfirmed) };
}

/** Where the extension keeps the data of the account whose home the profile has. */
export function dataFolder({ home }: Profile): string {
  return join(home, '.local', 'share', 'solvent');
}

/** The amounts of a rendered text, "$0.000154", in USD x 10^-18. */
export function amountAfter(text: string, label: string): bigint {
  const found = new RegExp(`${label}\\s*\\$(\\d+(?:\\.\\d+)?)`).exec(text);
  assert.ok(found, `no amount after "${label}" in ${text}`);
  return attoUsd(found[1] ?? '');
}
