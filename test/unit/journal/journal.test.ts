import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Journal } from '../../../src/core/journal/journal';
import { parseEntry } from '../../../src/core/journal/parse';
import { call, entry } from '../calibration/entries';

describe('the journal of runs', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'solvent-journal-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const one = entry([call('m', 100)]);
  const file = (): string => path.join(folder, 'journal.jsonl');

  it('gives back what was added, in its order, and is nobody else’s to read', async () => {
    const journal = new Journal(path.join(folder, 'new'));
    assert.deepEqual(await journal.entries(), []);
    await journal.add(one);
    await journal.add({ ...one, at: 2 });
    assert.deepEqual(await journal.entries(), [one, { ...one, at: 2 }]);
    if (process.platform !== 'win32') {
      assert.equal((await stat(path.join(folder, 'new', 'journal.jsonl'))).mode & 0o077, 0);
    }
  });

  it('keeps every run of many writers at once', async () => {
    const journals = Array.from({ length: 8 }, () => new Journal(folder));
    await Promise.all(journals.flatMap((journal, at) => Array.from({ length: 20 }, () => journal.add({ ...one, at }))));
    assert.equal((await new Journal(folder).entries()).length, 160);
  });

  it('loses only the line that was broken off', async () => {
    const journal = new Journal(folder);
    await journal.add(one);
    await journal.add({ ...one, at: 2 });
    await truncate(file(), (await stat(file())).size - 30);
    await journal.add({ ...one, at: 3 });
    assert.deepEqual((await journal.entries()).map(({ at }) => at), [one.at, 3]); // prettier-ignore
  });

  it('leaves out what it cannot understand', async () => {
    const wrong: readonly object[] = [
      { ...one, version: 2 },
      { ...one, calls: [{ ...call('m', 1), completionTokens: -1 }] },
      { ...one, calls: [{ ...call('m', 1), role: 'boss' }] },
      { ...one, calls: {} },
      { ...one, attempts: [{ call: 1 }] },
      { ...one, language: 'cobol' },
      { ...one, seconds: null },
    ];
    for (const value of wrong) assert.equal(parseEntry(JSON.stringify(value)), undefined, JSON.stringify(value));
    await writeFile(
      file(),
      ['', 'no JSON', '[]', 'null', '7', ...wrong.map((value) => JSON.stringify(value))].join('\n'),
    );
    const journal = new Journal(folder);
    await journal.add(one);
    assert.deepEqual(await journal.entries(), [one]);
  });

  it('never fails: not where its folder cannot be made, nor where something else lies in its place', async () => {
    await appendFile(path.join(folder, 'file'), '');
    const nowhere = new Journal(path.join(folder, 'file', 'below'));
    await nowhere.add(one);
    assert.deepEqual(await nowhere.entries(), []);
    await mkdir(file());
    const blocked = new Journal(folder);
    await blocked.add(one);
    assert.deepEqual(await blocked.entries(), []);
  });

  it('stays small: a full one is put aside, and the last two are read', async () => {
    const journal = new Journal(folder);
    const many = entry(Array.from({ length: 20_000 }, () => call('m', 100)));
    for (let at = 1; at <= 5; at++) await journal.add({ ...many, at });
    assert.deepEqual((await readdir(folder)).sort(), ['journal.1.jsonl', 'journal.jsonl']);
    const kept = (await journal.entries()).map(({ at }) => at);
    assert.equal(kept.at(-1), 5);
    assert.ok(kept.length < 5 && kept.length >= 2, kept.join());
    assert.ok((await readFile(file())).length < 9 << 20);
  });
});
