import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder } from './cacheFolder';
import { runCommand } from './runCommand';

/** The pinned versions: code-server 4.139.1 contains VS Code 1.139.1 and runs on Node 24 only. */
const VERSIONS = { codeServer: '4.139.1', node: '24.21.0', arch: process.arch };
const NODE_PACKAGE = `node-linux-${process.arch}`;
const INSTALL_TIMEOUT_MS = 600_000;
/** Unfinished installs are named by their process, so that those of dead processes can be told and removed. */
const PARTIAL = /^partial-(\d+)$/;

/** Where an installed code-server's parts are. Paths are absolute. */
export interface CodeServerFiles {
  readonly node: string;
  readonly entry: string;
}

const finalFolder = (): string =>
  join(cacheFolder(), `code-server-${VERSIONS.codeServer}-node-${VERSIONS.node}-${VERSIONS.arch}`);

const nodeFolder = (folder: string): string => join(folder, 'node_modules', NODE_PACKAGE);

/** Why code-server cannot be installed on this platform at all; nothing where it can. */
export function whyNoCodeServer(): string | undefined {
  if (process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)) return undefined;
  return `code-server is installed on Linux (x64, arm64) only, this is ${process.platform} ${process.arch}`;
}

/** The installed code-server, if its installation was finished. */
export function installedCodeServer(): CodeServerFiles | undefined {
  const folder = finalFolder();
  const stamp = join(folder, 'installed.json');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== JSON.stringify(VERSIONS)) return undefined;
  const files = {
    node: join(nodeFolder(folder), 'bin', 'node'),
    entry: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
  return existsSync(files.node) && existsSync(files.entry) ? files : undefined;
}

/**
 * Installs code-server (about two minutes) into a folder of its own and moves it to its place when it is whole, so
 * that an interrupted install is never taken for a finished one.
 * @throws with the end of npm's output when it cannot be installed.
 */
export async function installCodeServer(): Promise<void> {
  await removeAbandoned();
  const partial = join(cacheFolder(), `partial-${process.pid}`);
  await mkdir(partial, { recursive: true });
  try {
    await writeFile(join(partial, 'package.json'), JSON.stringify({ name: 'vscode-for-tests', private: true }));
    await npmInstall(partial, `${NODE_PACKAGE}@${VERSIONS.node}`);
    await npmInstall(partial, `code-server@${VERSIONS.codeServer}`);
    await writeFile(join(partial, 'installed.json'), JSON.stringify(VERSIONS));
    await moveIntoPlace(partial);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  if (installedCodeServer() === undefined) throw new Error('npm reported success, but code-server is not complete');
}

/** Native modules are compiled against the headers that the Node package brings, nothing is fetched for that. */
async function npmInstall(folder: string, spec: string): Promise<void> {
  const node = nodeFolder(folder);
  const env: NodeJS.ProcessEnv = {
    ...withoutOuterNpm(process.env),
    PATH: [join(node, 'bin'), process.env['PATH']].join(delimiter),
    npm_config_nodedir: node,
    npm_config_ignore_scripts: 'false',
  };
  const args = ['install', spec, '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  await runCommand('npm', args, { cwd: folder, env, timeout: INSTALL_TIMEOUT_MS });
}

/**
 * Under `npm test` the outer npm describes itself in variables that the inner one would take for its own: above all
 * its Node version, by which code-server's installer judges. The user's configuration of npm (proxy, mirror) stays.
 */
function withoutOuterNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^npm_(?!config_)|^npm_config_(user_agent|local_prefix|prefix|node_gyp)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}

/** Of two processes that install at once the first wins, and the second uses what the first has placed. */
async function moveIntoPlace(partial: string): Promise<void> {
  if (installedCodeServer() !== undefined) return;
  const folder = finalFolder();
  await mkdir(dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder).catch((error: unknown) => {
    if (installedCodeServer() === undefined) throw error;
  });
}

async function removeAbandoned(): Promise<void> {
  const names = await readdir(cacheFolder()).catch(() => []);
  for (const name of names) {
    const pid = PARTIAL.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(cacheFolder(), name), { recursive: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
