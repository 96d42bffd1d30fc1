import { NO_CAPS } from '../../../src/core/budget/caps';
import { Ledger } from '../../../src/core/budget/ledger';
import { usd } from '../../../src/core/money';

/**
 * A process that spends, for the tests of the ledger: it reserves $0.001 again and again under a user's day cap until
 * there is no more, and tells each step on a line of its own once the step is on the disk.
 * Arguments: folder, cap in USD, name, and `pause` to stop for ever after the fifth call was sent.
 */
const [folder = '', cap = '0', name = '', pause] = process.argv.slice(2);
const STEP = usd('0.001');
const booking = { run: name, task: name, workspace: '', role: 'executor', model: 'm' } as const;
const caps = { ...NO_CAPS, user: { day: usd(cap) } };
const settlement = { cost: STEP, confirmed: true, promptTokens: 1, completionTokens: 1 };

async function main(): Promise<void> {
  const ledger = await Ledger.open(folder);
  for (let call = 1; ; call++) {
    const id = await ledger.reserve(booking, caps, (tightest) =>
      tightest !== undefined && tightest.left < STEP ? undefined : STEP,
    );
    if (id === undefined) return;
    console.log(`reserved ${id}`);
    await ledger.sent(id);
    console.log(`sent ${id}`);
    if (pause === 'pause' && call === 5) await new Promise((never) => setTimeout(never, 600_000));
    await ledger.settle(id, settlement);
    console.log(`settled ${id}`);
  }
}

void main();
