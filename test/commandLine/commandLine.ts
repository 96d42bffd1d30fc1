import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SAMPLES } from '../../src/demo/samples';
import { DEMO_CATALOGUE } from '../../src/demo/models';
import { perMillion } from '../../src/core/money';

/** What a child process came to. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command line. */
export const CLI = path.resolve('dist/cli.js');

/** Builds dist where it is missing or older than the sources, so that a test never judges yesterday's command line. */
export async function ensureBuilt(): Promise<void> {
  const built = await modified(CLI);
  const sources = (await readdir('src', { recursive: true })).filter((name) => /\.(ts|py|cjs|json)$/.test(name));
  const times = await Promise.all([
    ...sources.map((name) => modified(path.join('src', name))),
    modified('esbuild.mjs'),
  ]);
  if (Math.max(...times) < built) return;
  const { code, stderr } = await ended(spawn(process.execPath, ['esbuild.mjs']));
  if (code !== 0) throw new Error(`The build failed: ${stderr}`);
}

async function modified(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** A folder with the sample tasks and the demo's models as files, and a home of its own. */
export class Bench {
  private constructor(
    readonly folder: string,
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async create(): Promise<Bench> {
    const folder = await mkdtemp(path.join(tmpdir(), 'solvent-cli-'));
    const bench = new Bench(folder, { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: tmpdir() });
    const models = DEMO_CATALOGUE.models.map(({ id, tier, price, contextWindow, maxOutputTokens, tokenizer }) => ({
      ...{ id, tier, contextWindow, maxOutputTokens, tokenizer },
      inputUsdPerMTok: Number(perMillion(price.input)),
      outputUsdPerMTok: Number(perMillion(price.output)),
    }));
    await bench.write('models.json', JSON.stringify({ asOf: '2026-01-01', models }));
    for (const { task } of SAMPLES) await bench.write(`${task.id}.json`, JSON.stringify(task));
    return bench;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  async write(name: string, text: string): Promise<string> {
    await writeFile(this.file(name), text);
    return this.file(name);
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, [CLI, ...args], { env: { ...this.env, ...env }, cwd: this.folder });
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = ''): Promise<Ended> {
    const child = this.start(args, env);
    child.stdin?.end(input);
    return ended(child);
  }

  /** Runs a line of shell in which $CLI is the command line. */
  shell(line: string): Promise<Ended> {
    const CLI_COMMAND = `'${process.execPath}' '${CLI}'`;
    return ended(spawn('bash', ['-c', line.replaceAll('$CLI', CLI_COMMAND)], { env: this.env, cwd: this.folder }));
  }
}

/** Waits for the end of a child and gathers what it said. */
export function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
