import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Mode } from '../../src/core/plan';
import type { Bill } from '../servers/bill';
import type { ServedCall } from '../servers/hostileCall';
import { drawnFates, type FaultPlan } from '../servers/hostileFaults';
import { startHostileServer } from '../servers/hostileServer';
import { type BatchLine, type BatchRun, type LedgerReport, ledgerReport, runBatch } from './batchRun';
import { type BookedCall, bookedCalls } from './bookedCalls';
import type { Workload } from './workload';

/** Runs of the built command line at one budget. */
export interface Campaign {
  readonly cli: string;
  readonly workload: Workload;
  /** USD for each run, decimal. */
  readonly budget: string;
  /**
   * The runs, by number: tasks in turn, and with every round through them another draw. The first is without a seed.
   */
  readonly from: number;
  readonly count: number;
  readonly faults: FaultPlan;
  /** The command line's default where absent. */
  readonly mode?: Mode;
}

/** What a campaign came to, by the server's books and by ours. Amounts are in atto-dollars. */
export interface Outcome {
  readonly lines: readonly BatchLine[];
  readonly bill: Bill;
  readonly served: readonly ServedCall[];
  readonly booked: readonly BookedCall[];
  readonly ledger: LedgerReport;
  readonly batches: readonly BatchRun[];
  readonly seconds: number;
}

/** Tasks that one batch has under way at once. Most of them wait: for a slow answer, or before a retry. */
const CONCURRENCY = 8;

/** Runs a campaign: a batch for each draw, all at the same time and on one ledger, as several windows would be. */
export async function runCampaign({ cli, workload, budget, from, count, faults, mode }: Campaign): Promise<Outcome> {
  const { tasks, answers, models } = workload;
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-hostile-'));
  const server = await startHostileServer({ answers, models, fates: drawnFates(faults) });
  try {
    const list = path.join(folder, 'models.json');
    const ledgerFolder = path.join(folder, 'ledger');
    await writeFile(list, models);
    const started = performance.now();
    const batches = await Promise.all(
      drawsOf(tasks, from, count).map(({ draw, drawn }) =>
        runBatch({
          ...{ cli, baseUrl: server.baseUrl, models: list, budget, ledger: ledgerFolder },
          tasks: drawn.map((task) => ({ ...task, id: `${task.id}@${draw}` })),
          concurrency: CONCURRENCY,
          ...(draw === 0 ? {} : { seed: draw }),
          ...(mode === undefined ? {} : { mode }),
        }),
      ),
    );
    const seconds = (performance.now() - started) / 1000;
    await server.idle();
    return {
      lines: batches.flatMap(({ lines }) => lines),
      bill: server.bill,
      served: server.calls,
      booked: await bookedCalls(ledgerFolder),
      ledger: await ledgerReport(cli, ledgerFolder),
      batches,
      seconds,
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The exit code of the command line where it found no sandbox. */
const NO_SANDBOX = 4;

/**
 * Why a campaign could not run on this machine, where it has no sandbox; not under CI, where it must.
 * @throws Error where a batch failed for any other reason
 */
export function withoutSandbox({ batches }: Pick<Outcome, 'batches'>): string | undefined {
  for (const { exitCode, output } of batches) {
    if (exitCode === NO_SANDBOX && process.env['CI'] !== 'true') return output.trim();
    if (exitCode !== 0) throw new Error(`A batch ended with exit code ${String(exitCode)}: ${output}`);
  }
  return undefined;
}

interface Draw<T> {
  readonly draw: number;
  readonly drawn: readonly T[];
}

/** Run `n` is task `n` modulo their number, in its draw number `n` divided by their number. */
function drawsOf<T>(tasks: readonly T[], from: number, count: number): readonly Draw<T>[] {
  const draws = new Map<number, T[]>();
  for (let number = from; number < from + count; number++) {
    const task = tasks[number % tasks.length];
    if (task === undefined) throw new Error('A workload has tasks.');
    const draw = Math.floor(number / tasks.length);
    const drawn = draws.get(draw) ?? [];
    drawn.push(task);
    draws.set(draw, drawn);
  }
  return [...draws].map(([draw, drawn]) => ({ draw, drawn }));
}
