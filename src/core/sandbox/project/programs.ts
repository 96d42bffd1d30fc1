import { execFile } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { resolveNode } from '../node';
import { homes, within } from '../places';
import { resolvePython } from '../python';
import { SandboxError } from '../sandbox';
import { ENVIRONMENTS } from './detect/python';
import { readRegular } from './folder';
import { findProgram } from './git';

/** The programs that a test command may use, and what of the machine they need. */
export interface Programs {
  /** Folders for the PATH inside, in order. */
  readonly path: readonly string[];
  /** Files and folders to show read-only at their own paths. */
  readonly shown: readonly string[];
  /** Empty folders that have to be there. */
  readonly folders: readonly string[];
  /** Variables by which tool chains find their parts. */
  readonly env: Readonly<Record<string, string>>;
}

/** Programs that come with a runtime or run on one. */
const COMMON = ['npm', 'npx', 'pnpm', 'yarn', 'bun', 'deno', 'uv', 'poetry', 'tox', 'nox', 'make', 'java', 'ruby'];
/** Installations that link into each other. */
const STORES = ['/nix/store', '/home/linuxbrew/.linuxbrew'];
/** Folders right below home that hold more than programs. */
const MIXED = /^\.(?:local|config|cache|ssh|gnupg|aws|cargo|rustup|mozilla|thunderbird|docker|kube|vscode.*)$/;

/**
 * Finds the tool chains of this machine. Of home only their own folders are shown, never a credential, and nothing of
 * the workspace is executed to find them.
 * @param root the workspace's real path
 * @param words the command, whose first word may name any program
 */
export async function findPrograms(root: string, words: readonly string[]): Promise<Programs> {
  const parts = await Promise.all([
    python(root),
    environments(root),
    node(root),
    Promise.resolve(rust(root)),
    go(root),
    others(root, [...COMMON, ...words.slice(0, 1).filter((word) => !word.includes('/'))]),
  ]);
  const inWorkspace = ENVIRONMENTS.map((name) => join(root, name))
    .filter((folder) => existsSync(join(folder, 'pyvenv.cfg')))
    .map((folder) => join(folder, 'bin'));
  const path = [...inWorkspace, ...parts.flatMap((one) => one.path), '/usr/local/bin', '/usr/bin', '/bin'];
  const usable = (one: string): boolean => !within(one, root) && !within(root, one) && existsSync(one);
  return {
    path: [...new Set([...path, join(root, 'node_modules', '.bin')])],
    shown: [...new Set(parts.flatMap((one) => one.shown).filter(usable))],
    folders: parts.flatMap((one) => one.folders).filter((one) => !within(one, root)),
    env: Object.assign({}, ...parts.map((one) => one.env)) as Record<string, string>,
  };
}

const NOTHING: Programs = { path: [], shown: [], folders: [], env: {} };

async function python(root: string): Promise<Programs> {
  const found = findProgram('python3', root);
  if (found === undefined) return NOTHING;
  try {
    const { executable, paths } = await resolvePython(found);
    return {
      path: [dirname(executable)],
      shown: [...paths, ...(installationOf(executable) ?? [])],
      folders: [],
      env: {},
    };
  } catch (error) {
    // A machine without a working Python may still have the tool chain that the command needs.
    if (error instanceof SandboxError) return NOTHING;
    throw error;
  }
}

/** The interpreters that the project's virtual environments are based on, by what is written there. */
async function environments(root: string): Promise<Programs> {
  const shown: string[] = [];
  for (const name of ENVIRONMENTS) {
    const config = await readRegular(join(root, name, 'pyvenv.cfg'), 10_000);
    const base = /^home\s*=\s*(.+)$/m.exec(config ?? '')?.[1]?.trim();
    if (base === undefined || !isAbsolute(base)) continue;
    for (const file of ['python3', 'python'].map((one) => join(base, one))) {
      const real = realOf(file);
      if (real !== undefined && /^(?:python|pypy)[\d.]*$/.test(basename(real))) {
        shown.push(...(installationOf(real) ?? []), ...(installationOf(file) ?? []));
      }
    }
  }
  return { ...NOTHING, shown };
}

async function node(root: string): Promise<Programs> {
  const found = findProgram('node', root);
  if (found === undefined) return NOTHING;
  try {
    const { executable, paths } = await resolveNode({ path: found, own: false });
    return {
      path: [dirname(executable)],
      shown: [...paths, ...(installationOf(executable) ?? [])],
      folders: [],
      env: {},
    };
  } catch (error) {
    if (error instanceof SandboxError) return NOTHING;
    throw error;
  }
}

function rust(root: string): Programs {
  const [home = ''] = homes();
  const cargo = process.env['CARGO_HOME'] ?? join(home, '.cargo');
  const rustup = process.env['RUSTUP_HOME'] ?? join(home, '.rustup');
  if (findProgram('cargo', root) === undefined && !existsSync(join(cargo, 'bin', 'cargo'))) return NOTHING;
  // Not the whole folder: it also holds the token of the registry.
  const parts = ['bin', 'registry', 'git'].map((name) => join(cargo, name));
  const chains = ['toolchains', 'settings.toml'].map((name) => join(rustup, name));
  return {
    path: [join(cargo, 'bin')],
    shown: [...parts, ...chains],
    // What rustup makes before it starts a tool.
    folders: ['update-hashes', 'tmp', 'downloads'].map((name) => join(rustup, name)),
    env: { CARGO_HOME: cargo, RUSTUP_HOME: rustup, CARGO_NET_OFFLINE: 'true' },
  };
}

async function go(root: string): Promise<Programs> {
  const found = findProgram('go', root);
  if (found === undefined) return NOTHING;
  const text = await answer(found, ['env', 'GOROOT', 'GOMODCACHE']);
  const [goRoot = '', modules = ''] = text?.split('\n') ?? [];
  if (!isAbsolute(goRoot) || !isAbsolute(modules)) return NOTHING;
  return {
    path: [join(goRoot, 'bin')],
    shown: [goRoot, modules],
    folders: [],
    env: { GOROOT: goRoot, GOMODCACHE: modules, GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: '-modcacherw' },
  };
}

async function others(root: string, names: readonly string[]): Promise<Programs> {
  const found = names.flatMap((name) => findProgram(name, root) ?? []);
  const shown = await Promise.all(
    found.map(async (path) => {
      const real = realOf(path);
      if (real === undefined) return [];
      return [...(installationOf(real) ?? [real]), path, ...(await interpreterOf(real))];
    }),
  );
  return { ...NOTHING, path: found.map(dirname), shown: shown.flat() };
}

/** What a script names on its first line, with the Python that an environment of its own is based on. */
async function interpreterOf(script: string): Promise<string[]> {
  const named = /^#!\s*(\/\S+)/.exec((await readRegular(script, 200)) ?? '')?.[1];
  if (named === undefined || named.endsWith('/env')) return [];
  const real = realOf(named);
  const own = installationOf(named) ?? [];
  return real === undefined ? own : [...own, ...(installationOf(real) ?? [])];
}

/**
 * The folders that an installed program needs: what its `bin` folder stands in. Undefined where that would show a home,
 * what a home lies in, or a folder that holds more than programs.
 */
export function installationOf(executable: string): string[] | undefined {
  const store = STORES.find((one) => within(executable, one));
  if (store !== undefined) return [store];
  const bin = dirname(executable);
  const prefix = basename(bin) === 'bin' ? dirname(bin) : bin;
  if (dirname(prefix) === prefix) return undefined;
  for (const home of homes()) {
    if (within(home, prefix)) return undefined;
    if (!within(prefix, home)) continue;
    const [top = '', ...rest] = relative(home, prefix).split(sep);
    if (rest.length === 0 && (MIXED.test(top) || !looksInstalled(prefix))) return undefined;
  }
  return [prefix];
}

function looksInstalled(prefix: string): boolean {
  return ['conda-meta', 'lib/node_modules', 'pyvenv.cfg'].some((name) => existsSync(join(prefix, name)));
}

function realOf(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

/** What a program on PATH answers, from the root directory, so that no folder's settings choose its version. */
async function answer(path: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(path, [...args], { cwd: '/', timeout: 20_000 }, (error, stdout) => {
      resolve(error === null ? stdout.trim() : undefined);
    });
  });
}
