import assert from 'node:assert/strict';
import { attoUsd } from '../servers/bill';
import { NO_FAULTS } from '../servers/hostileFaults';
import { dataFolder } from '../servers/recordings';
import { type BatchLine, builtCli } from './batchRun';
import { type Outcome, runCampaign, withoutSandbox } from './campaign';
import { recorded, type Workload } from './workload';

/** What one task may cost, USD: cheap models only, just; a few calls; the strongest model with room. */
const TIGHT = '0.001';
const MIDDLE = '0.005';
const AMPLE = '0.08';

const BATCH_MS = 600_000;

/**
 * The built command line over the recorded HumanEval tasks, against the bill of a server that knows nothing of it.
 * Replayed completions model retrying and recorded repair, not free conversation: how many tasks are solved here says
 * that the pipeline works, not how well.
 */
describe('batch over 82 recorded HumanEval tasks', function () {
  this.timeout(BATCH_MS);
  let work: Workload;
  let cli: Awaited<ReturnType<typeof builtCli>>;

  before(async function () {
    const folder = dataFolder();
    if (folder === undefined) {
      console.log('    skipped: no recordings; set SOLVENT_DATA to the folder that holds humaneval/');
      this.skip();
    }
    work = await recorded(folder);
    cli = await builtCli();
  });
  after(() => (cli as typeof cli | undefined)?.remove());

  /** Runs a batch and checks what holds for every one: a line for each task, and no run beyond its budget. */
  async function replay(context: Mocha.Context, budget: string): Promise<Outcome> {
    const { length: count } = work.tasks;
    const outcome = await runCampaign({ cli: cli.cli, workload: work, budget, from: 0, count, faults: NO_FAULTS });
    const skipped = withoutSandbox(outcome);
    if (skipped !== undefined) {
      console.log(`    skipped: ${skipped}`);
      context.skip();
    }
    const { lines, bill } = outcome;
    assert.deepEqual(lines.map(({ id }) => id).sort(), work.tasks.map(({ id }) => `${id}@0`).sort());
    for (const { id, status, cost, worstReserved, verdict } of lines) {
      assert.ok(bill.of(id) <= attoUsd(budget), `${id} was billed beyond its budget`);
      assert.ok(worstReserved <= attoUsd(budget) && cost <= worstReserved, `${id} reserved beyond its budget`);
      const { passed, total, ran } = verdict;
      assert.equal(status === 'solved', ran && total > 0 && passed === total, id);
    }
    const said = lines.reduce((sum, { cost }) => sum + cost, 0n);
    assert.equal(outcome.ledger.total, said, 'the ledger holds what the lines say');
    const usd = (Number(bill.total) / 1e18).toFixed(4);
    console.log(`    $${budget} each: ${summary(lines)}; $${usd} billed, ${outcome.seconds.toFixed(1)} s`);
    return outcome;
  }

  /** Where nothing was cut, every run costs what the server billed for it, to the last digit, and so does all. */
  function assertExact({ lines, bill, served, ledger }: Outcome): void {
    for (const { id, status, error, cost, unconfirmed, calls, promptTokens, completionTokens } of lines) {
      assert.notEqual(status, 'error', `${id}: ${error ?? ''}`);
      assert.equal(cost, bill.of(id), `${id} costs what was billed`);
      assert.equal(unconfirmed, 0n);
      const billed = served.filter(({ run: of }) => of === id);
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
    assert.equal(ledger.total, bill.total);
  }

  it('at a tight budget spends what the server bills, and is stopped by the budget in many runs', async function () {
    const result = await replay(this, TIGHT);
    assertExact(result);
    const { lines } = result;
    const stopped = lines.filter(({ status }) => status === 'exhausted' || status === 'infeasible');
    assert.ok(stopped.length >= 5, `${stopped.length} runs were stopped`);
    for (const { status, id, cost, error } of stopped) {
      if (status === 'infeasible') assert.equal(cost, 0n, id);
      assert.match(error ?? '', /raise by|smallest/, id);
    }
    assert.ok(lines.some(({ status }) => status === 'solved'));
    assert.ok(!result.served.some(({ model }) => model === 'gpt-4'));
  });

  it('at a middle budget spends what the server bills, with critics', async function () {
    const result = await replay(this, MIDDLE);
    assertExact(result);
    assert.ok(result.served.some(({ role }) => role === 'critic'));
    assert.ok(result.lines.every(({ status }) => status === 'solved' || status === 'unsolved'));
  });

  it('at an ample budget spends what the server bills, and comes to the strongest model', async function () {
    const result = await replay(this, AMPLE);
    assertExact(result);
    assert.ok(result.served.some(({ model }) => model === 'gpt-4'));
    const solved = result.lines.filter(({ status }) => status === 'solved');
    assert.ok(solved.length >= work.tasks.length * 0.8, `${solved.length} solved`);
  });
});

function summary(lines: readonly BatchLine[]): string {
  const counts = new Map<string, number>();
  for (const { status } of lines) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}
