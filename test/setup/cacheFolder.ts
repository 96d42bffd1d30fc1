import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The folder that keeps editors between runs: `SOLVENT_VSCODE`, else `solvent-vscode` in the user's cache.
 * It lies outside the repository, so that a fresh clone finds what an earlier one installed.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['SOLVENT_VSCODE'];
  if (chosen) return resolve(chosen);
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'solvent-vscode');
}
