import { join } from 'node:path';
import { ENVIRONMENT } from './bubblewrap';
import { locatePython, type Python, resolvePython, withoutPytest } from './python';
import type { Place, Role, Runtime, RuntimeSource } from './runtime';
import { SandboxError, type TestRun } from './sandbox';
import { jobOf } from './testRun';
import type { Limits } from './verdict';

/** A module of the library read after the change of account shows that the account may read it. */
const PROBE =
  'import json, sys; sys.path.insert(0, json.loads(sys.argv[1])["harness"]); import boot; boot.enter(); ' +
  'import decimal, colorsys; print("ready")';

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
  readonly withoutPytest?: string;

  constructor(private readonly python: Python) {
    this.name = `Python ${python.version}`;
    if (!python.pytest) this.withoutPytest = withoutPytest(python.executable);
  }

  get paths(): readonly string[] {
    return this.python.paths;
  }

  environment(scratch: string): Readonly<Record<string, string>> {
    return { ...ENVIRONMENT, HOME: scratch };
  }

  command(role: Role, place: Place, limits: Limits): readonly string[] {
    const { executable, packages } = this.python;
    const { memoryMb, cpuSeconds, scratchMb, fileMb, processes } = limits;
    return [
      // Without site and the user's packages; not -I, which would forget the fixed hash seed.
      ...[executable, '-s', '-S', '-B'],
      ...(role === 'probe' ? ['-c', PROBE] : [join(place.harness, `${role}.py`)]),
      JSON.stringify({ ...place, path: packages, memoryMb, cpuSeconds, scratchMb, fileMb, processes }),
    ];
  }

  job(run: TestRun): unknown {
    return jobOf(run);
  }
}
