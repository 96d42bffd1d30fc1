import { dirname, join } from 'node:path';
import { type Bubblewrap, confined, type Identity } from '../bubblewrap';
import type { Command } from '../command';
import type { RunFolders } from './copy';
import type { ProjectLimits } from './limits';
import type { Programs } from './programs';
import type { Selection } from './selection';

/** Descriptor on which the sandbox says that all is in place and the command comes next. */
export const STARTED = 3;
/** Where test runners leave their reports, inside. */
export const REPORT_FOLDER = '/solvent';
const HOME = '/tmp/home';

/** How this machine confines: found out by trying. */
export interface Confinement {
  readonly bubblewrap: Bubblewrap;
  readonly identity: Identity;
  /** The account inside; undefined where it is the one outside. */
  readonly uid: number | undefined;
  /** Whether a /proc of the sandbox's own can be mounted. */
  readonly proc: boolean;
}

/** One command to be run over a copy of a workspace. */
export interface ConfinedRun {
  readonly confinement: Confinement;
  readonly selection: Selection;
  readonly programs: Programs;
  readonly folders: RunFolders;
  /** Folder of the account files that the sandbox shows as its own, see {@link accountFiles}. */
  readonly accounts: string;
  readonly limits: ProjectLimits;
  /** Wall-clock seconds. */
  readonly seconds: number;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Sets limits, then becomes the command. A limit that is lower already stays. */
const LAUNCH = `
limit() {
  ulimit "$1" "$2" 2>/dev/null || [ "$(ulimit "$1")" -le "$2" ] 2>/dev/null || { echo "cannot set the limit $1" >&2; exit 125; }
}
limit -c 0
limit -n "$1"; limit -d "$2"; limit -f "$3"; limit -t "$4"
if (ulimit -u) >/dev/null 2>&1; then limit -u "$5"; else limit -p "$5"; fi
cd "$6" || exit 125
shift 6
echo >&${STARTED}
exec "$@" ${STARTED}>&-
`;

/** Gives up the account of root first. The programs are named by path: the workspace has a say in PATH. */
const DROP =
  '/bin/chmod 1777 /tmp && exec /usr/bin/setpriv --reuid "$0" --regid "$0" --clear-groups --inh-caps=-all -- "$@"';

const OPEN_FILES = 4096;
const MIB = 1 << 20;

/** The command line that runs a test command confined. */
export function confine(run: ConfinedRun, processesOutside: number): Command {
  const { confinement, selection, programs, limits, seconds, argv, env } = run;
  const { bubblewrap, identity, uid } = confinement;
  const view = {
    identity,
    paths: programs.shown,
    placed: [],
    scratchMb: limits.scratchMb,
    mounts: mountsOf(run),
  };
  const numbers = [
    OPEN_FILES,
    Math.round(limits.memoryMb * 1.5) * 1024,
    (limits.fileMb * MIB) / 512,
    // Of one process, and later than all of them together are ended for it.
    Math.ceil(seconds * limits.cpuFactor) + 2,
    limits.processes + processesOutside,
  ].map(String);
  // Set inside: a variable such as LD_PRELOAD must not reach what sets up the sandbox.
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const command = variables.length === 0 ? argv : ['/usr/bin/env', ...variables, ...argv];
  const launch = ['/bin/sh', '-c', LAUNCH, 'sh', ...numbers, selection.root, ...command];
  const inside = uid === undefined ? launch : ['/bin/sh', '-c', DROP, String(uid), ...launch];
  return confined(bubblewrap, view, inside, environmentOf(programs));
}

/** What the command finds in its environment, apart from what its own line sets. */
function environmentOf(programs: Programs): Record<string, string> {
  return {
    PATH: programs.path.join(':'),
    HOME,
    TMPDIR: '/tmp',
    USER: 'solvent',
    LOGNAME: 'solvent',
    SHELL: '/bin/sh',
    LANG: 'C.UTF-8',
    // No watching, no prompts, and no snapshots written where a test finds none.
    CI: 'true',
    NO_COLOR: '1',
    TERM: 'dumb',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONHASHSEED: '0',
    OPENBLAS_NUM_THREADS: '1',
    OMP_NUM_THREADS: '1',
    MALLOC_ARENA_MAX: '2',
    npm_config_update_notifier: 'false',
    npm_config_offline: 'true',
    COREPACK_ENABLE_NETWORK: '0',
    GOCACHE: join(HOME, '.cache', 'go-build'),
    ...programs.env,
  };
}

function mountsOf({ confinement, selection, programs, folders, accounts }: ConfinedRun): string[] {
  const { root, linked, covered } = selection;
  const { overlay, work, home, report } = folders;
  const readOnly = linked.filter((folder) => !linked.some((other) => folder.startsWith(`${other}/`)));
  return [
    ...ACCOUNTS.flatMap((name) => ['--ro-bind', join(accounts, name), `/etc/${name}`]),
    // What bubblewrap makes by itself on the way, only root may enter.
    ...OF_THE_SYSTEM.flatMap((path) => foldersTo(dirname(path))).flatMap((folder) => ['--dir', folder]),
    ...OF_THE_SYSTEM.flatMap((path) => ['--ro-bind-try', path, path]),
    // Read-only: in a user namespace made by root, the settings of the kernel in it could be written to.
    ...(confinement.proc
      ? ['--proc', '/proc', '--remount-ro', '/proc', ...STREAMS.flatMap(([to, from]) => ['--symlink', to, from])]
      : []),
    ...programs.folders.flatMap(foldersTo).flatMap((folder) => ['--dir', folder]),
    ...foldersTo(root).flatMap((folder) => ['--dir', folder]),
    ...(overlay === undefined
      ? ['--bind', work, root]
      : ['--overlay-src', overlay.below, '--overlay', work, overlay.aside, root]),
    ...readOnly.flatMap((folder) => ['--ro-bind', join(root, folder), join(root, folder)]),
    ...covered.flatMap(([path, kind]) =>
      kind === 'folder' ? ['--tmpfs', join(root, path)] : ['--ro-bind', '/dev/null', join(root, path)],
    ),
    ...['--bind', home, HOME, '--bind', report, REPORT_FOLDER],
  ];
}

/** Public settings of the system that compilers, linkers and clients of TLS look for. */
const OF_THE_SYSTEM = [
  '/etc/alternatives',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/certs',
  '/etc/mime.types',
];
const STREAMS = [
  ['/proc/self/fd', '/dev/fd'],
  ['/proc/self/fd/0', '/dev/stdin'],
  ['/proc/self/fd/1', '/dev/stdout'],
  ['/proc/self/fd/2', '/dev/stderr'],
] as const;
const ACCOUNTS = ['passwd', 'group', 'hosts', 'nsswitch.conf'] as const;

/** Files by which a program inside knows its own account and the name localhost, and nothing of this machine. */
export function accountFiles(uid: number): Readonly<Record<(typeof ACCOUNTS)[number], string>> {
  const root = { passwd: 'root:x:0:0:root:/root:/bin/sh\n', group: 'root:x:0:\n' };
  const others = uid === 0 ? { passwd: '', group: '' } : root;
  return {
    passwd: `solvent:x:${uid}:${uid}:solvent:${HOME}:/bin/sh\n${others.passwd}`,
    group: `solvent:x:${uid}:\n${others.group}`,
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  };
}

function foldersTo(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [...foldersTo(above), path];
}
