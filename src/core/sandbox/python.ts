import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Interpreter } from './interpreter';
import { findOnPath, presentable } from './places';
import { SandboxError } from './sandbox';

/** A Python installation. */
export interface Python extends Interpreter {
  /** Where third-party packages live; subset of `paths`. */
  readonly packages: readonly string[];
  /** Whether pytest is among them. */
  readonly pytest: boolean;
}

const PROBE = `
import json, os, site, sys, sysconfig
paths = sysconfig.get_paths()
library = [paths[name] for name in ('stdlib', 'platstdlib')]
packages = [paths[name] for name in ('purelib', 'platlib')]
packages += [path for path in site.getsitepackages() if path not in packages]
base = getattr(sys, '_base_executable', None) or sys.executable
files = [sys.executable, base, os.path.realpath(sys.executable)]
files += [os.path.join(os.path.dirname(os.path.dirname(sys.executable)), 'pyvenv.cfg')]
files += [os.path.join(os.path.dirname(sys.executable), 'pyvenv.cfg')]
shared = sysconfig.get_config_var('INSTSONAME')
if sysconfig.get_config_var('Py_ENABLE_SHARED') and shared:
    files.append(os.path.join(sysconfig.get_config_var('LIBDIR') or '', shared))
if sysconfig.get_config_var('PYTHONFRAMEWORK'):
    library.append(sys.base_prefix)
for prefix in (sys.prefix, sys.base_prefix):
    if os.path.isdir(os.path.join(prefix, 'conda-meta')):
        library.append(os.path.join(prefix, 'lib'))
print(json.dumps({'executable': sys.executable, 'version': list(sys.version_info[:3]), 'library': library,
                  'files': files, 'packages': packages}))
`;

const OLDEST: readonly [number, number] = [3, 8];

/**
 * The path of the interpreter, or of a shim that leads to it.
 * @param chosen path or name of the interpreter; undefined means `python3` on PATH.
 * @throws SandboxError when there is none, with what to install.
 */
export function locatePython(chosen: string | undefined): string {
  const command = chosen ?? 'python3';
  const path = command.includes('/') ? command : findOnPath(command);
  if (path === undefined || !existsSync(path)) {
    throw new SandboxError(
      chosen === undefined
        ? 'Python is needed to test Python code, and there is no python3 on PATH. Install it (sudo apt install python3; sudo dnf install python3; sudo pacman -S python) or set the path of an interpreter.'
        : `There is no Python interpreter at ${command}. Set the path of an existing one, or leave the setting empty to use python3 on PATH.`,
    );
  }
  return path;
}

/**
 * Finds out where an interpreter keeps what it needs, by asking it.
 * @throws SandboxError when it does not answer, or when it is older than 3.8.
 */
export async function resolvePython(path: string): Promise<Python> {
  const found = await probe(path);
  const [major = 0, minor = 0] = found.version;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new SandboxError(
      `${path} is Python ${found.version.join('.')}; Python ${OLDEST.join('.')} or newer is needed. Install one or set the path of another interpreter.`,
    );
  }
  const packages = found.packages.filter(presentable);
  const paths = [...new Set([...found.library, ...found.files, ...packages])].filter(presentable);
  const pytest = packages.some((path) => existsSync(join(path, 'pytest', '__init__.py')));
  return { executable: found.executable, version: found.version.join('.'), paths, packages, pytest };
}

/** What to do where an interpreter has no pytest. The harness says the same where a test asks for it. */
export function withoutPytest(executable: string): string {
  return `pytest is not installed for ${executable}. Install it (${executable} -m pip install pytest; sudo apt install python3-pytest)`;
}

interface Probed {
  readonly executable: string;
  readonly version: readonly number[];
  readonly library: readonly string[];
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

async function probe(path: string): Promise<Probed> {
  // From the root directory: a version file in the workspace must not choose the interpreter behind a shim.
  const answer = await new Promise<string>((resolve, reject) => {
    execFile(path, ['-I', '-c', PROBE], { cwd: '/', timeout: 20_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else
        reject(new SandboxError(`${path} does not run as a Python interpreter: ${(stderr || error.message).trim()}`));
    });
  });
  try {
    return JSON.parse(answer) as Probed;
  } catch {
    throw new SandboxError(`${path} does not answer like a Python interpreter: ${answer.slice(0, 200)}`);
  }
}
