/**
 * Stands in for macOS's `sandbox-exec` on Linux: reads the profile that it is given and has bubblewrap show what that
 * allows, at the same paths. It proves that the profile names what a run needs and nothing that a trial looks for; it
 * does not prove how macOS would understand it.
 */
import { spawn } from 'node:child_process';
import { fstatSync, lstatSync, readlinkSync } from 'node:fs';
import { type Area, readArguments } from './profile';

const { profile, command } = readArguments(process.argv.slice(2));

/** What macOS has in its cache of libraries, Linux has here. */
const OF_LINUX = ['/usr', '/bin', '/lib', '/lib64', '/etc/ld.so.cache'];

const byDepth = (areas: readonly Area[]): Area[] => areas.toSorted((a, b) => a.path.length - b.path.length);

function mounted(how: '--ro-bind' | '--bind', { path, tree }: Area): string[] {
  const found = path === '/' ? undefined : lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || OF_LINUX.some((one) => path === one || path.startsWith(`${one}/`))) return [];
  if (found.isSymbolicLink()) return ['--symlink', readlinkSync(path), path];
  if (found.isDirectory() && !tree) return ['--dir', path];
  return found.isCharacterDevice() ? ['--dev-bind', path, path] : [how, path, path];
}

const args = [
  ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--cap-drop', 'ALL', '--die-with-parent'],
  ...(profile.allows('network-outbound') ? [] : ['--unshare-net']),
  ...OF_LINUX.flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
  }),
  ...byDepth(profile.areas('file-read-data')).flatMap((area) => mounted('--ro-bind', area)),
  ...byDepth(profile.areas('file-write-create')).flatMap((area) => mounted('--bind', area)),
  ...['--remount-ro', '/', '--', ...command],
];

/** The channels of a run, as they were handed down. */
const channels = [3, 4, 5, 6].filter((number) => {
  try {
    return fstatSync(number).isSocket();
  } catch {
    return false;
  }
});

const child = spawn('/usr/bin/bwrap', args, { stdio: [0, 1, 2, ...channels] });
child.once('exit', (status, signal) => {
  process.exitCode = signal === null ? (status ?? 1) : 137;
});
