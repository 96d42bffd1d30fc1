import { builtCli } from '../replay/batchRun';
import { runCampaign, withoutSandbox } from '../replay/campaign';
import { workload } from '../replay/workload';
import { type FaultPlan, NO_FAULTS } from '../servers/hostileFaults';
import { type BudgetUse, budgetUse, useTable } from './budgetUse';

/** Runs at each budget, where `--runs` does not say. */
const RUNS = 100;

const PROVIDERS: readonly (readonly [name: string, faults: FaultPlan])[] = [
  ['Nothing goes wrong', NO_FAULTS],
  [
    'Every fifth call goes wrong: errors, resets, broken streams, missing usage, prices of their own',
    { seed: 7, rate: 0.2 },
  ],
];

/**
 * `npm run bench:budget [-- --runs N]`: how much of each budget runs use, and how much is reserved for nothing. By recorded
 * completions where $SOLVENT_DATA, or ../shared/data, has them, else by the scripted ones of the demo.
 */
async function bench(runs: number, print: (line: string) => void): Promise<void> {
  const work = await workload();
  const { cli, remove } = await builtCli();
  try {
    print(`${work.name}; ${runs} runs at each budget.`);
    print('Parts are of the budget, on average over the runs that were feasible.');
    for (const [name, faults] of PROVIDERS) {
      const uses: BudgetUse[] = [];
      for (const budget of work.budgets) {
        const outcome = await runCampaign({
          cli,
          workload: work,
          budget,
          from: 0,
          count: runs,
          faults,
          mode: 'frugal',
        });
        const why = withoutSandbox(outcome);
        if (why !== undefined) throw new Error(why);
        uses.push(budgetUse(budget, outcome));
      }
      const prompts = Math.max(...uses.map(({ bounds }) => bounds.worstPrompt));
      print(`\n${name}:\n`);
      for (const line of useTable(uses)) print(line);
      print(`\nThe loosest bound of a prompt was ${((prompts - 1) * 100).toFixed(1)} % above what was billed.`);
    }
  } finally {
    await remove();
  }
}

function runsOf(args: readonly string[]): number {
  const given = args[args.indexOf('--runs') + 1];
  const runs = args.includes('--runs') ? Number(given) : RUNS;
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error(`--runs takes a whole number, not '${given ?? ''}'.`);
  return runs;
}

bench(runsOf(process.argv.slice(2)), (line) => {
  process.stdout.write(`${line}\n`);
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
