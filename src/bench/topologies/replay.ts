import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ledger } from '../../core/budget/ledger';
import type { Catalogue, Model } from '../../core/catalogue/model';
import { type Money, perToken } from '../../core/money';
import { MODES, TOPOLOGIES } from '../../core/plan';
import { openSandbox } from '../../core/sandbox/open';
import type { Sandbox } from '../../core/sandbox/sandbox';
import { isSolved } from '../../core/sandbox/verdict';
import type { Task } from '../../core/task/task';
import { RecordedProvider } from './recordedProvider';
import { readRecordings, readTypedRecordings, type Recording, Recordings } from './recordings';
import { RememberingSandbox } from './rememberingSandbox';
import type { Graded, Row } from './table';
import { cascade, pipeline, type Tools, type Way } from './ways';

/** Recorded answers to one set of tasks. */
export interface RecordedSet {
  readonly name: string;
  readonly read: (data: string) => Promise<readonly Recording[]>;
  /** With the list prices of the time in which their answers were recorded. */
  readonly strong: Model;
  readonly cheap: Model;
}

const CHEAP = model('gpt-3.5-turbo', 2, 0.5, 1.5, 16_385);

export const HUMAN_EVAL: RecordedSet = {
  ...{ name: 'HumanEval', read: readRecordings, cheap: CHEAP },
  strong: model('gpt-4', 1, 30, 60, 8192),
};

/** There are two to four answers of a model to each task, most of them to longer prompts than these. */
export const MBPP_TYPED: RecordedSet = {
  ...{ name: 'MBPP with typed stubs', read: readTypedRecordings, cheap: CHEAP },
  strong: model('gpt-4-turbo', 1, 10, 30, 128_000),
};

/** What is replayed. */
export interface ReplayOptions {
  /** HumanEval where absent. */
  readonly set?: RecordedSet;
  /** Folder of the third-party data. */
  readonly data: string;
  /** Draws of the recorded samples for each task. */
  readonly draws: number;
  /** The first so many tasks, or those of these ids; all where absent. */
  readonly tasks?: number | readonly string[];
  /** Only the rows whose names contain one of these, and those that they are measured by; the cascade is always there. */
  readonly only?: readonly string[];
  /** USD for one run. */
  readonly budget: Money;
  readonly progress?: (row: Row) => void;
  /** Where to test; one that is opened for this replay where absent. */
  readonly sandbox?: Sandbox;
}

const HARNESS = path.resolve('src/core/sandbox/harness');

/** Tasks at once; most of the time the sandbox is waited for. */
const AT_ONCE = 4;

/**
 * Replays recorded answers of real models through every way of working; the first row is the plain cascade
 * cheap, cheap, strong, strong. Replayed answers model retrying and recorded repair, not free conversation.
 */
export async function replay(options: ReplayOptions): Promise<readonly Row[]> {
  const { set = HUMAN_EVAL } = options;
  const recordings = chosenOf(await set.read(options.data), options.tasks);
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-replay-'));
  const ledger = await Ledger.open(folder);
  const opened = options.sandbox ?? (await benchSandbox());
  const sandbox = new RememberingSandbox(opened);
  const provider = new RecordedProvider(new Recordings(recordings));
  const catalogue: Catalogue = { asOf: '2024-05-01', source: 'list prices', models: [set.strong, set.cheap] };
  const tools: Tools = { catalogue, provider, sandbox, ledger, budget: options.budget };
  try {
    const rows: Row[] = [];
    for (const { way, name, within } of entriesOf(tools, set, options.only ?? [''])) {
      const caps = rows.find((row) => row.name === within)?.runs;
      const row = { name, runs: await runAll(way, recordings, sandbox, options.draws, caps) };
      options.progress?.(row);
      rows.push(row);
    }
    return rows;
  } finally {
    await ledger.close();
    if (options.sandbox === undefined) opened.dispose?.();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The system's sandbox, opened for Python. @throws SandboxError */
export function benchSandbox(): Promise<Sandbox> {
  return openSandbox({ choice: 'auto', language: 'python', harness: HARNESS });
}

function chosenOf(recordings: readonly Recording[], tasks: ReplayOptions['tasks']): readonly Recording[] {
  if (tasks === undefined || typeof tasks === 'number') return recordings.slice(0, tasks);
  return recordings.filter(({ task_id: id }) => tasks.includes(id));
}

/** A row to be. */
interface Entry {
  readonly name: string;
  readonly way: Way;
  /** The row whose run of the same task and draw says what a run may cost; the budget of all where absent. */
  readonly within?: string;
}

function entriesOf(tools: Tools, { cheap, strong }: RecordedSet, only: readonly string[]): readonly Entry[] {
  const choices = ['auto', ...TOPOLOGIES] as const;
  const entries: readonly Entry[] = [
    ...choices.flatMap((topology) => MODES.map((mode) => pipeline(tools, topology, 'verified', mode))),
    ...TOPOLOGIES.map((topology) => pipeline(tools, topology, 'paper', 'frugal')),
  ].map((way) => ({ way, name: way.name }));
  const asDear: readonly Entry[] = TOPOLOGIES.map((topology) => ({
    way: pipeline(tools, topology, 'verified', 'frugal'),
    name: `${topology} at the paper's cost`,
    within: `${topology}, paper`,
  }));
  const chosen = asDear.filter(({ name }) => isNamed(name, only));
  const needed = entries.filter(({ name }) => isNamed(name, only) || chosen.some(({ within }) => within === name));
  const plain = cascade(tools, [cheap, cheap, strong, strong]);
  return [{ way: plain, name: plain.name }, ...needed, ...chosen];
}

function isNamed(name: string, parts: readonly string[]): boolean {
  return parts.some((part) => name.includes(part));
}

async function runAll(
  way: Way,
  recordings: readonly Recording[],
  sandbox: Sandbox,
  draws: number,
  caps: readonly Graded[] | undefined,
): Promise<readonly Graded[]> {
  const jobs = Array.from({ length: draws }, (_, draw) => recordings.map((recording) => ({ draw, recording }))).flat();
  const runs: Graded[] = [];
  const rest = jobs.entries();
  const worker = async (): Promise<void> => {
    for (const [index, { draw, recording }] of rest) {
      // Far apart, so that the draws of one run's calls are not those of another's.
      const ended = await way.run(taskOf(recording), 1000 * draw, caps?.[index]?.cost);
      runs[index] = { ...ended, right: await isRight(recording, ended.code, sandbox) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return runs;
}

async function isRight(recording: Recording, code: string, sandbox: Sandbox): Promise<boolean> {
  if (code === '') return false;
  const hidden: Task = {
    ...taskOf(recording),
    tests: [`check(${recording.entry_point})`],
    setup: recording.test,
  };
  return isSolved(await sandbox.run({ task: hidden, code }));
}

function taskOf({ task_id, prompt, entry_point, visible_tests }: Recording): Task {
  return { id: task_id, language: 'python', prompt, entryPoint: entry_point, tests: visible_tests, setup: '' };
}

function model(id: string, tier: number, inputUsd: number, outputUsd: number, contextWindow: number): Model {
  const price = { input: perToken(inputUsd), output: perToken(outputUsd) };
  return { id, tier, price, contextWindow, maxOutputTokens: 4096, tokenizer: 'o200k_base', exactTokenizer: true };
}
