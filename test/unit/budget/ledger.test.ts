import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Booking, Settlement } from '../../../src/core/budget/entry';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { Ledger, LedgerError } from '../../../src/core/budget/ledger';
import { usd } from '../../../src/core/money';
import { inFolder } from './runMoney';

const BOOKING: Booking = { run: 'r', task: 't/1', workspace: '/w', role: 'critic', model: 'm' };
const COST = usd('0.000000123');
const WORST = usd('0.002');
const SETTLEMENT: Settlement = { cost: COST, confirmed: true, promptTokens: 12, completionTokens: 3 };
const MINUTE = 60_000;

async function reserve(ledger: Ledger): Promise<string> {
  const id = await ledger.reserve(BOOKING, NO_CAPS, () => WORST);
  assert.ok(id !== undefined);
  return id;
}
const fileIn = (folder: string): string => path.join(folder, 'ledger.jsonl');

describe('the ledger', () => {
  it('keeps every call with who it is booked to, through closing and opening', () =>
    inFolder(async (folder) => {
      const at = 1_790_000_000_000;
      const ledger = await Ledger.open(folder, () => at);
      const [settled, sent, reserved, released] = [
        await reserve(ledger),
        await reserve(ledger),
        await reserve(ledger),
        await reserve(ledger),
      ];
      await ledger.sent(settled);
      await ledger.settle(settled, SETTLEMENT);
      await ledger.sent(sent);
      await ledger.release(released);
      const entries = await (await Ledger.open(folder, () => at)).entries();
      const open = { ...BOOKING, at, until: at + 30 * MINUTE, reserved: WORST };
      const worst = { cost: WORST, confirmed: false, promptTokens: 0, completionTokens: 0 };
      assert.deepEqual(entries, [
        { ...open, id: settled, ...SETTLEMENT, state: 'settled' },
        { ...open, id: sent, ...worst, state: 'sent' },
        { ...open, id: reserved, ...worst, state: 'reserved' },
      ]);
    }));

  it('of two objects on one folder, each sees at once what the other wrote', () =>
    inFolder(async (folder) => {
      const [one, other] = [await Ledger.open(folder), await Ledger.open(folder)];
      const id = await reserve(one);
      assert.equal((await other.entries()).length, 1);
      await other.sent(id);
      assert.equal((await one.entries())[0]?.state, 'sent');
      const caps = { ...NO_CAPS, user: { day: usd('0.003') } };
      assert.deepEqual(await other.remainder('/w', caps), { cap: 'user day', left: usd('0.001') });
    }));

  it('counts a reservation that was never sent for nothing once it has lapsed, and one that was sent for ever', () =>
    inFolder(async (folder) => {
      let now = 1_790_000_000_000;
      const ledger = await Ledger.open(folder, () => now);
      const [never, sent] = [await reserve(ledger), await reserve(ledger)];
      await ledger.sent(sent);
      const counted = async (): Promise<string[]> => (await ledger.entries()).map(({ id }) => id);
      assert.deepEqual(await counted(), [never, sent]);
      now += 31 * MINUTE;
      assert.deepEqual(await counted(), [sent]);
      const caps = { ...NO_CAPS, user: { month: usd('0.01') } };
      assert.equal((await ledger.remainder('', caps))?.left, usd('0.008'));
    }));

  it('reads over an append that was cut short, keeps it for the record, and goes on on a line of its own', () =>
    inFolder(async (folder) => {
      const file = fileIn(folder);
      const ledger = await Ledger.open(folder);
      await reserve(ledger);
      await reserve(ledger);
      const whole = await readFile(file);
      const secondLine = whole.indexOf(0x0a) + 1;
      for (const length of [secondLine + 1, secondLine + 40, whole.length - 1]) {
        await writeFile(file, whole);
        await truncate(file, length);
        const reopened = await Ledger.open(folder);
        assert.equal((await reopened.entries()).length, 1, `cut to ${length} bytes`);
        await reserve(reopened);
        assert.equal((await (await Ledger.open(folder)).entries()).length, 2);
        assert.match(await readFile(file, 'utf8'), /^#torn /m);
      }
    }));

  it('also where the torn line holds half a character', () =>
    inFolder(async (folder) => {
      const ledger = await Ledger.open(folder);
      await reserve(ledger);
      await appendFile(fileIn(folder), Buffer.from('{"task":"é').subarray(0, -1));
      await reserve(ledger);
      assert.equal((await (await Ledger.open(folder)).entries()).length, 2);
    }));

  it('with a damaged line in the middle is refused, naming the file and what to do, and nothing is written', () =>
    inFolder(async (folder) => {
      const ledger = await Ledger.open(folder);
      const id = await reserve(ledger);
      for (const bad of [
        'garbage',
        '{"type":"reserve","id":"x"}',
        `{"type":"settle","id":"${id}","cost":"-1","confirmed":true,"promptTokens":1,"completionTokens":1}`,
        `{"type":"settle","id":"${id}","cost":0.5,"confirmed":true,"promptTokens":1,"completionTokens":1}`,
        '{"type":"refund","id":"x"}',
      ]) {
        const file = fileIn(folder);
        const whole = await readFile(file, 'utf8');
        await writeFile(file, `${whole}${bad}\n${whole}`);
        const damaged = await readFile(file, 'utf8');
        const expected = (error: unknown): boolean =>
          error instanceof LedgerError && /ledger\.jsonl is damaged near '.*Nothing was spent/.test(error.message);
        await assert.rejects(Ledger.open(folder), expected, bad);
        await assert.rejects(reserve(ledger), expected, bad);
        assert.equal(await readFile(file, 'utf8'), damaged);
        await writeFile(file, whole);
      }
      await reserve(ledger);
      assert.equal((await ledger.entries()).length, 2, 'mended, it is read again');
    }));

  it('that was moved away starts anew', () =>
    inFolder(async (folder) => {
      const ledger = await Ledger.open(folder);
      await reserve(ledger);
      await writeFile(fileIn(folder), '');
      assert.deepEqual(await ledger.entries(), []);
      await reserve(ledger);
      assert.equal((await ledger.entries()).length, 1);
    }));

  it('where its folder cannot be used says so', () =>
    inFolder(async (folder) => {
      await writeFile(path.join(folder, 'file'), '');
      await assert.rejects(
        Ledger.open(path.join(folder, 'file', 'ledger')),
        /folder .* cannot be made.*another folder/,
      );
      await mkdir(path.join(folder, 'odd', 'ledger.jsonl'), { recursive: true });
      await assert.rejects(Ledger.open(path.join(folder, 'odd')), /cannot be opened.*Nothing was spent/);
    }));

  it('counts what is on the disk also where its lock cannot be removed', () =>
    inFolder(async (folder) => {
      const ledger = await Ledger.open(folder);
      const id = await ledger.reserve(BOOKING, NO_CAPS, () => {
        writeFileSync(path.join(folder, 'ledger.jsonl.lock', 'stray'), '');
        return WORST;
      });
      assert.ok(id !== undefined);
      await rm(path.join(folder, 'ledger.jsonl.lock'), { recursive: true });
      assert.deepEqual(
        (await ledger.entries()).map((entry) => entry.id),
        [id],
      );
    }));

  it('in a folder that takes no files says so', async function () {
    if (process.platform === 'win32') return void this.skip();
    await inFolder(async (folder) => {
      await chmod(folder, 0o500);
      // Permissions do not hold for root; the system's own folder of processes does.
      const closed = process.getuid?.() === 0 && process.platform === 'linux' ? '/proc/self' : folder;
      await assert.rejects(Ledger.open(closed), /cannot be opened.*Nothing was spent/);
      await chmod(folder, 0o700);
    });
  });

  it('keeps its order and its sums when many are asked of one object at once', () =>
    inFolder(async (folder) => {
      const ledger = await Ledger.open(folder);
      const caps = { ...NO_CAPS, user: { day: usd('0.0205') } };
      const fits = (left: bigint): boolean => left >= WORST;
      const ids = await Promise.all(
        Array.from({ length: 30 }, () =>
          ledger.reserve(BOOKING, caps, (tightest) => (fits(tightest?.left ?? 0n) ? WORST : undefined)),
        ),
      );
      assert.deepEqual(
        (await ledger.entries()).map(({ id }) => id),
        ids.filter((id) => id !== undefined),
      );
      assert.equal(ids.filter((id) => id !== undefined).length, 10);
    }));
});
