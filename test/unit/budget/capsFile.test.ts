import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { capsFile, CapsFileError, readCapsFile, writeCapsFile } from '../../../src/core/budget/capsFile';
import { Ledger } from '../../../src/core/budget/ledger';
import { usd, ZERO } from '../../../src/core/money';

describe('the caps beside a ledger', () => {
  let folder: string;

  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'solvent-caps-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const written = async (text: string) => {
    await writeFile(capsFile(folder), text);
    return readCapsFile(folder);
  };

  it('are none where there is no file, nor a folder', async () => {
    assert.deepEqual(await readCapsFile(folder), {});
    assert.deepEqual(await readCapsFile(path.join(folder, 'none')), {});
  });

  it('are read as people write them; null and absent mean none', async () => {
    assert.deepEqual(await written('{"perDayUsd": 1, "perMonthUsd": 10}'), { day: usd(1), month: usd(10) });
    assert.deepEqual(await written('{"perDayUsd": null, "perMonthUsd": 0.1}'), { month: usd('0.1') });
    assert.deepEqual(await written('{"perDayUsd": 0}'), { day: ZERO });
    assert.deepEqual(await written('{}'), {});
    assert.deepEqual(await written('{"perDayUsd": 1e-18}'), { day: ZERO }, 'a cap is never more than it says');
  });

  it('come back as they were kept, to the last digit', async () => {
    const caps = { day: usd('0.000000000000001'), month: usd('12.345678') };
    for (const kept of [caps, { day: caps.day }, { month: caps.month }, {}]) {
      await writeCapsFile(folder, kept);
      assert.deepEqual(await readCapsFile(folder), kept);
    }
    assert.deepEqual(await readdir(folder), ['caps.json'], 'no draft is left behind');
  });

  it('are kept in a folder that is made for them, and do not disturb the ledger in it', async () => {
    const fresh = path.join(folder, 'ledger');
    await writeCapsFile(fresh, { day: usd(1) });
    const ledger = await Ledger.open(fresh);
    assert.equal((await ledger.totals()).day, ZERO);
    await ledger.close();
    assert.deepEqual(await readCapsFile(fresh), { day: usd(1) });
  });

  it('are written only where they are others than before', async () => {
    await writeCapsFile(folder, { day: usd(1) });
    await chmod(capsFile(folder), 0o400);
    const before = await readFile(capsFile(folder), 'utf8');
    await writeCapsFile(folder, { day: usd(1) });
    assert.equal(await readFile(capsFile(folder), 'utf8'), before);
  });

  it('are an error and never none where the file cannot be understood', async () => {
    for (const bad of [
      '',
      '{"perDayUsd": 1',
      '[]',
      'null',
      '1',
      '{"perDayUsd": "1"}',
      '{"perDayUsd": -1}',
      '{"perDayUsd": 1e999}',
      '{"perDayUsd": true}',
      '{"perday": 1}',
      '{"perDayUsd": 1, "perWeekUsd": 1}',
    ]) {
      await assert.rejects(written(bad), (error) => {
        return (
          error instanceof CapsFileError &&
          error.message.includes(capsFile(folder)) &&
          error.message.includes('Nothing is spent')
        );
      });
    }
  });

  it('are an error where the file cannot be read, or kept', async () => {
    await mkdir(capsFile(folder));
    await assert.rejects(readCapsFile(folder), CapsFileError);
    await assert.rejects(writeCapsFile(folder, { day: usd(1) }), CapsFileError);
  });
});
