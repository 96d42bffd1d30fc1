import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { Ledger, signedUsd } from '../../../../src/core/budget/ledger';
import { listSegments, segmentFile } from '../../../../src/core/budget/ledger/segments';
import { add, type Money, usd, ZERO } from '../../../../src/core/money';
import { recordsIn } from '../../../support/ledger';
import { type Reference, WORKSPACES } from './reference';

/** Small, so that a segment holds about five calls. */
const SEGMENT_BYTES = 4000;

/** Several ledger objects on one folder, as several windows have it open. */
export class Real {
  readonly ledgers: Ledger[] = [];

  private constructor(
    readonly folder: string,
    private readonly reference: Reference,
  ) {}

  static async open(folder: string, reference: Reference, windows: number): Promise<Real> {
    const real = new Real(folder, reference);
    for (let index = 0; index < windows; index++) real.ledgers.push(await real.another());
    return real;
  }

  ledger(index: number): Ledger {
    const ledger = this.ledgers[index % this.ledgers.length];
    if (ledger === undefined) throw new Error('There is at least one ledger.');
    return ledger;
  }

  /** A window is closed, in the middle of whatever, and another one is opened. */
  async restart(index: number): Promise<void> {
    const at = index % this.ledgers.length;
    await this.ledger(at).close();
    this.ledgers[at] = await this.another();
  }

  async close(): Promise<void> {
    for (const ledger of this.ledgers) await ledger.close();
  }

  /** Appends what a killed process may have left behind. */
  async append(text: string): Promise<void> {
    const last = (await listSegments(this.folder)).at(-1);
    assert.equal(last?.kind, 'ledger');
    await appendFile(segmentFile(this.folder, last), text);
  }

  /** Every sum and every list of calls is what the reference says, for the window that is asked. */
  async agrees(index: number): Promise<void> {
    const { reference } = this;
    const ledger = this.ledger(index);
    const [all, open, unconfirmed, ...ofWorkspaces] = await Promise.all([
      ledger.totals(),
      ledger.open(),
      ledger.unconfirmed(),
      ...WORKSPACES.flatMap((workspace) => [ledger.totals(workspace), ledger.remainders(workspace, reference.caps)]),
    ]);
    assert.deepEqual(all, reference.totals());
    assert.deepEqual(
      ofWorkspaces,
      WORKSPACES.flatMap((workspace) => [reference.totals(workspace), reference.remainders(workspace)]),
    );
    const young = new Map(reference.young.map((call) => [call.id, call]));
    const known = (calls: readonly { readonly id: string }[]): string[] =>
      calls.flatMap(({ id }) => (young.has(id) ? [id] : [])).sort();
    const expected = [...young.values()];
    assert.deepEqual(known(open), known(expected.filter(({ state }) => state === 'reserved' || state === 'sent')));
    assert.deepEqual(known(unconfirmed), known(expected.filter((call) => reference.clearable(call))));
  }

  /** The files hold every call at what it came to, and nothing twice. */
  async historyAgrees(): Promise<void> {
    const costs = new Map<string, Money>();
    let summed = ZERO;
    let oneByOne = true;
    for (const record of await recordsIn(this.folder)) {
      assert.notEqual(record.type, 'damaged');
      if (record.type === 'day') {
        oneByOne = false;
        summed = add(summed, signedUsd(record.cost));
      }
      if (record.type === 'call') {
        assert.ok(!costs.has(record.entry.id), 'a call is there once');
        costs.set(record.entry.id, usd(record.entry.cost));
      }
      if (record.type !== 'cleared') continue;
      const known = costs.get(record.entry.id);
      if (known === undefined) summed = add(summed, signedUsd(record.cost));
      else costs.set(record.entry.id, add(known, signedUsd(record.cost)));
    }
    const counted = this.reference.calls.filter(({ state }) => state !== 'gone');
    for (const { id, cost } of counted) if (costs.has(id)) assert.equal(costs.get(id), cost);
    assert.equal(add(summed, ...costs.values()), add(ZERO, ...counted.map(({ cost }) => cost)));
    if (oneByOne) assert.deepEqual([...costs.keys()].sort(), counted.map(({ id }) => id).sort());
  }

  private async another(): Promise<Ledger> {
    return Ledger.open(this.folder, () => this.reference.now, SEGMENT_BYTES);
  }
}
