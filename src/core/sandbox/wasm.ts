import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from './execute';
import { type Command, runPair } from './pair';
import { type Sandbox, SandboxError, type TestRun } from './sandbox';
import { emptyVerdict, jobOf, requireTested, TESTED, verdictOf } from './testRun';
import { DEFAULT_LIMITS, type Limits, type Verdict } from './verdict';

const RUNNER = 'pyodide-runner.cjs';
/** Nothing of the host's environment. The one entry makes Electron's executable run as Node; Node ignores it. */
const ENVIRONMENT = { ELECTRON_RUN_AS_NODE: '1' };
/** MiB of JavaScript objects that one interpreter may hold; Pyodide itself needs some 40. */
const HEAP_MB = 256;

/** What a caller knows and this folder must not guess. */
export interface WasmOptions {
  /** Directory of the harness, as the build lays it out. */
  readonly harness: string;
  /** Directory of the `pyodide` package. */
  readonly pyodide: string;
}

/**
 * Opens Python on WebAssembly, seen to work.
 * @throws SandboxError when Pyodide is not there or does not start.
 */
export async function openWasmSandbox({ harness, pyodide }: WasmOptions): Promise<Sandbox> {
  if (!existsSync(join(pyodide, 'pyodide.mjs'))) {
    throw new SandboxError(`There is no Pyodide in ${pyodide}. Install it: npm install pyodide.`);
  }
  // What may be read is checked by the path that links lead to.
  const options = { harness: realpathSync(harness), pyodide: realpathSync(pyodide) };
  const { path, args, env } = command(options, { describe: true });
  const { failed, text } = await execute(path, args, env);
  const found = failed ? undefined : versions(text);
  if (found === undefined) throw new SandboxError(`Pyodide does not start: ${text.slice(0, 500)}`);
  return new WasmSandbox(options, `Pyodide ${found.pyodide}, Python ${found.python} (WebAssembly)`);
}

/**
 * Tests in one Pyodide, the code under test in another, each in a Node process of its own, new for every run.
 *
 * For the bundled demo where there is no sandbox of the operating system. What holds: no file but Pyodide's own and the
 * harness can be read and none written, no process started, no environment seen; JavaScript is out of Python's reach,
 * and strings cannot be made into it; time, output and memory are limited, the last as growth of the interpreter.
 * What does not: the memory of the process around the interpreter is bounded by V8's heap limit alone, so that a run may
 * take some 400 MiB above `memoryMb`; there is no scratch limit of its own (files lie in that memory); and before
 * Node 25 the network is closed by the absence of any way to it, not by a second barrier.
 */
class WasmSandbox implements Sandbox {
  readonly kind = 'wasm';
  readonly languages = TESTED;

  constructor(
    private readonly options: WasmOptions,
    readonly description: string,
  ) {}

  async run(request: TestRun, signal?: AbortSignal): Promise<Verdict> {
    requireTested(request.task.language);
    signal?.throwIfAborted();
    const limits: Limits = { ...DEFAULT_LIMITS, ...request.limits };
    const { task, code } = request;
    if (task.tests.length === 0) return emptyVerdict('wasm', limits);
    const { memoryMb } = limits;
    const result = await runPair(
      {
        candidate: command(this.options, { program: 'candidate', memoryMb }),
        judge: command(this.options, { program: 'judge', memoryMb }),
        job: jobOf(task, code),
        tests: task.tests,
        limits,
        relayed: true,
      },
      signal,
    );
    return verdictOf('wasm', limits, result);
  }
}

function command({ harness, pyodide }: WasmOptions, settings: object): Command {
  return {
    path: process.execPath,
    env: ENVIRONMENT,
    args: [
      permissionFlag(process.versions.node),
      '--no-warnings',
      ...[harness, pyodide].map((directory) => `--allow-fs-read=${join(directory, '*')}`),
      '--disallow-code-generation-from-strings',
      `--max-old-space-size=${HEAP_MB}`,
      join(harness, RUNNER),
      JSON.stringify({ pyodide, harness, ...settings }),
    ],
  };
}

/** Node's name for its permission model, which lost its prefix in 22.13 and 23.5. */
export function permissionFlag(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const settled = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  return settled ? '--permission' : '--experimental-permission';
}

function versions(text: string): { pyodide: string; python: string } | undefined {
  try {
    return JSON.parse(text) as { pyodide: string; python: string };
  } catch {
    return undefined;
  }
}
