import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Task } from '../../src/core/task/task';

/** Where the third-party data lies; it is read there and never copied. */
export const DATA = resolve(process.env['SOLVENT_DATA'] ?? join(process.cwd(), '../shared/data'));

/** With `SOLVENT_THOROUGH=1`, all known outcomes are looked at where a share of them would do, which takes long. */
export const THOROUGH = process.env['SOLVENT_THOROUGH'] === '1';

/** A task with code whose outcome is known. */
export interface Known {
  readonly task: Task;
  readonly code: string;
}

/** A recorded answer of a model, as it came. */
export interface Recorded {
  readonly task: Task;
  readonly text: string;
  /** Whether it passed the hidden test, by those who recorded it. */
  readonly passed: boolean;
}

interface HumanEvalRow {
  readonly task_id: string;
  readonly prompt: string;
  readonly entry_point: string;
  readonly canonical_solution: string;
  readonly test: string;
  readonly visible_tests: readonly string[];
  readonly recordings: Readonly<Record<string, { readonly samples: readonly { text: string; passed: boolean }[] }>>;
}

interface MbppRow {
  readonly task_id: number;
  readonly text: string;
  readonly code: string;
  readonly test_setup_code: string;
  readonly test_list: readonly string[];
}

const HUMANEVAL = 'humaneval/recordings-even.jsonl';

/** Why a file of the data cannot be used, undefined when it can. */
export function absent(file: string): string | undefined {
  return existsSync(join(DATA, file)) ? undefined : `there is no ${file} in the data folder (SOLVENT_DATA)`;
}

/** The references of HumanEval, with the hidden test and the visible ones. */
export function humanEval(): Known[] {
  return rows<HumanEvalRow>(HUMANEVAL).map((row) => ({
    task: humanEvalTask(row, row.visible_tests),
    code: row.prompt + row.canonical_solution,
  }));
}

/** The first `count` recorded answers of each model to each task of HumanEval, with the hidden test alone. */
export function recordings(models: readonly string[], count: number): Recorded[] {
  return rows<HumanEvalRow>(HUMANEVAL).flatMap((row) =>
    models
      .flatMap((model) => row.recordings[model]?.samples.slice(0, count) ?? [])
      .map(({ text, passed }) => ({ task: humanEvalTask(row, []), text, passed })),
  );
}

function humanEvalTask(row: HumanEvalRow, visible: readonly string[]): Task {
  return {
    id: row.task_id,
    language: 'python',
    prompt: row.prompt,
    entryPoint: row.entry_point,
    tests: [`check(${row.entry_point})`, ...visible],
    setup: row.test,
  };
}

/** The references of one file of MBPP. */
export function mbpp(file: string): Known[] {
  return rows<MbppRow>(file).map((row) => ({
    task: {
      id: `MBPP/${row.task_id}`,
      language: 'python',
      prompt: row.text,
      entryPoint: called(row),
      tests: row.test_list,
      setup: row.test_setup_code,
    },
    code: row.code,
  }));
}

/** The function of the reference that the first test calls. */
function called({ code, test_list }: MbppRow): string | undefined {
  const defined = [...code.matchAll(/^(?:def|class)\s+(\w+)/gm)].map((match) => match[1]);
  return [...(test_list[0] ?? '').matchAll(/(\w+)\s*\(/g)]
    .map((match) => match[1])
    .find((name) => defined.includes(name));
}

function rows<Row>(file: string): Row[] {
  const lines = readFileSync(join(DATA, file), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Row);
}

/** Does `work` for all items, at most `width` of them at once. Results in the order of the items. */
export async function concurrently<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
