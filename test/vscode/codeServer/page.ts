import { chromium, type Page } from 'playwright-core';
import { type CodeServer } from '../../setup/editors';
import { type RunFolders } from '../profile';
import { type RunningServer } from './server';

const QUIET_BROWSER = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Tests for an extension host to run. Paths are absolute. */
export interface TestsToRun {
  /** The folder of the extension under test. */
  readonly extension: string;
  /** The module whose `run` runs the tests. */
  readonly module: string;
}

/** A page in a browser of its own. */
export interface BrowserPage {
  readonly page: Page;
  readonly close: () => Promise<void>;
}

/** Starts a headless browser with an empty page that reaches this machine's own servers and nothing else. */
export async function openPage(editor: CodeServer, folders: RunFolders): Promise<BrowserPage> {
  const browser = await chromium.launch({
    executablePath: editor.chromium,
    args: QUIET_BROWSER,
    env: { PATH: process.env['PATH'] ?? '', HOME: folders.home, TMPDIR: folders.temp },
    // Signals are for the process that owns the run: it closes the browser when it ends.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.route(
    (url) => url.protocol.startsWith('http') && url.hostname !== '127.0.0.1',
    (route) => route.abort(),
  );
  return { page: await context.newPage(), close: () => browser.close() };
}

/** The address at which a server shows a folder and, if so wanted, runs tests. */
export function workbenchAddress(server: RunningServer, workspace: string, tests?: TestsToRun): string {
  const query = new URLSearchParams({ folder: workspace });
  if (tests !== undefined) {
    const remote = (path: string): string => `vscode-remote://${new URL(server.origin).host}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(tests.extension)],
      ['extensionTestsPath', remote(tests.module)],
      ['skipWelcome', 'true'],
    ];
    query.set('payload', JSON.stringify(payload));
  }
  return `${server.origin}/?${query.toString()}`;
}
