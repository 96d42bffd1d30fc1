import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Entry } from '../../../src/core/budget/entry';
import { usd, ZERO } from '../../../src/core/money';
import { readAmount } from '../../../src/report/amountInput';
import { ratioText } from '../../../src/report/callGroups';
import { exact, exactColumn } from '../../../src/report/exactMoney';
import { damageText, repairTexts } from '../../../src/report/repairText';
import { callItems, runItems } from '../../../src/report/runItems';
import { shortIds } from '../../../src/report/shortId';
import { NO_CALLS } from '../../../src/report/spending';
import { isoTime, timeText } from '../../../src/report/when';
import { BOUND } from './ledgerFixture';

describe('short ids', () => {
  it('begin the ids, have eight characters where these do, and tell all ids apart', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[ab]{1,14}$/), { maxLength: 20 });
    fc.assert(
      fc.property(ids, (all) => {
        const short = shortIds(all);
        for (const id of all) {
          const beginning = short.get(id) ?? '';
          assert.ok(id.startsWith(beginning) && (beginning.length >= 8 || beginning === id));
          const longer = all.filter((other) => other.startsWith(beginning) && other !== id);
          assert.ok(longer.length === 0 || beginning === id);
        }
      }),
    );
    assert.deepEqual([...shortIds(['01234567-89', 'ffffffff-ff']).values()], ['01234567', 'ffffffff']);
  });
});

describe('words about money and time', () => {
  it('are exact amounts with the same number of decimals, a minus before the dollar sign', () => {
    assert.deepEqual(exactColumn([usd('1'), usd('0.00012')]), ['$1.00000', '$0.00012']);
    assert.equal(exact((ZERO - usd('0.5')) as typeof ZERO), '-$0.50');
  });

  it('compare with what was expected', () => {
    assert.equal(ratioText(0.8249, 'the plan'), '0.82 times what the plan expected');
    assert.equal(ratioText(12.345, 'the plan'), '12.3 times what the plan expected');
    assert.equal(ratioText(0.999, 'the plan'), 'about what the plan expected');
  });

  it('are moments of the machine that can be read back', () => {
    const at = new Date(2026, 10, 20, 4, 5, 6, 7).getTime();
    assert.equal(timeText(at), '2026-11-20 04:05:06');
    assert.equal(Date.parse(isoTime(at)), at);
    assert.match(isoTime(at), /^2026-11-20T04:05:06\.007[+-]\d\d:\d\d$/);
  });

  it('are read from what people type', () => {
    assert.equal(readAmount(' $ 0.002 '), usd('0.002'));
    for (const text of ['', '-1', '1,5', 'a lot', '$']) assert.equal(readAmount(text), undefined);
  });
});

describe('what a repair says', () => {
  it('before it: what cannot be read, what is lost and what is kept', () => {
    const text = damageText('ledger.3.jsonl', 2);
    assert.match(text, /^2 lines of ledger\.3\.jsonl cannot be read\. .+ no longer counts against your caps/);
    assert.match(text, /Nothing is deleted/);
    assert.match(damageText('ledger.3.jsonl', 0), /^ledger\.3\.jsonl is missing\./);
  });

  it('after it: the lines, the file and what was booked', () => {
    const unreadable = [{ line: 7, excerpt: '{"type":"settle"' }];
    const texts = repairTexts({ setAside: '/l/ledger.1.damaged.jsonl', unreadable, assumed: usd('0.5') }, usd('0.3'));
    assert.equal(texts[0], 'Line 7 cannot be read: {"type":"settle"…');
    assert.match(texts[1]!, /kept as \/l\/ledger\.1\.damaged\.jsonl/);
    assert.match(texts[2]!, /^\$0\.20 of calls whose reservation cannot be read/);
    assert.match(texts[3]!, /^\$0\.30 for what cannot be read/);
    assert.equal(texts[4], 'Spending goes on.');
    assert.equal(repairTexts({ setAside: undefined, unreadable: [], assumed: ZERO }, ZERO).length, 2);
  });
});

describe('lists to choose from', () => {
  it('offer the last runs, the latest first, with what they cost', () => {
    const at = new Date(2026, 10, 20, 12).getTime();
    const run = { ...NO_CALLS, run: 'r1', task: 'median', day: '2026-11-20', at, workspace: '' };
    const known = { status: 'solved', budgetUsd: usd('0.01'), expectedUsd: usd('0.001'), costUsd: usd('0.0022') };
    const items = runItems([run, { ...run, ...known, run: 'r2', task: 'x $(trash) y' }]);
    assert.deepEqual(items[0], {
      ...{ id: 'r2', label: '$(pass) x $ (trash) y', description: '$0.0022 of $0.01' },
      detail: '2026-11-20 12:00:00 · solved · expected $0.001 · r2',
    });
    assert.equal(items[1]?.detail, '2026-11-20 12:00:00 · not seen to end · r1');
  });

  it('offer unconfirmed calls, the latest first, with how much of them is unconfirmed', () => {
    const at = new Date(2026, 10, 20, 12).getTime();
    const call: Entry = {
      ...{ id: 'c1', at, until: at, run: 'r', task: 't', workspace: '', model: 'm' },
      ...({ role: 'critic', state: 'settled' } as const),
      ...{ reserved: usd('1'), bound: BOUND, cost: usd('1'), unconfirmed: usd('1'), reported: false, violations: [] },
      ...{ promptTokens: 1, completionTokens: 1 },
    };
    const items = callItems([call, { ...call, id: 'c2', unconfirmed: usd('0.4') }]);
    assert.deepEqual(
      items.map(({ id, label, description }) => [id, label, description]),
      [
        ['c2', '$(question) m as critic', '$1.00, $0.40 of it unconfirmed'],
        ['c1', '$(question) m as critic', '$1.00'],
      ],
    );
  });
});
