import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { perMillion } from '../../core/money';
import { formatTask } from '../../core/task/taskFile';
import { DEMO_CATALOGUE } from '../../demo/models';
import { SAMPLES } from '../../demo/samples';
import { startDemoServer } from '../../demo/server';

/** Peak resident memory of `batch`, in MiB, over a few and over many tasks, and the tasks that it finished. */
export interface BatchMemory {
  readonly few: number;
  readonly many: number;
  readonly tasks: number;
  readonly seconds: number;
}

const FEW = 20;
const MANY = 200;

/**
 * Runs `batch --concurrency 4` of the built command line over copies of the demo's tasks, against the demo's server
 * without its pauses. Reads the peak from the kernel's accounts, so it works on Linux only.
 */
export async function batchMemory(): Promise<BatchMemory> {
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-bench-'));
  const server = await startDemoServer(SAMPLES, 0);
  try {
    const few = await batch(folder, server.baseUrl, FEW);
    const many = await batch(folder, server.baseUrl, MANY);
    return { few: few.peak, many: many.peak, tasks: many.finished, seconds: many.seconds };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function batch(
  folder: string,
  baseUrl: string,
  count: number,
): Promise<{ readonly peak: number; readonly finished: number; readonly seconds: number }> {
  const file = (name: string): string => path.join(folder, `${count}-${name}`);
  const lines = Array.from({ length: count }, (_, index) => {
    const sample = SAMPLES[index % SAMPLES.length];
    if (sample === undefined) throw new Error('The demo has no samples.');
    return formatTask({ ...sample.task, id: `${sample.task.id}/${index}` });
  });
  await writeFile(file('tasks.jsonl'), `${lines.join('\n')}\n`);
  await writeFile(file('models.json'), JSON.stringify(modelList()));
  const options = ['--tasks', file('tasks.jsonl'), '--models', file('models.json'), '--base-url', baseUrl];
  const more = ['--budget', '0.002', '--out', file('out.jsonl'), '--ledger', file('ledger'), '--concurrency', '4'];
  const started = performance.now();
  const child = spawn(process.execPath, ['dist/cli.js', 'batch', ...options, ...more], { stdio: 'ignore' });
  let peak = 0;
  const watch = setInterval(() => {
    void readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').then(
      (status) => {
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      },
      () => undefined,
    );
  }, 20);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      resolve();
    });
  });
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1000;
  const finished = (await readFile(file('out.jsonl'), 'utf8')).trim().split('\n').length;
  return { peak, finished, seconds };
}

/** The demo's models in the format of `--models`. */
function modelList(): object {
  return {
    asOf: DEMO_CATALOGUE.asOf,
    models: DEMO_CATALOGUE.models.map(({ id, tier, price, contextWindow, maxOutputTokens, tokenizer }) => ({
      ...{ id, tier, contextWindow, maxOutputTokens, tokenizer },
      inputUsdPerMTok: perMillion(price.input),
      outputUsdPerMTok: perMillion(price.output),
    })),
  };
}
