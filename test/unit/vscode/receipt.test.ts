import assert from 'node:assert/strict';
import { usd } from '../../../src/core/money';
import { failedRun } from '../../../src/report/failedRun';
import { receiptMarkdown } from '../../../src/report/receipt';
import { openRecord, recorded } from '../../../src/report/record';
import { BUDGET, events, heading, recordAfter, result, verdict } from './support';

describe('the record of a run', () => {
  it('gathers plan, calls, test runs and result', () => {
    const record = recordAfter();
    assert.equal(record.plan?.topology, 'feedback');
    assert.deepEqual(
      record.calls.map(({ arrived, settled }) => [arrived, settled?.cost]),
      [
        [10, usd('0.0002')],
        [0, usd('0.0001')],
      ],
    );
    assert.deepEqual(
      record.attempts.map(({ attempt, verdict: of }) => [attempt, of?.passed]),
      [
        [1, 1],
        [2, 2],
      ],
    );
    assert.deepEqual(record.account, result().account);
  });

  it('leaves the record that it starts from as it is', () => {
    const before = openRecord(heading, BUDGET);
    const copy = structuredClone({ ...before, account: String(before.account.budget) });
    for (const event of events) recorded(before, event);
    assert.deepEqual({ ...before, account: String(before.account.budget) }, copy);
  });

  it('of a run that failed by itself keeps what was spent', () => {
    const failed = failedRun(recordAfter(4), new Error('The disk is full.'));
    assert.equal(failed.status, 'error');
    assert.equal(failed.account.spent, usd('0.0002'));
    assert.equal(failed.error, 'The disk is full.');
  });
});

describe('the receipt', () => {
  const receipt = receiptMarkdown(recordAfter());

  it('lists every call with what was reserved and billed, exactly', () => {
    assert.match(receipt, /\| 1 \| executor \| cheap \| 600 \| 120 \| \\\$0\.0004 \| \\\$0\.0002 \|/);
    assert.match(
      receipt,
      /\| 2 \| critic \| strong \| 600 \| 120 \| \\\$0\.0001 \| \\\$0\.0001 \| unconfirmed; The connection broke/,
    );
  });

  it('names every column of its lists, for those who have them read out', () => {
    assert.match(receipt, /^\| # \| Role \| Model \| In \| Out \| Reserved \| Billed \| Note \|$/m);
    assert.match(receipt, /^\| Passed \| Test \| Message \| Time \|$/m);
  });

  it('says which call brought the code of an answer first', () => {
    const record = recorded(recordAfter(), { type: 'repeated', attempt: 2, call: 2, model: 'strong', of: 1 });
    assert.match(receiptMarkdown(record), /^\| 2 \| critic \|.*; same code as call 1 \|$/m);
  });

  it('adds up to what was spent, and says what is confirmed, unconfirmed and left', () => {
    assert.match(
      receipt,
      /\*\*Total\*\* \| 2 calls \| \*\*1\u202f200\*\* \| \*\*240\*\* \| \\\$0\.0005 \| \*\*\\\$0\.0003\*\*/,
    );
    assert.match(receipt, /confirmed by the provider \| \\\$0\.0002/);
    assert.match(receipt, /at its worst case \| \\\$0\.0001/);
    assert.match(receipt, /Left over \| \\\$0\.0097/);
  });

  it('adds up by model and by role, reserved against billed', () => {
    assert.match(
      receipt,
      /## By model\n\n\| Model .*\n.*\n\| cheap \| 1 \| 600 \| 120 \| \\\$0\.0004 \| \\\$0\.0002 \|/,
    );
    assert.match(
      receipt,
      /## By role\n\n\| Role .*\n.*\n\| critic \| 1 \| 600 \| 120 \| \\\$0\.0001 \| \\\$0\.0001 \|/,
    );
    assert.doesNotMatch(receiptMarkdown(recordAfter(5)), /## By model/, 'there is nothing to add up');
  });

  it('compares what the plan expected with what it was, and tells raises and warnings', () => {
    assert.match(receipt, /Expected by the plan \| \\\$0\.0003 \|\n\n- The run cost about what the plan expected/);
    const record = recordAfter();
    const raised = { type: 'raised', from: BUDGET, to: usd('0.02'), account: record.account } as const;
    const warning = { cap: 'run', percent: 80, spent: usd('0.008'), limit: BUDGET } as const;
    const more = [raised, { type: 'warning', warning, account: record.account } as const].reduce(recorded, record);
    const text = receiptMarkdown(more);
    assert.match(text, /- The budget was raised from \\\$0\\\.01 to \\\$0\\\.02/);
    assert.match(text, /- 80 % of the task\\'s budget is spent/);
  });

  it('has amounts of one column with the same number of decimals', () => {
    const dear = recordAfter();
    const account = { ...dear.account, spent: usd('0.00030001') };
    const text = receiptMarkdown({ ...dear, account });
    const money = [...(/## Money\n\n([^]*?)\n\n/.exec(text)?.[1]?.matchAll(/\$\d+\.(\d+)/g) ?? [])];
    assert.deepEqual([...new Set(money.map(([, decimals = '']) => decimals.length))], [8]);
  });

  it('shows each test run with its messages', () => {
    assert.match(receipt, /### Answer 1, cheap\n\n1 of 2 tests passed/);
    assert.match(receipt, /\| ✗ \| `assert median\(\[4, 1, 3, 2\]\) == 2\.5` \| got 3 \| 1 ms \|/);
  });

  it('says how it ended, in the same words as everything else', () => {
    assert.match(receipt, /\*\*Solved\\: 2 of 2 tests pass\*\* · Spent \\\$0\.0003 of \\\$0\\\.01$/m);
  });

  it('of a run under way says so and shows what is reserved', () => {
    const running = receiptMarkdown(recordAfter(2));
    assert.match(running, /\*\*Running\*\*/);
    assert.match(running, /Reserved by calls under way \| \\\$0\.0004/);
    assert.match(running, /under way/);
  });

  it('is not bent by what models and tests write', () => {
    const hostile = verdict({
      tests: [{ name: 'x` | ![a](http://evil)', ok: false, message: '| ![a](http://evil)\n# b', durationMs: 1 }],
      stdout: '```\n# heading\n![a](http://evil)',
    });
    const text = receiptMarkdown(
      recorded(recordAfter(5), { type: 'verdict', attempt: 1, call: 1, model: '<img src=x>', verdict: hostile }),
    );
    assert.doesNotMatch(text, /(?<!\\)<img/);
    assert.match(text, /````text\n```\n# heading/);
    const cells = text.split('\n').find((line) => line.startsWith('| ✗'));
    assert.equal(cells?.split(/(?<!\\)\|/).length, 6);
  });
});
