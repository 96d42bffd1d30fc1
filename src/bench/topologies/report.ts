import { usd } from '../../core/money';
import { HUMAN_EVAL, MBPP_TYPED, replay } from './replay';
import { type Row, summaryOf, tableOf } from './table';

/** USD a run; ample: more than any way of working comes to. */
const BUDGET = '0.3';
const DRAWS = 3;

/** What {@link topologiesBench} replays. */
export interface TopologiesOptions {
  /** Folder of the third-party data. */
  readonly data: string;
  /** MBPP with typed stubs in place of HumanEval. */
  readonly typed: boolean;
  /** One draw of the recordings in place of three. */
  readonly quick: boolean;
  /** Only rows whose names contain one of these; all where there is none. */
  readonly only: readonly string[];
}

/** Replays recorded answers of real models through every topology, profile and mode, and prints the table. */
export async function topologiesBench(
  { data, typed, quick, only }: TopologiesOptions,
  print: (line: string) => void,
  progress: (line: string) => void,
): Promise<void> {
  const set = typed ? MBPP_TYPED : HUMAN_EVAL;
  const rows = await replay({
    ...{ set, data, draws: quick ? 1 : DRAWS, budget: usd(BUDGET) },
    ...(only.length === 0 ? {} : { only }),
    progress: (row: Row) => {
      progress(`${row.name}: ${summaryOf(row).accuracy.toFixed(1)} %`);
    },
  });
  print(`${set.name}: ${rows[0]?.runs.length ?? 0} runs each, at most $${BUDGET} a run; graded by hidden tests`);
  print(
    'Replayed answers model retrying and recorded repair, not free conversation; critics, planners and judges know',
  );
  print("nothing of the task. At the paper's cost: verified and frugal, each run with no more money than the paper's");
  print('run of the same task and draw has spent.');
  for (const line of tableOf(rows)) print(line);
}
