import type { Task } from '../task/task';
import { ENVIRONMENT } from './bubblewrap';
import { locatePython, type Python, resolvePython } from './python';
import { INSIDE, type Place, type Role, type Runtime, type RuntimeSource } from './runtime';
import { SandboxError } from './sandbox';
import { jobOf } from './testRun';
import type { Limits } from './verdict';

/** A module of the library read after the change of account shows that the account may read it. */
const PROBE = `import sys; sys.path.insert(0, "${INSIDE}"); import boot; boot.enter(); import decimal, colorsys; print("ready")`;

/** Python tasks. @param chosen path of an interpreter; without it, `python3` on PATH */
export function pythonSource(chosen: string | undefined): RuntimeSource {
  let path: string | undefined;
  let missing: string | undefined;
  try {
    path = locatePython(chosen);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    missing = error.message;
  }
  return {
    languages: ['python'],
    missing,
    async open() {
      return new PythonRuntime(await resolvePython(path ?? locatePython(chosen)));
    },
  };
}

class PythonRuntime implements Runtime {
  readonly name: string;
  readonly env = ENVIRONMENT;

  constructor(private readonly python: Python) {
    this.name = `Python ${python.version}`;
  }

  get paths(): readonly string[] {
    return this.python.paths;
  }

  command(role: Role, place: Place, limits: Limits): readonly string[] {
    const { executable, packages } = this.python;
    const { memoryMb, cpuSeconds, scratchMb, fileMb, processes } = limits;
    return [
      // Without site and the user's packages; not -I, which would forget the fixed hash seed.
      ...[executable, '-s', '-S', '-B'],
      ...(role === 'probe' ? ['-c', PROBE] : [`${INSIDE}/${role}.py`]),
      JSON.stringify({ ...place, path: packages, memoryMb, cpuSeconds, scratchMb, fileMb, processes }),
    ];
  }

  job(task: Task, code: string): unknown {
    return jobOf(task, code);
  }
}
