import type { FolderReader } from '../folder';
import type { Proposal } from './proposal';
import { quoted } from './python';

interface Manager {
  readonly name: string;
  /** Files that show that a project uses it. */
  readonly locks: readonly string[];
  readonly test: string;
  /** The same in a folder below. */
  readonly testIn: (folder: string) => string;
}

const NPM: Manager = {
  name: 'npm',
  locks: ['package-lock.json', 'npm-shrinkwrap.json'],
  test: 'npm test',
  testIn: (folder) => `npm --prefix ${folder} test`,
};

const MANAGERS: readonly Manager[] = [
  { name: 'pnpm', locks: ['pnpm-lock.yaml'], test: 'pnpm test', testIn: (folder) => `pnpm --dir ${folder} test` },
  { name: 'yarn', locks: ['yarn.lock'], test: 'yarn test', testIn: (folder) => `yarn --cwd ${folder} test` },
  {
    name: 'bun',
    locks: ['bun.lock', 'bun.lockb'],
    test: 'bun run test',
    testIn: (folder) => `bun run --cwd ${folder} test`,
  },
  NPM,
];

const TEST_FILE = /\.test\.[cm]?js$/;

interface Manifest {
  readonly script: string | undefined;
  readonly manager: string | undefined;
}

/** The test script of package.json through the project's package manager, else Node's own test runner. */
export async function nodeProposals(folder: FolderReader, at: string): Promise<Proposal[]> {
  const inside = (path: string): string => (at === '' ? path : `${at}/${path}`);
  const text = await folder.text(inside('package.json'));
  const manifest = text === undefined ? undefined : readManifest(text);
  if (manifest?.script !== undefined) {
    const { manager, why } = await managerOf(folder, at, manifest.manager);
    const line = at === '' ? manager.test : manager.testIn(quoted(at));
    return [{ line, reason: `package.json tests with "${shortened(manifest.script)}"${why}` }];
  }
  for (const name of ['', 'test', 'tests']) {
    const path = [at, name].filter((part) => part !== '').join('/');
    const found = (await folder.list(path)).find((entry) => entry.kind === 'file' && TEST_FILE.test(entry.name));
    if (found === undefined) continue;
    const file = path === '' ? found.name : `${path}/${found.name}`;
    if (!/\bnode:test\b/.test((await folder.text(file)) ?? '')) continue;
    const where = path === '' ? '' : ` ${quoted(`${path}/`)}`;
    return [{ line: `node --test${where}`, reason: `${file} uses node:test` }];
  }
  return [];
}

/** By the manifest's own word, else by the lock file next to it or at the top of the workspace. */
async function managerOf(
  folder: FolderReader,
  at: string,
  named: string | undefined,
): Promise<{ manager: Manager; why: string }> {
  const stated = MANAGERS.find(({ name }) => named?.startsWith(`${name}@`) === true);
  if (stated !== undefined) return { manager: stated, why: `, with ${stated.name} by its packageManager` };
  for (const base of new Set([at, ''])) {
    const names = new Set((await folder.list(base)).map(({ name }) => name));
    for (const manager of MANAGERS) {
      const lock = manager.locks.find((name) => names.has(name));
      if (lock !== undefined) return { manager, why: manager === NPM ? '' : `, with ${manager.name} by ${lock}` };
    }
  }
  return { manager: NPM, why: '' };
}

function readManifest(text: string): Manifest | undefined {
  try {
    const value = JSON.parse(text) as { scripts?: { test?: unknown }; packageManager?: unknown } | null;
    const script = value?.scripts?.test;
    const manager = value?.packageManager;
    return {
      // What `npm init` writes is no test.
      script:
        typeof script === 'string' && script.trim() !== '' && !script.includes('no test specified')
          ? script
          : undefined,
      manager: typeof manager === 'string' ? manager : undefined,
    };
  } catch {
    return undefined;
  }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}
