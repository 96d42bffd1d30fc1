import { stat } from 'node:fs/promises';
import os from 'node:os';
import type { AtATime } from './atATime';
import { batchMemory } from './batch';
import { planning } from './planning';
import { verdicts } from './verdicts';
import { wasmVerdicts } from './wasmVerdicts';

/** Runs all micro-benchmarks and prints a line for each, with its target. */
export async function micro(print: (line: string) => void): Promise<void> {
  print(`node ${process.version}, ${os.platform()} ${os.arch()}, ${os.cpus().length} cores`);

  const plan = await planning();
  print(`planning one task, warm          p50 ${ms(plan.p50)}  p95 ${ms(plan.p95)}  (target: under 2 ms)`);

  const { size } = await stat('dist/extension.js');
  print(`dist/extension.js                ${(size / 1000).toFixed(0)} KB  (target: under 400 KB)`);

  const { sandboxed, bare, eight } = await verdicts();
  const target = 1.4 * bare.p50 + 50;
  print(`bare interpreter                 p50 ${ms(bare.p50)}  p95 ${ms(bare.p95)}`);
  print(
    `sandboxed verdict                p50 ${ms(sandboxed.p50)}  p95 ${ms(sandboxed.p95)}  ` +
      `${(sandboxed.p50 / bare.p50).toFixed(2)}x bare  (target: under 1.4x + 50 ms = ${ms(target)})`,
  );
  print(`  ${atATime(eight)}`);

  const wasm = await wasmVerdicts();
  const { resident, proportional } = wasm.memory;
  print(wasm.description);
  print(`  verdict of a ready pair        p50 ${ms(wasm.warm.p50)}  p95 ${ms(wasm.warm.p95)}  (target: under 50 ms)`);
  print(`  verdict from nothing           p50 ${ms(wasm.cold.p50)}, the first on a machine ${ms(wasm.first)}`);
  print(`  ${atATime(wasm.eight)}`);
  print(
    `  one ready pair                 ${proportional.toFixed(0)} MiB (${resident.toFixed(0)} MiB with shared pages)`,
  );

  const memory = await batchMemory();
  print(
    `batch of ${memory.tasks} tasks, 4 at a time  ${memory.seconds.toFixed(1)} s, peak ${memory.many.toFixed(0)} MiB, ` +
      `${(memory.many - memory.few).toFixed(0)} MiB above a batch of 20  (target: under 200 MiB)`,
  );
}

function atATime({ took, perSecond }: AtATime): string {
  return `8 at a time, without a pause   p50 ${ms(took.p50)}  p95 ${ms(took.p95)}  ${perSecond.toFixed(1)} a second`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}
