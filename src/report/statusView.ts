import { type Account, available } from '../core/budget/account';
import { add, formatUsd, type Money, subtract, ZERO } from '../core/money';
import type { PeriodCaps } from '../core/budget/caps';
import { thresholdOf } from '../core/budget/warning';
import { estimatedIn } from './estimated';
import { headline } from './outcome';
import type { PeriodTotals } from './periodTotals';
import { type CallRecord, judgeOf, type RunRecord } from './record';
import { counted, grouped, markdownText } from './text';

/** What the status bar shows. `tooltip` is Markdown, `label` is for screen readers. */
export interface StatusView {
  readonly text: string;
  readonly tooltip: string;
  readonly label: string;
  /** Set where the user should look: much of the budget is gone, or a question is open. */
  readonly prominent: boolean;
}

/** What the status bar knows beyond the run: totals without it, and the user's caps. */
export interface StatusContext {
  readonly before: PeriodTotals;
  readonly caps: PeriodCaps;
}

/** The part of its budget, in percent, from which a run under way is shown prominently. */
const PROMINENT_FROM = 80;

/** The meter of a run: live while it has no result, and what it came to afterwards. */
export function statusView(record: RunRecord, context: StatusContext): StatusView {
  const { account, result, asking } = record;
  // Whatever is estimated makes the sum an estimate.
  const about = estimatedIn(record.calls) > 0n;
  const spent = spentText(account);
  const budget = formatUsd(account.budget);
  const state = stateOf(record);
  const reached = result === undefined ? (thresholdOf(account.spent, account.budget) ?? 0) : 0;
  const warning = reached === 0 ? '' : ` ${reached} % of the budget is spent.`;
  return {
    text: `${icon(record)} ${about ? 'est. ' : ''}${spent} / ${budget}${asking === undefined ? '' : ': raise?'}`,
    tooltip: tooltip(record, context, state),
    label: `Solvent. ${state}.${warning} Spent ${about ? 'an estimated ' : ''}${spent} of ${budget}. Leads to ${leadsTo(record)}.`,
    prominent: asking !== undefined || reached >= PROMINENT_FROM,
  };
}

/** Models that cost nothing are shown by their tokens. */
function spentText({ spent, promptTokens, completionTokens }: Account): string {
  const tokens = promptTokens + completionTokens;
  return spent === 0n && tokens > 0 ? `${grouped(tokens)} tokens` : formatUsd(spent);
}

function stateOf({ result, asking, heading }: RunRecord): string {
  if (result !== undefined) return headline(result, judgeOf(heading));
  return asking === undefined ? 'Solving' : 'The budget is exhausted: raise it, or stop';
}

function icon({ result, asking }: RunRecord): string {
  if (result === undefined) return asking === undefined ? '$(loading~spin)' : '$(bell)';
  if (result.status === 'solved') return '$(pass)';
  return result.status === 'error' ? '$(error)' : '$(circle-slash)';
}

function tooltip(record: RunRecord, { before, caps }: StatusContext, state: string): string {
  const { account, heading, waiting, result, asking } = record;
  const rows: [string, string][] = [['Spent', amount(account.spent)]];
  const estimated = estimatedIn(record.calls);
  if (account.unconfirmed > 0n) {
    rows.push(['of it confirmed', amount(subtract(account.spent, account.unconfirmed))]);
    if (estimated > 0n) rows.push(['of it estimated', amount(estimated)]);
    if (account.unconfirmed > estimated)
      rows.push(['of it unconfirmed', amount(subtract(account.unconfirmed, estimated))]);
  }
  if (result === undefined) rows.push(['Reserved by calls under way', amount(account.reserved)]);
  rows.push(
    ['Left of the budget', amount(available(account))],
    ['Today', ofCap(add(before.day, account.spent), caps.day)],
    ['This month', ofCap(add(before.month, account.spent), caps.month)],
  );
  const parts = [`**Solvent** ${markdownText(heading.task, 60)}`, markdownText(activity(record) ?? state)];
  if (waiting !== undefined) parts.push(markdownText(`Waiting: ${waiting}`));
  if (asking !== undefined) parts.push(markdownText(asking.message, 600));
  parts.push(table('Money', rows));
  const models = byModel(record.calls);
  if (models.length > 0) parts.push(table(counted(record.calls.length, 'call'), models));
  if (account.calls > 0) {
    parts.push(markdownText(`Tokens: ${grouped(account.promptTokens)} in, ${grouped(account.completionTokens)} out`));
  }
  parts.push(clickHint(record));
  return parts.join('\n\n');
}

/** A screen reader reads the label alone, and not the tooltip with its hint. */
function leadsTo({ result, asking }: RunRecord): string {
  if (result !== undefined) return 'the receipt';
  return asking === undefined ? 'a menu with Cancel' : 'the question';
}

function clickHint({ result, asking }: RunRecord): string {
  if (result !== undefined) return '_Click for the receipt_';
  return asking === undefined ? '_Click to cancel or to see more_' : '_Click to raise the budget or to stop_';
}

/** What is going on right now; undefined when nothing is. */
function activity({ attempts, calls, result }: RunRecord): string | undefined {
  if (result !== undefined) return undefined;
  const open = calls.filter((call) => call.settled === undefined).at(-1);
  if (open !== undefined) {
    const { role, model } = open.reserved;
    return open.arrived === 0 ? `Asking ${model} as ${role}` : `${model} answers as ${role}`;
  }
  const testing = attempts.find((attempt) => attempt.verdict === undefined);
  return testing === undefined ? undefined : `Testing answer ${testing.attempt} in the sandbox`;
}

function byModel(calls: readonly CallRecord[]): [string, string][] {
  const groups = new Map<string, { calls: number; cost: Money; open: boolean }>();
  for (const { reserved, settled } of calls) {
    const name = `${reserved.model}, ${reserved.role}`;
    const group = groups.get(name) ?? { calls: 0, cost: ZERO, open: false };
    const cost = add(group.cost, settled?.cost ?? ZERO);
    groups.set(name, { calls: group.calls + 1, cost, open: group.open || settled === undefined });
  }
  return [...groups].map(([name, { calls: count, cost, open }]) => [
    `${count} × ${name}`,
    open ? `${cost === 0n ? '' : amount(cost)} …` : amount(cost),
  ]);
}

function ofCap(spent: Money, cap: Money | undefined): string {
  return cap === undefined ? `${amount(spent)}, no cap` : `${amount(spent)} of ${amount(cap)}`;
}

function amount(money: Money): string {
  return formatUsd(money).replace('$', '\\$');
}

function table(head: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `| ${markdownText(name)} | ${value} |`);
  return [`| ${head} | |`, '|:---|---:|', ...lines].join('\n');
}
