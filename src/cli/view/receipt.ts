import { formatUsd, subtract } from '../../core/money';
import { estimateText, groupSections } from '../../report/callGroups';
import { raisedText, violationTexts } from '../../report/moneyText';
import { groupedCalls } from '../../report/recordGroups';
import type { CallRecord, RunRecord } from '../../report/record';
import { counted, duration, grouped, oneLine } from '../../report/text';
import { exact, exactColumn } from './money';
import type { Paint } from './paint';
import { sheetLines } from './sheetLines';
import { tableLines } from './table';
import { wrapped } from './wrap';

/** Every call of a run with what it reserved and what it was billed, and the totals. Amounts are exact and add up. */
export function receiptLines(record: RunRecord, width: number, paint: Paint): string[] {
  const { account, calls, denials, raises, plan, result } = record;
  const lines = [paint.bold('Receipt')];
  if (calls.length === 0) lines.push('  No model was called.');
  else lines.push(...callTable(record).map((line, index) => `  ${index === 0 ? paint.dim(line) : line}`));
  for (const call of calls) lines.push(...remarks(call, width, paint));
  const groups = { title: '', sections: groupSections(groupedCalls(record)) };
  const screen = { paint, live: true, width: () => width - 2 };
  if (groups.sections.length > 0)
    lines.push('', ...sheetLines(groups, screen).map((line) => `  ${line}`.trimEnd()), '');
  for (const { message } of denials) lines.push(...note(`Not admitted: ${oneLine(message, 600)}`, width, paint));
  for (const { from, to } of raises) lines.push(...note(raisedText(from, to), width, paint));
  const confirmed = subtract(account.spent, account.unconfirmed);
  const unconfirmed = `${exact(account.unconfirmed)} unconfirmed`;
  const estimate = plan?.feasible === true ? estimateText(account.spent, plan.expectedCost) : undefined;
  const took = result === undefined ? '' : `, ${duration(result.seconds * 1000)}`;
  lines.push(
    `  ${paint.bold(exact(account.spent))} spent of ${formatUsd(account.budget)}: ${exact(confirmed)} confirmed, ` +
      (account.unconfirmed > 0n ? paint.yellow(unconfirmed) : unconfirmed),
    `  ${exact(subtract(account.budget, account.spent))} left over; ` +
      `at most ${exact(account.worstReserved)} was ever at stake${took}`,
    ...(calls.length === 0 || estimate === undefined ? [] : [`  The run cost ${estimate}.`]),
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
    const tokens = end === undefined ? ['', ''] : [grouped(end.promptTokens), grouped(end.completionTokens)];
    const amount = end === undefined ? 'under way' : `${billed.shift() ?? ''}${end.unconfirmed === 0n ? ' ' : '*'}`;
    return [String(call), role, oneLine(model, 40), ...tokens, reserved[index] ?? '', amount];
  });
  const sum = [
    '',
    'total',
    counted(account.calls, 'call'),
    grouped(account.promptTokens),
    grouped(account.completionTokens),
  ];
  const head = ['#', 'role', 'model', 'in', 'out', 'reserved', 'billed '];
  return tableLines([head, ...rows, [...sum, '', `${total} `]], [0, 3, 4, 5, 6]);
}

function remarks({ settled, reserved }: CallRecord, width: number, paint: Paint): string[] {
  if (settled === undefined) return [];
  const { call, cost, unconfirmed, problem } = settled;
  const lines: string[] = [];
  if (unconfirmed > 0n) {
    const what =
      unconfirmed === cost
        ? 'is booked at its worst case: its bill is unknown'
        : `holds ${exact(unconfirmed)} that the provider did not confirm`;
    lines.push(...note(`* Call ${call} ${what}.`, width, paint));
  }
  if (problem !== undefined) lines.push(...note(`Call ${call}: ${oneLine(problem, 600)}`, width, paint));
  for (const text of violationTexts(settled, reserved)) {
    lines.push(...note(`! Call ${call}: ${oneLine(text, 600)}`, width, paint));
  }
  return lines;
}

function note(text: string, width: number, paint: Paint): string[] {
  return wrapped(text, width - 2).map((line) => `  ${paint.yellow(line)}`);
}
