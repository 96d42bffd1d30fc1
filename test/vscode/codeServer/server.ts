import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CodeServer } from '../../setup/editors';
import { atExit } from '../atExit';
import { type RunFolders } from '../profile';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5000;
const LISTENING = /listening on (http:\/\/127\.0\.0\.1:\d+)/;

/** A code-server that answers requests. */
export interface RunningServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** All that it has printed. */
  readonly log: () => string;
  /** Ends it and every process that it started. */
  readonly stop: () => Promise<void>;
}

/** What a server is started for. */
export interface ServerOptions {
  /** Environment of the extension host, on top of the usual. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the page's address may name a development extension and tests, as in `workbenchAddress`. */
  readonly runsTests?: boolean;
  /** Whether a workspace is restricted until it is trusted. */
  readonly restricted?: boolean;
}

/**
 * A built VS Code looks for a development extension and for tests in the page's address only with this. It also
 * suppresses what a user would see, notifications for one.
 */
const SMOKE_TEST_DRIVER = ['--vscode-option', 'enable-smoke-test-driver'];

/**
 * Starts code-server on a port of its own choice, for this machine only, without a marketplace and with no environment
 * but PATH and `env`. What it starts, the extension host included, is in its process group and ends with it.
 * @throws when it does not come up, with what it printed.
 */
export async function startServer(
  editor: CodeServer,
  folders: RunFolders,
  { env = {}, ...options }: ServerOptions,
): Promise<RunningServer> {
  const config = join(folders.home, 'code-server.yaml');
  await writeFile(config, '');
  const child = spawn(editor.node, [editor.entry, ...serverArguments(folders, config, options)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      HOME: folders.home,
      TMPDIR: folders.temp,
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
      ...env,
    },
  });
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has ended already.
    }
  };
  const forget = atExit(() => {
    signalGroup('SIGKILL');
  });
  const ended = new Promise<void>((done) => {
    child.once('close', () => {
      done();
    });
    child.once('error', () => {
      done();
    });
  });
  const stop = async (): Promise<void> => {
    signalGroup('SIGTERM');
    const timer = setTimeout(() => {
      signalGroup('SIGKILL');
    }, STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
    signalGroup('SIGKILL');
    forget();
  };
  let log = '';
  const origin = await new Promise<string>((listening, failed) => {
    const timer = setTimeout(failed, START_TIMEOUT_MS, new Error('code-server did not come up in time'));
    const read = (text: Buffer): void => {
      log += text.toString();
      const address = LISTENING.exec(log)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      listening(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => {
      clearTimeout(timer);
      failed(new Error('code-server ended before it listened'));
    });
  }).catch(async (error: unknown) => {
    await stop();
    throw new Error(`${(error as Error).message}\n${log}`);
  });
  return { origin, log: () => log, stop };
}

function serverArguments(folders: RunFolders, config: string, options: ServerOptions): string[] {
  const { runsTests = false, restricted = false } = options;
  return [
    ...['--bind-addr', '127.0.0.1:0', '--auth', 'none', '--config', config],
    ...['--user-data-dir', folders.userData, '--extensions-dir', folders.extensions],
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--disable-proxy',
    '--ignore-last-opened',
    ...(runsTests ? SMOKE_TEST_DRIVER : []),
    ...(restricted ? [] : ['--disable-workspace-trust']),
  ];
}
