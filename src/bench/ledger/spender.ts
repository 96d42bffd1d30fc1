import { once } from 'node:events';
import { Ledger } from '../../core/budget/ledger';
import { usd } from '../../core/money';
import { BILL, bookingOf, BOUND, RESERVED } from './calls';

/**
 * A process of the throughput benchmark: reserves, sends and settles calls, several at a time and each step durable,
 * from a word on its standard input on for a while, and prints how many it completed.
 * Arguments: the ledger's folder, calls at a time, seconds.
 */
const [folder = '', lanes = '1', seconds = '1'] = process.argv.slice(2);
const caps = { user: { day: usd(1e6), month: usd(1e6) }, workspace: { day: usd(1e6), month: usd(1e6) } };

async function main(): Promise<void> {
  const ledger = await Ledger.open(folder);
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  const until = performance.now() + Number(seconds) * 1000;
  let completed = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      const booking = bookingOf(completed);
      const id = await ledger.reserve(booking, caps, () => ({ reserved: RESERVED, bound: BOUND }));
      if (id === undefined || !(await ledger.sent(id))) throw new Error('A call was not admitted.');
      await ledger.settle(id, booking.workspace, BILL, caps);
      if (performance.now() < until) completed += 1;
    }
  };
  await Promise.all(Array.from({ length: Number(lanes) }, lane));
  await ledger.close();
  process.stdout.write(`${completed}\n`);
  process.stdin.destroy();
}

void main();
