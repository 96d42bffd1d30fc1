import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWasmSandbox, type WasmOptions, type WasmSandbox } from '../../src/core/sandbox/wasm';
import { HARNESS } from './bench';

export const PYODIDE = join(process.cwd(), 'node_modules/pyodide');
/** Snapshots of the tests, kept from one run to the next. */
export const CACHE = join(process.cwd(), 'out/sandbox');
/** Stands for a machine without bubblewrap. */
export const NO_BWRAP = '/nowhere/bwrap';

/** Opens Python on WebAssembly as a clone has it. */
export async function openWasm(options: Partial<WasmOptions> = {}): Promise<WasmSandbox> {
  return openWasmSandbox({ harness: HARNESS, pyodide: PYODIDE, cache: CACHE, ...options });
}

/** Ids of the processes that descend from a process. */
export function descendants(ancestor: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended since it was listed.
    }
  }
  const below = (process: number): number[] => (children.get(process) ?? []).flatMap((one) => [one, ...below(one)]);
  return below(ancestor);
}

/** Whether a process is there and is no zombie. */
export function runs(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** Waits until a condition holds. @throws Error when it does not within `within` ms */
export async function until(holds: () => boolean, what: string, within = 30_000): Promise<void> {
  for (const began = performance.now(); !holds();) {
    if (performance.now() - began > within) throw new Error(`${what}: not within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
