import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isSolved } from '../../core/sandbox/verdict';
import { openWasmSandbox, type WasmSandbox } from '../../core/sandbox/wasm';
import { type AtATime, eightAtATime } from './atATime';
import { memoryOf, type ProcessMemory } from './processMemory';
import { type Spread, spreadOf } from './stats';
import { CODE, TASK } from './verdicts';

/** What Python on WebAssembly costs. Times in ms. */
export interface WasmFigures {
  readonly description: string;
  /** The first opening on a machine, which loads Pyodide and keeps its memory, and then one verdict. */
  readonly first: number;
  /** A later opening, which starts from that memory, and then one verdict. */
  readonly cold: Spread;
  /** A verdict of a pair that is ready. */
  readonly warm: Spread;
  /** Verdicts wanted eight at a time. */
  readonly eight: AtATime;
  /** One ready pair. */
  readonly memory: ProcessMemory;
}

const COLD = 5;
const WARM = 20;
const MANY = 24;

export async function wasmVerdicts(): Promise<WasmFigures> {
  const cache = await mkdtemp(path.join(tmpdir(), 'solvent-bench-'));
  try {
    const first = await opened(cache);
    const cold: number[] = [];
    for (let turn = 0; turn < COLD; turn++) cold.push(await opened(cache));
    const sandbox = await open(cache);
    try {
      const warm: number[] = [];
      for (let turn = 0; turn < WARM; turn++) {
        await readyPair(sandbox);
        warm.push(await verdict(sandbox));
      }
      await readyPair(sandbox);
      const memory = memoryOf(sandbox.waitingProcesses.slice(0, 2));
      const eight = await eightAtATime(MANY, () => verdict(sandbox));
      return {
        ...{ description: sandbox.description, first, memory, eight },
        ...{ cold: spreadOf(cold), warm: spreadOf(warm) },
      };
    } finally {
      sandbox.dispose();
    }
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

function open(cache: string): Promise<WasmSandbox> {
  const harness = path.resolve('src/core/sandbox/harness');
  return openWasmSandbox({ harness, pyodide: path.resolve('node_modules/pyodide'), cache });
}

async function opened(cache: string): Promise<number> {
  const started = performance.now();
  const sandbox = await open(cache);
  await verdict(sandbox);
  const took = performance.now() - started;
  sandbox.dispose();
  return took;
}

async function verdict(sandbox: WasmSandbox): Promise<number> {
  const started = performance.now();
  const found = await sandbox.run({ task: TASK, code: CODE });
  if (!isSolved(found)) throw new Error('The benchmark program must pass.');
  return performance.now() - started;
}

/** Waits until a pair is ready, and for a moment after that, as between two answers of a model. */
async function readyPair(sandbox: WasmSandbox): Promise<void> {
  while (sandbox.waitingProcesses.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 200));
}
