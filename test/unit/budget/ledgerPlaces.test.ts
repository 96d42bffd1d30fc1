import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { LedgerError } from '../../../src/core/budget/ledger';
import { segmentFile } from '../../../src/core/budget/ledger/segments';
import { usd, ZERO } from '../../../src/core/money';
import { inFolder, openLedger, reserved, sizedAt, spent, BOOKING } from '../../support/ledger';

const ONE = usd('0.001');
const NOBODY = 65534;

/** Does something without the rights of root, who may read and write everything. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('a ledger', () => {
  it('in a folder behind a link is the same one, and holds its caps by either name', async function () {
    if (process.platform === 'win32') return void this.skip();
    await inFolder(async (folder) => {
      const real = path.join(folder, 'real');
      const link = path.join(folder, 'link');
      await mkdir(real);
      await symlink(real, link);
      const caps = { user: { day: usd('0.003') }, workspace: {} };
      const [one, other] = [await openLedger(real), await openLedger(link)];
      await spent(one, ONE, caps);
      await spent(other, ONE, caps);
      await reserved(one, ONE, caps);
      assert.equal(await other.reserve(BOOKING, caps, sizedAt(ONE)), undefined);
      assert.equal((await one.totals()).day, usd('0.003'));
    });
  });

  it('that another account may not touch stops it with what to do, and is left as it is', async function () {
    if (process.platform === 'win32') return void this.skip();
    await inFolder(async (folder) => {
      await chmod(folder, 0o755);
      const ledger = await openLedger(folder);
      await spent(ledger, ONE);
      const file = segmentFile(folder, { kind: 'ledger', number: 1 });
      const before = await readFile(file, 'utf8');
      // It may be looked at, and not written: what cannot be recorded is not spent.
      for (const mode of [0o000, 0o444]) {
        await chmod(file, mode);
        await assert.rejects(
          withoutRights(() => openLedger(folder)),
          (error) =>
            error instanceof LedgerError && /cannot be opened.*your account may read and write/.test(error.message),
          mode.toString(8),
        );
      }
      await chmod(file, 0o600);
      assert.equal(await readFile(file, 'utf8'), before);
      assert.equal((await ledger.totals()).day, ONE);
    });
  });

  it('that became one of another account while it was open books what was sent, and shows it', async function () {
    if (process.platform === 'win32') return void this.skip();
    await inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const id = await reserved(ledger, ONE);
      await ledger.sent(id);
      await chmod(folder, 0o000);
      await assert.rejects(
        withoutRights(() => ledger.reserve(BOOKING, { user: {}, workspace: {} }, sizedAt(ONE))),
        LedgerError,
      );
      await chmod(folder, 0o700);
      const [open] = await ledger.open();
      assert.deepEqual([open?.id, open?.state, open?.cost], [id, 'sent', ONE]);
      assert.notEqual((await ledger.totals()).day, ZERO);
    });
  });
});
