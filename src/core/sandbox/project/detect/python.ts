import type { Entry, FolderReader } from '../folder';
import type { Proposal } from './proposal';

/** Folders that virtual environments of a project are in. */
export const ENVIRONMENTS = ['.venv', 'venv', 'env'] as const;

const TEST_FOLDERS = ['tests', 'test'];
const TEST_FILE = /^(?:test_.*|.*_test|tests)\.py$/;
/** Test files that are looked into. */
const READ = 5;

/** Where configuration or dependencies name pytest: [file, what it says, how that is told]. */
const EVIDENCE: readonly (readonly [string, RegExp, string])[] = [
  ['pytest.ini', /^/, 'pytest.ini'],
  ['pyproject.toml', /^\s*\[tool\.pytest\b/m, 'pyproject.toml configures pytest'],
  ['setup.cfg', /^\s*\[tool:pytest\]/m, 'setup.cfg configures pytest'],
  ['tox.ini', /^\s*\[pytest\]|^\s*(?:commands|deps)\b[^[]*\bpytest\b/m, 'tox.ini uses pytest'],
  ['conftest.py', /^/, 'conftest.py'],
  ['tests/conftest.py', /^/, 'tests/conftest.py'],
  ['pyproject.toml', /["']pytest\b|^\s*pytest\s*=/m, 'pyproject.toml depends on pytest'],
  ['requirements-dev.txt', /^pytest\b/m, 'requirements-dev.txt names pytest'],
  ['dev-requirements.txt', /^pytest\b/m, 'dev-requirements.txt names pytest'],
  ['requirements.txt', /^pytest\b/m, 'requirements.txt names pytest'],
];

/** pytest and unittest, the likelier one first; none where there are neither tests nor a configuration of tests. */
export async function pythonProposals(folder: FolderReader, at: string): Promise<Proposal[]> {
  const inside = (path: string): string => (at === '' ? path : `${at}/${path}`);
  const root = await folder.list(at);
  const tests = await testFiles(folder, at, root);
  const evidence = await firstEvidence(folder, inside);
  if (tests.length === 0 && evidence === undefined) return [];
  const environment = await environmentOf(folder, at);
  const python = environment === undefined ? 'python3' : `${environment}/bin/python`;
  const place = environment === undefined ? '' : `, with the environment ${environment}`;
  const { functions, cases } = await stylesOf(folder, tests.map(inside));
  const pytest: Proposal = {
    line: at === '' ? `${python} -m pytest` : `${python} -m pytest ${quoted(at)}`,
    reason: `${evidence ?? `test functions in ${tests[0] ?? at}`}${place}`,
  };
  const unittest: Proposal = {
    line: `${python} -m unittest ${unittestArguments(root, tests, at)}`,
    reason: `unittest cases in ${tests[0] ?? at}${place}`,
  };
  if (evidence !== undefined) return cases ? [pytest, unittest] : [pytest];
  if (functions) return [pytest];
  return cases ? [unittest] : [pytest];
}

/** The virtual environment of a folder or of the workspace. */
async function environmentOf(folder: FolderReader, at: string): Promise<string | undefined> {
  for (const base of new Set([at, ''])) {
    for (const name of ENVIRONMENTS) {
      const path = base === '' ? name : `${base}/${name}`;
      if ((await folder.text(`${path}/pyvenv.cfg`)) !== undefined) return quoted(path);
    }
  }
  return undefined;
}

async function firstEvidence(folder: FolderReader, inside: (path: string) => string): Promise<string | undefined> {
  for (const [file, pattern, how] of EVIDENCE) {
    const text = await folder.text(inside(file));
    if (text !== undefined && pattern.test(text)) return how;
  }
  return undefined;
}

/** Paths of test files, relative to `at`: in the folder itself and in its folders of tests. */
async function testFiles(folder: FolderReader, at: string, root: readonly Entry[]): Promise<string[]> {
  const found = root.filter(({ name, kind }) => kind === 'file' && TEST_FILE.test(name)).map(({ name }) => name);
  for (const name of TEST_FOLDERS) {
    if (!root.some((entry) => entry.kind === 'folder' && entry.name === name)) continue;
    await collect(folder, at === '' ? name : `${at}/${name}`, name, 2, found);
  }
  return found;
}

async function collect(
  folder: FolderReader,
  path: string,
  shown: string,
  depth: number,
  found: string[],
): Promise<void> {
  for (const { name, kind } of await folder.list(path)) {
    if (kind === 'file' && TEST_FILE.test(name)) found.push(`${shown}/${name}`);
    if (kind === 'folder' && depth > 0 && found.length < 50) {
      await collect(folder, `${path}/${name}`, `${shown}/${name}`, depth - 1, found);
    }
  }
}

async function stylesOf(
  folder: FolderReader,
  paths: readonly string[],
): Promise<{ functions: boolean; cases: boolean }> {
  let functions = false;
  let cases = false;
  for (const path of paths.slice(0, READ)) {
    const text = (await folder.text(path)) ?? '';
    functions ||= /^(?:async )?def test|^\s*(?:import|from) pytest\b/m.test(text);
    cases ||= /\bTestCase\b/.test(text);
  }
  return { functions, cases };
}

/** `discover` looks into folders of tests only where they are packages. */
function unittestArguments(root: readonly Entry[], tests: readonly string[], at: string): string {
  const [first = ''] = tests;
  const inFolder = first.includes('/') && !root.some(({ name }) => TEST_FILE.test(name));
  const start = inFolder ? first.slice(0, first.indexOf('/')) : '.';
  const path = at === '' ? start : start === '.' ? at : `${at}/${start}`;
  return path === '.' ? 'discover' : `discover -s ${quoted(path)}`;
}

/** A path as one word of a command line. */
export function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
