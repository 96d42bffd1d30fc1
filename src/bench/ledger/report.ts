import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packClosed } from '../../core/budget/ledger/archive';
import { spreadOf } from '../micro/stats';
import { generate } from './generate';
import type { Probe } from './probe';
import { throughput } from './throughput';

const PROCESSES = 8;
const LANES = 4;
const SECONDS = 5;
const DAYS = 365;
const DAY_MS = 86_400_000;
/** Calls are summed by day when they are older than 400 days: for those of so many days ago it is that far already. */
const LATER_MS = 300 * DAY_MS;
const PROBES = 9;
const PROBE = path.resolve('src/bench/ledger/probe.ts');

/**
 * Runs the benchmarks of the ledger and prints a line for each figure, with its target.
 * @param calls how many the large ledger has
 */
export async function ledgerBench(calls: number, print: (line: string) => void): Promise<void> {
  const busy = os.loadavg()[0] ?? NaN;
  print(`node ${process.version}, ${os.platform()} ${os.arch()}, ${os.cpus().length} cores, load ${busy.toFixed(1)}`);
  for (const lanes of [1, LANES]) {
    const rate = await throughput(PROCESSES, lanes, SECONDS);
    const name = `${PROCESSES} processes, ${lanes === 1 ? 'a call' : `${lanes} calls`} at a time each`;
    print(`${name.padEnd(42)} ${rate.toFixed(0)} calls a second, each durable  (target: 500)`);
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), 'solvent-bench-'));
  try {
    const now = Date.now();
    let began = performance.now();
    await generate(folder, calls, DAYS, now);
    print(`${calls.toLocaleString('en')} calls over ${DAYS} days, written and packed in ${since(began)}`);
    const before = await measured(print, folder, now, 'one line a call');
    began = performance.now();
    await packClosed(folder, now + LATER_MS);
    print(`those of the first ${DAYS - 100} days, summed by day in ${since(began)}`);
    const after = await measured(print, folder, now, 'old ones by day');
    const same = before.booked === after.booked && before.calls === after.calls && before.month === after.month;
    if (!same) throw new Error(`Packing changed the sums: ${JSON.stringify([before, after])}`);
    print(`booked before and after: $${after.booked ?? ''} for ${after.calls ?? 0} calls`);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Opens a ledger in fresh processes. */
async function measured(print: (line: string) => void, folder: string, now: number, name: string): Promise<Probe> {
  const probes: Probe[] = [];
  for (let run = 0; run < PROBES; run++) probes.push(await probe(folder, now));
  const opened = spreadOf(probes.map(({ open }) => open));
  const totals = spreadOf(probes.map((one) => one.totals));
  const { files, megabytes } = await sizeOf(folder);
  const last = await probe(folder, now, 'report');
  print(`  ${name}: ${files} files, ${megabytes.toFixed(0)} MB`);
  const computing = ms(spreadOf(probes.map((one) => one.computing)).p50);
  print(
    `  opened in                     p50 ${ms(opened.p50)}  p95 ${ms(opened.p95)}, of which ${computing} computing  ` +
      '(target: under 200 ms)',
  );
  print(`  today's and the month's total p50 ${ms(totals.p50)}  p95 ${ms(totals.p95)}  (target: under 5 ms)`);
  print(`  the full report               ${ms(last.report ?? NaN)}`);
  return last;
}

async function probe(folder: string, now: number, report = ''): Promise<Probe> {
  const args = ['--import=tsx', PROBE, folder, String(now), report];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Probe;
}

async function sizeOf(folder: string): Promise<{ readonly files: number; readonly megabytes: number }> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size));
  return { files: names.length, megabytes: sizes.reduce((sum, size) => sum + size, 0) / 1e6 };
}

function since(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(0)} s`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}
