import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';

/** The directories that count as home: the environment's and the account's. */
export function homes(): string[] {
  return [...new Set([homedir(), accountHome(), process.env['HOME'] ?? ''])].filter((path) => isAbsolute(path));
}

/** Empty for an account that the system does not know, as containers have them. */
function accountHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    return '';
  }
}

/** True when `path` is `directory` or lies in it. */
export function within(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

/** Looks a program up on PATH. Relative entries are skipped: they would let the working directory choose the program. */
export function findOnPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => isAbsolute(directory))
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));
}

/** What may be shown inside: it exists, and showing it shows no whole home, nor what a home lies in. */
export function presentable(path: string): boolean {
  return isAbsolute(path) && existsSync(path) && dirname(path) !== path && !homes().some((home) => within(home, path));
}
