import assert from 'node:assert/strict';
import { attoUsd } from '../servers/bill';
import { dataFolder, readRecordings, type Recording } from '../servers/recordings';
import type { FaultPlan } from '../servers/replayFaults';
import { type ReplayServer, startReplayServer } from '../servers/replayServer';
import { type BatchLine, type BatchRun, builtCli, runBatch } from './batchRun';

/** What one task may cost, USD: cheap models only, just; a few calls; the strongest model with room. */
const TIGHT = '0.001';
const MIDDLE = '0.005';
const AMPLE = '0.08';

const NO_SANDBOX = 4;
const BATCH_MS = 240_000;

/**
 * The built command line over the recorded HumanEval tasks, against the bill of a server that knows nothing of it.
 * Replayed completions model retrying and recorded repair, not free conversation: how many tasks are solved here says
 * that the pipeline works, not how well.
 */
describe('batch over 82 recorded HumanEval tasks', function () {
  this.timeout(BATCH_MS);
  let data: string;
  let tasks: readonly Recording[];
  let cli: Awaited<ReturnType<typeof builtCli>>;

  before(async function () {
    const folder = dataFolder();
    if (folder === undefined) {
      console.log('    skipped: no recordings; set SOLVENT_DATA to the folder that holds humaneval/');
      this.skip();
    }
    data = folder;
    tasks = await readRecordings(data);
    cli = await builtCli();
  });
  after(() => (cli as typeof cli | undefined)?.remove());

  /** Runs a batch and checks what holds for every one: a line for each task, and no run beyond its budget. */
  async function replay(
    context: Mocha.Context,
    budget: string,
    faults?: FaultPlan,
  ): Promise<{ readonly run: BatchRun; readonly server: ReplayServer }> {
    const server = await startReplayServer(data, faults);
    try {
      const run = await runBatch(cli.cli, server.baseUrl, tasks, budget);
      if (run.exitCode === NO_SANDBOX && process.env['CI'] !== 'true') {
        console.log(`    skipped: ${run.output.trim()}`);
        context.skip();
      }
      assert.equal(run.exitCode, 0, run.output);
      assert.deepEqual(run.lines.map(({ id }) => id).sort(), tasks.map(({ task_id }) => task_id).sort());
      for (const line of run.lines) {
        const { id, cost, worstReserved } = line;
        assert.ok(server.bill.of(id) <= attoUsd(budget), `${id} was billed beyond its budget`);
        assert.ok(worstReserved <= attoUsd(budget) && cost <= worstReserved, `${id} reserved beyond its budget`);
        const { passed, total, ran } = line.verdict;
        assert.equal(line.status === 'solved', ran && total > 0 && passed === total, id);
      }
      assert.equal(
        run.ledgerTotal,
        run.lines.reduce((sum, { cost }) => sum + cost, 0n),
        'the ledger holds what the lines say',
      );
      const usd = (Number(server.bill.total) / 1e18).toFixed(4);
      console.log(`    $${budget} each: ${summary(run.lines)}; $${usd} billed, ${run.seconds.toFixed(1)} s`);
      return { run, server };
    } finally {
      await server.stop();
    }
  }

  /** Where nothing was cut, every run costs what the server billed for it, to the last digit, and so does all. */
  function assertExact({ run, server }: Awaited<ReturnType<typeof replay>>): void {
    for (const { id, status, error, cost, unconfirmed, calls, promptTokens, completionTokens } of run.lines) {
      assert.notEqual(status, 'error', `${id}: ${error ?? ''}`);
      assert.equal(cost, server.bill.of(id), `${id} costs what was billed`);
      assert.equal(unconfirmed, 0n);
      const billed = server.calls.filter(({ run: of }) => of === id);
      assert.equal(calls, billed.length);
      assert.equal(
        promptTokens,
        billed.reduce((sum, call) => sum + call.promptTokens, 0),
      );
      assert.equal(
        completionTokens,
        billed.reduce((sum, call) => sum + call.completionTokens, 0),
      );
    }
    assert.equal(run.ledgerTotal, server.bill.total);
  }

  it('at a tight budget spends what the server bills, and is stopped by the budget in many runs', async function () {
    const result = await replay(this, TIGHT);
    assertExact(result);
    const { lines } = result.run;
    const stopped = lines.filter(({ status }) => status === 'exhausted' || status === 'infeasible');
    assert.ok(stopped.length >= 5, `${stopped.length} runs were stopped`);
    for (const { status, id, cost, error } of stopped) {
      if (status === 'infeasible') assert.equal(cost, 0n, id);
      assert.match(error ?? '', /raise by|smallest/, id);
    }
    assert.ok(lines.some(({ status }) => status === 'solved'));
    assert.ok(!result.server.calls.some(({ model }) => model === 'gpt-4'));
  });

  it('at a middle budget spends what the server bills, with critics', async function () {
    const result = await replay(this, MIDDLE);
    assertExact(result);
    assert.ok(result.server.calls.some(({ role }) => role === 'critic'));
    assert.ok(result.run.lines.every(({ status }) => status === 'solved' || status === 'unsolved'));
  });

  it('at an ample budget spends what the server bills, and comes to the strongest model', async function () {
    const result = await replay(this, AMPLE);
    assertExact(result);
    assert.ok(result.server.calls.some(({ model }) => model === 'gpt-4'));
    const solved = result.run.lines.filter(({ status }) => status === 'solved');
    assert.ok(solved.length >= tasks.length * 0.8, `${solved.length} solved`);
  });

  it('with faults in every fifth call books at least what was billed, and at most the unconfirmed part more', async function () {
    const result = await replay(this, MIDDLE, { seed: 20, rate: 0.2 });
    const { run, server } = result;
    const faults = new Set(server.calls.map(({ fault }) => fault));
    assert.ok(faults.size >= 7, [...faults].join());
    let unconfirmed = 0;
    for (const { id, cost, unconfirmed: loose } of run.lines) {
      const bill = server.bill.of(id);
      assert.ok(cost - loose <= bill && bill <= cost, `${id}: ${cost} - ${loose} <= ${bill} <= ${cost}`);
      const cut = server.calls.some(
        ({ run: of, fault }) => of === id && (fault === 'reset' || fault === 'malformed chunk'),
      );
      assert.equal(loose > 0n, cut, `${id} has unconfirmed costs where an answer was cut, and only there`);
      if (loose > 0n) unconfirmed++;
    }
    assert.ok(unconfirmed > 0);
  });
});

function summary(lines: readonly BatchLine[]): string {
  const counts = new Map<string, number>();
  for (const { status } of lines) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}
