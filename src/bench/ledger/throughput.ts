import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const SPENDER = path.resolve('src/bench/ledger/spender.ts');

/** Complete, durable calls (reserved, sent, settled) a second over all processes together. */
export async function throughput(processes: number, lanes: number, seconds: number): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-bench-'));
  try {
    const children = Array.from({ length: processes }, () => startSpender(folder, lanes, seconds));
    for (const { lines } of children) await lines.next();
    for (const { go } of children) go();
    const counts = await Promise.all(children.map(async ({ lines }) => Number((await lines.next()).value ?? NaN)));
    return counts.reduce((sum, count) => sum + count, 0) / seconds;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Child {
  readonly lines: AsyncIterator<string>;
  readonly go: () => void;
}

function startSpender(folder: string, lanes: number, seconds: number): Child {
  const args = ['--import=tsx', SPENDER, folder, String(lanes), String(seconds)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  void once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { lines, go: () => child.stdin.write('go\n') };
}
