import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../task/task';
import { findBubblewrap, type Identity } from './bubblewrap';
import { runPair } from './pair';
import { type Sandbox, SandboxError, type TestRun } from './sandbox';
import { emptyVerdict, jobOf, verdictOf } from './testRun';
import { DEFAULT_LIMITS, type Limits, type Verdict } from './verdict';
import { WarmPair, type WasmVersions } from './warmPair';
import { closed, defaultPool, type PoolOptions, WasmPool } from './wasmPool';
import type { Enclosure, WasmParts } from './wasmProcess';
import { Snapshot } from './wasmSnapshot';

/** What a caller knows and this folder must not guess. */
export interface WasmOptions {
  /** Directory of the harness, as the build lays it out. */
  readonly harness: string;
  /** Directory of the `pyodide` package. */
  readonly pyodide: string;
  /** Folder of the user's own for what is made once per machine, 32 MB; need not exist. */
  readonly cache: string;
  /** Path of bubblewrap; without it, `bwrap` on PATH. */
  readonly bwrap?: string;
  /** Where it departs from {@link defaultPool}. */
  readonly pool?: Partial<PoolOptions>;
  /** The platform, where it is not the one that this runs on. */
  readonly platform?: NodeJS.Platform;
}

/**
 * Opens Python on WebAssembly, seen to work, with the first pair of interpreters ready.
 * @throws SandboxError when Pyodide is not there or does not start.
 */
export async function openWasmSandbox(options: WasmOptions): Promise<WasmSandbox> {
  const { harness, pyodide, cache } = options;
  if (!existsSync(join(pyodide, 'pyodide.mjs'))) {
    throw new SandboxError(`There is no Pyodide in ${pyodide}. Install Solvent again, or in a clone: npm install.`);
  }
  // What may be read is checked by the path that links lead to.
  const places = { harness: realpathSync(harness), pyodide: realpathSync(pyodide) };
  const { enclosures, missing } = await findEnclosures(options);
  let because = missing;
  for (const enclosure of [...enclosures, undefined]) {
    const parts = { ...places, enclosure };
    try {
      return await openWith(parts, cache, { ...defaultPool(), ...options.pool }, because);
    } catch (error) {
      if (!(error instanceof SandboxError) || enclosure === undefined) throw error;
      because = `bubblewrap ${enclosure.bubblewrap.version} cannot hold it: ${error.message}`;
    }
  }
  throw new SandboxError(because);
}

async function openWith(parts: WasmParts, cache: string, options: PoolOptions, because: string): Promise<WasmSandbox> {
  const snapshot = await Snapshot.open(parts, cache);
  const pool = new WasmPool(() => new WarmPair(parts, snapshot), options);
  try {
    const pair = await pool.take();
    const versions = await pair.loaded;
    pool.putBack(pair);
    return new WasmSandbox(pool, snapshot, describe(versions, parts.enclosure, because));
  } catch (error) {
    pool.close();
    snapshot.close();
    throw error;
  }
}

function describe({ pyodide, python }: WasmVersions, enclosure: Enclosure | undefined, because: string): string {
  const where =
    enclosure === undefined
      ? `without an OS sandbox around it (${because})`
      : `in bubblewrap ${enclosure.bubblewrap.version}`;
  return `Pyodide ${pyodide}, Python ${python} (WebAssembly) ${where}`;
}

/** Why tests in another language cannot be run on WebAssembly, and what to do. */
export function pythonOnly(language: Language): string {
  return `The sandbox 'wasm' tests Python only, not ${language}. Choose 'auto' or 'os'.`;
}

/** The ways to use bubblewrap here, best first, and why there may be none. */
async function findEnclosures({ bwrap, platform }: WasmOptions): Promise<{ enclosures: Enclosure[]; missing: string }> {
  if ((platform ?? process.platform) !== 'linux') return { enclosures: [], missing: 'there is none for this system' };
  try {
    const bubblewrap = await findBubblewrap(bwrap);
    const identities: readonly Identity[] = process.getuid?.() === 0 ? ['drop', 'namespace'] : ['namespace'];
    return { enclosures: identities.map((identity) => ({ bubblewrap, identity })), missing: '' };
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return { enclosures: [], missing: 'there is no working bubblewrap' };
  }
}

/** The harness says the same where a test asks for pytest. */
const WITHOUT_PYTEST = "There is no pytest on WebAssembly: have the tests run in the system's sandbox ('os')";

/**
 * Python on WebAssembly: the tests in one Pyodide, the code under test in another, each in a process of its own that is
 * loaded ahead of need and ended after its one run.
 *
 * What holds, from the inside out. The interpreter can call nothing of JavaScript but files in its own memory, clocks,
 * random numbers and its outputs; what reaches for more ends its process. The process runs under Node's permission model:
 * it reads nothing but Pyodide and the harness, writes nothing, starts nothing, sees no environment. Where bubblewrap is,
 * all of that runs inside it, without network, home, workspace or sight of other processes. Time, output, the growth of
 * the interpreter (`memoryMb`) and the files it makes (`scratchMb`, `scratchFiles`) are limited. There are no threads, processes or
 * sockets in it at all, so `processes` limits nothing.
 */
export class WasmSandbox implements Sandbox {
  readonly kind = 'wasm';
  readonly languages = ['python'] as const;

  constructor(
    private readonly pool: WasmPool<WarmPair>,
    private readonly snapshot: Snapshot,
    readonly description: string,
  ) {}

  /** Ids of the processes that wait for a run; with an enclosure, of those that enclose them. */
  get waitingProcesses(): readonly number[] {
    return this.pool.ready.flatMap(({ judge, candidate }) => [judge.pid ?? 0, candidate.pid ?? 0]);
  }

  missing(language: Language): string | undefined {
    return language === 'python' ? undefined : pythonOnly(language);
  }

  withoutPytest(): Promise<string> {
    return Promise.resolve(WITHOUT_PYTEST);
  }

  async run(request: TestRun, signal?: AbortSignal): Promise<Verdict> {
    const { task } = request;
    if (task.language !== 'python') throw new SandboxError(pythonOnly(task.language));
    signal?.throwIfAborted();
    const limits: Limits = { ...DEFAULT_LIMITS, ...request.limits };
    if (task.tests.length === 0) return emptyVerdict('wasm', limits);
    const pair = await this.pool.take(signal);
    try {
      pair.begin(limits);
      const { candidate, judge } = pair;
      const result = await runPair(
        { candidate, judge, job: jobOf(request), tests: task.tests, limits, relayed: true, childless: true },
        signal,
      );
      if (this.pool.closed) throw closed();
      return verdictOf('wasm', limits, result);
    } finally {
      this.pool.discard(pair);
    }
  }

  /** Loads a pair, if there is none, for a run that is soon to come. */
  warmUp(): void {
    this.pool.warm();
  }

  /** Ends all interpreters. The sandbox cannot be used again. */
  dispose(): void {
    this.pool.close();
    this.snapshot.close();
  }
}
