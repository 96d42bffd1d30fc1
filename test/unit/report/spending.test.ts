import assert from 'node:assert/strict';
import type { Entry } from '../../../src/core/budget/entry';
import type { HistoryRecord } from '../../../src/core/budget/ledger';
import { writeEntry } from '../../../src/core/budget/ledger/state';
import { add, usd, ZERO } from '../../../src/core/money';
import { Spending, type SpendingReport } from '../../../src/report/spending';
import { billOf, BOOKING, BOUND } from '../../support/bills';

const NOON = new Date(2026, 10, 20, 12).getTime();
const DAY = 86_400_000;

function call(run: string, model: string, cost: string, more: Partial<Entry> = {}): HistoryRecord {
  const entry: Entry = {
    ...{ ...BOOKING, run, task: `task of ${run}`, model, id: `${run} ${model} ${cost}`, at: NOON, until: NOON },
    ...{ ...billOf(usd(cost)), reserved: usd('0.002'), bound: BOUND, state: 'settled' },
    ...more,
  };
  return { type: 'call', entry: writeEntry(entry) };
}

const heading = { type: 'run', task: 't', workspace: '/w', at: NOON, worst: '0.002' } as const;
const records: readonly HistoryRecord[] = [
  { ...heading, run: 'r1', budget: '0.01', expected: '0.0024' },
  call('r1', 'b', '0.001'),
  call('r1', 'a', '0.0002', {
    unconfirmed: usd('0.0002'),
    violations: ['usage below answer', 'billed above reserved'],
  }),
  { ...heading, run: 'r1', budget: '0.05', expected: '0.9' },
  { type: 'end', run: 'r1', at: NOON, status: 'solved' },
  call('r2', 'a', '0.00003', { at: NOON + DAY, role: 'executor' }),
  { type: 'damaged', file: '/x/ledger.1.jsonl', number: 7 },
  {
    ...{ type: 'day', day: '2025-01-31', workspace: '/w', model: 'b', role: 'judge' },
    ...{
      calls: 10,
      promptTokens: 100,
      completionTokens: 50,
      reserved: '1',
      cost: '0.5',
      unconfirmed: '0.1',
      violations: 2,
    },
  },
  { type: 'runs', day: '2025-01-31', workspace: '/w', runs: 3, expected: '0.4' },
];

function reportOf(all: readonly HistoryRecord[]): SpendingReport {
  const spending = new Spending();
  for (const record of all) spending.add(record);
  return spending.report();
}

describe('the report of a ledger', () => {
  const report = reportOf(records);

  it('adds up by day, month, model, role and run, confirmed and unconfirmed', () => {
    assert.deepEqual(
      report.days.map(({ day, calls, costUsd }) => [day, calls, costUsd]),
      [
        ['2025-01-31', 10, usd('0.5')],
        ['2026-11-20', 2, usd('0.0012')],
        ['2026-11-21', 1, usd('0.00003')],
      ],
    );
    assert.deepEqual(
      report.months.map(({ month, costUsd }) => [month, costUsd]),
      [
        ['2025-01', usd('0.5')],
        ['2026-11', usd('0.00123')],
      ],
    );
    assert.deepEqual(
      report.models.map(({ model, calls, confirmedUsd, unconfirmedUsd }) => [
        model,
        calls,
        confirmedUsd,
        unconfirmedUsd,
      ]),
      [
        ['a', 2, usd('0.00003'), usd('0.0002')],
        ['b', 11, usd('0.401'), usd('0.1')],
      ],
    );
    assert.deepEqual(
      report.roles.map(({ role, calls }) => [role, calls]),
      [
        ['critic', 2],
        ['executor', 1],
        ['judge', 10],
      ],
    );
    assert.deepEqual(
      report.runs.map(({ run, costUsd }) => [run, costUsd]),
      [
        ['r1', usd('0.0012')],
        ['r2', usd('0.00003')],
      ],
    );
  });

  it('has a total that every grouping comes to', () => {
    const { costUsd, confirmedUsd, unconfirmedUsd, calls, promptTokens, violations } = report.total;
    assert.deepEqual([calls, promptTokens, costUsd, violations], [13, 136, usd('0.50123'), 3]);
    assert.equal(costUsd, add(confirmedUsd, unconfirmedUsd));
    for (const groups of [report.days, report.months, report.models, report.roles]) {
      assert.equal(add(ZERO, ...groups.map((group) => group.costUsd)), costUsd);
    }
  });

  it('knows of a run what its plan expected, its last budget and how it ended; of an unannounced one its task', () => {
    const [first, second] = report.runs;
    assert.deepEqual(
      [first?.task, first?.status, first?.budgetUsd, first?.expectedUsd],
      ['t', 'solved', usd('0.05'), usd('0.0024')],
    );
    assert.deepEqual([second?.task, second?.status, second?.budgetUsd], ['task of r2', undefined, undefined]);
  });

  it('says how good estimates were, over the runs that ended', () => {
    assert.deepEqual(report.estimates, {
      ...{ runs: 1, expectedUsd: usd('0.0024'), actualUsd: usd('0.0012'), budgetUsd: usd('0.05'), medianRatio: 0.5 },
    });
  });

  it('changes a call that was cleared later by what was cleared, and counts it once', () => {
    const cleared = call('r1', 'a', '0.0002');
    assert.ok(cleared.type === 'call');
    const { total, runs } = reportOf([
      ...records,
      { type: 'cleared', entry: cleared.entry, cost: '-0.0001', unconfirmed: '-0.0002' },
    ]);
    assert.deepEqual([total.calls, total.costUsd, total.unconfirmedUsd], [13, usd('0.50113'), usd('0.1')]);
    assert.equal(runs[0]?.costUsd, usd('0.0011'));
  });

  it('names the lines that could not be read', () => {
    assert.deepEqual(report.unreadable, [{ file: '/x/ledger.1.jsonl', line: 7 }]);
  });
});
