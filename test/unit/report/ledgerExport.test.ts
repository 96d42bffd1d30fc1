import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { usd } from '../../../src/core/money';
import { writeExport } from '../../../src/report/exportFile';
import { COLUMNS, type ExportFormat, exportRows, exportText } from '../../../src/report/ledgerExport';
import { aLedger, LedgerFixture } from './ledgerFixture';
import { parseCsv } from './parseCsv';

const none = (): void => {
  throw new Error('Every line can be read.');
};

const exported = async (folder: string, format: ExportFormat): Promise<string> => {
  let text = '';
  for await (const piece of exportText(exportRows(folder, none), format)) text += piece;
  return text;
};

describe('an export of the ledger', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => (fixture = await aLedger()));
  afterEach(() => fixture.remove());

  it('is CSV with a header and a row for every call, with what is known of its run', async () => {
    const [head, ...rows] = parseCsv(await exported(fixture.folder, 'csv'));
    assert.deepEqual(head, [...COLUMNS]);
    assert.equal(rows.length, 3);
    const of = (name: (typeof COLUMNS)[number]): (string | undefined)[] =>
      rows.map((row) => row[COLUMNS.indexOf(name)]);
    assert.deepEqual(of('task'), ['median', 'median', 'roman']);
    assert.deepEqual(of('costUsd'), ['0.0002', '0.002', '0.00410003']);
    assert.deepEqual(of('unconfirmedUsd'), ['0', '0.002', '0']);
    assert.deepEqual(of('runStatus'), ['solved', 'solved', 'unsolved']);
    assert.deepEqual(of('runBudgetUsd'), ['0.02', '0.02', '0.01'], 'as it was raised');
    assert.deepEqual(of('violations'), ['', '', 'completion above limit; billed above reserved']);
    assert.deepEqual(of('day'), ['2026-11-20', '2026-11-20', '2026-11-21']);
    for (const time of of('time')) assert.match(time ?? '', /^2026-11-2\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
    assert.equal(new Date(of('time')[0] ?? '').getTime(), new Date(2026, 10, 20, 12, 0, 1).getTime());
  });

  it('is a JSON array of the same, with lists as lists and amounts to the last digit', async () => {
    const text = await exported(fixture.folder, 'json');
    const rows = JSON.parse(text) as Record<string, unknown>[];
    assert.equal(rows.length, 3);
    assert.deepEqual(rows[2]!['violations'], ['completion above limit', 'billed above reserved']);
    assert.deepEqual([rows[2]!['promptTokens'], rows[2]!['reported']], [600, true]);
    assert.match(text, /"costUsd":0\.00410003,/);
  });

  it('is valid where the ledger is empty', async () => {
    const empty = await LedgerFixture.create();
    assert.deepEqual(JSON.parse(await exported(empty.folder, 'json')), []);
    assert.equal((await exported(empty.folder, 'csv')).trimEnd(), COLUMNS.join(','));
    await empty.remove();
  });

  it('has a call that was cleared at what it was cleared at, also in a later file', async () => {
    const small = await aLedger(1500);
    const [unknown] = await small.ledger.unconfirmed();
    await small.call('aaaaaaaa-3333', 'cheap', 'executor', { cost: usd('0.0001') });
    assert.ok(await small.ledger.clear(unknown?.id ?? '', usd('0.0007')));
    assert.ok((await readdir(small.folder)).length > 1);
    const rows = JSON.parse(await exported(small.folder, 'json')) as Record<string, unknown>[];
    const cleared = rows.filter(({ id }) => id === unknown?.id);
    assert.deepEqual(
      cleared.map(({ costUsd, unconfirmedUsd }) => [costUsd, unconfirmedUsd]),
      [[0.0007, 0]],
    );
    await small.remove();
  });

  it('tells of lines that cannot be read', async () => {
    const [file = ''] = (await readdir(fixture.folder)).filter((name) => name.endsWith('.jsonl'));
    const place = path.join(fixture.folder, file);
    const text = await readFile(place, 'utf8');
    await writeFile(place, text.replace('"model":"strong"', '"model":"strang"'));
    const told: number[] = [];
    let rows = 0;
    for await (const row of exportRows(fixture.folder, (_, line) => told.push(line))) rows += row.calls;
    assert.deepEqual([rows, told.length], [2, 1]);
  });
});

describe('an exported file', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'solvent-export-'))));
  afterEach(() => rm(folder, { recursive: true }));

  async function* lines(count: number, fail = false): AsyncGenerator<string, void> {
    await Promise.resolve();
    for (let line = 0; line < count; line++) yield `line ${line}\n`;
    if (fail) throw new Error('torn');
  }

  it('is written whole, in place of what was there', async () => {
    const file = path.join(folder, 'a.csv');
    await writeFile(file, 'before');
    await writeExport(file, lines(20_000), new AbortController().signal);
    assert.equal((await readFile(file, 'utf8')).split('\n').length, 20_001);
    assert.deepEqual(await readdir(folder), ['a.csv']);
  });

  it('is left as it was where writing ends early', async () => {
    const file = path.join(folder, 'a.csv');
    await writeFile(file, 'before');
    await assert.rejects(writeExport(file, lines(9, true), new AbortController().signal), /torn/);
    await assert.rejects(writeExport(file, lines(9), AbortSignal.abort()));
    assert.equal(await readFile(file, 'utf8'), 'before');
    assert.deepEqual(await readdir(folder), ['a.csv']);
  });
});
