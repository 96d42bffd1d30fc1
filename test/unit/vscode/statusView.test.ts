import assert from 'node:assert/strict';
import { denialOf } from '../../../src/core/budget/denial';
import type { RunEvent } from '../../../src/core/events';
import { usd, ZERO } from '../../../src/core/money';
import { answerLabel, headline } from '../../../src/report/outcome';
import { periodTotals } from '../../../src/report/periodTotals';
import { recorded, type RunRecord } from '../../../src/report/record';
import { statusView } from '../../../src/report/statusView';
import { account, recordAfter, result } from './support';

const context = { before: { day: usd('0.1'), month: usd('2') }, caps: { day: usd(1) } };

describe('the meter in the status bar', () => {
  it('shows spent and budget while it runs', () => {
    const view = statusView(recordAfter(6), context);
    assert.equal(view.text, '$(loading~spin) $0.0002 / $0.01');
    assert.equal(view.label, 'Solvent. Solving. Spent $0.0002 of $0.01. Leads to a menu with Cancel.');
  });

  it('breaks it down in the tooltip', () => {
    const { tooltip } = statusView(recordAfter(7), context);
    for (const part of [
      'Asking strong as critic',
      '| Spent | \\$0.0002 |',
      '| Reserved by calls under way | \\$0.0001 |',
      '| Left of the budget | \\$0.0097 |',
      '| Today | \\$0.1002 of \\$1.00 |',
      '| This month | \\$2.00, no cap |',
      '| 1 × cheap, executor | \\$0.0002 |',
    ]) {
      assert.ok(tooltip.replace(/\\([,.:])/g, '$1').includes(part), `${part}\n\n${tooltip}`);
    }
  });

  it('shows what the last run came to', () => {
    const solved = statusView(recordAfter(), context);
    assert.equal(solved.text, '$(pass) $0.0003 / $0.01');
    assert.match(solved.label, /^Solvent\. Solved: 2 of 2 tests pass\. Spent .* Leads to the receipt\.$/);
    const record = recorded(recordAfter(3), { type: 'finished', result: result({ status: 'error', stop: 'failed' }) });
    assert.equal(statusView(record, context).text, '$(error) $0.0003 / $0.01');
  });

  it('asks, prominently, where the budget is exhausted', () => {
    const denial = denialOf([{ cap: 'run', left: usd('0.0001') }], 'critic', 'strong', usd('0.0004'));
    const asking = recorded(recordAfter(6), { type: 'exhausted', denial });
    const view = statusView(asking, context);
    assert.equal(view.text, '$(bell) $0.0002 / $0.01: raise?');
    assert.equal(
      view.label,
      'Solvent. The budget is exhausted: raise it, or stop. Spent $0.0002 of $0.01. Leads to the question.',
    );
    assert.equal(view.prominent, true);
    assert.ok(view.tooltip.includes('would admit it'));
    assert.ok(view.tooltip.endsWith('_Click to raise the budget or to stop_'));
    const raised = { type: 'raised', from: usd('0.01'), to: usd('0.02'), account: account({ budget: usd('0.02') }) };
    const after = statusView(recorded(asking, raised as RunEvent), context);
    assert.deepEqual([after.text, after.prominent], ['$(loading~spin) $0.00 / $0.02', false]);
  });

  it('says in words, too, how much of the budget is gone', () => {
    const record = { ...recordAfter(6), account: account({ spent: usd('0.0081') }) };
    const { label } = statusView(record, context);
    assert.equal(
      label,
      'Solvent. Solving. 80 % of the budget is spent. Spent $0.0081 of $0.01. Leads to a menu with Cancel.',
    );
  });

  it('is prominent from 80 % of the budget on, until the run has ended', () => {
    const at = (spent: string, more: Partial<RunRecord> = {}): boolean =>
      statusView({ ...recordAfter(6), account: account({ spent: usd(spent) }), ...more }, context).prominent;
    assert.deepEqual([at('0.0079'), at('0.008'), at('0.0096')], [false, true, true]);
    assert.equal(at('0.0096', { result: result() }), false);
  });

  it('has no icon or link that a task could bring', () => {
    const record = recordAfter(2);
    const { tooltip } = statusView(
      { ...record, heading: { ...record.heading, task: '$(zap) [x](command:y)' } },
      context,
    );
    assert.doesNotMatch(tooltip, /(?<!\\)\$\(zap/);
    assert.doesNotMatch(tooltip, /\]\(command/);
  });
});

describe('the words for how a run ended', () => {
  const verdict = { passed: 2, total: 3, ran: true };

  it('call nothing solved but what is', () => {
    assert.equal(headline(result()), 'Solved: 2 of 2 tests pass');
    assert.equal(headline(result({ status: 'unsolved', stop: 'gave up', verdict })), 'Not solved: 2 of 3 tests pass');
    assert.equal(
      headline(result({ status: 'exhausted', stop: 'exhausted', verdict })),
      'Budget exhausted: 2 of 3 tests pass',
    );
    assert.equal(
      headline(result({ status: 'unsolved', stop: 'cancelled', code: '' })),
      'Cancelled: there is no answer',
    );
    assert.equal(headline(result({ stop: 'agreed' })), 'Solved: 2 of 2 tests pass, and an independent answer agrees');
    assert.equal(
      headline(result({ stop: 'disputed' })),
      'Solved, but disputed: 2 of 2 tests pass, and an independent answer does otherwise',
    );
    assert.equal(
      headline(result({ status: 'exhausted', stop: 'denied', verdict })),
      'Stopped by a cap: 2 of 3 tests pass',
    );
    const untested = { status: 'unsolved', stop: 'untested', verdict: { passed: 0, total: 0, ran: false } } as const;
    assert.equal(headline(result(untested)), 'Not verified: there were no tests');
  });

  it('label the answer itself', () => {
    assert.equal(answerLabel(result()), 'solved: 2 of 2 tests pass');
    assert.equal(answerLabel(result({ status: 'unsolved', verdict })), 'not verified: 2 of 3 tests pass');
  });
});

describe('the totals of day and month', () => {
  it('count what lies in the same day and month, in the local calendar', () => {
    const at = new Date(2026, 10, 20, 12).getTime();
    const entries = [
      { at, cost: usd('0.1') },
      { at: new Date(2026, 10, 19, 23, 59).getTime(), cost: usd('0.2') },
      { at: new Date(2026, 9, 31).getTime(), cost: usd('0.4') },
      { at: new Date(2025, 10, 20).getTime(), cost: usd('0.8') },
    ];
    assert.deepEqual(periodTotals(entries, at), { day: usd('0.1'), month: usd('0.3') });
    assert.deepEqual(periodTotals([], at), { day: ZERO, month: ZERO });
  });
});
