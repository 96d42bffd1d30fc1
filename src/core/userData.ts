import path from 'node:path';

/** What the place of a user's data depends on; passed in, so that each platform can be tested on any. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The account's home. */
  readonly home: string;
}

/**
 * The folder of the user's own data, the ledger above all, shared by all editors and command lines of the account:
 * `$XDG_DATA_HOME/solvent` or `~/.local/share/solvent`, `~/Library/Application Support/Solvent`, `%APPDATA%\Solvent`.
 * The folder need not exist yet.
 */
export function userDataFolder({ platform, env, home }: Machine): string {
  switch (platform) {
    case 'darwin':
      return path.posix.join(home, 'Library', 'Application Support', 'Solvent');
    case 'win32':
      return path.win32.join(
        absolute(path.win32, env['APPDATA']) ?? path.win32.join(home, 'AppData', 'Roaming'),
        'Solvent',
      );
    default:
      return path.posix.join(
        absolute(path.posix, env['XDG_DATA_HOME']) ?? path.posix.join(home, '.local', 'share'),
        'solvent',
      );
  }
}

/**
 * The folder for what can be made again at any time: `$XDG_CACHE_HOME/solvent` or `~/.cache/solvent`,
 * `~/Library/Caches/Solvent`, `%LOCALAPPDATA%\Solvent\Cache`. The folder need not exist yet.
 */
export function userCacheFolder({ platform, env, home }: Machine): string {
  switch (platform) {
    case 'darwin':
      return path.posix.join(home, 'Library', 'Caches', 'Solvent');
    case 'win32':
      return path.win32.join(
        absolute(path.win32, env['LOCALAPPDATA']) ?? path.win32.join(home, 'AppData', 'Local'),
        'Solvent',
        'Cache',
      );
    default:
      return path.posix.join(absolute(path.posix, env['XDG_CACHE_HOME']) ?? path.posix.join(home, '.cache'), 'solvent');
  }
}

/** The folder that throw-away copies of projects are made in. */
export function projectsFolder(machine: Machine): string {
  return (machine.platform === 'win32' ? path.win32 : path.posix).join(userCacheFolder(machine), 'projects');
}

/** The XDG rule, applied everywhere: a relative path in such a variable is to be ignored. */
function absolute(paths: path.PlatformPath, folder: string | undefined): string | undefined {
  return folder !== undefined && paths.isAbsolute(folder) ? folder : undefined;
}
