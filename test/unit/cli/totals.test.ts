import assert from 'node:assert/strict';
import { ledgerReport } from '../../../src/cli/totals';
import { usd } from '../../../src/core/money';

const at = new Date(2026, 10, 20, 12).getTime();
const entry = (run: string, model: string, cost: string, confirmed = true, day = 0) => ({
  ...{ run, task: `task of ${run}`, model, cost: usd(cost), confirmed, at: at + day * 86_400_000 },
  ...{ promptTokens: 10, completionTokens: 5 },
});

describe('the report of a ledger', () => {
  const report = ledgerReport([
    entry('r1', 'b', '0.001'),
    entry('r1', 'a', '0.0002', false),
    entry('r2', 'a', '0.00003', true, 1),
  ]);

  it('adds up by day, model and run, confirmed and unconfirmed', () => {
    assert.deepEqual(
      report.days.map(({ day, costUsd }) => [day, costUsd]),
      [
        ['2026-11-20', usd('0.0012')],
        ['2026-11-21', usd('0.00003')],
      ],
    );
    assert.deepEqual(
      report.models.map(({ model, calls, unconfirmedUsd }) => [model, calls, unconfirmedUsd]),
      [
        ['a', 2, usd('0.0002')],
        ['b', 1, 0n],
      ],
    );
    assert.deepEqual(
      report.runs.map(({ run, task }) => [run, task]),
      [
        ['r1', 'task of r1'],
        ['r2', 'task of r2'],
      ],
    );
  });

  it('has a total that every grouping comes to', () => {
    const { costUsd, confirmedUsd, unconfirmedUsd, calls, promptTokens } = report.total;
    assert.deepEqual([calls, promptTokens, costUsd], [3, 30, usd('0.00123')]);
    assert.equal(costUsd, confirmedUsd + unconfirmedUsd);
    for (const groups of [report.days, report.models, report.runs]) {
      assert.equal(
        groups.reduce((sum, group) => sum + group.costUsd, 0n),
        costUsd,
      );
    }
  });
});
