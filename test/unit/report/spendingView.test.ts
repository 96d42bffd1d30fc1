import assert from 'node:assert/strict';
import { appendFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { usd } from '../../../src/core/money';
import type { Table } from '../../../src/report/sheet';
import { sheetMarkdown } from '../../../src/report/sheetMarkdown';
import { damagedFacts, spendingFacts } from '../../../src/report/spendingFacts';
import { type Hints, spendingSheet } from '../../../src/report/spendingView';
import { aLedger, LedgerFixture } from './ledgerFixture';

const HINTS: Hints = { clear: 'CLEAR', forget: 'FORGET', receipt: 'RECEIPT', repair: 'REPAIR' };

describe('the report of spending', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => (fixture = await aLedger()));
  afterEach(() => fixture.remove());

  const sheet = async () => spendingSheet(await spendingFacts(fixture.ledger), HINTS);
  const tableOf = async (title: string): Promise<Table> => {
    const found = (await sheet()).sections.find((section) => section.title === title)?.table;
    assert.ok(found, title);
    return found;
  };
  const linesOf = async (title: string): Promise<string[]> =>
    (await sheet()).sections.find((section) => section.title === title)?.lines?.map(({ text }) => text) ?? [];

  it('adds up by month, day, model and role, reserved against billed', async () => {
    const month = await tableOf('By month');
    assert.deepEqual(month.rows, [['2026-11', 3, 1800, 4336, usd('0.006'), usd('0.00630003'), usd('0.002')]]);
    assert.deepEqual(month.total?.slice(1), month.rows[0]?.slice(1));
    assert.deepEqual(
      (await tableOf('By day')).rows.map(([day, calls, , , , billed]) => [day, calls, billed]),
      [
        ['2026-11-20', 2, usd('0.0022')],
        ['2026-11-21', 1, usd('0.00410003')],
      ],
    );
    assert.deepEqual(
      (await tableOf('By model')).rows.map(([model, calls]) => [model, calls]),
      [
        ['cheap', 2],
        ['strong', 1],
      ],
    );
    assert.deepEqual(
      (await tableOf('By role')).rows.map(([role]) => role),
      ['critic', 'executor'],
    );
  });

  it('lists the last runs with an id that tells them apart, expected and billed', async () => {
    const { rows } = await tableOf('Runs');
    assert.deepEqual(
      rows.map(([id, day, task, ended, calls, , , expected, , billed]) => [
        id,
        day,
        task,
        ended,
        calls,
        expected,
        billed,
      ]),
      [
        ['aaaaaaaa-1', '2026-11-20', 'median', 'solved', 2, usd('0.001'), usd('0.0022')],
        ['aaaaaaaa-2', '2026-11-21', 'roman', 'unsolved', 1, usd('0.0041'), usd('0.00410003')],
      ],
    );
  });

  it('shows no more than the last runs, and says so', async () => {
    for (let run = 0; run < 25; run++) {
      await fixture.begin(`run-${String(run).padStart(4, '0')}`, 'more');
      await fixture.call(`run-${String(run).padStart(4, '0')}`, 'cheap', 'executor', { cost: usd('0.0001') });
    }
    const { rows } = await tableOf('Runs');
    assert.deepEqual([rows.length, rows.at(-1)?.[0]], [20, 'run-0024']);
    assert.deepEqual(await linesOf('Runs'), ['The last 20 of 27.', 'RECEIPT']);
  });

  it('says how good estimates were, in words', async () => {
    const [median, whole] = await linesOf('Estimates');
    assert.equal(median, 'Runs cost 2.2 times what their plans expected: the median of 2 runs.');
    assert.match(whole!, /billed \$0\.00630003 where \$0\.0051 was expected: 1\.24 times what the plans expected\.$/);
  });

  it('flags models that ignore their limit, and every broken word', async () => {
    const [flag, forget] = await linesOf('Models that ignore their limit');
    assert.match(flag!, /^cheap ignored its limit in 1 call, the longest answer had 4\u202f096 tokens: its calls/);
    assert.equal(forget, 'FORGET');
    assert.deepEqual((await tableOf('Providers that broke their word')).rows, [
      ['cheap', 'billed above reserved', 1],
      ['cheap', 'completion above limit', 1],
    ]);
  });

  it('lists what was learned of prompts, by model', async () => {
    assert.deepEqual((await tableOf('Learned of prompts')).rows, [['cheap', 2, '× 1.2', undefined]]);
  });

  it('lists unconfirmed calls that can be cleared, and tells those that are awaited', async () => {
    await fixture.call('aaaaaaaa-2222', 'cheap', 'executor', undefined, 'roman');
    const { rows } = await tableOf('Unconfirmed calls');
    assert.deepEqual(
      rows.map((row) => row.slice(2)),
      [['median', 'strong', 'critic', usd('0.002'), undefined]],
    );
    assert.match(String(rows[0]?.[0]), /^[0-9a-f]{8}$/);
    assert.deepEqual(await linesOf('Unconfirmed calls'), ['CLEAR']);
    assert.match((await linesOf('Under way'))[0]!, /^1 call under way: it counts as \$0\.002,/);
    fixture.now += 31 * 60_000;
    assert.equal((await tableOf('Unconfirmed calls')).rows.length, 2);
    assert.deepEqual(await linesOf('Under way'), []);
  });

  it('holds today and this month against caps where they are known', async () => {
    const facts = await spendingFacts(fixture.ledger);
    const { sections } = spendingSheet({ ...facts, caps: { day: usd('0.01') } }, HINTS);
    assert.deepEqual(sections[0]?.table?.rows, [
      ['Today', '$0.00410003 of $0.01 (41 %)'],
      ['This month', '$0.00630003, no cap'],
    ]);
  });

  it('says of a damaged ledger what is wrong and what to do, and shows the rest', async () => {
    const [file = ''] = await readdir(fixture.folder);
    await appendFile(path.join(fixture.folder, file), 'rubbish\n');
    const { sections } = spendingSheet(await damagedFacts(fixture.folder, 'It is damaged.'), HINTS);
    assert.deepEqual(
      sections[0]?.lines?.map(({ text }) => text),
      ['It is damaged.', 'REPAIR', 'Below is what can be read.'],
    );
    assert.equal(sections.find(({ title }) => title === 'By month')?.table?.total?.[1], 3);
    assert.match(sections.at(-1)?.lines?.[0]?.text ?? '', /^1 line of the ledger cannot be read: .+ missing above\.$/);
  });

  it('says that nothing was spent', async () => {
    const empty = await LedgerFixture.create();
    const markdown = sheetMarkdown(spendingSheet(await spendingFacts(empty.ledger), HINTS));
    assert.equal(markdown, '# Spending\n\nNothing was spent yet\\.\n');
    await empty.remove();
  });

  it('is Markdown whose columns have the same number of decimals', async () => {
    const markdown = sheetMarkdown(await sheet());
    const [, , ...rows] = /## By day\n\n([^]*?)\n\n/.exec(markdown)?.[1]?.split('\n') ?? [];
    assert.deepEqual(
      rows.map((row) => row.split('|')[6]?.trim()),
      ['\\$0.00220000', '\\$0.00410003'],
    );
    assert.match(markdown, /\*\*Total\*\* \| \*\*3\*\* \| \*\*1\u202f800\*\*/);
  });

  it('is not bent by names of tasks and models', async () => {
    await fixture.begin('evil', 'x | [a](command:b) <img src=x>');
    await fixture.call(
      'evil',
      '`m` | **b**\n# h',
      'executor',
      { cost: usd('0.0001') },
      'x | [a](command:b) <img src=x>',
    );
    const markdown = sheetMarkdown(await sheet());
    assert.doesNotMatch(markdown, /(?<!\\)<img|\]\(command|^# h/m);
    for (const line of markdown.split('\n').filter((text) => text.includes('img'))) {
      assert.equal(line.split(/(?<!\\)\|/).length, 13);
    }
  });
});
