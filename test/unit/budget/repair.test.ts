import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { type Ledger, LedgerDamage, LedgerError, repairLedger } from '../../../src/core/budget/ledger';
import { packClosed } from '../../../src/core/budget/ledger/archive';
import { type LedgerLine, writeLine } from '../../../src/core/budget/ledger/line';
import { usd, ZERO } from '../../../src/core/money';
import { billOf, bookedIn, callsIn, inFolder, openLedger, recordsIn, reserved, spent } from '../../support/ledger';

const NOW = new Date(2026, 10, 20, 12).getTime();
const now = (): number => NOW;
const fileIn = (folder: string, number = 1): string => path.join(folder, `ledger.${number}.jsonl`);
const linesIn = async (folder: string): Promise<string[]> => (await readFile(fileIn(folder), 'utf8')).split('\n');
const [ONE, TWO, FOUR] = [usd('0.001'), usd('0.002'), usd('0.004')];

/** Changes the only line of the live file that holds a text. */
async function damage(folder: string, holding: string, change: (line: string) => string): Promise<number> {
  const lines = await linesIn(folder);
  const index = lines.findIndex((line) => line.includes(holding));
  assert.ok(index >= 0);
  lines[index] = change(lines[index] ?? '');
  await writeFile(fileIn(folder), lines.join('\n'));
  return index + 1;
}

/** Three settled calls and an open one: of 1, 2 and 4 thousandths, and 2 reserved. */
async function someCalls(ledger: Ledger): Promise<{ readonly ids: readonly string[]; readonly open: string }> {
  const ids = [await spent(ledger, ONE), await spent(ledger, TWO), await spent(ledger, FOUR)];
  const open = await reserved(ledger, TWO);
  await ledger.sent(open);
  return { ids, open };
}

describe('mending a damaged ledger', () => {
  it('keeps all that can be read, sets the file aside, and only then may be spent again', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now);
      const { ids, open } = await someCalls(ledger);
      await ledger.begin({ run: 'r', task: 't', workspace: '', budget: ONE, expected: ONE, worst: ONE });
      const number = await damage(folder, `"settle","id":"${ids[1] ?? ''}"`, () => 'garbage');
      const damaged = await readFile(fileIn(folder), 'utf8');
      await assert.rejects(openLedger(folder, now), LedgerDamage);
      const { setAside, unreadable, assumed } = await repairLedger(folder, ZERO, NOW);
      assert.equal(setAside, path.join(folder, 'ledger.1.damaged.jsonl'));
      assert.deepEqual(unreadable, [{ line: number, excerpt: 'garbage' }]);
      assert.equal(assumed, ZERO);
      assert.ok((await readFile(setAside, 'utf8')).startsWith(damaged), 'it is kept as it was');
      // The call whose bill cannot be read stays at its worst case, which here is the same.
      const again = await openLedger(folder, now);
      assert.equal((await again.totals()).month, usd('0.009'));
      assert.deepEqual(
        (await again.open()).map(({ id }) => id),
        [ids[1], open],
      );
      assert.equal(await bookedIn(folder), usd('0.009'));
      assert.deepEqual(new Set((await callsIn(folder)).map(({ id }) => id)), new Set([...ids, open]));
      assert.equal((await recordsIn(folder)).filter(({ type }) => type === 'run').length, 1);
      await spent(again, ONE);
      await again.settle(open, '/w', billOf(ZERO), NO_CAPS);
      assert.equal((await again.totals()).month, usd('0.008'));
    }));

  it('books today, as unconfirmed, what settled calls cost whose reservation cannot be read, and what the user adds', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now);
      const { ids } = await someCalls(ledger);
      await damage(folder, `"reserve","id":"${ids[2] ?? ''}"`, (line) => line.replace('0.004', '0.001'));
      const { assumed } = await repairLedger(folder, usd('0.5'), NOW);
      assert.equal(assumed, usd('0.504'));
      const again = await openLedger(folder, now);
      assert.equal((await again.totals()).day, usd('0.509'));
      assert.equal(await bookedIn(folder), usd('0.509'));
      const [entry] = (await again.unconfirmed()).filter(({ unconfirmed }) => unconfirmed === usd('0.504'));
      assert.equal(entry?.task, 'unreadable part of the ledger');
      assert.equal(await again.clear(entry.id, usd('0.004')), true);
      assert.equal((await again.totals()).day, usd('0.009'));
    }));

  it('goes on from the segments before where the first line is lost', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now, 4000);
      const unknown = await reserved(ledger, TWO);
      await ledger.sent(unknown);
      await ledger.settle(unknown, '/w', billOf(TWO, { unconfirmed: TWO }), NO_CAPS);
      for (let call = 0; call < 12; call++) await spent(ledger, ONE);
      const before = await ledger.totals();
      const learned = ledger.learned('m');
      await ledger.close();
      const live =
        (await readdir(folder))
          .filter((name) => /^ledger\.\d+\.jsonl$/.test(name))
          .sort()
          .at(-1) ?? '';
      const text = await readFile(path.join(folder, live), 'utf8');
      await writeFile(path.join(folder, live), `{"type":"checkpoint","x":1}${text.slice(text.indexOf('\n'))}`);
      await assert.rejects(openLedger(folder, now), LedgerDamage);
      const { unreadable } = await repairLedger(folder, ZERO, NOW);
      assert.deepEqual(unreadable, [{ line: 1, excerpt: '{"type":"checkpoint","x":1}' }]);
      const again = await openLedger(folder, now);
      assert.deepEqual(await again.totals(), before);
      // A call that the lost line carried over open is booked at its bill, but teaches nothing.
      const { reports, ...bounds } = again.learned('m');
      assert.ok(reports >= learned.reports - 1);
      assert.deepEqual({ ...learned, ...bounds }, learned);
      assert.ok((await again.unconfirmed()).some(({ id }) => id === unknown));
      assert.equal(await bookedIn(folder), before.month);
    }));

  it('goes on from the segments before where the last file is missing', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now, 1500);
      for (let call = 0; call < 4; call++) await spent(ledger, ONE);
      await ledger.close();
      const live = (await readdir(folder)).find((name) => name.startsWith('ledger.')) ?? '';
      const lost = (await callsIn(folder)).length;
      await rm(path.join(folder, live));
      const kept = (await callsIn(folder)).length;
      assert.ok(kept > 0 && kept <= lost);
      await assert.rejects(openLedger(folder, now), /is missing/);
      const { setAside, assumed } = await repairLedger(folder, FOUR, NOW);
      assert.deepEqual([setAside, assumed], [undefined, FOUR]);
      const again = await openLedger(folder, now);
      assert.equal((await again.totals()).day, usd(`${kept}e-3`) + FOUR);
    }));

  it('lets a file that became shorter count what the user says that is gone', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now);
      await spent(ledger, ONE);
      const size = (await readFile(fileIn(folder))).length;
      await spent(ledger, FOUR);
      await truncate(fileIn(folder), size + 50);
      await assert.rejects(ledger.totals(), /became shorter/);
      await repairLedger(folder, FOUR, NOW);
      assert.equal((await ledger.totals()).day, usd('0.005'));
      assert.equal(await bookedIn(folder), usd('0.005'));
    }));

  it('takes others along who have the file open: they know what cannot be read any more', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now);
      const { ids } = await someCalls(ledger);
      await damage(folder, `"reserve","id":"${ids[2] ?? ''}"`, (line) => line.replace('0.004', '0.001'));
      // It has read to the end, and goes on where nothing is appended but what it can read.
      assert.equal((await ledger.totals()).day, usd('0.009'));
      const repaired = repairLedger(folder, ONE, NOW);
      const seen: bigint[] = [];
      for (let look = 0; look < 20; look++) seen.push((await ledger.totals()).day);
      const { assumed } = await repaired;
      const again = await openLedger(folder, now);
      const { day } = await again.totals();
      // Whoever made the next segment, it holds all that was spent: read, remembered or assumed.
      assert.equal(day, assumed === ONE ? usd('0.010') : usd('0.005') + assumed);
      assert.equal(day, usd('0.010'));
      assert.equal((await ledger.totals()).day, day);
      for (const sum of seen) assert.ok(sum >= usd('0.009'));
    }));

  it('asked for twice at once loses nothing of the damaged file', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now);
      await someCalls(ledger);
      await appendFile(fileIn(folder), 'garbage\n');
      await ledger.close();
      await Promise.all([repairLedger(folder, ZERO, NOW), repairLedger(folder, ZERO, NOW)]);
      assert.match(await readFile(path.join(folder, 'ledger.1.damaged.jsonl'), 'utf8'), /^garbage$/m);
      assert.equal((await (await openLedger(folder, now)).totals()).day, usd('0.009'));
      assert.equal(await bookedIn(folder), usd('0.009'));
    }));

  it('goes on with what was done before it was interrupted', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now);
      await someCalls(ledger);
      await damage(folder, '"settle"', (line) => `${line.slice(0, 30)}x${line.slice(31)}`);
      await ledger.close();
      await repairLedger(folder, ONE, NOW);
      // Killed before the file was set aside: the next segment is there, and the damaged one still in its place.
      const aside = path.join(folder, 'ledger.1.damaged.jsonl');
      await writeFile(fileIn(folder), await readFile(aside));
      await rm(aside);
      const again = await openLedger(folder, now);
      assert.equal((await again.totals()).day, usd('0.010'));
      await packClosed(folder, NOW);
      assert.ok((await readdir(folder)).includes('ledger.1.jsonl'), 'what cannot be read is not packed');
      assert.equal((await recordsIn(folder)).filter(({ type }) => type === 'damaged').length, 1);
    }));

  it('packs what could be read later, and its sum stays the same', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now);
      const { ids } = await someCalls(ledger);
      await damage(folder, `"reserve","id":"${ids[0] ?? ''}"`, () => 'garbage');
      await ledger.close();
      await repairLedger(folder, ZERO, NOW);
      const before = await bookedIn(folder);
      await packClosed(folder, NOW);
      assert.ok((await readdir(folder)).includes('calls.1.jsonl'));
      assert.equal(await bookedIn(folder), before);
      assert.equal(before, usd('0.009'));
    }));

  it('of a newer version is refused, and changes nothing', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, now);
      await spent(ledger);
      await appendFile(fileIn(folder), `${writeLine({ type: 'refund', id: 'x' } as unknown as LedgerLine)}\n`);
      const before = await readFile(fileIn(folder), 'utf8');
      await assert.rejects(repairLedger(folder, ZERO, NOW), (error: unknown) => {
        return error instanceof LedgerError && error.message.includes('newer Solvent');
      });
      assert.deepEqual(await readdir(folder), ['ledger.1.jsonl']);
      assert.equal(await readFile(fileIn(folder), 'utf8'), before);
    }));
});
