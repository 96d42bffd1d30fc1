import assert from 'node:assert/strict';
import { denialOf } from '../../../src/core/budget/denial';
import { usd } from '../../../src/core/money';
import { denialItems, denialTable, denialTitle, widerShortage } from '../../../src/report/denialView';

const run = denialOf([{ cap: 'run', left: usd('0.0004') }], 'critic', 'gpt-4o', usd('0.0013'));
const several = denialOf(
  [
    { cap: 'run', left: usd('0.001') },
    { cap: 'workspace month', left: usd('0.0002') },
    { cap: 'user day', left: usd('5') },
  ],
  'critic',
  'gpt-4o',
  usd('0.0013'),
);

describe('why a call was denied', () => {
  it('names the call', () => {
    assert.equal(denialTitle(run), 'Solvent: why a call to gpt-4o as critic was not admitted');
  });

  it('lists every cap in the way with what was asked, what was left and the smallest raise, the tightest first', () => {
    const [month, budget, ...rest] = denialItems(several, false);
    assert.deepEqual(month, {
      label: "$(circle-slash) The workspace's cap for this month",
      description: 'asked $0.0013 · left $0.0002 · smallest raise $0.0011',
      detail: "Set by solvent.budget.perMonth in the workspace's settings.",
      action: { kind: 'settings', limit: { setting: 'solvent.budget.perMonth', owner: 'workspace' } },
    });
    assert.equal(budget?.label, "$(circle-slash) The task's budget");
    assert.deepEqual(budget.action, {
      kind: 'settings',
      limit: { setting: 'solvent.budget.perTask', owner: 'user' },
    });
    const [title, ...why] = rest;
    assert.deepEqual([title?.label, title?.separator], ['Why', true]);
    const said = why.flatMap(({ label, detail = '' }) => [label.replace(/^\$\(\w+\) /, ''), detail]);
    assert.equal(said.join(' ').trim(), several.message, 'all of it, however long');
    assert.ok(why.every(({ action }) => action === undefined));
  });

  it('leads back to the question while the run waits', () => {
    assert.deepEqual(denialItems(run, true)[0]?.action, { kind: 'raise' });
  });

  it('is a table in Markdown', () => {
    assert.equal(
      denialTable(several).replace(/\\/g, ''),
      [
        '| Cap | Asked | Left | Smallest raise |',
        '| --- | ---: | ---: | ---: |',
        "| The workspace's cap for this month | $0.0013 | $0.0002 | $0.0011 |",
        "| The task's budget | $0.0013 | $0.001 | $0.0003 |",
      ].join('\n'),
    );
  });

  it('knows the cap that no raise of the budget helps against', () => {
    assert.equal(widerShortage(run), undefined);
    assert.equal(widerShortage(several)?.cap, 'workspace month');
  });
});
