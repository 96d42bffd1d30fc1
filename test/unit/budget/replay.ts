import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A call as the raw lines say it. Amounts are thousandths of a dollar. */
export interface ReplayedCall {
  readonly workspace: string;
  readonly reserved: number;
  cost: number;
  state: 'reserved' | 'sent' | 'settled' | 'gone';
  readonly until: number;
  readonly limits: Readonly<Record<string, number>>;
  /** What was booked in all and in its workspace, itself included, when it was admitted. */
  readonly total: number;
  readonly ofWorkspace: number;
}

/** What the raw segments of a ledger come to. */
export interface Replay {
  readonly calls: ReadonlyMap<string, ReplayedCall>;
  readonly segments: number;
  readonly lines: number;
  /** Lines that were cut short. */
  readonly torn: number;
  readonly total: number;
}

/** The fields of a line that matter here. */
interface Line {
  readonly type: string;
  readonly id: string;
  readonly workspace: string;
  readonly at: number;
  readonly until: number;
  readonly reserved: string;
  readonly cost: string;
  readonly limits: readonly (readonly [string, number, string])[];
  readonly sums: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Reads a ledger's segments, as they were written, all over again and on its own: it shares no code with the ledger.
 * All calls must be of one day. Fails where a file is damaged, or where a segment begins with other sums than those
 * that the segments before it come to.
 * @param folder holds every segment from the first on
 */
export function replay(folder: string): Replay {
  const calls = new Map<string, ReplayedCall>();
  const totals: Record<string, number> = {};
  const names = readdirSync(folder).filter((name) => /^ledger\.\d+\.jsonl$/.test(name));
  const counts = { lines: 0, torn: 0 };
  for (let number = 1; number <= names.length; number++) {
    const text = readFileSync(path.join(folder, `ledger.${number}.jsonl`), 'utf8');
    const parts = text.split('\n').flatMap((part) => part.split(/(?=\{"type":")/));
    const lines = parts.filter((part) => part !== '').flatMap((part) => parsed(part) ?? []);
    counts.lines += lines.length;
    counts.torn += parts.filter((part) => part !== '' && parsed(part) === undefined).length;
    assert.equal(lines[0]?.type, 'checkpoint', `segment ${number}`);
    assert.equal(sumOf(lines[0]), totalOf(totals), `the sums that segment ${number} begins with`);
    for (const line of lines.slice(1)) {
      if (line.type === 'seal') break;
      follow(calls, totals, line);
    }
  }
  return { calls, segments: names.length, ...counts, total: totalOf(totals) };
}

function follow(calls: Map<string, ReplayedCall>, totals: Record<string, number>, line: Line): void {
  const call = calls.get(line.id);
  const book = (workspace: string, amount: number): void => {
    totals[workspace] = (totals[workspace] ?? 0) + amount;
  };
  if (line.type === 'reserve') {
    const { workspace, until } = line;
    const reserved = mills(line.reserved);
    const total = totalOf(totals) + reserved;
    const ofWorkspace = (totals[workspace] ?? 0) + reserved;
    const limits = Object.fromEntries(line.limits.map(([cap, , limit]) => [cap, mills(limit)]));
    const fits = Object.entries(limits).every(
      ([cap, limit]) => (cap.startsWith('user') ? total : ofWorkspace) <= limit,
    );
    if (!fits || call !== undefined) return;
    book(workspace, reserved);
    calls.set(line.id, { workspace, reserved, cost: reserved, until, limits, total, ofWorkspace, state: 'reserved' });
  }
  if (call === undefined) return;
  const { state } = call;
  const change = (to: ReplayedCall['state'], cost: number): void => {
    book(call.workspace, cost - call.cost);
    Object.assign(call, { state: to, cost });
  };
  if (line.type === 'sent' && state === 'reserved') call.state = 'sent';
  if (line.type === 'settle' && (state === 'reserved' || state === 'sent')) change('settled', mills(line.cost));
  const given = line.type === 'release' && (state === 'reserved' || state === 'sent');
  const lapsed = line.type === 'lapse' && state === 'reserved' && call.until <= line.at;
  if (given || lapsed) change('gone', 0);
}

function totalOf(totals: Readonly<Record<string, number>>): number {
  return Object.values(totals).reduce((sum, amount) => sum + amount, 0);
}

function sumOf(checkpoint: Line): number {
  const amounts = Object.values(checkpoint.sums).flatMap((quarters) => Object.values(quarters));
  return amounts.reduce((sum, amount) => sum + mills(amount), 0);
}

/** The line that a text is; undefined where it was cut off. */
function parsed(text: string): Line | undefined {
  const [, body = '', check] = /^(.*),"check":"([0-9a-f]{8})"\}$/.exec(text) ?? [];
  if (check === undefined) return undefined;
  assert.equal(createHash('sha256').update(body).digest('hex').slice(0, 8), check);
  return JSON.parse(`${body}}`) as Line;
}

function mills(usd: string): number {
  const amount = Math.round(Number(usd) * 1000);
  assert.equal(amount / 1000, Number(usd), 'whole thousandths only');
  return amount;
}
