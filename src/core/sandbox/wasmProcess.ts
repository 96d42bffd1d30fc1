import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Bubblewrap, confined, type Identity } from './bubblewrap';
import type { Command } from './command';

const RUNNER = 'pyodide-runner.cjs';
/**
 * Nothing of the host's environment. The first entry makes Electron's executable run as Node, and Node ignores it; the
 * second keeps glibc from holding on to the memory that V8's threads needed to load.
 */
export const WASM_ENVIRONMENT = { ELECTRON_RUN_AS_NODE: '1', MALLOC_ARENA_MAX: '1' };
/** MiB of JavaScript objects that one interpreter may hold; Pyodide itself needs some 40. */
const HEAP_MB = 256;
/**
 * Starts Node with a larger stack, of which V8 gets seven eighths: Python's own limits on recursion are to strike before
 * it ends. Windows decides on the size of stacks when a program is built.
 */
const WITH_STACK = `ulimit -S -s 64000 2>/dev/null
size=$(ulimit -s)
case $size in *[!0-9]*) size=64000 ;; esac
exec "$0" --stack-size=$((size - size / 8)) "$@"`;
/** Where things lie inside bubblewrap. */
const INSIDE = { harness: '/harness', pyodide: '/pyodide' };

/** What an interpreter is made of. */
export interface WasmParts {
  /** Directory of the harness, links resolved. */
  readonly harness: string;
  /** Directory of the `pyodide` package, links resolved. */
  readonly pyodide: string;
  /** The operating system's sandbox around the process; undefined where there is none. */
  readonly enclosure: Enclosure | undefined;
}

/** Bubblewrap around the process of an interpreter. */
export interface Enclosure {
  readonly bubblewrap: Bubblewrap;
  readonly identity: Identity;
}

/** What a process does. `account`: the account that it changes to after loading, null for none. */
export interface WasmRole {
  readonly program: 'judge' | 'candidate' | 'snapshot';
  readonly account: number | null;
}

/** The command line of one interpreter. */
export function wasmCommand({ harness, pyodide, enclosure }: WasmParts, role: WasmRole): Command {
  const seen = enclosure === undefined ? { harness, pyodide } : INSIDE;
  // Bubblewrap ends what is in it with its parent; without it, a thread of the interpreter's process watches over that.
  const watched = enclosure === undefined;
  const node = [
    permissionFlag(process.versions.node),
    '--no-warnings',
    ...[seen.harness, seen.pyodide].map((directory) => `--allow-fs-read=${join(directory, '*')}`),
    ...(watched ? ['--allow-worker'] : []),
    '--disallow-code-generation-from-strings',
    '--expose-gc',
    // Its helping threads cost more than they help in a process this short.
    '--single-threaded',
    `--max-old-space-size=${HEAP_MB}`,
    join(seen.harness, RUNNER),
    JSON.stringify({ ...seen, ...role, watched }),
  ];
  const started = [
    ...(process.platform === 'win32' ? [] : ['/bin/sh', '-c', WITH_STACK]),
    realpathSync(process.execPath),
  ];
  const [first = '', ...others] = [...started, ...node];
  if (enclosure === undefined) return { path: first, env: WASM_ENVIRONMENT, args: others };
  const view = {
    identity: enclosure.identity,
    paths: programFiles(),
    placed: [
      [harness, INSIDE.harness],
      [pyodide, INSIDE.pyodide],
    ] as const,
    scratchMb: 1,
  };
  return confined(enclosure.bubblewrap, view, [first, ...others], WASM_ENVIRONMENT);
}

/** Node's name for its permission model, which lost its prefix in 22.13 and 23.5. */
export function permissionFlag(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const settled = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  return settled ? '--permission' : '--experimental-permission';
}

/** This program's own executable and the libraries that it has loaded. Linux only. */
function programFiles(): string[] {
  const executable = realpathSync(process.execPath);
  // Electron reads further files from beside its executable.
  const own = process.versions['electron'] === undefined ? executable : dirname(executable);
  const mapped = readFileSync('/proc/self/maps', 'utf8').matchAll(/ (\/\S+\.so[.\d]*)$/gm);
  const libraries = [...mapped].flatMap(([, path]) => (path === undefined ? [] : [path]));
  return [...new Set([own, ...libraries])];
}
