import { isEstimated } from '../core/catalogue/editorModels';
import { type Money, subtract } from '../core/money';
import { estimateText, groupSections } from './callGroups';
import { exact } from './exactMoney';
import { raisedText, violationTexts } from './moneyText';
import { type PastCall, type PastRun, sumsOf } from './pastRun';
import { amountTable, factTable, type Line, type Section, type Sheet, unlessZero } from './sheet';
import { counted, duration } from './text';
import { timeText } from './when';

/** The receipt of a past run as the ledger has it, for the command line and the editor. */
export function pastReceiptSheet(run: PastRun): Sheet {
  return {
    title: `Receipt: ${run.task}`,
    sections: [factSection(run), moneySection(run), callSection(run), ...groupSections(run.calls)],
  };
}

function factSection({ run, task, workspace, beganAt, endedAt, status, calls }: PastRun): Section {
  const rows: [string, string][] = [
    ['Task', task],
    ['Run', run],
  ];
  if (workspace !== '') rows.push(['Workspace', workspace]);
  rows.push(['Began', timeText(beganAt)]);
  if (endedAt !== undefined) rows.push(['Took', duration(endedAt - beganAt)]);
  rows.push(['Status', status ?? (isUnderWay(calls) ? 'under way' : 'not seen to end')]);
  return { title: '', table: factTable(rows) };
}

function isUnderWay(calls: readonly PastCall[]): boolean {
  return calls.some(({ state }) => state !== 'settled');
}

function moneySection({ budgets, expected, worst, calls }: PastRun): Section {
  const { cost, unconfirmed } = sumsOf(calls);
  const budget = budgets.at(-1);
  const rows: (readonly [string, Money])[] = [];
  if (budget !== undefined) rows.push(['Budget', budget]);
  rows.push(['Billed', cost], ['of it confirmed', subtract(cost, unconfirmed)], ['of it unconfirmed', unconfirmed]);
  if (budget !== undefined) {
    rows.push(cost > budget ? ['Over the budget', subtract(cost, budget)] : ['Left over', subtract(budget, cost)]);
  }
  if (expected !== undefined) rows.push(['Expected by the plan', expected]);
  if (worst !== undefined) rows.push(['Worst case of the plan', worst]);
  const estimate = expected === undefined ? undefined : estimateText(cost, expected);
  const lines = [...raises(budgets), ...(estimate === undefined ? [] : [{ text: `It cost ${estimate}.` }])];
  return { title: 'Money', table: amountTable(rows), lines };
}

function raises(budgets: readonly Money[]): Line[] {
  return budgets.slice(1).map((to, index) => ({ text: raisedText(budgets[index] ?? to, to) }));
}

function callSection({ calls }: PastRun): Section {
  if (calls.length === 0) return { title: 'Calls', lines: [{ text: 'No model was called.' }] };
  const sums = sumsOf(calls);
  return {
    title: 'Calls',
    table: {
      columns: [
        { title: '#', kind: 'text' },
        { title: 'role', kind: 'text' },
        { title: 'model', kind: 'text', least: 12 },
        { title: 'in', kind: 'count', rank: 2 },
        { title: 'at most', kind: 'count', rank: 4 },
        { title: 'out', kind: 'count', rank: 2 },
        { title: 'at most', kind: 'count', rank: 4 },
        { title: 'reserved', kind: 'amount', rank: 1 },
        { title: 'billed', kind: 'amount' },
        { title: 'unconfirmed', kind: 'amount', rank: 3, optional: true },
        { title: 'state', kind: 'text', optional: true },
      ],
      rows: calls.map((call, index) => [
        String(index + 1),
        call.role,
        call.model,
        call.promptTokens,
        call.bound.promptBound,
        call.completionTokens,
        call.bound.completionBound,
        call.reserved,
        call.cost,
        unlessZero(call.unconfirmed),
        call.state === 'settled' ? undefined : call.state,
      ]),
      total: [
        'total',
        undefined,
        counted(calls.length, 'call'),
        sums.promptTokens,
        undefined,
        sums.completionTokens,
        undefined,
        sums.reserved,
        sums.cost,
        unlessZero(sums.unconfirmed),
        undefined,
      ],
    },
    lines: calls.flatMap(remarks),
  };
}

function remarks(call: PastCall, index: number): Line[] {
  const { role, model, bound, reserved, promptTokens, completionTokens, cost, unconfirmed } = call;
  // The user may have said since that the bill was lower.
  const violations = call.violations.filter((one) => one !== 'billed above reserved' || cost > reserved);
  const said = { call: index + 1, role, model, reserved };
  const settled = { ...said, promptTokens, completionTokens, cost, unconfirmed, violations };
  const broken = violationTexts(settled, { ...said, ...bound, promptTokens: bound.promptBound });
  return [...unconfirmedTexts(call), ...broken].map((text) => ({
    text: `Call ${index + 1}: ${text}`,
    tone: 'warning',
  }));
}

function unconfirmedTexts({ state, cost, unconfirmed, model }: PastCall): string[] {
  if (unconfirmed === 0n) return [];
  if (state !== 'settled') return [`It is ${state}; it counts as its worst case until its outcome is known.`];
  if (isEstimated(model)) return ['Its bill is estimated: the editor reports no usage.'];
  return unconfirmed === cost
    ? ['Its bill is unknown, so it is booked at its worst case.']
    : [`The provider did not confirm ${exact(unconfirmed)} of it.`];
}
