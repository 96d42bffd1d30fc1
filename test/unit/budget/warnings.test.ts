import assert from 'node:assert/strict';
import type { Caps } from '../../../src/core/budget/caps';
import type { Ledger } from '../../../src/core/budget/ledger';
import { thresholdOf, type Warning } from '../../../src/core/budget/warning';
import { type Money, usd } from '../../../src/core/money';
import { billOf, inFolder, openLedger, reserved, spent } from '../../support/ledger';

const DAY = 86_400_000;
const told = (warnings: readonly Warning[]): string[] => warnings.map(({ cap, percent }) => `${cap} ${percent}`);

/** Spends so much of the user's and of the workspace's cap, and resolves with what is told. */
async function warnedBy(ledger: Ledger, amount: Money, caps: Caps, workspace = '/w'): Promise<string[]> {
  const id = await reserved(ledger, amount, caps, { workspace });
  await ledger.sent(id);
  return told(await ledger.settle(id, workspace, billOf(amount), caps));
}

describe('warnings', () => {
  it('come at 50, 80 and 95 percent, to the last unit, and never where there is no limit', () => {
    const unit = (count: bigint): Money => count as Money;
    const at = (spent: bigint): number | undefined => thresholdOf(unit(spent), unit(1000n));
    assert.deepEqual([0n, 499n, 500n, 799n, 800n, 949n, 950n, 1000n, 5000n].map(at), [
      undefined,
      undefined,
      50,
      50,
      80,
      80,
      95,
      95,
      95,
    ]);
    assert.equal(thresholdOf(unit(5n), unit(0n)), undefined);
  });

  it('are told once, by whichever window reaches them', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd(1) }, workspace: {} };
      const [one, other] = [await openLedger(folder), await openLedger(folder)];
      assert.deepEqual(await warnedBy(one, usd('0.49'), caps), []);
      assert.deepEqual(await warnedBy(other, usd('0.02'), caps), ['user day 50']);
      assert.deepEqual(await warnedBy(one, usd('0.02'), caps), []);
      assert.deepEqual(await warnedBy(one, usd('0.43'), caps), ['user day 95'], 'what was passed on the way is not');
      assert.deepEqual(await warnedBy(other, usd('0.01'), caps), []);
      assert.deepEqual(await warnedBy(await openLedger(folder), usd('0.01'), caps), []);
    }));

  it('are told by one of all windows that reach them at the same time', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd(1) }, workspace: {} };
      const ledgers = await Promise.all([1, 2, 3, 4].map(() => openLedger(folder, undefined, 4000)));
      const ids = await Promise.all(ledgers.map((ledger) => reserved(ledger, usd('0.2'), caps)));
      const warnings = await Promise.all(
        ids.map(async (id, index) => {
          await ledgers[index]?.sent(id);
          return told((await ledgers[index]?.settle(id, '/w', billOf(usd('0.2')), caps)) ?? []);
        }),
      );
      assert.deepEqual(new Set(warnings.flat()), new Set(['user day 80']));
      assert.equal(warnings.flat().length, 1);
    }));

  it('say how much was spent of which limit', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const caps: Caps = { user: { day: usd(1), month: usd(30) }, workspace: { day: usd('0.5'), month: usd('0.9') } };
      const id = await reserved(ledger, usd('0.45'), caps);
      await ledger.sent(id);
      assert.deepEqual(await ledger.settle(id, '/w', billOf(usd('0.45')), caps), [
        { cap: 'workspace day', percent: 80, spent: usd('0.45'), limit: usd('0.5') },
        { cap: 'workspace month', percent: 50, spent: usd('0.45'), limit: usd('0.9') },
      ]);
    }));

  it('of a workspace are its own, and each day and month has new ones', () =>
    inFolder(async (folder) => {
      let now = new Date(2026, 10, 20, 12).getTime();
      const ledger = await openLedger(folder, () => now);
      const caps: Caps = { user: { month: usd(9) }, workspace: { day: usd(1) } };
      assert.deepEqual(await warnedBy(ledger, usd('0.6'), caps, '/a'), ['workspace day 50']);
      assert.deepEqual(await warnedBy(ledger, usd('0.6'), caps, '/b'), ['workspace day 50']);
      assert.deepEqual(await warnedBy(ledger, usd('0.1'), caps, '/b'), []);
      now += DAY;
      assert.deepEqual(await warnedBy(ledger, usd('0.6'), caps, '/a'), ['workspace day 50']);
      now += 10 * DAY;
      assert.deepEqual(await warnedBy(ledger, usd('0.96'), caps, '/a'), ['workspace day 95']);
    }));

  it('are remembered when a segment is closed', () =>
    inFolder(async (folder) => {
      const caps: Caps = { user: { day: usd(1) }, workspace: {} };
      const ledger = await openLedger(folder, undefined, 1500);
      assert.deepEqual(await warnedBy(ledger, usd('0.6'), caps), ['user day 50']);
      for (let call = 0; call < 12; call++) await spent(ledger, usd('0.001'), caps);
      const other = await openLedger(folder);
      assert.deepEqual(await warnedBy(other, usd('0.001'), caps), []);
    }));
});
