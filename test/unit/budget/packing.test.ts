import assert from 'node:assert/strict';
import { link, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { type HistoryRecord, type Ledger, readHistory } from '../../../src/core/budget/ledger';
import { packClosed } from '../../../src/core/budget/ledger/archive';
import { add, type Money, subtract, times, usd, ZERO } from '../../../src/core/money';
import { Spending, type SpendingReport } from '../../../src/report/spending';
import {
  billOf,
  BOOKING,
  bookedIn,
  callsIn,
  inFolder,
  openLedger,
  recordsIn,
  reserved,
  sizedAt,
  spent,
} from '../../support/ledger';

const DAY = 86_400_000;
const [ONE, TWO] = [usd('0.001'), usd('0.002')];
const SEGMENT_BYTES = 4000;

const reportOf = (folder: string): Promise<SpendingReport> => Spending.of(readHistory(folder));
const kindsIn = async (folder: string): Promise<string[]> =>
  [...new Set((await readdir(folder)).map((name) => name.replace(/\d+/, 'N')))].sort();
const typesIn = async (folder: string): Promise<Set<HistoryRecord['type']>> =>
  new Set((await recordsIn(folder)).map(({ type }) => type));

/** Some forty calls of several runs, workspaces, models and days, with all that can become of a call. */
async function muchSpent(folder: string, keepIn?: string): Promise<{ readonly now: number; readonly ledger: Ledger }> {
  let now = new Date(2026, 9, 28, 12).getTime();
  const ledger = await openLedger(folder, () => now, SEGMENT_BYTES);
  const loose: string[] = [];
  for (let call = 0; call < 40; call++) {
    const booking = { run: `r${call % 7}`, workspace: `/${call % 3}`, model: `m${call % 2}` };
    const heading = { run: booking.run, task: 't', workspace: booking.workspace, expected: ONE, worst: TWO };
    if (call < 7) await ledger.begin({ ...heading, budget: usd(1) });
    if (keepIn !== undefined) await keepSegments(folder, keepIn);
    const id = await reserved(ledger, TWO, NO_CAPS, booking);
    if (call % 10 === 9) await ledger.release(id);
    else await ledger.sent(id);
    const unknown = call % 5 === 1;
    const bill = billOf(unknown ? TWO : ONE, {
      unconfirmed: unknown ? TWO : ZERO,
      violations: unknown ? ['billed above reserved', 'prompt above bound'] : [],
    });
    if (call % 10 !== 9 && call % 10 !== 4) await ledger.settle(id, booking.workspace, bill, NO_CAPS);
    if (unknown) loose.push(id);
    if (call % 8 === 7) assert.ok(await ledger.clear(loose.shift() ?? '', usd('0.0005')));
    now += DAY / 10;
  }
  await ledger.end('r1', 'solved');
  return { now, ledger };
}

describe('packing closed segments', () => {
  it('changes no report: one line a call says what all lines said', () =>
    inFolder(async (folder) => {
      const [packed, raw] = [path.join(folder, 'packed'), path.join(folder, 'raw')];
      await mkdir(raw);
      const { now, ledger } = await muchSpent(packed, raw);
      await ledger.close();
      assert.deepEqual(
        [await kindsIn(packed), await kindsIn(raw)],
        [['calls.N.jsonl', 'ledger.N.jsonl'], ['ledger.N.jsonl']],
      );
      assert.ok((await readdir(raw)).length > 5);
      const report = await reportOf(raw);
      assert.equal(report.total.calls, 36);
      for (let time = 1; time <= 2; time++) {
        assert.deepEqual(await reportOf(packed), report);
        await packClosed(packed, now);
      }
    }));

  it('by day keeps every sum of days, months, models and roles, and lets single runs and calls go', () =>
    inFolder(async (folder) => {
      const { now, ledger } = await muchSpent(folder);
      await ledger.close();
      const { runs } = await reportOf(folder);
      const sums = await sumsIn(folder);
      assert.ok(runs.length > 0);
      for (let time = 1; time <= 2; time++) {
        await packClosed(folder, now + 500 * DAY);
        assert.deepEqual(await sumsIn(folder), sums);
        assert.ok((await reportOf(folder)).runs.length < runs.length);
      }
      assert.deepEqual(await kindsIn(folder), ['days.N.jsonl', 'ledger.N.jsonl']);
      assert.ok((await typesIn(folder)).has('runs'));
    }));

  it('keeps calls one by one for 400 days', () =>
    inFolder(async (folder) => {
      const { now, ledger } = await muchSpent(folder);
      await ledger.close();
      const calls = await callsIn(folder);
      await packClosed(folder, now + 390 * DAY);
      assert.deepEqual(await callsIn(folder), calls);
    }));

  it('changes nothing for who clears a call of a packed segment', () =>
    inFolder(async (folder) => {
      const { now, ledger } = await muchSpent(folder);
      const [loose] = await ledger.unconfirmed();
      const before = await bookedIn(folder);
      assert.ok(await ledger.clear(loose?.id ?? '', ZERO));
      assert.equal(await bookedIn(folder), before - (loose?.cost ?? ZERO));
      for (let call = 0; call < 10; call++) await spent(ledger, ONE);
      await ledger.close();
      await packClosed(folder, now + 500 * DAY);
      assert.equal(await bookedIn(folder), subtract(add(before, times(ONE, 10)), loose?.cost ?? ZERO));
    }));

  it('by several processes at once, or by one that is killed before it has removed what it packed, comes to the same', () =>
    inFolder(async (folder) => {
      const { now, ledger } = await muchSpent(folder);
      await ledger.close();
      for (const later of [0, 500 * DAY]) {
        for (let call = 0; call < 12; call++) await spent(ledger, ONE);
        await ledger.close();
        const sums = await sumsIn(folder);
        const before = await filesIn(folder);
        await Promise.all(
          Array.from({ length: 12 }, async (_, index) => {
            await sleep(index);
            await packClosed(folder, now + later);
          }),
        );
        await packClosed(folder, now + later);
        for (const [name, content] of before) await writeFile(path.join(folder, name), content);
        for (let time = 1; time <= 2; time++) {
          assert.deepEqual(await sumsIn(folder), sums);
          await packClosed(folder, now + later);
        }
        const numbers = (await readdir(folder)).map((name) => name.split('.')[1]);
        assert.equal(new Set(numbers).size, numbers.length, 'what was packed is removed in the end');
      }
    }));

  it('leaves a file with damaged lines as it is', () =>
    inFolder(async (folder) => {
      const { now, ledger } = await muchSpent(folder);
      await ledger.close();
      const [name = ''] = (await readdir(folder)).filter((one) => one.startsWith('calls.'));
      const text = await readFile(path.join(folder, name), 'utf8');
      const damaged = text.replace('"cost":"0.001"', '"cost":"0.009"');
      await writeFile(path.join(folder, name), damaged);
      await packClosed(folder, now + 500 * DAY);
      assert.equal(await readFile(path.join(folder, name), 'utf8'), damaged);
      const { unreadable } = await reportOf(folder);
      assert.equal(unreadable.length, 1);
      assert.equal(unreadable[0]?.file, path.join(folder, name));
    }));

  it('removes what killed processes left half written, but not what is being written', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await spent(ledger);
      const draft = path.join(folder, 'calls.1.jsonl.5f0c9f9e.new');
      await writeFile(draft, 'half');
      await packClosed(folder, Date.now() + DAY);
      assert.ok((await readdir(folder)).includes(path.basename(draft)));
      const before = new Date(Date.now() - 2 * 3_600_000);
      await utimes(draft, before, before);
      await packClosed(folder, Date.now());
      assert.deepEqual(await readdir(folder), ['ledger.1.jsonl']);
    }));
});

describe('closing segments', () => {
  it('is not noticed by those who append: several at once, over many segments', () =>
    inFolder(async (folder) => {
      const ledgers = await Promise.all([1, 2, 3].map(() => openLedger(folder, undefined, SEGMENT_BYTES)));
      const caps = { user: { day: usd('0.101') }, workspace: {} };
      await Promise.all(
        ledgers.flatMap((ledger) =>
          [1, 2, 3].map(async () => {
            for (let call = 0; call < 11; call++) await spent(ledger, ONE, caps);
          }),
        ),
      );
      for (const ledger of ledgers) assert.equal((await ledger.totals()).day, times(ONE, 99));
      for (const ledger of ledgers) await ledger.close();
      assert.equal(await bookedIn(folder), times(ONE, 99));
      assert.equal((await callsIn(folder)).length, 99);
      assert.ok((await readdir(folder)).length > 5);
    }));

  it('happens only when something was added, however much is carried over', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, undefined, SEGMENT_BYTES);
      for (let call = 0; call < 60; call++) {
        const id = await reserved(ledger, ONE);
        await ledger.sent(id);
        await ledger.settle(id, '/w', billOf(ONE, { unconfirmed: ONE }), NO_CAPS);
      }
      await ledger.close();
      const segments = (await readdir(folder)).length;
      assert.ok(segments > 3 && segments < 15, `${segments} segments for 60 calls that nobody confirmed`);
      assert.equal((await (await openLedger(folder)).unconfirmed()).length, 60);
    }));

  it('forgets nothing where the clock was wrong for a while', () =>
    inFolder(async (folder) => {
      const real = new Date(2026, 10, 20, 12).getTime();
      let now = real;
      const caps = { user: { day: usd('0.01') }, workspace: {} };
      const ledger = await openLedger(folder, () => now, SEGMENT_BYTES);
      for (let call = 0; call < 5; call++) await spent(ledger, ONE, caps);
      const open = await reserved(ledger, ONE, caps);
      await ledger.sent(open);
      const before = (await readdir(folder)).length;
      now = real + 4000 * DAY;
      for (let call = 0; call < 4; call++) await spent(ledger, ONE, caps);
      assert.ok((await readdir(folder)).length > before, 'a segment was closed meanwhile');
      now = real;
      assert.equal((await ledger.totals()).day, usd('0.01'));
      assert.equal(await ledger.reserve(BOOKING, caps, sizedAt(1n as Money)), undefined);
      assert.equal((await ledger.open())[0]?.id, open);
    }));
});

describe('opening a ledger', () => {
  it('reads its last file only: what was packed may be large, unreadable or not there to be read at all', () =>
    inFolder(async (folder) => {
      const { now, ledger } = await muchSpent(folder);
      const totals = await ledger.totals();
      await ledger.close();
      const names = await readdir(folder);
      for (const name of names.filter((one) => one.startsWith('calls.'))) {
        await writeFile(path.join(folder, name), Buffer.alloc(2_000_000, 0x78));
      }
      const again = await openLedger(folder, () => now);
      assert.deepEqual(await again.totals(), totals);
      await spent(again);
    }));
});

/** What stays when single calls are summed up. */
async function sumsIn(folder: string) {
  const { total, days, months, models, roles, unreadable } = await reportOf(folder);
  return { total, days, months, models, roles, unreadable };
}

/** All closed segments, however they are packed, with their content. */
async function filesIn(folder: string): Promise<readonly (readonly [string, Buffer])[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('ledger.'));
  return Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))] as const));
}

/** Gives segments a second name, so that they are still there as they were written when they are packed. */
async function keepSegments(folder: string, keepIn: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('ledger.') && name.endsWith('.jsonl'));
  for (const name of names) await link(path.join(folder, name), path.join(keepIn, name)).catch(() => undefined);
}
