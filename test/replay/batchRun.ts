import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { attoUsd } from '../servers/bill';
import type { Recording } from '../servers/recordings';
import { REPLAY_HEADERS, REPLAY_MODELS } from '../servers/replayServer';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A result line of `batch`, with its amounts in atto-dollars, read from the digits that were printed. */
export interface BatchLine {
  readonly id: string;
  readonly status: string;
  readonly code: string;
  readonly verdict: { readonly passed: number; readonly total: number; readonly ran: boolean };
  readonly topology: string;
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly error?: string;
  readonly cost: bigint;
  readonly unconfirmed: bigint;
  readonly worstReserved: bigint;
}

/** What a batch came to. */
export interface BatchRun {
  readonly exitCode: number | null;
  readonly lines: readonly BatchLine[];
  /** The total of `ledger --json`, in atto-dollars. */
  readonly ledgerTotal: bigint;
  readonly seconds: number;
  readonly output: string;
}

/**
 * The command line, built where it is missing or older than its sources. It is run from a copy, so that a build that
 * happens meanwhile cannot take it away; `remove` deletes the copy.
 */
export async function builtCli(): Promise<{ readonly cli: string; readonly remove: () => Promise<void> }> {
  const built = path.join(ROOT, 'dist');
  const sources = await readdir(path.join(ROOT, 'src'), { recursive: true });
  const changed = Math.max(...sources.map((name) => statSync(path.join(ROOT, 'src', name)).mtimeMs));
  const cli = path.join(built, 'cli.js');
  if (!existsSync(cli) || statSync(cli).mtimeMs < changed) {
    const { exitCode, output } = await run('npm', ['run', '--silent', 'build']);
    if (exitCode !== 0) throw new Error(`The build failed: ${output}`);
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-cli-'));
  await cp(built, folder, { recursive: true });
  return { cli: path.join(folder, 'cli.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs `batch` as its users do, over tasks with their visible tests, and `ledger` after it. */
export async function runBatch(
  cli: string,
  baseUrl: string,
  recordings: readonly Recording[],
  budget: string,
  more: readonly string[] = [],
): Promise<BatchRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-replay-'));
  try {
    const [tasks, out, ledger] = ['tasks.jsonl', 'out.jsonl', 'ledger'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(tasks, recordings.map((recording) => `${JSON.stringify(taskOf(recording))}\n`).join(''));
    const headers = REPLAY_HEADERS.flatMap((header) => ['--header', header]);
    const started = performance.now();
    const { exitCode, output } = await run(process.execPath, [
      ...[cli, 'batch', '--tasks', tasks, '--models', REPLAY_MODELS, '--base-url', baseUrl, ...headers],
      ...['--budget', budget, '--out', out, '--concurrency', '4', '--ledger', ledger, ...more],
    ]);
    const seconds = (performance.now() - started) / 1000;
    const text = existsSync(out) ? await readFile(out, 'utf8') : '';
    const lines = text.split('\n').filter((line) => line !== '');
    const total = await run(process.execPath, [cli, 'ledger', '--json', '--ledger', ledger]);
    const ledgerTotal = amountIn(/"total":\s*\{[^}]*\}/.exec(total.stdout)?.[0] ?? '', 'costUsd');
    return { exitCode, lines: lines.map(lineOf), ledgerTotal, seconds, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function taskOf({ task_id, prompt, entry_point, visible_tests }: Recording): object {
  return { id: task_id, language: 'python', prompt, entryPoint: entry_point, tests: visible_tests };
}

function lineOf(text: string): BatchLine {
  return {
    ...(JSON.parse(text) as BatchLine),
    cost: amountIn(text, 'costUsd'),
    unconfirmed: amountIn(text, 'unconfirmedUsd'),
    worstReserved: amountIn(text, 'worstReservedUsd'),
  };
}

/** An amount as it was printed: a float would forget digits. */
function amountIn(json: string, field: string): bigint {
  const digits = new RegExp(`"${field}":\\s*([\\d.]+)`).exec(json)?.[1];
  if (digits === undefined) throw new Error(`There is no ${field} in ${json.slice(0, 200)}`);
  return attoUsd(digits);
}

/** Without keys of the developer's own, so that no test can spend money. */
function run(
  command: string,
  args: readonly string[],
): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly output: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.endsWith('_API_KEY')));
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (exitCode) => {
      done({ exitCode, stdout, output });
    });
  });
}
