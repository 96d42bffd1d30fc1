import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CallBound, Settlement } from '../../../src/core/budget/entry';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { Ledger } from '../../../src/core/budget/ledger';
import { usd, ZERO } from '../../../src/core/money';
import type { Role } from '../../../src/core/providers/message';

export const BOUND: CallBound = {
  ...{ promptBound: 650, promptProxy: 500, promptHard: 650, maxTokens: 384, completionBound: 384 },
};

/** What a call of the fixture came to; without it, it was sent and never heard of again. */
export type Bill = Partial<Settlement> & { readonly cost: Settlement['cost'] };

/** A real ledger in a folder of its own, with a clock that tests turn. */
export class LedgerFixture {
  private constructor(
    readonly folder: string,
    readonly ledger: Ledger,
    private readonly clock: { now: number },
  ) {}

  /** ms since the epoch. */
  get now(): number {
    return this.clock.now;
  }

  set now(at: number) {
    this.clock.now = at;
  }

  /** @param segmentBytes size at which a segment is closed */
  static async create(segmentBytes?: number): Promise<LedgerFixture> {
    const folder = await mkdtemp(path.join(tmpdir(), 'solvent-ledger-'));
    const clock = { now: new Date(2026, 10, 20, 12).getTime() };
    return new LedgerFixture(folder, await Ledger.open(folder, () => clock.now, segmentBytes), clock);
  }

  async begin(run: string, task: string, budget = '0.01', expected = '0.001'): Promise<void> {
    const amounts = { budget: usd(budget), expected: usd(expected), worst: usd('0.009') };
    await this.ledger.begin({ run, task, workspace: 'file:///w', ...amounts });
  }

  /** Makes a call a second later. Resolves with its id. */
  async call(run: string, model: string, role: Role, bill: Bill | undefined, task = `task of ${run}`): Promise<string> {
    this.now += 1000;
    const booking = { run, task, workspace: 'file:///w', role, model };
    const sized = { reserved: usd('0.002'), bound: BOUND };
    const id = await this.ledger.reserve(booking, NO_CAPS, () => sized);
    if (id === undefined) throw new Error('Nothing was reserved.');
    await this.ledger.sent(id);
    if (bill !== undefined) {
      const usual = { unconfirmed: ZERO, promptTokens: 600, completionTokens: 120, reported: true, violations: [] };
      await this.ledger.settle(id, 'file:///w', { ...usual, ...bill }, NO_CAPS);
    }
    return id;
  }

  async end(run: string, status = 'solved'): Promise<void> {
    this.now += 2500;
    await this.ledger.end(run, status);
  }

  async remove(): Promise<void> {
    await this.ledger.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Two runs: one of two calls, the second of them unconfirmed, and a raise; one whose model ignored its limit. */
export async function aLedger(segmentBytes?: number): Promise<LedgerFixture> {
  const fixture = await LedgerFixture.create(segmentBytes);
  await fixture.begin('aaaaaaaa-1111', 'median');
  await fixture.call('aaaaaaaa-1111', 'cheap', 'executor', { cost: usd('0.0002') }, 'median');
  await fixture.begin('aaaaaaaa-1111', 'median', '0.02');
  const unknown = { cost: usd('0.002'), unconfirmed: usd('0.002'), reported: false };
  await fixture.call('aaaaaaaa-1111', 'strong', 'critic', unknown, 'median');
  await fixture.end('aaaaaaaa-1111');
  fixture.now += 86_400_000;
  await fixture.begin('aaaaaaaa-2222', 'roman', '0.01', '0.0041');
  await fixture.call(
    ...(['aaaaaaaa-2222', 'cheap', 'executor'] as const),
    {
      ...{ cost: usd('0.00410003'), completionTokens: 4096 },
      violations: ['completion above limit', 'billed above reserved'],
    },
    'roman',
  );
  await fixture.end('aaaaaaaa-2222', 'unsolved');
  return fixture;
}
