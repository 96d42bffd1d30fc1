import assert from 'node:assert/strict';
import type { Violation } from '../../src/core/budget/violation';
import type { BookedCall } from '../replay/bookedCalls';
import { builtCli } from '../replay/batchRun';
import { runCampaign, withoutSandbox } from '../replay/campaign';
import { type Workload, workload } from '../replay/workload';
import { attoUsd } from '../servers/bill';
import type { ServedCall } from '../servers/hostileCall';
import { type Lie, LIES } from '../servers/hostileFaults';
import { PROVED } from './proved';

const RUNS = 80;
const CAMPAIGN_MS = 300_000;

/** This leaves nothing to look at: one such report is more than any budget, and its model is not asked again. */
const LAST_WORD: Lie = 'huge count';

describe('a batch against a provider of which every fifth call lies', function () {
  this.timeout(CAMPAIGN_MS);
  let work: Workload;
  let cli: Awaited<ReturnType<typeof builtCli>>;

  before(async () => {
    work = await workload();
    cli = await builtCli();
  });
  after(() => (cli as typeof cli | undefined)?.remove());

  it('comes to its end, and has every lie that can be proved on the ledger, at its call and in no other', async function () {
    const budget = work.budgets.at(-1);
    assert.ok(budget !== undefined);
    const kinds = LIES.filter((lie) => lie !== LAST_WORD);
    const faults = { seed: 11, rate: 0.2, kinds };
    const outcome = await runCampaign({
      cli: cli.cli,
      workload: work,
      budget,
      from: 0,
      count: RUNS,
      faults,
      mode: 'frugal',
    });
    const skipped = withoutSandbox(outcome);
    if (skipped !== undefined) {
      console.log(`    skipped: ${skipped}`);
      this.skip();
    }
    const { lines, served, booked, ledger } = outcome;
    assert.equal(lines.length, RUNS);
    let told = 0;
    for (const { id, cost } of lines) {
      const calls = served.filter(({ run }) => run === id);
      const entries = booked.filter(({ task }) => task === id);
      assert.equal(entries.length, calls.length, id);
      for (const [index, call] of calls.entries()) {
        const { fault, maxTokens } = call;
        const entry = entries[index];
        assert.equal(entry?.maxTokens, maxTokens, id);
        const proof = proofOf(call, entry);
        if (proof === undefined) assert.deepEqual(entry.violations, [], `${id}: ${fault ?? 'no lie'}`);
        else
          assert.ok(
            entry.violations.includes(proof),
            `${id}: ${fault ?? ''} (${call.billed} atto-dollars billed, ${entry.reserved} reserved) is found out`,
          );
        if (fault !== undefined) told++;
      }
      const excess = entries.reduce((sum, entry) => sum + above(entry.cost, entry.reserved), 0n);
      assert.ok(cost <= attoUsd(budget) + excess, `${id} is beyond its budget by what the provider took only`);
    }
    assert.ok(told >= RUNS / 10, `${told} lies`);
    const violations = booked.flatMap((entry) => entry.violations);
    for (const [violation, times] of ledger.violations) {
      assert.equal(times, violations.filter((one) => one === violation).length, violation);
    }
    assert.equal(new Set(violations).size, ledger.violations.size);
    const sum = lines.reduce((all, { cost }) => all + cost, 0n);
    assert.equal(ledger.total, sum);
    console.log(
      `    ${told} lies: ${[...ledger.violations].map(([violation, times]) => `${times} ${violation}`).join(', ')}`,
    );
  });
});

/**
 * What is proved of a call at least. A prompt that is said to be longer than it is, is expected to be so next time:
 * then neither it nor a cost that is too high need be above what was reserved.
 */
function proofOf(call: ServedCall, entry: BookedCall): Violation | undefined {
  const [proof] = call.fault === undefined ? [] : PROVED[call.fault as Lie].known;
  if (proof === 'prompt above bound' && call.promptTokens <= entry.promptBound) return undefined;
  if (proof === 'billed above reserved' && call.billed <= entry.reserved) return undefined;
  return proof;
}

function above(amount: bigint, limit: bigint): bigint {
  return amount > limit ? amount - limit : 0n;
}
