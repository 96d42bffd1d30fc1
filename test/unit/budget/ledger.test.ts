import assert from 'node:assert/strict';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { LedgerError } from '../../../src/core/budget/ledger';
import { usd, ZERO } from '../../../src/core/money';
import {
  billOf,
  BOOKING,
  BOUND,
  callsIn,
  inFolder,
  openLedger,
  recordsIn,
  reserved,
  sizedAt,
  spent,
} from '../../support/ledger';

const COST = usd('0.000000123');
const WORST = usd('0.002');
const MINUTE = 60_000;
const NOW = 1_790_000_000_000;

describe('the ledger', () => {
  it('keeps every call with who it is booked to, through closing and opening', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, () => NOW);
      const [settled, sent, open, released] = [
        await reserved(ledger),
        await reserved(ledger),
        await reserved(ledger),
        await reserved(ledger),
      ];
      await ledger.sent(settled);
      await ledger.settle(settled, '/w', billOf(COST), NO_CAPS);
      await ledger.sent(sent);
      await ledger.release(released);
      await ledger.close();
      const call = { ...BOOKING, at: NOW, reserved: WORST, bound: BOUND };
      const worst = { ...billOf(WORST), unconfirmed: WORST, promptTokens: 0, completionTokens: 0, reported: false };
      assert.deepEqual(await callsIn(folder), [
        { ...call, ...billOf(COST), id: settled, until: NOW + 30 * MINUTE, state: 'settled' },
        { ...call, ...worst, id: sent, until: NOW + 30 * MINUTE, state: 'sent' },
        { ...call, ...worst, id: open, until: NOW + MINUTE, state: 'reserved' },
      ]);
      const again = await openLedger(folder, () => NOW);
      assert.deepEqual(
        (await again.open()).map(({ id }) => id),
        [sent, open],
      );
    }));

  it('of two objects on one folder, each sees at once what the other wrote', () =>
    inFolder(async (folder) => {
      const [one, other] = [await openLedger(folder), await openLedger(folder)];
      const id = await reserved(one);
      assert.equal((await other.open()).length, 1);
      assert.equal(await other.sent(id), true);
      assert.equal((await one.open())[0]?.state, 'sent');
      const caps = { ...NO_CAPS, user: { day: usd('0.003') } };
      assert.deepEqual(await other.remainder('/w', caps), { cap: 'user day', left: usd('0.001') });
    }));

  it('counts a reservation that was never sent for nothing once it has lapsed, and one that was sent for ever', () =>
    inFolder(async (folder) => {
      let now = NOW;
      const ledger = await openLedger(folder, () => now);
      const [never, sent] = [await reserved(ledger), await reserved(ledger)];
      await ledger.sent(sent);
      const open = async (): Promise<string[]> => (await ledger.open()).map(({ id }) => id);
      now += MINUTE - 1;
      assert.deepEqual(await open(), [never, sent]);
      now += 1;
      assert.deepEqual(await open(), [sent]);
      now += 24 * 60 * MINUTE;
      assert.deepEqual(await open(), [sent]);
      const caps = { ...NO_CAPS, user: { month: usd('0.01') } };
      assert.equal((await ledger.remainder('', caps))?.left, usd('0.008'));
    }));

  it('refuses to send what has lapsed, and what was sent does not lapse, whichever object says it', () =>
    inFolder(async (folder) => {
      let now = NOW;
      const [one, other] = [await openLedger(folder, () => now), await openLedger(folder, () => now)];
      const [late, early] = [await reserved(one), await reserved(one)];
      assert.equal(await one.sent(early), true);
      now += 2 * MINUTE;
      assert.deepEqual((await other.totals()).day, WORST, 'the other one says that it lapsed');
      assert.equal(await one.sent(late), false);
      assert.equal(await one.sent(early), false, 'it was sent already');
      assert.deepEqual(
        (await one.open()).map(({ id, state }) => [id, state]),
        [[early, 'sent']],
      );
    }));

  it('refuses to send what lapsed while nobody looked', () =>
    inFolder(async (folder) => {
      let now = NOW;
      const ledger = await openLedger(folder, () => now);
      const id = await reserved(ledger);
      now += MINUTE;
      assert.equal(await ledger.sent(id), false);
      assert.equal((await ledger.totals()).month, ZERO);
    }));

  it('takes the first bill of a call, and no other', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const id = await spent(ledger, COST);
      await ledger.settle(id, '/w', billOf(ZERO), NO_CAPS);
      await ledger.release(id);
      assert.equal((await ledger.totals()).day, COST);
    }));

  it('shows what nobody confirmed, and books it at what the user says that it cost', () =>
    inFolder(async (folder) => {
      let now = NOW;
      const ledger = await openLedger(folder, () => now);
      const partly = await reserved(ledger);
      await ledger.sent(partly);
      await ledger.settle(partly, '/w', billOf(WORST, { unconfirmed: COST }), NO_CAPS);
      const lost = await reserved(ledger);
      await ledger.sent(lost);
      const confirmed = await spent(ledger, COST);
      const waiting = async (): Promise<string[]> => (await ledger.unconfirmed()).map(({ id }) => id);
      assert.deepEqual(await waiting(), [partly]);
      assert.equal(await ledger.clear(lost, COST), false, 'its outcome is still awaited');
      now += 30 * MINUTE;
      assert.deepEqual(await waiting(), [partly, lost]);
      assert.equal(await ledger.clear(lost, ZERO), true);
      assert.equal(await ledger.clear(partly, usd('0.0015')), true);
      for (const id of [lost, partly, confirmed, 'unknown']) assert.equal(await ledger.clear(id, ZERO), false, id);
      assert.deepEqual(await waiting(), []);
      assert.equal((await ledger.totals()).month, usd('0.001500123'));
      assert.deepEqual(
        (await callsIn(folder)).map(({ cost, unconfirmed, state }) => [cost, unconfirmed, state]),
        [
          [usd('0.0015'), ZERO, 'settled'],
          [ZERO, ZERO, 'settled'],
          [COST, ZERO, 'settled'],
        ],
      );
    }));

  it('keeps what it learned of models, and forgets it when asked to', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const id = await reserved(ledger);
      await ledger.sent(id);
      await ledger.settle(id, '/w', billOf(COST, { promptTokens: 120 }), NO_CAPS);
      const known = { reports: 1, factor: 1.5, extra: 20, overruns: 0, longest: 0 };
      const other = await openLedger(folder);
      assert.deepEqual([ledger.learned('m'), other.learned('m')], [known, known]);
      assert.equal(await other.forget('m'), true);
      assert.equal(await other.forget('m'), false);
      await ledger.totals();
      assert.deepEqual(ledger.learned('m'), { reports: 0, factor: 0, extra: 0, overruns: 0, longest: 0 });
      assert.equal(ledger.models.size, 0);
    }));

  it('records runs as they begin, are raised and end', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, () => NOW);
      const heading = { run: 'r1', task: 't', workspace: '/w', expected: COST, worst: WORST };
      await ledger.begin({ ...heading, budget: WORST });
      await ledger.begin({ ...heading, budget: usd(1) });
      await ledger.end('r1', 'solved');
      const amounts = { expected: '0.000000123', worst: '0.002' };
      const begun = { type: 'run', run: 'r1', task: 't', workspace: '/w', ...amounts, at: NOW };
      assert.deepEqual(await recordsIn(folder), [
        { ...begun, budget: '0.002' },
        { ...begun, budget: '1' },
        { type: 'end', run: 'r1', status: 'solved', at: NOW },
      ]);
    }));

  it('that was moved away starts anew', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await reserved(ledger);
      await rm(path.join(folder, 'ledger.1.jsonl'));
      assert.deepEqual(await ledger.open(), []);
      await rm(folder, { recursive: true });
      await reserved(ledger);
      assert.equal((await ledger.open()).length, 1);
    }));

  it('where its folder cannot be used says so', () =>
    inFolder(async (folder) => {
      await writeFile(path.join(folder, 'file'), '');
      await assert.rejects(openLedger(path.join(folder, 'file', 'ledger')), /folder .* cannot be made.*another folder/);
      await mkdir(path.join(folder, 'odd', 'ledger.1.jsonl'), { recursive: true });
      await assert.rejects(openLedger(path.join(folder, 'odd')), /cannot be opened.*Nothing was spent/);
    }));

  it('in a folder that takes no files says so', async function () {
    if (process.platform === 'win32') return void this.skip();
    await inFolder(async (folder) => {
      await chmod(folder, 0o500);
      // Permissions do not hold for root; the system's own folder of processes does.
      const closed = process.getuid?.() === 0 && process.platform === 'linux' ? '/proc/self' : folder;
      await assert.rejects(openLedger(closed), /cannot be made.*Nothing was spent/);
      await chmod(folder, 0o700);
    });
  });
});

describe('many who ask one ledger at once', () => {
  const caps = { ...NO_CAPS, user: { day: usd('0.0205') } };

  it('are admitted in their order, up to the cap and not beyond', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const ids = await Promise.all(Array.from({ length: 30 }, () => ledger.reserve(BOOKING, caps, sizedAt(WORST))));
      assert.deepEqual(
        (await callsIn(folder)).map(({ id }) => id),
        ids.filter((id) => id !== undefined),
      );
      assert.equal(ids.filter((id) => id !== undefined).length, 10);
    }));

  it('are sized anew, each of them, where another object took the money between', () =>
    inFolder(async (folder) => {
      const ledgers = await Promise.all([1, 2, 3].map(() => openLedger(folder)));
      const left: bigint[] = [];
      const ids = await Promise.all(
        ledgers.flatMap((ledger) =>
          Array.from({ length: 5 }, () =>
            ledger.reserve(BOOKING, caps, (remainders) => {
              left.push(remainders[0]?.left ?? 0n);
              return sizedAt(WORST)(remainders);
            }),
          ),
        ),
      );
      assert.equal(ids.filter((id) => id !== undefined).length, 10);
      assert.ok(left.every((amount) => amount >= usd('0.0005')));
      assert.equal((await ledgers[0]?.totals())?.day, usd('0.02'));
    }));

  it('are not held up by one whose sizing throws', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const thrown = new Error('no size');
      const asked = [1, 2, 3].map((one) =>
        ledger.reserve(BOOKING, caps, (remainders) => {
          if (one === 2) throw thrown;
          return sizedAt(WORST)(remainders);
        }),
      );
      const results = await Promise.allSettled(asked);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.equal((await ledger.open()).length, 2);
    }));

  it('are all told of an error, and none of those who ask after it was put right', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const id = await reserved(ledger);
      await rm(path.join(folder, 'ledger.1.jsonl'));
      await mkdir(path.join(folder, 'ledger.1.jsonl'));
      const results = await Promise.allSettled([
        ledger.sent(id),
        ledger.settle(id, '/w', billOf(COST), NO_CAPS),
        ledger.reserve(BOOKING, caps, sizedAt(WORST)),
        ledger.totals(),
      ]);
      for (const result of results) assert.ok(result.status === 'rejected' && result.reason instanceof LedgerError);
      assert.equal(ledger.learned('m').reports, 0, 'what was learned can be asked for meanwhile');
      await rm(path.join(folder, 'ledger.1.jsonl'), { recursive: true });
      await spent(ledger, COST);
      assert.equal((await ledger.totals()).day, COST);
    }));

  it('wait for nobody who does not come back: a ledger that is let go of is opened anew by the next', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const pending = spent(ledger, COST);
      await ledger.close();
      await pending;
      await ledger.close();
      assert.equal((await ledger.totals()).day, COST);
      await ledger.close();
    }));
});
