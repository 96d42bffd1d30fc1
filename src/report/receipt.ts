import type { CallSettled } from '../core/budget/meterEvent';
import { add, formatUsd, type Money, subtract, ZERO } from '../core/money';
import { estimateText, groupSections } from './callGroups';
import { denialTable } from './denialView';
import { estimatedIn, isCounted } from './estimated';
import { comparedText, evidenceEndText, sameAsText } from './evidenceText';
import { exact as exactText, exactColumn } from './exactMoney';
import { raisedText, violationTexts, warningText } from './moneyText';
import { headline, planReasons, poolWithRoles, priceText } from './outcome';
import { type AttemptRecord, type CallRecord, judgeOf, type ProofNote, type RunRecord } from './record';
import { groupedCalls } from './recordGroups';
import { sectionMarkdown } from './sheetMarkdown';
import { counted, duration, grouped, markdownBlock, markdownCode, markdownText } from './text';

/** Characters of the output of a test run that a receipt quotes. */
const QUOTED_OUTPUT = 1500;

/**
 * The receipt of a run as Markdown: every call with what it reserved and what it was billed, every test run, and what
 * is left. Amounts are exact, so the columns add up.
 */
export function receiptMarkdown(record: RunRecord): string {
  const groups = groupSections(groupedCalls(record)).map(sectionMarkdown);
  const sections = [title(record), facts(record), money(record), calls(record), ...groups, tests(record), plan(record)];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function title({ heading, result, account }: RunRecord): string {
  const state = result === undefined ? 'Running' : headline(result, judgeOf(heading));
  const error = result?.error === undefined ? '' : `\n\n> ${markdownText(result.error, 1000)}`;
  const spent = `Spent ${exact(account.spent)} of ${markdownText(formatUsd(account.budget))}`;
  return `# Receipt: ${markdownText(heading.task, 100)}\n\n**${markdownText(state)}** · ${spent}${error}`;
}

function facts({ heading, plan, result, attempts }: RunRecord): string {
  const rows: [string, string][] = [
    ['Task', `${markdownCode(heading.task)} (${heading.language})`],
    ['Tests', markdownText(heading.tests)],
    ...proofRows(heading.proof),
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
      ['Models', markdownText(poolWithRoles(plan.pool))],
      ['Topology', `${plan.topology}, ${plan.profile} profile`],
      ['Plan', markdownText(priceText(plan))],
    );
  }
  if (result?.overspend !== undefined) rows.push(['Overspend', markdownText(result.overspend, 600)]);
  if (attempts.length > 0) rows.push(['Sandbox', markdownText(heading.sandbox)]);
  return table(['', ''], rows);
}

function proofRows(proof: ProofNote | undefined): [string, string][] {
  if (proof === undefined) return [];
  return [
    ['Command', markdownCode(proof.command, 300)],
    ['Before', markdownText(proof.before)],
    ['Proof', markdownText(proof.caveat, 600)],
  ];
}

function money({ account, plan, warnings, raises, result, calls: made }: RunRecord): string {
  const estimated = estimatedIn(made);
  const rows: (readonly [string, Money])[] = [
    ['Budget', account.budget],
    ['**Spent**', account.spent],
    ['of it confirmed by the provider', subtract(account.spent, account.unconfirmed)],
    ...(estimated === 0n ? [] : [['of it estimated by the count of the editor', estimated] as const]),
    ['of it unconfirmed, booked at its worst case', subtract(account.unconfirmed, estimated)],
  ];
  if (account.reserved > 0n) rows.push(['Reserved by calls under way', account.reserved]);
  rows.push(
    ['Left over', subtract(subtract(account.budget, account.spent), account.reserved)],
    ['Most that was ever at stake', account.worstReserved],
  );
  if (plan?.feasible === true) rows.push(['Expected by the plan', plan.expectedCost]);
  const amounts = escaped(exactColumn(rows.map(([, amount]) => amount)));
  const cells = rows.map(([name], index): readonly string[] => {
    const amount = amounts[index] ?? '';
    return [name, name.startsWith('**') ? `**${amount}**` : amount];
  });
  const estimate = plan?.feasible === true ? estimateText(account.spent, plan.expectedCost) : undefined;
  const notes = [
    ...raises.map(({ from, to }) => raisedText(from, to)),
    ...warnings.map(warningText),
    ...(result === undefined || estimate === undefined ? [] : [`The run cost ${estimate}.`]),
  ].map((text) => `- ${markdownText(text, 600)}`);
  return [`## Money`, table(['', 'USD'], cells, [1]), ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n');
}

function calls({ calls: all, denials, account }: RunRecord): string {
  const lines = ['## Calls'];
  if (all.length === 0) lines.push('No model was called.');
  else {
    const reserved = all.map((call) => call.reserved.reserved);
    const billed = all.map(({ settled }) => settled?.cost ?? ZERO);
    const amounts = escaped(exactColumn([...reserved, ...billed, add(ZERO, ...reserved), account.spent]));
    const rows = all.map((call, index) =>
      callRow(call, amounts[index] ?? '', call.settled === undefined ? '' : (amounts[all.length + index] ?? '')),
    );
    rows.push([
      '',
      '**Total**',
      counted(account.calls, 'call'),
      `**${grouped(account.promptTokens)}**`,
      `**${grouped(account.completionTokens)}**`,
      amounts.at(-2) ?? '',
      `**${amounts.at(-1) ?? ''}**`,
      '',
    ]);
    lines.push(
      'In and out are the tokens of prompt and completion; amounts are in USD.',
      table(['#', 'Role', 'Model', 'In', 'Out', 'Reserved', 'Billed', 'Note'], rows, [0, 3, 4, 5, 6]),
    );
  }
  for (const denial of denials) {
    lines.push(`**Not admitted.** ${markdownText(denial.message, 600)}`, denialTable(denial));
  }
  return lines.join('\n\n');
}

function callRow({ reserved, settled, sameAs }: CallRecord, amount: string, billed: string): string[] {
  const notes = [
    settled === undefined ? 'under way' : unconfirmedNote(settled),
    settled?.problem === undefined ? '' : markdownText(settled.problem),
    sameAs === undefined ? '' : sameAsText(sameAs),
    ...(settled === undefined ? [] : violationTexts(settled, reserved)).map((text) => `**${markdownText(text)}**`),
  ];
  return [
    String(reserved.call),
    reserved.role,
    markdownText(reserved.model),
    settled === undefined ? '' : grouped(settled.promptTokens),
    settled === undefined ? '' : grouped(settled.completionTokens),
    amount,
    billed,
    notes.filter((note) => note !== '').join('; '),
  ];
}

function unconfirmedNote(settled: CallSettled): string {
  const { cost, unconfirmed } = settled;
  if (isCounted(settled)) return 'estimated';
  if (unconfirmed === 0n) return '';
  return unconfirmed === cost ? 'unconfirmed' : `${exact(unconfirmed)} of it unconfirmed`;
}

function tests({ attempts, comparisons, evidence, heading }: RunRecord): string {
  const noun = heading.proof === undefined ? 'test' : 'check';
  const runs = attempts.length === 0 ? [] : ['## Test runs', ...attempts.map((one) => attempt(one, noun))];
  const said = [...comparisons.map(comparedText), ...(evidence === undefined ? [] : [evidenceEndText(evidence)])];
  const compared = said.map((text) => `- ${markdownText(text, 300)}`).join('\n');
  return [...runs, ...(compared === '' ? [] : ['## Evidence', compared])].join('\n\n');
}

function attempt({ attempt, model, verdict }: AttemptRecord, noun: string): string {
  const name = `### Answer ${attempt}, ${markdownText(model)}`;
  if (verdict === undefined) return `${name}\n\nThe test run was not finished.`;
  const parts = [name, `${verdict.passed} of ${counted(verdict.total, noun)} passed.`];
  if (verdict.killed !== undefined) parts.push(`The run was ended: it struck the ${verdict.killed} limit.`);
  const rows = verdict.tests.map(({ ok, name: test, message, durationMs }) => [
    ok ? '✓' : '✗',
    markdownCode(test),
    message === undefined ? '' : markdownText(message),
    duration(durationMs),
  ]);
  if (rows.length > 0) parts.push(table(['Passed', 'Test', 'Message', 'Time'], rows, [3]));
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
  return exactText(amount).replace('$', '\\$');
}

function escaped(amounts: readonly string[]): string[] {
  return amounts.map((amount) => amount.replace('$', '\\$'));
}

/** A Markdown table; columns whose index is in `right` are aligned to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, index) => (right.includes(index) ? '---:' : '---')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}
