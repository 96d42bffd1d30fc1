import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Baseline } from '../../src/core/sandbox/project/baseline';
import { openProject, type ProjectOptions } from '../../src/core/sandbox/project/open';
import type { Project } from '../../src/core/sandbox/project/project';
import type { Verdict } from '../../src/core/sandbox/verdict';
import type { Task } from '../../src/core/task/task';

/** Files by path, with their texts. */
export type Files = Readonly<Record<string, string>>;

const made: string[] = [];

/** A folder of its own, by its real path. */
export function temporary(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sv-')));
  made.push(folder);
  return folder;
}

/** Removes all folders that {@link temporary} made. */
export function cleanUp(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A workspace with these files. */
export function workspace(files: Files, folder = temporary()): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Runs git in a folder, by no settings but its own. */
export function git(folder: string, ...args: readonly string[]): void {
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'init.defaultBranch=main'];
  execFileSync('git', [...author, ...args], { cwd: folder, env, stdio: 'pipe' });
}

/** A workspace with these files, all committed but what `.gitignore` says. */
export function repository(files: Files): string {
  const folder = workspace(files);
  git(folder, 'init', '-q');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'start');
  return folder;
}

/** A hash of all paths, kinds, modes, times and contents below a folder. */
export function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    const found = lstatSync(path);
    hash.update(JSON.stringify([path, found.mode, found.isFile() ? [found.size, found.mtimeMs] : 0]));
    if (found.isSymbolicLink()) hash.update(readlinkSync(path));
    else if (found.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else if (found.isFile()) hash.update(readFileSync(path));
  };
  visit(folder);
  return hash.digest('hex');
}

/** Where the projects of these tests put their scratch folders. */
let scratchFolder: string | undefined;
export function scratch(): string {
  scratchFolder ??= temporary();
  return scratchFolder;
}

/** Opens a trusted workspace, does something with it, and disposes of it. */
export async function withProject<T>(
  options: Pick<ProjectOptions, 'folder' | 'command' | 'file'> & Partial<ProjectOptions>,
  act: (project: Project) => Promise<T>,
): Promise<T> {
  const project = await openProject({ trusted: true, scratch: scratch(), ...options });
  try {
    return await act(project);
  } finally {
    await project.dispose();
  }
}

const TASK: Task = { id: 'case', language: 'javascript', prompt: '', entryPoint: undefined, tests: [], setup: '' };

/** Runs whole new texts of the project's file, one after the other. */
export async function verdicts(
  project: Project,
  file: string,
  texts: readonly string[],
): Promise<{ readonly baseline: Baseline; readonly verdicts: readonly Verdict[] }> {
  const baseline = await project.baseline();
  const sandbox = project.sandbox(baseline, { path: file, textWith: (code) => Promise.resolve(code) });
  const found: Verdict[] = [];
  for (const code of texts) found.push(await sandbox.run({ task: TASK, code }));
  return { baseline, verdicts: found };
}

/** A small project on Node's test runner: `f` is to double, `g` and `h` work already. */
export const NODE_PROJECT: Files = {
  'package.json': JSON.stringify({ name: 'small', scripts: { test: 'node --test test/' } }),
  'src/f.js': "exports.f = () => { throw new Error('not written'); };\n",
  'src/g.js': 'exports.g = (x) => x;\n',
  'test/f.test.js': `const test = require('node:test');
const assert = require('node:assert');
const { f } = require('../src/f.js');
test('f doubles', () => assert.equal(f(2), 4));
test('f doubles zero', () => assert.equal(f(0), 0));
`,
  'test/g.test.js': `const test = require('node:test');
const assert = require('node:assert');
const { g } = require('../src/g.js');
test('g gives back', () => assert.equal(g(2), 2));
test('g gives back zero', () => assert.equal(g(0), 0));
`,
};

export const RIGHT = 'exports.f = (x) => 2 * x;\n';
export const WRONG = 'exports.f = (x) => 3 * x;\n';

/** Claims of a hostile answer: it runs `source` when it is loaded, and is right apart from that. */
export function hostile(source: string): string {
  return `${source}\n${RIGHT}`;
}
