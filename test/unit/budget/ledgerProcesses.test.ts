import assert from 'node:assert/strict';
import path from 'node:path';
import { times, usd } from '../../../src/core/money';
import { bundled, type Bundle } from '../../support/bundle';
import { bookedIn, callsIn, inFolder, openLedger, reserved } from '../../support/ledger';
import { mills, type Orders } from './orders';
import { startSpender } from './spenders';

const YEAR = 365 * 86_400_000;
const orders = (folder: string, name: string, more: Partial<Orders> = {}): Orders => ({
  ...{ folder, name, workspace: '', userDay: 1000, inFlight: 1, step: 1, patient: false },
  clock: { start: Date.now(), real: Date.now(), speed: 1 },
  ...more,
});

describe('a ledger that several processes share', () => {
  let program: Bundle;
  before(async () => {
    program = await bundled(path.join(import.meta.dirname, 'spender.ts'));
  });
  after(() => program.remove());

  it('never lets them exceed a cap together, and lets them use all of it', () =>
    inFolder(async (folder) => {
      const more = { userDay: 200, inFlight: 3, segmentBytes: 8000 };
      const spenders = [1, 2, 3, 4].map((name) => startSpender(program.file, orders(folder, `process ${name}`, more)));
      const ends = await Promise.all(spenders.map(({ gone }) => gone));
      assert.deepEqual(
        ends.map(({ code }) => code),
        [0, 0, 0, 0],
      );
      const settled = spenders.flatMap(({ told }) => told).filter(({ step }) => step === 'settled');
      assert.equal(settled.length, 200);
      assert.equal(await bookedIn(folder), mills(200));
      assert.equal((await (await openLedger(folder)).totals()).day, mills(200));
    })).timeout(60_000);

  it('keeps what a killed process had settled, and what it had sent at its worst case', () =>
    inFolder(async (folder) => {
      const spender = startSpender(program.file, orders(folder, 'killed', { pauseAfter: 5 }), ({ step }, { told }) => {
        if (step === 'sent' && told.filter((one) => one.step === 'sent').length === 5) spender.child.kill('SIGKILL');
      });
      await spender.gone;
      const step = usd('0.001');
      assert.deepEqual(
        (await callsIn(folder)).map(({ state, cost, unconfirmed }) => [state, cost, unconfirmed]),
        [...Array<unknown>(4).fill(['settled', step, usd(0)]), ['sent', step, step]],
      );
      const later = await openLedger(folder, () => Date.now() + YEAR);
      await reserved(later);
      assert.equal((await later.open()).length, 2, 'what was sent does not lapse');
      assert.equal((await bookedIn(folder)) - usd('0.002'), times(step, 5));
    })).timeout(60_000);
});
