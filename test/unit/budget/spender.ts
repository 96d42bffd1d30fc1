import { link, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Booking } from '../../../src/core/budget/entry';
import { Ledger } from '../../../src/core/budget/ledger';
import { toDecimal } from '../../../src/core/money';
import { billOf, sizedAt } from '../../support/bills';
import { capsOf, mills, type Orders } from './orders';

/**
 * A process that spends, for the tests of the ledger. It tells each step on a line of its own once the step is on the
 * disk, and whatever goes wrong as an `error`. Its only argument are its {@link Orders} as JSON.
 */
const orders = JSON.parse(process.argv[2] ?? '{}') as Orders;
const now = (): number => orders.clock.start + (Date.now() - orders.clock.real) * orders.clock.speed;
const caps = capsOf(orders);

function tell(...words: readonly string[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}

async function main(): Promise<void> {
  const ledger = await Ledger.open(orders.folder, now, orders.segmentBytes);
  tell('ready');
  await Promise.all(Array.from({ length: orders.inFlight }, (_, lane) => spend(ledger, lane)));
  await ledger.close();
}

/** Makes one call after the other, until there is no money or, with `patient`, for ever. */
async function spend(ledger: Ledger, lane: number): Promise<void> {
  const { workspace, name, patient } = orders;
  const booking: Booking = { run: name, task: name, workspace, role: 'executor', model: 'm' };
  for (let call = 1; ; call++) {
    await keepSegments();
    const worst = mills(10 + ((call * 7 + lane * 5) % 20));
    const id = await ledger.reserve(booking, caps, sizedAt(orders.step === undefined ? worst : mills(orders.step)));
    if (id === undefined) {
      if (!patient) return;
      tell('denied');
      await sleep(20);
      continue;
    }
    tell('reserved', id);
    if (patient && call % 11 === 0) {
      await ledger.release(id);
      tell('released', id);
      continue;
    }
    if (!(await ledger.sent(id))) {
      tell('lapsed', id);
      continue;
    }
    tell('sent', id);
    if (orders.pauseAfter === call) await sleep(600_000);
    const bill = orders.step === undefined ? mills((call + lane) % 2) : mills(orders.step);
    await ledger.settle(id, workspace, billOf(bill), caps);
    tell('settled', id, toDecimal(bill));
  }
}

const kept = new Set<string>();

/** Gives each segment a second name before it can be packed away, so that the test can read it as it was written. */
async function keepSegments(): Promise<void> {
  const { folder, keepIn } = orders;
  if (keepIn === undefined) return;
  for (const name of await readdir(folder)) {
    if (kept.has(name) || !/^ledger\.\d+\.jsonl$/.test(name)) continue;
    kept.add(name);
    // Another process was quicker, or has packed it by now, having kept it.
    await link(path.join(folder, name), path.join(keepIn, name)).catch(() => undefined);
  }
}

main().catch((error: unknown) => {
  tell('error', error instanceof Error ? (error.stack ?? error.message).replaceAll('\n', ' ') : String(error));
  process.exitCode = 1;
});
