import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isExecutable, onPath } from './onPath';
import { pythonsWithPytest } from './pytest';
import { runCommand } from './runCommand';

/** A package of the operating system, and how to see that it (or its equal) is there. */
export interface SystemPackage {
  readonly name: string;
  readonly isPresent: () => boolean;
}

/** The browser: `SOLVENT_CHROMIUM`, else the first Chromium or Chrome on PATH. */
export function findChromium(): string | undefined {
  const chosen = process.env['SOLVENT_CHROMIUM'];
  if (chosen) return isExecutable(chosen) ? chosen : undefined;
  return onPath('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome');
}

const program = (name: string, executable = name): SystemPackage => ({
  name,
  isPresent: () => onPath(executable) !== undefined,
});

/** What the sandbox tests run with. */
export const SANDBOX_PACKAGES: readonly SystemPackage[] = [
  program('bubblewrap', 'bwrap'),
  program('python3'),
  { name: 'python3-pytest', isPresent: () => pythonsWithPytest().length > 0 },
];

/** What shows the workbench. */
export const BROWSER_PACKAGES: readonly SystemPackage[] = [
  { name: 'chromium', isPresent: () => findChromium() !== undefined },
];

/** What compiles code-server's native modules. */
export const BUILD_PACKAGES: readonly SystemPackage[] = [
  program('python3'),
  program('make'),
  program('g++'),
  { name: 'libkrb5-dev', isPresent: () => existsSync('/usr/include/gssapi/gssapi.h') },
];

const INSTALL_OPTIONS = ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends'];
const INSTALL_ATTEMPTS = 3;
const ATTEMPT_PAUSE_MS = 10_000;
const APT_TIMEOUT_MS = 300_000;

/**
 * Installs the packages that are missing, where this process may.
 * @returns nothing when all are there; else a sentence with what is missing and the command that installs it.
 */
export async function ensurePackages(
  wanted: readonly SystemPackage[],
  log: (line: string) => void,
): Promise<string | undefined> {
  const missing = (): string[] => [...new Set(wanted.filter((p) => !p.isPresent()).map((p) => p.name))];
  let names = missing();
  if (names.length === 0) return undefined;
  const apt = onPath('apt-get');
  if (apt === undefined) return `Missing: ${names.join(', ')}. Install them with this system's package manager.`;
  if (process.getuid?.() !== 0) {
    return `Missing: ${names.join(', ')}. Run: sudo apt-get install -y --no-install-recommends ${names.join(' ')}`;
  }
  log(`installing system packages: ${names.join(' ')}`);
  const failure = await installAsRoot(apt, names);
  names = missing();
  return names.length === 0 ? undefined : `Missing: ${names.join(', ')}. ${failure ?? 'apt-get did not bring them.'}`;
}

/** Another process may hold the package lists, and a mirror may fail once: a few attempts, the last error is told. */
async function installAsRoot(apt: string, names: readonly string[]): Promise<string | undefined> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (let attempt = 1; ; attempt++) {
    try {
      await runCommand(apt, ['update'], { env, timeout: APT_TIMEOUT_MS });
      await runCommand(apt, [...INSTALL_OPTIONS, ...names], { env, timeout: APT_TIMEOUT_MS });
      return undefined;
    } catch (error) {
      if (attempt === INSTALL_ATTEMPTS) return (error as Error).message;
      await sleep(ATTEMPT_PAUSE_MS);
    }
  }
}
