import path from 'node:path';
import { toMicroUsd, usd } from '../../core/money';
import { openSandbox } from '../../core/sandbox/open';
import { HARNESS, HUMAN_EVAL, MBPP_TYPED, type RecordedSet, replay } from '../topologies/replay';
import { type Row, tableOf } from '../topologies/table';
import { type Figures, figuresOf, type TableFigures } from './figures';

/** Where the figures are stored that every later run has to come to. */
export const STORED = path.join(import.meta.dirname, 'figures.json');

/** What is replayed: a few tasks, but every way of working, and budgets from tight to ample. */
interface Part {
  readonly set: RecordedSet;
  /** The first so many tasks, one draw each. */
  readonly tasks: number;
  /** USD a run. */
  readonly budget: string;
  readonly only?: readonly string[];
}

const AMPLE = '0.3';
const BUDGETS = ['0.001', '0.002', '0.005', '0.02', '0.08'];

const PARTS: readonly Part[] = [
  { set: HUMAN_EVAL, tasks: 4, budget: AMPLE },
  { set: MBPP_TYPED, tasks: 5, budget: AMPLE },
  ...BUDGETS.map((budget) => ({ set: HUMAN_EVAL, tasks: 12, budget, only: ['auto, frugal'] })),
];

/**
 * Replays a small part of what `npm run bench` does, the same one each time.
 * @param data folder of the third-party data
 * @throws SandboxError where nothing can be tested
 */
export async function quickFigures(data: string, print: (line: string) => void): Promise<Figures> {
  const tables: TableFigures[] = [];
  for (const { set, tasks, budget, only } of PARTS) {
    const about = { set, data, tasks, draws: 1, budget: usd(budget) };
    const rows = await replay({ ...about, ...(only === undefined ? {} : { only }) });
    const name = `${set.name}, ${tasks} tasks at $${budget}`;
    print(`\n${name}`);
    for (const line of only === undefined ? tableOf(rows) : rows.slice(1).map((row) => useOf(row, budget))) print(line);
    tables.push({ name, rows: rows.map(figuresOf) });
  }
  return { python: await pythonVersion(), tables };
}

/** How much of its budget a way has used, on average. */
function useOf({ name, runs }: Row, budget: string): string {
  const part = (of: (run: Row['runs'][number]) => number): number =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length / toMicroUsd(usd(budget));
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const passed = runs.filter(({ passes }) => passes).length;
  const [worst, billed] = [
    part(({ worstReserved }) => toMicroUsd(worstReserved)),
    part(({ cost }) => toMicroUsd(cost)),
  ];
  const reserved = part(({ reserved: all }) => toMicroUsd(all));
  return (
    `${name}: ${passed} of ${runs.length} solved; of the budget ${percent(worst)} reserved at most, ` +
    `${percent(billed)} billed; reserved / billed ${(reserved / billed).toFixed(2)}`
  );
}

async function pythonVersion(): Promise<string> {
  const sandbox = await openSandbox({ choice: 'auto', language: 'python', harness: HARNESS });
  sandbox.dispose?.();
  return /Python (\d+\.\d+)/.exec(sandbox.description)?.[1] ?? sandbox.description;
}
