import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Mode } from '../../src/core/plan';
import { attoUsd } from '../servers/bill';
import { BILLING_HEADERS } from '../servers/hostileServer';

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

/** What a batch is asked. */
export interface BatchRequest {
  /** The built command line. */
  readonly cli: string;
  readonly baseUrl: string;
  /** Path of a model list. */
  readonly models: string;
  /** In the format of task files. */
  readonly tasks: readonly object[];
  /** USD for each task. */
  readonly budget: string;
  /** The ledger's folder; it may be shared, and is there afterwards. */
  readonly ledger: string;
  /** Tasks at once; 4 where absent. */
  readonly concurrency?: number;
  readonly seed?: number;
  /** The command line's default where absent. */
  readonly mode?: Mode;
}

/** What a batch came to. */
export interface BatchRun {
  readonly exitCode: number | null;
  readonly lines: readonly BatchLine[];
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

/** Runs `batch` as its users do. */
export async function runBatch(request: BatchRequest): Promise<BatchRun> {
  const { cli, baseUrl, models, tasks, budget, ledger, concurrency = 4, seed, mode } = request;
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-replay-'));
  try {
    const file = (name: string): string => path.join(folder, name);
    const out = file('out.jsonl');
    await writeFile(file('tasks.jsonl'), tasks.map((task) => `${JSON.stringify(task)}\n`).join(''));
    const headers = Object.entries(BILLING_HEADERS).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
    const started = performance.now();
    const { exitCode, output } = await run(process.execPath, [
      ...[cli, 'batch', '--tasks', file('tasks.jsonl'), '--models', models, '--base-url', baseUrl, ...headers],
      ...['--budget', budget, '--out', out, '--concurrency', String(concurrency), '--ledger', ledger],
      ...(seed === undefined ? [] : ['--seed', String(seed)]),
      ...(mode === undefined ? [] : ['--mode', mode]),
    ]);
    const seconds = (performance.now() - started) / 1000;
    const text = existsSync(out) ? await readFile(out, 'utf8') : '';
    const lines = text.split('\n').filter((line) => line !== '');
    return { exitCode, lines: lines.map(lineOf), seconds, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What `ledger --json` says of a ledger. */
export interface LedgerReport {
  /** What all calls cost, in atto-dollars. */
  readonly total: bigint;
  /** How often a provider broke its word, by how. */
  readonly violations: ReadonlyMap<string, number>;
}

export async function ledgerReport(cli: string, ledger: string): Promise<LedgerReport> {
  const { stdout } = await run(process.execPath, [cli, 'ledger', '--json', '--ledger', ledger]);
  const report = JSON.parse(stdout) as { violations: { violation: string; times: number }[] };
  const violations = new Map<string, number>();
  for (const { violation, times } of report.violations) {
    violations.set(violation, (violations.get(violation) ?? 0) + times);
  }
  return { total: amountIn(/"total":\s*\{[^}]*\}/.exec(stdout)?.[0] ?? '', 'costUsd'), violations };
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

/** How long a command may take, in ms; one that hangs is ended, so that what it did can be looked at. */
const COMMAND_MS = 600_000;

/** Without keys of the developer's own, so that no test can spend money. */
function run(
  command: string,
  args: readonly string[],
): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly output: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.endsWith('_API_KEY')));
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: COMMAND_MS });
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
