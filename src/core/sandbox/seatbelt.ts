import { lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { homes, within } from './places';

/** What one process may do of the file system. Everything else is refused by the kernel. */
export interface SeatbeltView {
  /** Files and directories that it may read, and run where they are programs. */
  readonly paths: readonly string[];
  /** A directory that it may only read. */
  readonly harness: string;
  /** The one directory that it may write in. */
  readonly scratch: string;
}

/** The program of macOS that runs another one under a profile. */
export const SANDBOX_EXEC = '/usr/bin/sandbox-exec';

/**
 * The system's own libraries and their data. Most libraries come from a cache that the kernel maps; where one does not, it
 * is read from here. Nothing of a user lies in them.
 */
const SYSTEM = [
  '/usr/lib',
  '/usr/share/icu',
  '/usr/share/locale',
  '/usr/share/zoneinfo',
  '/System/Library',
  '/System/Volumes/Preboot/Cryptexes/OS',
  '/private/var/db/dyld',
  '/private/var/db/timezone',
  '/Library/Apple/usr/lib',
  '/Library/Apple/usr/libexec/oah',
];
/** On the way to these, and of themselves. */
const FILES = [
  '/',
  '/etc',
  '/var',
  '/tmp',
  '/private',
  '/private/etc',
  '/private/etc/localtime',
  '/private/var/select/sh',
];
/** What a shell that sets limits may be. */
const SHELLS = ['/bin/sh', '/bin/bash', '/bin/dash'];
const DEVICES = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom'];
/** Where the kernel also knows what lies on the volume of the user's data. */
const DATA = '/System/Volumes/Data';

/** What runtimes ask of the processor and of the version of the system. Nothing here tells of other processes. */
const SYSCTLS = [
  ...[
    'hw.activecpu',
    'hw.byteorder',
    'hw.cachelinesize',
    'hw.cpufamily',
    'hw.cpufrequency',
    'hw.cputype',
    'hw.cpusubtype',
  ],
  ...['hw.logicalcpu', 'hw.logicalcpu_max', 'hw.machine', 'hw.memsize', 'hw.model', 'hw.ncpu', 'hw.nperflevels'],
  ...['hw.packages', 'hw.pagesize', 'hw.pagesize_compat', 'hw.physicalcpu', 'hw.physicalcpu_max', 'hw.vectorunit'],
  ...[
    'kern.argmax',
    'kern.maxfilesperproc',
    'kern.osproductversion',
    'kern.osrelease',
    'kern.ostype',
    'kern.osversion',
  ],
  ...['kern.usrstack64', 'kern.version', 'sysctl.proc_cputype', 'sysctl.proc_native', 'vm.loadavg'],
];
const SYSCTL_PREFIXES = ['hw.optional.', 'hw.perflevel', 'machdep.cpu.'];

/**
 * The profile under which a process runs, in the language of Seatbelt (sandbox(7)). Paths do not stand in it: they are
 * parameters of the command line, so that no name of a folder can be read as a rule.
 *
 * - It starts no process (no `process-fork`): what cannot fork leaves nothing behind and bombs nobody.
 * - It signals and looks into itself only, and there is no way to ask the kernel for other processes.
 * - There is no network and no Mach service at all, thus no key store, no pasteboard and no name resolution either.
 *   A socket can be made but leads nowhere; pairs of them are what event loops are woken by.
 * - It reads what its parameters name, and of the folders on the way to them, where these lie in home, only that they
 *   are there.
 */
export function seatbeltProfile(parameters: ReadonlyMap<string, string>): string {
  const named = (prefix: string): string[] => [...parameters.keys()].filter((name) => name.startsWith(prefix));
  const rule = (operations: string, filters: readonly string[]): string[] =>
    filters.length === 0 ? [] : [`(allow ${operations}`, ...filters.map((filter) => `  ${filter}`), ')'];
  const trees = both('subpath', named('TREE_'));
  const files = both('literal', named('FILE_'));
  return [
    '(version 1)',
    '(deny default)',
    ...rule('process-exec', [...SHELLS.map((path) => `(literal "${path}")`), ...trees, ...files]),
    '(allow process-info* (target self))',
    '(allow signal (target self))',
    '(allow system-socket (socket-domain AF_UNIX))',
    ...rule('sysctl-read', [
      ...SYSCTLS.map((name) => `(sysctl-name "${name}")`),
      ...SYSCTL_PREFIXES.map((name) => `(sysctl-name-prefix "${name}")`),
    ]),
    ...rule('file-read*', [
      ...SYSTEM.map((path) => `(subpath "${path}")`),
      ...[...FILES, ...SHELLS, ...DEVICES].map((path) => `(literal "${path}")`),
      ...[...trees, ...files],
      ...both('subpath', ['HARNESS', 'SCRATCH']),
      ...both('literal', named('ABOVE_')),
    ]),
    ...rule('file-read-metadata', both('literal', named('HIDDEN_'))),
    ...rule('file-write-data', ['(literal "/dev/null")']),
    ...rule('file-write*', both('subpath', ['SCRATCH'])),
    '(deny file-write-setugid)',
    '(deny network*)',
    '',
  ].join('\n');
}

/** The arguments of `sandbox-exec` up to the command that it is to run. */
export function seatbeltArguments(view: SeatbeltView): string[] {
  const parameters = parametersOf(view);
  const definitions = [...parameters].flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  return ['-p', seatbeltProfile(parameters), ...definitions, '--'];
}

/**
 * Paths by the names that the profile has for them: trees, single files, and the folders that lead there. Interpreters
 * look for themselves by reading those; of the others, and of all that have to do with home, it is only known that they
 * are there. The kernel compares with paths whose links are resolved, so both are named.
 */
export function parametersOf({ paths, harness, scratch }: SeatbeltView): ReadonlyMap<string, string> {
  const shown = [...new Set(paths.flatMap(waysOf))];
  const trees = shown.filter((path) => kindOf(path) === 'directory');
  const files = shown.filter((path) => kindOf(path) === 'file');
  const above = [...new Set(shown.flatMap(foldersTo))].filter((path) => !concernsHome(path));
  const ways = [...shown, ...waysOf(harness), ...waysOf(scratch)];
  const hidden = [...new Set(ways.flatMap(foldersTo))].filter((path) => !above.includes(path));
  return new Map([
    ...numbered('TREE_', trees),
    ...numbered('FILE_', files),
    ...numbered('ABOVE_', above),
    ...numbered('HIDDEN_', hidden),
    ['HARNESS', resolved(harness)],
    ['SCRATCH', resolved(scratch)],
  ]);
}

/** A filter for each parameter, here and on the volume of the data. */
function both(filter: 'literal' | 'subpath', names: readonly string[]): string[] {
  return names.flatMap((name) => [
    `(${filter} (param "${name}"))`,
    `(${filter} (string-append "${DATA}" (param "${name}")))`,
  ]);
}

function numbered(prefix: string, paths: readonly string[]): (readonly [string, string])[] {
  return paths.map((path, index) => [`${prefix}${index}`, path]);
}

/** A path as it was named, and as it is where its links are followed. */
function waysOf(path: string): string[] {
  return isAbsolute(path) ? [path, resolved(path)] : [];
}

/** Whether a path is home, lies in it or leads to it. */
function concernsHome(path: string): boolean {
  return homes().some((home) => [home, resolved(home)].some((one) => within(path, one) || within(one, path)));
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A link counts as a file: what it leads to is named too. */
function kindOf(path: string): 'directory' | 'file' | 'none' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found === undefined ? 'none' : found.isDirectory() ? 'directory' : 'file';
}

/** The folders that lead to a path, the nearest last, without the root. */
function foldersTo(path: string): string[] {
  const above = dirname(path);
  return above === path || above === '/' ? [] : [...foldersTo(above), above];
}
