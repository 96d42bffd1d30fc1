import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from './command';
import { execute } from './execute';
import { findOnPath, homes, within } from './places';
import { SandboxError } from './sandbox';
import { systemCallFilter } from './systemCalls';

/**
 * How the tested code comes to run as nobody. `drop`: bubblewrap runs as root without a user namespace and the first
 * step inside changes to an account of its own, so that the limit on processes counts this run alone (the kernel never
 * limits root's). `namespace`: a user namespace, for everybody else, and for a root that may not do the former: then only
 * the time limit ends a fork bomb.
 */
export type Identity = 'drop' | 'namespace';

/** A bubblewrap that was seen to work. */
export interface Bubblewrap {
  readonly path: string;
  readonly version: string;
}

/** What one process may see. Everything else does not exist inside. */
export interface View {
  readonly identity: Identity;
  /** Shown read-only at their own paths. */
  readonly paths: readonly string[];
  /** Shown read-only elsewhere: [path outside, path inside]. */
  readonly placed: readonly (readonly [string, string])[];
  /** Size of the scratch directory /tmp, the only place that can be written, in MiB. */
  readonly scratchMb: number;
  /** Further arguments that mount something, applied after all of the above. */
  readonly mounts?: readonly string[];
}

/** The whole environment of a sandboxed process. One thread for numeric libraries: theirs count as processes. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/bin:/bin',
  LANG: 'C.UTF-8',
  HOME: '/tmp',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONHASHSEED: '0',
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
  MALLOC_ARENA_MAX: '2',
};

const INSTALL =
  'Install bubblewrap (Debian, Ubuntu: sudo apt install bubblewrap; Fedora, RHEL: sudo dnf install bubblewrap; Arch: sudo pacman -S bubblewrap).';
const SYSTEM = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const FILES = ['/etc/ld.so.cache', '/etc/localtime'];
const DEVICES = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom'];

/**
 * Finds bubblewrap and asks for its version.
 * @throws SandboxError that says how to install it.
 */
export async function findBubblewrap(chosen: string | undefined): Promise<Bubblewrap> {
  const path = chosen ?? findOnPath('bwrap');
  if (path === undefined || !existsSync(path)) {
    const where = chosen === undefined ? 'on PATH' : `at ${chosen}`;
    throw new SandboxError(`Generated code runs only in a sandbox, and there is no bwrap ${where}. ${INSTALL}`);
  }
  const { failed, text } = await execute({ path, args: ['--version'], env: ENVIRONMENT });
  const version = /^bubblewrap (\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1];
  if (failed || version === undefined) {
    const [said = ''] = text.split('\n', 1);
    throw new SandboxError(`${path} is no working bubblewrap; it says: ${said}. ${INSTALL}`);
  }
  return { path, version };
}

/** What to tell a user whose bubblewrap is there but cannot set up a sandbox. */
export function refusal(bubblewrap: Bubblewrap, reason: string): SandboxError {
  return new SandboxError(
    `bubblewrap ${bubblewrap.version} cannot set up a sandbox here: ${reason.trim()}. ` +
      'On Ubuntu 24.04 and newer, AppArmor restricts user namespaces: give /usr/bin/bwrap a profile that allows userns ' +
      '(sudo apt install apparmor-profiles, then enable bwrap-userns-restrict), or run ' +
      'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0. Inside a container, it has to allow user namespaces ' +
      '(for Docker: --security-opt seccomp=unconfined).',
  );
}

/** The command line that runs another one, with this environment, where it sees no more than its view. */
export function confined(
  { path, version }: Bubblewrap,
  view: View,
  inside: readonly string[],
  env: Readonly<Record<string, string>>,
): Command {
  const filter = systemCallFilter();
  const args = [...bubblewrapArguments(version, view), ...inside];
  return { path, args, env, ...(filter === undefined ? {} : { filter }) };
}

/** The arguments of bubblewrap up to the command that it is to run. */
function bubblewrapArguments(version: string, view: View): string[] {
  const size = String(view.scratchMb * 1024 * 1024);
  const shown = view.paths.filter((path) => !covered(path));
  return [
    // Everything but the user namespace, which `drop` must not have.
    ...['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--hostname', 'sandbox', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...(view.identity === 'namespace' ? ['--unshare-user'] : ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID']),
    ...['--ro-bind', '/usr', '/usr'],
    ...homes().flatMap((home) => (within(home, '/usr') ? ['--tmpfs', home] : [])),
    ...SYSTEM.flatMap(system),
    // What bubblewrap makes by itself on the way, only root may enter.
    ...['--dir', '/etc', '--dir', '/dev'],
    ...FILES.flatMap((path) => ['--ro-bind-try', path, path]),
    ...DEVICES.flatMap((path) => ['--dev-bind-try', path, path]),
    ...['--symlink', '/tmp', '/dev/shm'],
    // Before 0.7 there is no --size; then the limit on the size of one file is all there is.
    ...(atLeast(version, [0, 7]) ? ['--size', size] : []),
    // Before what is shown: an interpreter may lie in the host's /tmp.
    ...['--tmpfs', '/tmp'],
    ...shown.flatMap(parents).flatMap((path) => ['--dir', path]),
    ...shown.flatMap((path) => ['--ro-bind', path, path]),
    ...view.placed.flatMap(([outside, inside]) => ['--ro-bind', outside, inside]),
    ...(view.mounts ?? []),
    ...['--remount-ro', '/', '--chdir', '/tmp', '--'],
  ];
}

/** On a merged /usr these are links into it, elsewhere directories of their own. */
function system(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** The directories that lead to a path. */
function parents(path: string): string[] {
  const above = dirname(path);
  return above === path || dirname(above) === above ? [] : [...parents(above), above];
}

function covered(path: string): boolean {
  return within(path, '/usr') && !homes().some((home) => within(home, '/usr') && within(path, home));
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
}
