import assert from 'node:assert/strict';
import { usd } from '../../src/core/money';
import { dataFolder } from '../../src/bench/topologies/recordings';
import { MBPP_TYPED, replay } from '../../src/bench/topologies/replay';
import { type Row, summaryOf, tableOf } from '../../src/bench/topologies/table';

describe('the table of topologies, profiles and modes', function () {
  this.timeout(120_000);

  it('compares every way with the first, by what the hidden tests say and what was booked', () => {
    const booked = { cost: usd('0.001'), reserved: usd('0.003'), worstReserved: usd('0.002') };
    const run = { code: 'x', passes: true, right: true, ...booked, calls: 2, rounds: 1 };
    const rows: Row[] = [
      { name: 'base', runs: [run, { ...run, right: false }] },
      { name: 'other', runs: [{ ...run, cost: usd('0.0005') }] },
    ];
    assert.deepEqual(summaryOf(rows[0]!), { accuracy: 50, wrongPasses: 50, cost: 1000, calls: 2, rounds: 1 });
    const [, base, other] = tableOf(rows).map((line) => line.trim().split(/ {2,}/));
    assert.deepEqual(base, ['base', '50.0', '50.0', '1000', '1.00x', '2.00', '1.00']);
    assert.deepEqual(other, ['other', '100.0', '0.0', '500', '0.50x', '2.00', '1.00']);
    assert.deepEqual(tableOf([]), []);
  });

  it('comes out the same whenever recorded answers are replayed, with every call paid', async function () {
    const data = dataFolder();
    if (data === undefined) {
      console.log('    skipped: no recordings; set SOLVENT_DATA to the folder that holds humaneval/');
      this.skip();
    }
    const options = {
      data,
      draws: 1,
      tasks: 6,
      budget: usd('0.3'),
      only: ['linear, balanced', 'star, frugal', 'feedback, paper'],
    };
    const rows = await replay(options);
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['plain cascade', 'linear, balanced', 'star, frugal', 'feedback, paper'],
    );
    for (const { runs } of rows) {
      assert.equal(runs.length, 6);
      for (const { cost, calls, rounds } of runs) assert.ok(cost > 0n && calls >= rounds && rounds > 0);
    }
    const [, linear, star, paper] = rows.map(summaryOf);
    assert.ok(star!.rounds < star!.calls, 'branches are one round');
    assert.ok(linear!.accuracy >= paper!.accuracy);
    assert.deepEqual(
      tableOf(await replay({ ...options, only: ['linear, balanced'] })).slice(0, 3),
      tableOf(rows.slice(0, 2)),
    );
  });

  it('holds what the verified profile does with no more money than a run of the paper has spent', async function () {
    const data = dataFolder();
    if (data === undefined) {
      console.log('    skipped: no recordings; set SOLVENT_DATA to the folder that holds mbpp-typed/');
      this.skip();
    }
    const about = { set: MBPP_TYPED, data, draws: 1, tasks: 12, budget: usd('0.3') };
    const rows = await replay({ ...about, only: ["feedback at the paper's cost"] });
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['plain cascade', 'feedback, paper', "feedback at the paper's cost"],
    );
    const [, paper, verified] = rows;
    for (const [index, { cost, worstReserved }] of verified!.runs.entries()) {
      const most = paper!.runs[index]!.cost;
      assert.ok(cost <= most && worstReserved <= most, `run ${index}`);
    }
    assert.ok(summaryOf(verified!).accuracy > summaryOf(paper!).accuracy);
    assert.ok(verified!.runs.some(({ calls }) => calls > 1));
  });

  it('is made of answers to typed stubs of MBPP too, which are fewer', async function () {
    const data = dataFolder();
    if (data === undefined) {
      console.log('    skipped: no recordings; set SOLVENT_DATA to the folder that holds mbpp-typed/');
      this.skip();
    }
    const all = await MBPP_TYPED.read(data);
    assert.equal(all.length, 203);
    for (const { task_id: id, recordings } of all) {
      for (const { id: name } of [MBPP_TYPED.strong, MBPP_TYPED.cheap]) {
        assert.ok((recordings[name]?.samples?.length ?? 0) >= 2, `${id}: ${name}`);
      }
    }
    const set = { set: MBPP_TYPED, data, draws: 1, tasks: 6, budget: usd('0.3'), only: ['linear, frugal'] };
    const [cascade, linear] = (await replay(set)).map(summaryOf);
    assert.ok(cascade!.accuracy > 0 && linear!.accuracy > 0);
  });
});
