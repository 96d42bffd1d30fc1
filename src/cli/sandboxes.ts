import { openSandbox } from '../core/sandbox/open';
import { type Sandbox, SandboxError } from '../core/sandbox/sandbox';
import { openWasmSandbox } from '../core/sandbox/wasm';
import type { SandboxOptions } from './args';
import type { World } from './world';

/** Opens the operating system's sandbox, with the interpreter that was asked for. @throws SandboxError */
export async function openOsSandbox({ sandbox, python }: SandboxOptions, { env, harness }: World): Promise<Sandbox> {
  const named = (env['SOLVENT_PYTHON'] ?? '').trim();
  const interpreter = python ?? (named === '' ? undefined : named);
  return openSandbox({ choice: sandbox, harness, ...(interpreter === undefined ? {} : { python: interpreter }) });
}

/**
 * The operating system's sandbox, or where there is none the stand-in of the demo: Python on WebAssembly. Its
 * description says so. Never anything without a sandbox.
 * @throws SandboxError where neither works, with what to install
 */
export async function openAnySandbox(options: SandboxOptions, world: World): Promise<Sandbox> {
  try {
    return await openOsSandbox(options, world);
  } catch (missing) {
    if (!(missing instanceof SandboxError) || options.sandbox === 'os') throw missing;
    return openStandIn(missing, world);
  }
}

async function openStandIn(missing: SandboxError, { harness, pyodide }: World): Promise<Sandbox> {
  try {
    const sandbox = await openWasmSandbox({ harness, pyodide });
    const { kind, languages } = sandbox;
    const description = `${sandbox.description}, a stand-in for the demo that takes seconds for each test run. ${missing.message}`;
    return { kind, languages, description, run: (request, signal) => sandbox.run(request, signal) };
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    throw new SandboxError(`${missing.message} The stand-in of the demo does not work either: ${error.message}`);
  }
}
