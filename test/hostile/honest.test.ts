import assert from 'node:assert/strict';
import { builtCli } from '../replay/batchRun';
import { type Outcome, runCampaign, withoutSandbox } from '../replay/campaign';
import { type Workload, workload } from '../replay/workload';
import { attoUsd } from '../servers/bill';
import { HONEST_FAULTS, LEAVES_UNKNOWN } from '../servers/hostileFaults';
import { type BudgetUse, budgetUse, useTable } from './budgetUse';

/** Runs at each budget; a thousand in all. */
const RUNS = 200;
const RATE = 0.2;
const SEED = 7;
const CAMPAIGN_MS = 300_000;

/** The most by which a bound of a prompt may exceed what is billed for it, where the tokenizer is known. */
const LOOSE = 1.1;

/**
 * A provider of which every fifth call goes wrong, but that honours max_tokens and bills what it says. The built
 * command line is run against it, and its bill knows nothing of our ledger.
 */
describe('a thousand runs against an honest provider with faults in every fifth call', function () {
  this.timeout(CAMPAIGN_MS);
  let work: Workload;
  let cli: Awaited<ReturnType<typeof builtCli>>;
  const uses: BudgetUse[] = [];
  const met = new Set<string>();

  before(async () => {
    work = await workload();
    cli = await builtCli();
    console.log(`    ${work.name}`);
  });
  after(async () => {
    await (cli as typeof cli | undefined)?.remove();
    if (uses.length > 0)
      console.log(
        useTable(uses)
          .map((line) => `    ${line}`)
          .join('\n'),
      );
  });

  for (const [index, name] of ['tightest', 'tight', 'middle', 'ample', 'widest'].entries()) {
    it(`stay within the ${name} budget by the provider's own bill, and book what it may come to`, async function () {
      const budget = work.budgets[index];
      assert.ok(budget !== undefined);
      const faults = { seed: SEED, rate: RATE };
      const from = index * RUNS;
      const outcome = await runCampaign({
        cli: cli.cli,
        workload: work,
        budget,
        from,
        count: RUNS,
        faults,
        mode: 'frugal',
      });
      const skipped = withoutSandbox(outcome);
      if (skipped !== undefined) {
        console.log(`    skipped: ${skipped}`);
        this.skip();
      }
      for (const { fault } of outcome.served) if (fault !== undefined) met.add(fault);
      uses.push(budgetUse(budget, outcome));
      assert.equal(new Set(outcome.lines.map(({ id }) => id)).size, RUNS, 'every run has its line');
      assertBounded(outcome, attoUsd(budget));
      assertBooked(outcome);
      assertTight(outcome);
    });
  }

  it('meet every fault there is', function () {
    if (uses.length === 0) this.skip();
    assert.deepEqual([...met].sort(), [...HONEST_FAULTS].sort());
  });
});

/** What the user was promised: the budget holds, whatever happens. */
function assertBounded({ lines, bill }: Outcome, budget: bigint): void {
  for (const { id, cost, worstReserved } of lines) {
    assert.ok(bill.of(id) <= budget, `${id} was billed beyond its budget`);
    assert.ok(worstReserved <= budget && cost <= worstReserved, `${id} reserved beyond its budget`);
  }
}

/** What the lines and the ledger say is what the server billed, as far as anybody can know. */
function assertBooked({ lines, bill, served, booked, ledger }: Outcome): void {
  for (const { id, cost, unconfirmed, calls } of lines) {
    const billed = bill.of(id);
    assert.ok(cost - unconfirmed <= billed && billed <= cost, `${id}: ${cost - unconfirmed} <= ${billed} <= ${cost}`);
    const seen = served.filter(({ run }) => run === id);
    assert.equal(calls, seen.length, `${id} counts every call that was sent`);
    const unknown = seen.some(({ fault }) => fault !== undefined && LEAVES_UNKNOWN.has(fault));
    assert.equal(unconfirmed > 0n, unknown, `${id} has unconfirmed costs where nobody can know, and only there`);
  }
  const said = lines.reduce((sum, { cost }) => sum + cost, 0n);
  assert.equal(ledger.total, said, 'the ledger holds what the lines say');
  assert.equal(
    booked.reduce((sum, { cost }) => sum + cost, 0n),
    said,
    'its calls add up to its total',
  );
  assert.ok(booked.every(({ settled }) => settled));
  assert.deepEqual(
    booked.filter(({ violations }) => violations.length > 0),
    [],
    'an honest provider is not accused',
  );
  assert.equal(ledger.violations.size, 0);
}

/** Both models' tokenizers are known, so that little is reserved for nothing. */
function assertTight({ booked }: Outcome): void {
  const reported = booked.filter(({ reported }) => reported);
  assert.ok(reported.length > 0);
  for (const { task, promptBound, promptTokens, maxTokens, completionTokens } of reported) {
    assert.ok(promptTokens <= promptBound, `${task}: ${promptTokens} prompt tokens above the bound of ${promptBound}`);
    assert.ok(promptBound <= LOOSE * promptTokens, `${task}: ${promptBound} bound ${promptTokens} loosely`);
    assert.ok(completionTokens <= maxTokens, task);
  }
}
