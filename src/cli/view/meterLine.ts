import type { Account } from '../../core/budget/account';
import { formatUsd, type Money, toDecimal } from '../../core/money';
import type { RunRecord } from '../../report/record';
import { counted, oneLine } from '../../report/text';
import type { Paint } from './paint';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Cells of the bar on a terminal that has room for it. */
const BAR = 14;

/**
 * The live meter: "⠹ $0.000123 / $0.0020  ▓▓▒▒░░░░  3 calls · gpt-4 executor… 84 chars". The bar shows what is spent,
 * then what calls under way have reserved, then what is left.
 * @param frame counts redraws, and turns the spinner
 */
export function meterLine(record: RunRecord, paint: Paint, width: number, frame: number): string {
  const { account } = record;
  const spinner = paint.cyan(FRAMES[frame % FRAMES.length] ?? '');
  const money = `${paint.bold(liveUsd(account))} / ${formatUsd(account.budget)}`;
  const cells = Math.max(6, Math.min(BAR, width - 66));
  const doing = activity(record);
  const calls = counted(account.calls, 'call');
  return `${spinner} ${money}  ${bar(account, cells, paint)}  ${calls}${doing === '' ? '' : paint.dim(` · ${doing}`)}`;
}

/** Spent, with a fixed number of decimals that shows one part in ten thousand of the budget: it must not jump about. */
export function liveUsd({ spent, budget }: Pick<Account, 'spent' | 'budget'>): string {
  const leading = /^0\.(0*)/.exec(toDecimal(budget))?.[1]?.length ?? 0;
  const decimals = Math.min(15, Math.max(4, leading + 4));
  const [whole = '0', fraction = ''] = toDecimal(spent).split('.');
  return `$${whole}.${fraction.padEnd(decimals, '0').slice(0, decimals)}`;
}

/** A bar of so many cells: spent, reserved, left. What is not nothing takes at least one cell while there is room. */
export function bar({ spent, reserved, budget }: Account, cells: number, paint: Paint): string {
  const full = share(spent, budget, cells);
  const held = Math.min(share(reserved, budget, cells), cells - full);
  return paint.cyan('▓'.repeat(full)) + paint.yellow('▒'.repeat(held)) + paint.dim('░'.repeat(cells - full - held));
}

function share(amount: Money, budget: Money, cells: number): number {
  if (amount <= 0n || budget <= 0n) return 0;
  const part = Number((amount * BigInt(cells)) / budget);
  return Math.min(cells, Math.max(1, part));
}

/** What is going on right now, in a few words. */
export function activity({ calls, attempts, waiting }: RunRecord): string {
  if (waiting !== undefined) return `waiting: ${oneLine(waiting)}`;
  const open = calls.filter(({ settled }) => settled === undefined).at(-1);
  if (open !== undefined) {
    const { model, role } = open.reserved;
    const arrived = open.arrived === 0 ? '' : ` ${open.arrived} chars`;
    return `${oneLine(model, 40)} ${role}…${arrived}`;
  }
  const testing = attempts.find(({ verdict }) => verdict === undefined);
  return testing === undefined ? '' : `testing answer ${testing.attempt} in the sandbox…`;
}
