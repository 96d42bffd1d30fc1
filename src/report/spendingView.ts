import type { PeriodCaps } from '../core/budget/caps';
import type { Entry } from '../core/budget/entry';
import { isEstimated } from '../core/catalogue/editorModels';
import { add, formatUsd, type Money, ZERO } from '../core/money';
import { estimateText, ratioText } from './callGroups';
import { exact } from './exactMoney';
import { flaggedSection, learnedSection } from './learnedText';
import { type Column, factTable, type Line, type Section, type Sheet, type Table, unlessZero } from './sheet';
import { shortIds } from './shortId';
import type { Broken, Estimates, RunTotal, SpendingReport, Total } from './spending';
import type { LiveFacts, SpendingFacts } from './spendingFacts';
import { counted } from './text';
import { timeText } from './when';

/** How the reader can act on what the report says, a sentence each. */
export interface Hints {
  readonly clear: string;
  readonly forget: string;
  readonly receipt: string;
  readonly repair: string;
}

/** Lines that a table shows, the last ones; exports and JSON have them all. */
const SHOWN_MONTHS = 12;
const SHOWN_DAYS = 31;
const SHOWN_RUNS = 20;
const SHOWN_CALLS = 20;
const SHOWN_UNREADABLE = 10;

/** What was spent, for people: by month, day, model, role and run, how good estimates were, and what needs the user. */
export function spendingSheet({ report, live, damage, caps, capsProblem }: SpendingFacts, hints: Hints): Sheet {
  const spent = report.total.calls > 0 || report.total.costUsd !== 0n;
  const sections = [
    ...damageSection(damage, hints),
    ...(capsProblem === undefined ? [] : [{ title: 'Caps', lines: [{ text: capsProblem, tone: 'problem' as const }] }]),
    ...(live === undefined || caps === undefined ? [] : [nowSection(live, caps)]),
    ...(spent ? groupSections(report) : [{ title: '', lines: [{ text: 'Nothing was spent yet.' }] }]),
    ...(spent ? [runSection(report.runs, hints.receipt), estimateSection(report.estimates)] : []),
    ...(live === undefined ? [] : flaggedSection(live.learned, hints.forget)),
    ...violationSection(report.violations),
    ...(live === undefined ? [] : learnedSection(live.learned)),
    ...(live === undefined ? [] : [...awaitedSection(live.awaited), ...clearableSection(live.clearable, hints.clear)]),
    ...unreadableSection(report.unreadable, damage === undefined),
  ];
  return { title: 'Spending', sections };
}

function damageSection(damage: string | undefined, { repair }: Hints): Section[] {
  if (damage === undefined) return [];
  return [
    {
      title: 'Damaged',
      lines: [
        { text: damage, tone: 'problem' },
        { text: repair, tone: 'warning' },
        { text: 'Below is what can be read.' },
      ],
    },
  ];
}

function nowSection({ totals, awaited }: LiveFacts, { day, month }: PeriodCaps): Section {
  const rows: [string, string][] = [
    ['Today', ofCap(totals.day, day)],
    ['This month', ofCap(totals.month, month)],
  ];
  if (awaited.length > 0) rows.push(['Reserved by calls under way', exact(costOf(awaited))]);
  return { title: 'Now', table: factTable(rows) };
}

function ofCap(spent: Money, cap: Money | undefined): string {
  if (cap === undefined) return `${exact(spent)}, no cap`;
  return `${exact(spent)} of ${formatUsd(cap)}${cap === 0n || spent === 0n ? '' : ` (${percentText(spent, cap)})`}`;
}

function percentText(part: Money, whole: Money): string {
  const tenths = Number((part * 1000n) / whole);
  return tenths === 0 ? '<0.1 %' : `${tenths / 10} %`;
}

function groupSections({ total, months, days, models, roles }: SpendingReport): Section[] {
  return [
    groupSection('By month', 'month', months, ({ month }) => month, SHOWN_MONTHS, total),
    groupSection('By day', 'day', days, ({ day }) => day, SHOWN_DAYS),
    groupSection('By model', 'model', models, ({ model }) => model),
    groupSection('By role', 'role', roles, ({ role }) => role),
  ];
}

function groupSection<T extends Total>(
  title: string,
  head: string,
  groups: readonly T[],
  name: (group: T) => string,
  most = groups.length,
  total?: Total,
): Section {
  const table: Table = {
    columns: [{ title: head, kind: 'text', least: 16 }, ...TOTAL_COLUMNS],
    rows: last(groups, most).map((group) => [name(group), ...totalCells(group)]),
    ...(total === undefined ? {} : { total: ['total', ...totalCells(total)] }),
    family: 'groups',
  };
  const tokens: Line[] = total === undefined ? [] : [{ text: TOKENS, tone: 'aside' }];
  const estimated: Line[] = groups.some((group) => isEstimated(name(group)))
    ? [{ text: ESTIMATED, tone: 'aside' }]
    : [];
  return { title, table, lines: [...cut(groups, most), ...tokens, ...estimated] };
}

const ESTIMATED =
  'Amounts of models whose names begin with vscode: are estimated: the editor reports no usage. Its bill can be entered where unconfirmed calls are cleared.';

const TOKENS = 'In and out are tokens of prompts and of completions.';

const TOTAL_COLUMNS: readonly Column[] = [
  { title: 'calls', kind: 'count' },
  { title: 'in', kind: 'count', rank: 3 },
  { title: 'out', kind: 'count', rank: 3 },
  { title: 'reserved', kind: 'amount', rank: 2 },
  { title: 'billed', kind: 'amount' },
  { title: 'unconfirmed', kind: 'amount', rank: 1, optional: true },
];

function totalCells(total: Total): Table['rows'][number] {
  const { calls, promptTokens, completionTokens, reservedUsd, costUsd, unconfirmedUsd } = total;
  return [calls, promptTokens, completionTokens, reservedUsd, costUsd, unlessZero(unconfirmedUsd)];
}

function runSection(runs: readonly RunTotal[], hint: string): Section {
  const ids = shortIds(runs.map(({ run }) => run));
  return {
    title: 'Runs',
    table: {
      columns: [
        { title: 'run', kind: 'text' },
        { title: 'day', kind: 'text', rank: 4 },
        { title: 'task', kind: 'text', least: 12 },
        { title: 'ended', kind: 'text', rank: 1 },
        { title: 'calls', kind: 'count', rank: 2 },
        { title: 'in', kind: 'count', rank: 7 },
        { title: 'out', kind: 'count', rank: 7 },
        { title: 'expected', kind: 'amount', rank: 5 },
        { title: 'reserved', kind: 'amount', rank: 6 },
        { title: 'billed', kind: 'amount' },
        { title: 'unconfirmed', kind: 'amount', rank: 3, optional: true },
      ],
      rows: last(runs, SHOWN_RUNS).map((run) => [
        ids.get(run.run),
        run.day,
        run.task,
        run.status ?? 'open',
        run.calls,
        run.promptTokens,
        run.completionTokens,
        run.expectedUsd,
        run.reservedUsd,
        run.costUsd,
        unlessZero(run.unconfirmedUsd),
      ]),
    },
    lines: [...cut(runs, SHOWN_RUNS), { text: hint, tone: 'aside' }],
  };
}

function estimateSection({ runs, expectedUsd, actualUsd, medianRatio }: Estimates): Section {
  if (runs === 0)
    return { title: 'Estimates', lines: [{ text: 'No run has ended yet, so there is nothing to compare.' }] };
  const whole = estimateText(actualUsd, expectedUsd, 'the plans');
  const sum = `In all they were billed ${exact(actualUsd)} where ${exact(expectedUsd)} was expected`;
  const ratio =
    medianRatio === undefined
      ? 'Their plans expected no cost.'
      : `Runs cost ${ratioText(medianRatio, 'their plans')}: the median of ${counted(runs, 'run')}.`;
  return {
    title: 'Estimates',
    lines: [{ text: ratio }, { text: whole === undefined ? `${sum}.` : `${sum}: ${whole}.` }],
  };
}

function violationSection(violations: readonly Broken[]): Section[] {
  if (violations.length === 0) return [];
  return [
    {
      title: 'Providers that broke their word',
      table: {
        columns: [
          { title: 'broke its word', kind: 'text', least: 16 },
          { title: 'how', kind: 'text' },
          { title: 'times', kind: 'count' },
        ],
        rows: violations.map(({ model, violation, times }) => [model, violation ?? 'long ago', times]),
      },
    },
  ];
}

function awaitedSection(awaited: readonly Entry[]): Section[] {
  if (awaited.length === 0) return [];
  const they = awaited.length === 1 ? 'it counts' : 'they count';
  const text = `${counted(awaited.length, 'call')} under way: ${they} as ${exact(costOf(awaited))}, the worst case, until the outcome is known.`;
  return [{ title: 'Under way', lines: [{ text }] }];
}

function clearableSection(clearable: readonly Entry[], hint: string): Section[] {
  if (clearable.length === 0) return [];
  const ids = shortIds(clearable.map(({ id }) => id));
  return [
    {
      title: 'Unconfirmed calls',
      table: {
        columns: [
          { title: 'unconfirmed', kind: 'text' },
          { title: 'reserved at', kind: 'text', rank: 1 },
          { title: 'task', kind: 'text', least: 12, rank: 3 },
          { title: 'model', kind: 'text', least: 12 },
          { title: 'role', kind: 'text', rank: 2 },
          { title: 'booked', kind: 'amount' },
          { title: 'of it unconfirmed', kind: 'amount', optional: true },
        ],
        rows: last(clearable, SHOWN_CALLS).map(({ id, at, task, model, role, cost, unconfirmed }) => [
          ids.get(id),
          timeText(at),
          task,
          model,
          role,
          cost,
          unconfirmed === cost ? undefined : unconfirmed,
        ]),
      },
      lines: [{ text: hint, tone: 'aside' }],
    },
  ];
}

/** @param booked whether the sums that caps are held against have what the lines said */
function unreadableSection(unreadable: SpendingReport['unreadable'], booked: boolean): Section[] {
  if (unreadable.length === 0) return [];
  const lost = `what stood there is missing above${booked ? ', but still counts against caps' : ''}`;
  const shown = unreadable.slice(0, SHOWN_UNREADABLE).map(({ file, line }) => `Line ${line} of ${file}`);
  const more = unreadable.length - shown.length;
  return [
    {
      title: 'Unreadable',
      lines: [
        {
          text: `${counted(unreadable.length, 'line')} of the ledger cannot be read: ${lost}.`,
          tone: 'warning',
        },
        ...shown.map((text) => ({ text, tone: 'warning' as const })),
        ...(more > 0 ? [{ text: `And ${more} more`, tone: 'warning' as const }] : []),
      ],
    },
  ];
}

function cut(all: readonly unknown[], shown: number): Line[] {
  return all.length > shown ? [{ text: `The last ${shown} of ${all.length}.`, tone: 'aside' }] : [];
}

function last<T>(all: readonly T[], shown: number): readonly T[] {
  return all.slice(-shown);
}

function costOf(entries: readonly Entry[]): Money {
  return entries.reduce((sum, { cost }) => add(sum, cost), ZERO);
}
