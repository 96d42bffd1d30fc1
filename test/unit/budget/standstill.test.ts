import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { writeLine } from '../../../src/core/budget/ledger/line';
import { times, usd } from '../../../src/core/money';
import { bundled, type Bundle } from '../../support/bundle';
import {
  billOf,
  bookedIn,
  BOOKING,
  sizedAt,
  callsIn,
  inFolder,
  openLedger,
  reserved,
  spent,
} from '../../support/ledger';
import { mills, type Orders } from './orders';
import { startSpender } from './spenders';

const ONE = usd('0.001');
const SEGMENT_BYTES = 3000;
const SEAL = { type: 'seal', at: Date.now() } as const;
const fileIn = (folder: string, number: number): string => path.join(folder, `ledger.${number}.jsonl`);

/** Lets others close and pack some segments. */
async function othersGoOn(folder: string): Promise<void> {
  const other = await openLedger(folder, undefined, SEGMENT_BYTES);
  for (let call = 0; call < 12; call++) await spent(other, ONE);
  await other.close();
  assert.ok((await readdir(folder)).includes('calls.2.jsonl'));
}

describe('a process that stood still while others closed and packed segments', () => {
  it('goes on in the last one, knowing all that was spent meanwhile', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder, undefined, SEGMENT_BYTES);
      const id = await reserved(ledger, ONE);
      await othersGoOn(folder);
      assert.equal(await ledger.sent(id), true);
      await ledger.settle(id, '/w', billOf(ONE), NO_CAPS);
      assert.equal((await ledger.totals()).day, times(ONE, 13));
    }));

  it('between looking for the ledger and making its first file makes none beside that of the others', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await ledger.close();
      const first = await readFile(fileIn(folder, 1));
      await othersGoOn(folder);
      // It did link its own first file, and was killed before it could look again.
      await writeFile(fileIn(folder, 1), first);
      const again = await openLedger(folder);
      assert.equal((await again.totals()).day, times(ONE, 12));
      assert.equal(await bookedIn(folder), times(ONE, 12));
    }));

  it('before it made the next file that others have packed by now leaves no second one', () =>
    inFolder(async (folder) => {
      await othersGoOn(folder);
      const stale = {
        type: 'checkpoint',
        version: 1,
        segment: 2,
        at: 1,
        sums: {},
        entries: [],
        learned: {},
        warned: [],
      } as const;
      await writeFile(fileIn(folder, 2), `${writeLine(stale)}\n`);
      const ledger = await openLedger(folder);
      await spent(ledger, ONE);
      assert.equal((await ledger.totals()).day, times(ONE, 13));
      assert.equal((await callsIn(folder)).length, 13);
    }));

  it('and appends to a file that is closed by now finds that it did not count, and appends again', () =>
    inFolder(async (folder) => {
      const [ledger, other] = [await openLedger(folder), await openLedger(folder)];
      const id = await reserved(ledger, ONE);
      await appendFile(fileIn(folder, 1), `${writeLine(SEAL)}\n`);
      const [sent, next] = await Promise.all([ledger.sent(id), reserved(other, ONE)]);
      assert.equal(sent, true);
      assert.deepEqual((await ledger.open()).map((one) => one.id).sort(), [id, next].sort());
      assert.ok((await readdir(folder)).includes('ledger.2.jsonl'));
    }));

  it('between reading and appending has all its lines count in the next file, as if nothing had been', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const [id, given] = [await reserved(ledger, ONE), await reserved(ledger, ONE)];
      const caps = { user: { day: times(ONE, 5) }, workspace: {} };
      const [sent, next] = await Promise.all([
        ledger.sent(id),
        ledger.reserve(BOOKING, caps, (remainders) => {
          if (!existsSync(fileIn(folder, 2))) appendFileSync(fileIn(folder, 1), `${writeLine(SEAL)}\n`);
          return sizedAt(times(ONE, 3))(remainders);
        }),
        ledger.release(given),
      ]);
      assert.equal(sent, true);
      const other = await openLedger(folder);
      for (const one of [ledger, other]) {
        assert.deepEqual(
          (await one.open()).map((call) => [call.id, call.state]),
          [
            [id, 'sent'],
            [next, 'reserved'],
          ],
        );
        assert.equal((await one.totals()).day, times(ONE, 4));
      }
    }));

  it('after it closed a file, and was killed, has the next one made by whoever comes', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      await spent(ledger, ONE);
      await ledger.close();
      await appendFile(fileIn(folder, 1), `${writeLine(SEAL)}\n`);
      const again = await openLedger(folder);
      assert.equal((await again.totals()).day, ONE);
      await spent(again, ONE);
      await again.close();
      assert.deepEqual((await readdir(folder)).sort(), ['calls.1.jsonl', 'ledger.2.jsonl']);
      assert.equal(await bookedIn(folder), times(ONE, 2));
    }));

  it('while its folder was removed begins a new ledger in it', () =>
    inFolder(async (folder) => {
      const inner = path.join(folder, 'ledger');
      const ledger = await openLedger(inner);
      await spent(ledger, ONE);
      await rm(inner, { recursive: true });
      await spent(ledger, ONE);
      assert.equal((await ledger.totals()).day, ONE);
    }));
});

describe('what a file system may lack', () => {
  let program: Bundle;
  before(async () => {
    program = await bundled(path.join(import.meta.dirname, 'spender.ts'));
  });
  after(() => program.remove());

  const orders = (folder: string, more: Partial<Orders> = {}): Orders => ({
    ...{ folder, name: 'p', workspace: '', userDay: 40, inFlight: 2, step: 1, patient: false, segmentBytes: 3000 },
    clock: { start: Date.now(), real: Date.now(), speed: 1 },
    ...more,
  });

  it('without links the first to make a file makes it, and the others wait until it is whole', () =>
    inFolder(async (folder) => {
      const ledger = path.join(folder, 'ledger');
      const patch = path.join(folder, 'patch.cjs');
      await writeFile(
        patch,
        `const fs = require('node:fs/promises');
         fs.link = () => Promise.reject(Object.assign(new Error('no links here'), { code: 'EPERM' }));`,
      );
      const run = promisify(execFile);
      const ends = await Promise.all(
        [1, 2, 3, 4].map(() => run(process.execPath, ['-r', patch, program.file, JSON.stringify(orders(ledger))])),
      );
      const settled = ends.flatMap(({ stdout }) => stdout.split('\n')).filter((line) => line.startsWith('settled'));
      assert.equal(settled.length, 40);
      assert.equal(await bookedIn(ledger), mills(40));
      assert.ok((await readdir(ledger)).every((name) => !name.endsWith('.new')));
    })).timeout(60_000);

  it('on a full disk nothing more is spent, what was settled is kept, and it goes on when there is room', async function () {
    if (process.platform === 'win32') return void this.skip();
    await inFolder(async (folder) => {
      // Every file may have 4 KiB (POSIX counts in blocks of 512 bytes): a write that crosses it is cut short there.
      for (const [kibibytes, segmentBytes] of [
        [4, 1_000_000],
        [9, 8000],
        [2, 1500],
      ] as const) {
        const ledger = path.join(folder, `ledger ${kibibytes}`);
        await mkdir(ledger);
        const command = `ulimit -f ${kibibytes * 2}; exec "$0" "$@"`;
        const told = JSON.stringify(orders(ledger, { userDay: 200, segmentBytes, inFlight: 3 }));
        const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath, program.file, told]).catch(
          (error: unknown) => error as { readonly stdout: string },
        );
        const lines = stdout.trim().split('\n');
        const settled = lines.filter((line) => line.startsWith('settled')).map((line) => line.split(' ')[1] ?? '');
        const sent = lines.filter((line) => line.startsWith('sent')).map((line) => line.split(' ')[1] ?? '');
        if (segmentBytes > kibibytes * 1024) {
          assert.match(lines.at(-1) ?? '', /error LedgerError: The ledger .* cannot be written.*Free some space/);
        }
        const states = new Map((await callsIn(ledger)).map(({ id, state, cost }) => [id, { state, cost }]));
        for (const id of settled) assert.deepEqual(states.get(id), { state: 'settled', cost: ONE });
        for (const id of sent) assert.equal(states.get(id)?.cost, ONE);
        const spender = startSpender(program.file, orders(ledger, { userDay: 250, segmentBytes }));
        assert.equal((await spender.gone).code, 0);
        assert.deepEqual(
          spender.told.filter(({ step }) => step === 'error'),
          [],
        );
        assert.equal(await bookedIn(ledger), mills(250));
      }
    });
  }).timeout(60_000);
});
