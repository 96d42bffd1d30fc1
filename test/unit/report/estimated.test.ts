import assert from 'node:assert/strict';
import type { CallReserved, CallSettled } from '../../../src/core/budget/meterEvent';
import type { RunEvent } from '../../../src/core/events';
import { usd, ZERO } from '../../../src/core/money';
import { creditsText, priceText } from '../../../src/report/outcome';
import { planItems } from '../../../src/report/planView';
import { receiptMarkdown } from '../../../src/report/receipt';
import { openRecord, recorded, type RunRecord } from '../../../src/report/record';
import { statusView } from '../../../src/report/statusView';
import { eventLines } from '../../../src/report/terminalView';
import { account, BUDGET, heading, plan } from '../vscode/support';

const EDITOR = 'vscode:copilot/gpt-5-mini';
const COST = usd('0.0004');

function call(number: number, model: string, settled: Partial<CallSettled>): [RunEvent, RunEvent] {
  const about = { call: number, role: 'executor' as const, model, reserved: usd('0.001') };
  const reserved: CallReserved = { ...about, promptTokens: 100, maxTokens: 384, completionBound: 416 };
  const bill = { promptTokens: 90, completionTokens: 60, cost: COST, unconfirmed: COST, violations: [], ...settled };
  return [
    { type: 'reserved', ...reserved, account: account() },
    { type: 'settled', ...about, ...bill, account: account({ spent: COST, unconfirmed: COST, calls: 1 }) },
  ];
}

const recordOf = (events: readonly RunEvent[]): RunRecord => events.reduce(recorded, openRecord(heading, BUDGET));

describe('amounts of the editor’s models', () => {
  it('are called estimated in the plan, and what it may cost is told in credits, too', () => {
    const pool = [{ model: EDITOR, count: 2 }];
    const facts = { plan: { ...plan, pool }, tests: '2 tests', hasTests: true, canPickTests: true, ceiling: undefined };
    const [run] = planItems({ ...facts, notes: [] });
    assert.match(run?.detail ?? '', /at worst \$0\.0087, estimated: at most 0\.87 AI credits/);
    assert.match(priceText({ ...plan, pool }), /estimated/);
    assert.doesNotMatch(priceText(plan), /estimated|credit/);
    assert.deepEqual([usd(1), usd('0.01'), usd('12.345'), ZERO].map(creditsText), ['100 AI credits', '1 AI credit', '1235 AI credits', '0 AI credits']); // prettier-ignore
  });

  it('are called estimated on the meter, the terminal and the receipt', () => {
    const events = call(1, EDITOR, {});
    const record = recordOf(events);
    const status = statusView(record, { before: { day: ZERO, month: ZERO }, caps: {} });
    assert.match(status.text, /est\. \$0\.0004/);
    assert.match(status.label, /an estimated \$0\.0004/);
    assert.match(status.tooltip, /of it estimated/);
    assert.doesNotMatch(status.tooltip, /of it unconfirmed/);
    assert.match(eventLines(events[1], heading).join('\n'), /billed .*estimated/);
    const receipt = receiptMarkdown(record).replaceAll('\\', '');
    assert.match(receipt, /of it estimated by the count of the editor \| \$0\.0004/);
    assert.match(receipt, /of it unconfirmed, booked at its worst case \| \$0\.0000/);
    assert.match(receipt, /\| estimated \|/);
  });

  it('are the worst case, and called so, where the answer did not come whole', () => {
    const events = call(1, EDITOR, { problem: 'It broke off.' });
    assert.match(eventLines(events[1], heading).join('\n'), /unconfirmed, booked at its worst case/);
    assert.doesNotMatch(receiptMarkdown(recordOf(events)), /estimated/);
  });

  it('that cost nothing are shown by their tokens, like those of this machine', () => {
    const free = account({ promptTokens: 1200, completionTokens: 34, calls: 1 });
    const record = { ...openRecord(heading, BUDGET), account: free };
    const { text, label } = statusView(record, { before: { day: ZERO, month: ZERO }, caps: {} });
    assert.match(text, /1\u202f234 tokens \/ \$0\.01/);
    assert.match(label, /Spent 1\u202f234 tokens of/);
  });

  it('leave those of other models as they are', () => {
    const record = recordOf([...call(1, 'gpt-4o', { unconfirmed: ZERO })]);
    const shown = statusView(record, { before: { day: ZERO, month: ZERO }, caps: {} });
    assert.doesNotMatch(shown.text + shown.label + shown.tooltip + receiptMarkdown(record), /est\.|estimated/);
  });
});
