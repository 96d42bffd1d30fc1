import { usd } from '../core/money';
import { dataFolder } from './topologies/recordings';
import { HUMAN_EVAL, MBPP_TYPED, replay } from './topologies/replay';
import { type Row, summaryOf, tableOf } from './topologies/table';

/** Ample: more than any way of working comes to. */
const BUDGET = '0.3';
const DRAWS = 3;

// `npm run bench:topologies`: recorded answers of real models through every topology, profile and mode: to HumanEval, and
// with --typed to MBPP with typed stubs;
// with --quick, one draw of the recordings instead of three; with names, only the ways that contain one of them.
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<void> {
  const data = dataFolder();
  if (data === undefined) {
    print(
      'There are no recordings: set SOLVENT_DATA to the folder that holds humaneval/recordings-even.jsonl (by default ' +
        'shared/data beside the checkout).',
    );
    return;
  }
  const only = process.argv.slice(2).filter((name) => !name.startsWith('-'));
  const draws = process.argv.includes('--quick') ? 1 : DRAWS;
  const set = process.argv.includes('--typed') ? MBPP_TYPED : HUMAN_EVAL;
  const progress = (row: Row): void => {
    process.stderr.write(`${row.name}: ${summaryOf(row).accuracy.toFixed(1)} %\n`);
  };
  const rows = await replay({
    ...{ set, data, draws, budget: usd(BUDGET), progress },
    ...(only.length === 0 ? {} : { only }),
  });
  print(`${set.name}: ${rows[0]?.runs.length ?? 0} runs each, at most $${BUDGET} a run; graded by hidden tests`);
  print(
    'Replayed answers model retrying and recorded repair, not free conversation; critics, planners and judges know',
  );
  print('nothing of the task.');
  for (const line of tableOf(rows)) print(line);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
