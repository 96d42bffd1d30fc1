import { Ledger, readHistory } from '../../core/budget/ledger';
import { toDecimal } from '../../core/money';
import { Spending } from '../../report/spending';

/** What a fresh process measured on a ledger; times in ms. */
export interface Probe {
  readonly open: number;
  /** What of that was computing; the rest is waiting, for the disk or for other programs. */
  readonly computing: number;
  readonly totals: number;
  /** What was booked this month, decimal USD. */
  readonly month: string;
  /** Reading everything; only where it was asked for. */
  readonly report?: number;
  readonly calls?: number;
  /** Everything that was ever booked, decimal USD. */
  readonly booked?: string;
}

/** Arguments: the ledger's folder, ms since the epoch, and `report` to read all of it. Prints a {@link Probe}. */
const [folder = '', now = '0', report] = process.argv.slice(2);

async function main(): Promise<void> {
  const before = process.cpuUsage();
  const began = performance.now();
  const ledger = await Ledger.open(folder, () => Number(now));
  const opened = performance.now();
  const { user, system } = process.cpuUsage(before);
  const { month } = await ledger.totals();
  const answered = performance.now();
  const probe: Probe = {
    ...{ open: opened - began, computing: (user + system) / 1000 },
    ...{ totals: answered - opened, month: toDecimal(month) },
  };
  await ledger.close();
  if (report !== 'report') return void process.stdout.write(JSON.stringify(probe));
  const reading = performance.now();
  const { total } = await Spending.of(readHistory(folder));
  const more = { report: performance.now() - reading, calls: total.calls, booked: toDecimal(total.costUsd) };
  process.stdout.write(JSON.stringify({ ...probe, ...more }));
}

void main();
