import { formatUsd, subtract } from '../../core/money';
import type { CallRecord, RunRecord } from '../../report/record';
import { counted, duration, oneLine } from '../../report/text';
import { exact, exactColumn } from './money';
import type { Paint } from './paint';
import { tableLines } from './table';
import { wrapped } from './wrap';

/** Every call of a run with what it reserved and what it was billed, and the totals. Amounts are exact and add up. */
export function receiptLines(record: RunRecord, width: number, paint: Paint): string[] {
  const { account, calls, denials, result } = record;
  const lines = [paint.bold('Receipt')];
  if (calls.length === 0) lines.push('  No model was called.');
  else lines.push(...callTable(record).map((line, index) => `  ${index === 0 ? paint.dim(line) : line}`));
  for (const call of calls) lines.push(...remarks(call, width, paint));
  for (const { message } of denials) lines.push(...note(`Not admitted: ${oneLine(message, 600)}`, width, paint));
  const confirmed = subtract(account.spent, account.unconfirmed);
  const unconfirmed = `${exact(account.unconfirmed)} unconfirmed`;
  const took = result === undefined ? '' : `, ${duration(result.seconds * 1000)}`;
  lines.push(
    `  ${paint.bold(exact(account.spent))} spent of ${formatUsd(account.budget)}: ${exact(confirmed)} confirmed, ` +
      (account.unconfirmed > 0n ? paint.yellow(unconfirmed) : unconfirmed),
    `  ${exact(subtract(account.budget, account.spent))} left over; ` +
      `at most ${exact(account.worstReserved)} was ever at stake${took}`,
  );
  return lines;
}

function callTable({ calls, account }: RunRecord): string[] {
  const settled = calls.map(({ settled: end }) => end);
  const billed = exactColumn([...settled.flatMap((end) => (end === undefined ? [] : [end.cost])), account.spent]);
  const reserved = exactColumn(calls.map(({ reserved: { reserved: amount } }) => amount));
  const total = billed.pop() ?? '';
  const rows = calls.map(({ reserved: { call, role, model } }, index) => {
    const end = settled[index];
    const tokens = end === undefined ? ['', ''] : [String(end.promptTokens), String(end.completionTokens)];
    const amount = end === undefined ? 'under way' : `${billed.shift() ?? ''}${end.confirmed ? ' ' : '*'}`;
    return [String(call), role, oneLine(model, 40), ...tokens, reserved[index] ?? '', amount];
  });
  const sum = [
    '',
    'total',
    counted(account.calls, 'call'),
    String(account.promptTokens),
    String(account.completionTokens),
  ];
  const head = ['#', 'role', 'model', 'in', 'out', 'reserved', 'billed '];
  return tableLines([head, ...rows, [...sum, '', `${total} `]], [0, 3, 4, 5, 6]);
}

function remarks({ settled }: CallRecord, width: number, paint: Paint): string[] {
  if (settled === undefined) return [];
  const { call, confirmed, problem, overReserved } = settled;
  const lines: string[] = [];
  if (!confirmed) lines.push(...note(`* Call ${call} is booked at its worst case: its bill is unknown.`, width, paint));
  if (problem !== undefined) lines.push(...note(`Call ${call}: ${oneLine(problem, 600)}`, width, paint));
  if (overReserved !== undefined) {
    lines.push(...note(`Call ${call} was billed ${exact(overReserved)} more than was reserved.`, width, paint));
  }
  return lines;
}

function note(text: string, width: number, paint: Paint): string[] {
  return wrapped(text, width - 2).map((line) => `  ${paint.yellow(line)}`);
}
