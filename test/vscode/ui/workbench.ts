import { readFile, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Page } from 'playwright-core';
import { readyWorkbench } from '../../setup/prepareMachine';
import { exitOnSignals } from '../atExit';
import { openPage, workbenchAddress } from '../codeServer/page';
import { startServer } from '../codeServer/server';
import { createProfile, type Profile, type ProfileContent } from '../profile';

/** What a workbench is opened with. */
export interface WorkbenchOptions extends ProfileContent {
  /** The folder of the extension under test, built. */
  readonly extension: string;
  /** Environment of the extension host, on top of the usual. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the workspace is restricted, as nobody has trusted it. */
  readonly restricted?: boolean;
}

/** VS Code as its user sees it. */
export interface Workbench {
  readonly page: Page;
  readonly profile: Profile;
  /** Ends the browser and the server and removes the profile with its workspace. */
  readonly close: () => Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
/** How long a part of the workbench may take to be there, ms. */
const STEP_TIMEOUT_MS = 30_000;

/** Opens the workspace of a fresh profile with the extension installed, and waits until it can be worked with. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const editor = readyWorkbench();
  if (editor.kind === 'none') throw new Error(editor.reason);
  exitOnSignals();
  const profile = await createProfile(options);
  const opened: (() => Promise<void>)[] = [profile.remove];
  const close = async (): Promise<void> => {
    for (let step = opened.pop(); step !== undefined; step = opened.pop()) await step();
  };
  try {
    await installFolder(resolve(options.extension), profile);
    const server = await startServer(editor, profile, {
      env: options.env ?? {},
      restricted: options.restricted === true,
    });
    opened.push(server.stop);
    const browser = await openPage(editor, profile);
    opened.push(browser.close);
    const { page } = browser;
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    await page.goto(workbenchAddress(server, profile.workspace), { timeout: READY_TIMEOUT_MS });
    await page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: READY_TIMEOUT_MS });
    return { page, profile, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Installs a built extension as it stands in its folder: VS Code takes up what it finds among its extensions. */
async function installFolder(extension: string, profile: Profile): Promise<void> {
  const manifest = JSON.parse(await readFile(join(extension, 'package.json'), 'utf8')) as Record<string, string>;
  const { publisher, name, version } = manifest;
  await symlink(extension, join(profile.extensions, `${publisher}.${name}-${version}`), 'dir');
}
