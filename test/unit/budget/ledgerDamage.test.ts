import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LedgerDamage, LedgerError } from '../../../src/core/budget/ledger';
import { type LedgerLine, writeLine } from '../../../src/core/budget/ledger/line';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { usd } from '../../../src/core/money';
import { billOf, callsIn, inFolder, openLedger, recordsIn, reserved, spent } from '../../support/ledger';

const fileIn = (folder: string): string => path.join(folder, 'ledger.1.jsonl');
const isDamage = (error: unknown): boolean =>
  error instanceof LedgerDamage && error.message.includes('Nothing is spent until you decide');

describe('an append to the ledger that was cut short', () => {
  it('is read over, and the next one goes on on a line of its own', () =>
    inFolder(async (folder) => {
      const file = fileIn(folder);
      const ledger = await openLedger(folder);
      await reserved(ledger);
      const before = (await readFile(file)).length;
      await reserved(ledger);
      const whole = await readFile(file);
      for (const length of [before + 1, before + 5, before + 40, whole.length - 40, whole.length - 2]) {
        await writeFile(file, whole);
        await truncate(file, length);
        const reopened = await openLedger(folder);
        assert.equal((await reopened.open()).length, 1, `cut to ${length} bytes`);
        await reserved(reopened);
        assert.equal((await (await openLedger(folder)).open()).length, 2);
        assert.equal((await callsIn(folder)).length, 2);
      }
    }));

  it('counts where only its newline is missing, once somebody goes on behind it', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await reserved(ledger);
      await truncate(fileIn(folder), (await readFile(fileIn(folder))).length - 1);
      const reopened = await openLedger(folder);
      assert.equal((await reopened.open()).length, 0);
      await reserved(reopened);
      assert.equal((await reopened.open()).length, 2);
    }));

  it('does not take with it what others wrote right behind it, not knowing of it', () =>
    inFolder(async (folder) => {
      const [one, other] = [await openLedger(folder), await openLedger(folder)];
      const id = await reserved(one);
      await one.sent(id);
      // As a write would find it that was under way when the torn one arrived.
      await appendFile(fileIn(folder), '{"type":"settle","id":"');
      await appendFile(fileIn(folder), `${writeLine(settleOf(id))}\n`);
      assert.equal((await other.totals()).day, usd('0.001'));
      assert.equal((await one.totals()).day, usd('0.001'));
      assert.equal((await recordsIn(folder)).length, 1);
    }));

  it('in front of a whole batch leaves each answer of the batch as it is', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      // The tail arrives between reading and writing: when the sizes are asked for.
      const torn = (): void => {
        appendFileSync(fileIn(folder), '{"type":"reserve","id":"half');
      };
      const first = ledger.reserve(
        { run: 'r', task: 't', workspace: '', role: 'critic', model: 'm' },
        { ...NO_CAPS, user: { day: usd(1) } },
        () => {
          torn();
          return { reserved: usd('0.6'), bound };
        },
      );
      const second = reserved(ledger, usd('0.2'));
      const ids = await Promise.all([first, second]);
      assert.deepEqual(
        (await ledger.open()).map(({ id }) => id),
        ids,
        'none of them was made twice',
      );
      assert.deepEqual(await Promise.all(ids.map((id) => ledger.sent(id ?? ''))), [true, true]);
    }));

  it('also where the torn line holds half a character', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await reserved(ledger);
      await appendFile(fileIn(folder), Buffer.from('{"type":"run","task":"é').subarray(0, -1));
      await reserved(ledger);
      assert.equal((await (await openLedger(folder)).open()).length, 2);
    }));
});

describe('a damaged ledger', () => {
  const refused = async (folder: string, expected: (error: unknown) => boolean): Promise<void> => {
    const before = await readFile(fileIn(folder), 'utf8').catch(() => undefined);
    await assert.rejects(openLedger(folder), expected);
    assert.equal(await readFile(fileIn(folder), 'utf8').catch(() => undefined), before, 'nothing is written');
  };

  it('is refused, naming the file and the line, and nothing is written until it is mended', () =>
    inFolder(async (folder) => {
      const file = fileIn(folder);
      const ledger = await openLedger(folder);
      const id = await spent(ledger);
      await spent(ledger);
      const whole = await readFile(file, 'utf8');
      const lines = whole.split('\n');
      const changed = (index: number, change: (line: string) => string): string =>
        lines.map((line, at) => (at === index ? change(line) : line)).join('\n');
      const cases: Record<string, string> = {
        'a line of garbage in the middle': changed(2, () => 'garbage'),
        'an amount that was changed': changed(3, (line) => line.replace('"cost":"0.002"', '"cost":"0.001"')),
        'a line without its checksum': changed(3, (line) => line.replace(/,"check":"[0-9a-f]{8}"/, '')),
        'a line by hand': `${whole}{"type":"settle","id":"${id}","cost":"0"}\n`,
        'a whole line of NULs': changed(3, (line) => '\0'.repeat(line.length)),
        'NULs at the end': `${whole}${'\0'.repeat(64)}\n`,
        'NULs from the middle of a line on': changed(4, (line) => line.slice(0, 40) + '\0'.repeat(line.length - 40)),
        'a missing newline, overwritten': whole.replace('\n', ' '),
        'a damaged first line': changed(0, (line) => line.replace('"version":1', '"version":0')),
        'a missing first line': lines.slice(1).join('\n'),
        'another first line': changed(0, () => writeLine({ type: 'seal', at: 1 })),
        'the first line of another segment': changed(0, () => writeLine(checkpoint(2))),
      };
      for (const [what, text] of Object.entries(cases)) {
        await writeFile(file, text);
        await refused(folder, (error) => {
          assert.ok(isDamage(error) && (error as LedgerDamage).file === file, `${what}: ${String(error)}`);
          assert.match(String(error), /is damaged in line \d+|does not begin as a ledger does/);
          return true;
        });
      }
      await writeFile(file, whole);
      await reserved(ledger);
      assert.equal((await ledger.open()).length, 1, 'mended, it is read again');
    })).timeout(60_000);

  it('stops those who have it open as soon as they come to the damage', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const id = await reserved(ledger);
      await appendFile(fileIn(folder), 'garbage\n');
      for (const asked of [ledger.sent(id), reserved(ledger), ledger.totals(), ledger.clear(id, usd(0))]) {
        await assert.rejects(asked, isDamage);
      }
    }));

  it('that became shorter while it was open is damaged: what was read of it is gone', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await reserved(ledger);
      await spent(ledger);
      await truncate(fileIn(folder), 300);
      await assert.rejects(ledger.totals(), /became shorter/);
    }));

  it('without its last file, but with older ones, is not begun anew', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await spent(ledger);
      await ledger.close();
      await writeFile(path.join(folder, 'calls.1.jsonl'), '');
      await rm(fileIn(folder));
      await assert.rejects(openLedger(folder), (error: unknown) => {
        assert.ok(isDamage(error) && String(error).includes('ledger.2.jsonl is missing'));
        return true;
      });
      await assert.rejects(ledger.totals(), isDamage);
    }));

  it('that never got its first line is refused', () =>
    inFolder(async (folder) => {
      await writeFile(fileIn(folder), '');
      await assert.rejects(openLedger(folder), /has no first line/);
    }));

  it('has its readable part in the history, and says which lines are not', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await spent(ledger);
      await appendFile(fileIn(folder), 'garbage\n');
      const end = (await readFile(fileIn(folder), 'utf8')).split('\n').length - 1;
      const records = await recordsIn(folder);
      assert.deepEqual(
        records.map((record) => (record.type === 'damaged' ? record : record.type)),
        [{ type: 'damaged', file: fileIn(folder), number: end }, 'call'],
      );
    }));
});

describe('a ledger of a newer version', () => {
  it('is not touched, and what is to be done is an update', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await spent(ledger);
      const file = fileIn(folder);
      const whole = await readFile(file, 'utf8');
      const newer = { ...checkpoint(1), version: 2 };
      const refund = { type: 'refund', id: 'x' } as unknown as LedgerLine;
      const isNewer = (error: unknown): boolean =>
        error instanceof LedgerError &&
        !(error instanceof LedgerDamage) &&
        /newer Solvent. Update this one/.test(error.message);
      for (const text of [`${whole}${writeLine(refund)}\n`, `${writeLine(newer)}\n`]) {
        await writeFile(file, text);
        await assert.rejects(reserved(ledger), isNewer);
        await assert.rejects(openLedger(folder), isNewer);
        assert.equal(await readFile(file, 'utf8'), text);
      }
    }));
});

const bound = { promptBound: 1, promptProxy: 1, promptHard: 1, maxTokens: 1, completionBound: 1 };

function checkpoint(segment: number): LedgerLine & { readonly type: 'checkpoint' } {
  return { type: 'checkpoint', version: 1, segment, at: 1, sums: {}, entries: [], learned: {}, warned: [] };
}

function settleOf(id: string): LedgerLine {
  const { promptTokens, completionTokens, reported, violations } = billOf(usd('0.001'));
  return {
    ...{ type: 'settle', id, cost: '0.001', unconfirmed: '0' },
    ...{ promptTokens, completionTokens, reported, violations },
  };
}
