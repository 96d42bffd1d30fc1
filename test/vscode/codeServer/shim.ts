import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format, parseArgs } from 'node:util';
import { exitOnSignals } from '../atExit';
import { openPage, workbenchAddress, type TestsToRun } from './page';
import { startServer } from './server';
import { SHIM_VARIABLE, type ShimInput } from './shimContract';

/**
 * What a desktop VS Code does with `--extensionDevelopmentPath` and `--extensionTestsPath`, done by code-server and a
 * headless browser: opens the folder, runs the tests in the extension host and ends with the exit code that VS Code
 * gives. That code is 0 also when the extension host has died, so only the result file of the tests can be believed.
 */
export async function runShim(args: readonly string[]): Promise<number> {
  const input = JSON.parse(process.env[SHIM_VARIABLE] ?? '') as ShimInput;
  const { tests, workspace, userData, extensions } = readArguments(args);
  exitOnSignals();
  endWithParent();
  const folders = { home: input.home, temp: input.temp, userData, extensions };
  const server = await startServer(input.editor, folders, { env: input.env, runsTests: true });
  try {
    const { page, close } = await openPage(input.editor, folders);
    // The names of these two are those by which VS Code calls them.
    let exit: (code: number) => void;
    const exitCode = new Promise<number>((ended) => (exit = ended));
    await page.exposeFunction('codeAutomationExit', (code: number) => {
      exit(code);
    });
    await page.exposeFunction('codeAutomationLog', (type: string, values: unknown[]) => {
      appendFileSync(input.logFile, `[${type}] ${format(...values)}\n`);
    });
    await page.goto(workbenchAddress(server, workspace, tests));
    const code = await exitCode;
    await close();
    return code;
  } finally {
    await server.stop();
    appendFileSync(input.logFile, server.log());
  }
}

interface ShimArguments {
  readonly tests: TestsToRun;
  readonly workspace: string;
  readonly userData: string;
  readonly extensions: string;
}

/** VS Code has many more options than matter here: the rest is ignored. */
function readArguments(args: readonly string[]): ShimArguments {
  const type = 'string';
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      extensionDevelopmentPath: { type },
      extensionTestsPath: { type },
      'user-data-dir': { type },
      'extensions-dir': { type },
    },
    allowPositionals: true,
    strict: false,
  });
  const path = (name: string, value: unknown): string => {
    if (typeof value !== 'string') throw new Error(`the command line names no ${name}`);
    return resolve(value);
  };
  return {
    tests: {
      extension: path('extension', values.extensionDevelopmentPath),
      module: path('tests', values.extensionTestsPath),
    },
    workspace: path('folder to open', positionals[0]),
    userData: path('folder of user data', values['user-data-dir']),
    extensions: path('folder of extensions', values['extensions-dir']),
  };
}

/** The runner holds the other end of standard input: when that closes, nobody waits for this run any more. */
function endWithParent(): void {
  process.stdin.on('end', () => process.exit(1));
  process.stdin.resume();
}
