import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { readResult, RESULT_FILE_VARIABLE, type SuiteResult } from '../../run/suiteResult';
import { type CodeServer, type DesktopEditor } from '../../setup/editors';
import { bundleForHost } from '../bundle';
import { SHIM_VARIABLE, type ShimInput } from '../codeServer/shimContract';
import { createProfile, type Profile, type ProfileContent } from '../profile';
import { installModelVendor } from './modelVendor';

/** A run of test files in a real extension host. */
export interface HostRun extends ProfileContent {
  readonly editor: CodeServer | DesktopEditor;
  /** The folder of the extension under test, built. */
  readonly extension: string;
  /** The TypeScript test files. */
  readonly testFiles: readonly string[];
  /** Environment of the extension host, on top of the usual. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the tests write their result. */
  readonly resultFile: string;
  /** Milliseconds after which VS Code is stopped. */
  readonly timeout: number;
}

/** Generated files of a run: bundles and the log of the workbench. */
const OUT = resolve('out', 'host');
/** How long VS Code may take to end when asked to, ms. */
const GRACE_MS = 10_000;

/** The console of the workbench and the extension host of the last run on code-server. */
export const HOST_LOG = join(OUT, 'host.log');

/**
 * Runs the tests through `@vscode/test-electron`: in the desktop VS Code, or in code-server by an executable that
 * stands in for it.
 * @returns what the tests wrote about themselves. VS Code's own exit code is 0 even when its extension host has died.
 */
export async function runInHost(run: HostRun): Promise<SuiteResult | undefined> {
  await rm(OUT, { recursive: true, force: true });
  await rm(run.resultFile, { force: true });
  await mkdir(OUT, { recursive: true });
  const bundles = join(OUT, 'tests');
  await bundleForHost([resolve('test', 'vscode', 'host', 'index.ts'), ...run.testFiles], bundles);
  const profile = await createProfile(run);
  await installModelVendor(profile.extensions);
  const cancelLimit = stopAfter(run.timeout);
  try {
    await runTests({
      vscodeExecutablePath: run.editor.kind === 'desktop' ? run.editor.executable : shimExecutable(),
      extensionDevelopmentPath: resolve(run.extension),
      extensionTestsPath: join(bundles, 'index.js'),
      extensionTestsEnv: hostEnvironment(run, profile),
      launchArgs: [
        profile.workspace,
        `--user-data-dir=${profile.userData}`,
        `--extensions-dir=${profile.extensions}`,
        '--use-inmemory-secretstorage',
      ],
    }).catch((error: unknown) => {
      console.error(String(error));
    });
  } finally {
    cancelLimit();
    await profile.remove();
  }
  return readResult(run.resultFile);
}

const shimExecutable = (): string => resolve('test', 'vscode', 'codeServer', 'code.mjs');

function hostEnvironment(run: HostRun, profile: Profile): Record<string, string> {
  const env = { ...run.env, [RESULT_FILE_VARIABLE]: resolve(run.resultFile) };
  const folders = {
    HOME: profile.home,
    TMPDIR: profile.temp,
    // Where the user's data is kept besides: none of it may be that of the person who runs the tests.
    XDG_DATA_HOME: join(profile.home, 'data'),
    APPDATA: join(profile.home, 'data'),
  };
  if (run.editor.kind === 'desktop') return { ...folders, ...env };
  const { home, temp } = profile;
  return {
    [SHIM_VARIABLE]: JSON.stringify({ editor: run.editor, home, temp, env, logFile: HOST_LOG } satisfies ShimInput),
  };
}

/**
 * Stops VS Code when its time is over. It listens to SIGINT only through `runTests`, which asks it to end at the first
 * and kills it at the second; a listener of our own keeps this process alive to tell what happened.
 */
function stopAfter(timeout: number): () => void {
  const interrupt = (): boolean => process.emit('SIGINT');
  const noted = (): void => {
    process.exitCode = 1;
  };
  process.on('SIGINT', noted);
  process.on('SIGTERM', interrupt);
  const timers = [timeout, timeout + GRACE_MS].map((ms) => setTimeout(interrupt, ms));
  return () => {
    process.off('SIGINT', noted);
    process.off('SIGTERM', interrupt);
    timers.forEach(clearTimeout);
  };
}
