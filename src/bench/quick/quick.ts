import path from 'node:path';
import { toMicroUsd, usd } from '../../core/money';
import { RememberingSandbox } from '../topologies/rememberingSandbox';
import { benchSandbox, HUMAN_EVAL, MBPP_TYPED, type RecordedSet, replay } from '../topologies/replay';
import { type Row, tableOf } from '../topologies/table';
import { type Figures, figuresOf, type TableFigures } from './figures';

/** Where the figures are stored that every later run has to come to. */
export const STORED = path.join(import.meta.dirname, 'figures.json');

/** What is replayed: a few tasks, easy and hard, in every way of working, and at budgets from tight to ample. */
interface Part {
  readonly set: RecordedSet;
  /** By their ids; one draw each. */
  readonly tasks: readonly string[];
  /** USD a run. */
  readonly budget: string;
  /** As in {@link replay}. */
  readonly only?: readonly string[];
}

const AMPLE = '0.3';
const BUDGETS = ['0.0015', '0.005', '0.02', '0.08'];
const HUMAN_EVAL_TASKS = ['HumanEval/0', 'HumanEval/10', 'HumanEval/54', 'HumanEval/70'];
const MBPP_TASKS = ['MBPP/86', 'MBPP/92', 'MBPP/100', 'MBPP/130', 'MBPP/132'];
const BUDGET_TASKS = [...HUMAN_EVAL_TASKS, 'HumanEval/2', 'HumanEval/4', 'HumanEval/32', 'HumanEval/74'];

const PARTS: readonly Part[] = [
  { set: HUMAN_EVAL, tasks: HUMAN_EVAL_TASKS, budget: AMPLE },
  { set: MBPP_TYPED, tasks: MBPP_TASKS, budget: AMPLE },
  ...BUDGETS.map((budget) => ({ set: HUMAN_EVAL, tasks: BUDGET_TASKS, budget, only: ['auto, frugal'] })),
];

/**
 * Replays a small part of what `npm run bench` does, the same one each time.
 * @param data folder of the third-party data
 * @throws SandboxError where nothing can be tested
 */
export async function quickFigures(data: string, print: (line: string) => void): Promise<Figures> {
  const tables: TableFigures[] = [];
  const sandbox = await benchSandbox();
  try {
    const remembering = new RememberingSandbox(sandbox);
    for (const { set, tasks, budget, only } of PARTS) {
      const about = { set, data, tasks, draws: 1, budget: usd(budget), sandbox: remembering };
      const rows = await replay({ ...about, ...(only === undefined ? {} : { only }) });
      const name = `${set.name}, ${tasks.length} tasks at $${budget}`;
      print(`\n${name}`);
      for (const line of only === undefined ? tableOf(rows) : rows.slice(1).map((row) => useOf(row, budget))) {
        print(line);
      }
      tables.push({ name, rows: rows.map(figuresOf) });
    }
    return { python: /Python (\d+\.\d+)/.exec(sandbox.description)?.[1] ?? sandbox.description, tables };
  } finally {
    sandbox.dispose?.();
  }
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
    `${percent(billed)} billed; reserved / billed ${billed === 0 ? 'nothing' : (reserved / billed).toFixed(2)}`
  );
}
