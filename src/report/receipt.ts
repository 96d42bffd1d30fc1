import { subtract, toDecimal, type Money, formatUsd } from '../core/money';
import { headline, planReasons, poolText, priceText } from './outcome';
import type { AttemptRecord, CallRecord, RunRecord } from './record';
import { counted, duration, grouped, markdownBlock, markdownCode, markdownText } from './text';

/** Characters of the output of a test run that a receipt quotes. */
const QUOTED_OUTPUT = 1500;

/**
 * The receipt of a run as Markdown: every call with what it reserved and what it was billed, every test run, and what
 * is left. Amounts are exact, so the columns add up.
 */
export function receiptMarkdown(record: RunRecord): string {
  const sections = [title(record), facts(record), money(record), calls(record), tests(record), plan(record)];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function title({ heading, result }: RunRecord): string {
  const state = result === undefined ? 'Running' : headline(result);
  const error = result?.error === undefined ? '' : `\n\n> ${markdownText(result.error, 1000)}`;
  return `# Receipt: ${markdownText(heading.task, 100)}\n\n**${markdownText(state)}**${error}`;
}

function facts({ heading, plan, result, attempts }: RunRecord): string {
  const rows: [string, string][] = [
    ['Task', `${markdownCode(heading.task)} (${heading.language})`],
    ['Tests', markdownText(heading.tests)],
    ['Asked at', markdownText(new Date(heading.startedAt).toLocaleString())],
  ];
  if (result !== undefined) {
    rows.push(
      ['Took', duration(result.seconds * 1000)],
      ['Status', result.stop === result.status ? result.status : `${result.status} (${result.stop})`],
    );
  }
  if (plan !== undefined) {
    rows.push(
      ['Models', markdownText(poolText(plan.pool))],
      ['Topology', `${plan.topology}, ${plan.profile} profile`],
      ['Plan', markdownText(priceText(plan))],
    );
  }
  if (attempts.length > 0) rows.push(['Sandbox', markdownText(heading.sandbox)]);
  return table(['', ''], rows);
}

function money({ account }: RunRecord): string {
  const confirmed = subtract(account.spent, account.unconfirmed);
  const rows: [string, string][] = [
    ['Budget', exact(account.budget)],
    ['**Spent**', `**${exact(account.spent)}**`],
    ['of it confirmed by the provider', exact(confirmed)],
    ['of it unconfirmed, booked at its worst case', exact(account.unconfirmed)],
  ];
  if (account.reserved > 0n) rows.push(['Reserved by calls under way', exact(account.reserved)]);
  rows.push(
    ['Left over', exact(subtract(subtract(account.budget, account.spent), account.reserved))],
    ['Most that was ever at stake', exact(account.worstReserved)],
  );
  return `## Money\n\n${table(['', 'USD'], rows, [1])}`;
}

function calls({ calls: all, denials, account }: RunRecord): string {
  const lines = ['## Calls'];
  if (all.length === 0) lines.push('No model was called.');
  else {
    const rows = all.map(callRow);
    rows.push([
      '',
      '**Total**',
      counted(account.calls, 'call'),
      `**${grouped(account.promptTokens)}**`,
      `**${grouped(account.completionTokens)}**`,
      '',
      `**${exact(account.spent)}**`,
      '',
    ]);
    lines.push(
      'In and out are the tokens of prompt and completion; amounts are in USD.',
      table(['#', 'Role', 'Model', 'In', 'Out', 'Reserved', 'Billed', ''], rows, [0, 3, 4, 5, 6]),
    );
  }
  for (const denial of denials) lines.push(`- **Not admitted.** ${markdownText(denial.message, 600)}`);
  return lines.join('\n\n');
}

function callRow({ reserved, settled }: CallRecord): string[] {
  const notes = [
    settled === undefined ? 'under way' : settled.confirmed ? '' : 'unconfirmed',
    settled?.problem === undefined ? '' : markdownText(settled.problem),
    settled?.overReserved === undefined ? '' : `billed ${exact(settled.overReserved)} above the reservation`,
  ];
  return [
    String(reserved.call),
    reserved.role,
    markdownText(reserved.model),
    settled === undefined ? '' : grouped(settled.promptTokens),
    settled === undefined ? '' : grouped(settled.completionTokens),
    exact(reserved.reserved),
    settled === undefined ? '' : exact(settled.cost),
    notes.filter((note) => note !== '').join('; '),
  ];
}

function tests({ attempts }: RunRecord): string {
  return attempts.length === 0 ? '' : ['## Test runs', ...attempts.map(attempt)].join('\n\n');
}

function attempt({ attempt, model, verdict }: AttemptRecord): string {
  const name = `### Answer ${attempt}, ${markdownText(model)}`;
  if (verdict === undefined) return `${name}\n\nThe test run was not finished.`;
  const parts = [name, `${verdict.passed} of ${counted(verdict.total, 'test')} passed.`];
  if (verdict.killed !== undefined) parts.push(`The run was ended: it struck the ${verdict.killed} limit.`);
  const rows = verdict.tests.map(({ ok, name: test, message, durationMs }) => [
    ok ? '✓' : '✗',
    markdownCode(test),
    message === undefined ? '' : markdownText(message),
    duration(durationMs),
  ]);
  if (rows.length > 0) parts.push(table(['', 'Test', 'Message', 'Time'], rows, [3]));
  const output = [verdict.stdout, verdict.stderr].filter((text) => text.trim() !== '').join('\n');
  if (output !== '') parts.push(markdownBlock(output.slice(0, QUOTED_OUTPUT), 'text'));
  return parts.join('\n\n');
}

function plan({ plan: made }: RunRecord): string {
  if (made === undefined) return '';
  const why = planReasons(made).map((line) => `- ${markdownText(line, 600)}`);
  return `## Why this plan\n\n${why.join('\n')}\n\nMost that the plan could have cost: ${markdownText(formatUsd(made.worstCost))}\\.`;
}

function exact(amount: Money): string {
  return `\\$${toDecimal(amount)}`;
}

/** A Markdown table; columns whose index is in `right` are aligned to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, index) => (right.includes(index) ? '---:' : '---')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}
