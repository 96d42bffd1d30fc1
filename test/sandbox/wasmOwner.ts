import type { WasmOptions } from '../../src/core/sandbox/wasm';
import { judge } from './bench';
import { openWasm } from './wasmBench';

/**
 * A program that owns a sandbox: `wasmOwner.ts <what> <options as JSON>`. `loop` has one pair run for ever and one wait,
 * `once` has one verdict; each says so with a line and then has nothing more to do.
 */
async function main(what: string, options: Partial<WasmOptions>): Promise<void> {
  const sandbox = openWasm(options);
  if (what === 'once') {
    const { passed } = await judge({ code: 'def f(x): return x + 1', tests: ['assert f(1) == 2'] }, sandbox);
    console.log(`${passed} passed`);
    return;
  }
  const [first] = (await sandbox).waitingProcesses;
  const limits = { testSeconds: 600, runSeconds: 600 };
  judge({ code: 'while True: pass', tests: ['1'], limits }, sandbox).catch(() => undefined);
  for (let next = first; next === first || next === undefined; [next] = (await sandbox).waitingProcesses) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  console.log('loops');
}

void main(process.argv[2] ?? '', JSON.parse(process.argv[3] ?? '{}') as Partial<WasmOptions>);
