import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { within } from '../places';

/** What git knows of a folder; paths are relative to it. Ignored folders end with `/` and stand for all in them. */
export interface GitListing {
  readonly tracked: ReadonlySet<string>;
  readonly untracked: readonly string[];
  readonly ignored: readonly string[];
}

/** Bytes of a listing, in all about a million paths. */
const LISTING_BYTES = 64 << 20;
const SECONDS = 30;

/** Switches off all of a repository's settings by which it could have a program run. */
const HARMLESS = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.pager=cat', 'protocol.allow=never'];

/**
 * Lists a folder by git, without writing to the repository and without running anything that it names. Undefined where
 * there is no git, no repository, or one that git does not want to read, such as another user's.
 */
export async function listByGit(root: string): Promise<GitListing | undefined> {
  const git = findProgram('git', root);
  if (git === undefined || !hasRepository(root)) return undefined;
  const [tracked, untracked, ignored] = await Promise.all([
    lsFiles(git, root, ['--cached']),
    lsFiles(git, root, ['--others', '--exclude-standard']),
    lsFiles(git, root, ['--others', '--ignored', '--exclude-standard', '--directory']),
  ]);
  if (tracked === undefined || untracked === undefined || ignored === undefined) return undefined;
  return { tracked: new Set(tracked), untracked, ignored };
}

/** Looks a program up on PATH; neither the working directory nor the workspace may choose it. */
export function findProgram(name: string, root: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !within(folder, root))
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function hasRepository(root: string): boolean {
  for (let at = root; ; at = join(at, '..')) {
    if (existsSync(join(at, '.git'))) return true;
    if (at === join(at, '..')) return false;
  }
}

async function lsFiles(git: string, root: string, options: readonly string[]): Promise<string[] | undefined> {
  const args = ['-C', root, ...HARMLESS.flatMap((one) => ['-c', one]), 'ls-files', '-z', ...options];
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: process.env['HOME'] ?? '/',
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
  };
  return new Promise((resolve) => {
    execFile(
      git,
      args,
      { cwd: '/', env, encoding: 'utf8', maxBuffer: LISTING_BYTES, timeout: SECONDS * 1000 },
      (error, stdout) => {
        resolve(error === null ? stdout.split('\0').filter((path) => path !== '') : undefined);
      },
    );
  });
}
