import type { Caps, Remainder } from '../../../../src/core/budget/caps';
import { limitsAt } from '../../../../src/core/budget/caps';
import { startOfDay, startOfMonth } from '../../../../src/core/budget/period';
import { add, type Money, subtract, usd, ZERO } from '../../../../src/core/money';

export const WORKSPACES = ['/a', '/b'] as const;
export type Workspace = (typeof WORKSPACES)[number];

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** What is older than this may be carried over no more, or still: the ledger's affair. */
const SURE_MS = 60 * DAY;

/** A call as the reference knows it. */
export interface ReferenceCall {
  readonly id: string;
  readonly workspace: Workspace;
  readonly at: number;
  until: number;
  state: 'reserved' | 'sent' | 'settled' | 'gone';
  readonly reserved: Money;
  cost: Money;
  unconfirmed: Money;
}

/** What a ledger should come to, in the plainest way: a list of calls in memory, and one clock. */
export class Reference {
  readonly calls: ReferenceCall[] = [];
  now = new Date(2026, 9, 20, 12).getTime();

  constructor(readonly caps: Caps) {}

  /** Lets time pass, or sets the clock back. */
  pass(ms: number): void {
    this.now += ms;
    for (const call of this.calls) if (call.state === 'reserved' && call.until <= this.now) this.drop(call);
  }

  /** Whether a call of this worst case fits every cap now. */
  admits(workspace: Workspace, amount: Money): boolean {
    return this.remainders(workspace).every(({ left }) => left >= amount);
  }

  reserve(id: string, workspace: Workspace, amount: Money): void {
    const amounts = { reserved: amount, cost: amount, unconfirmed: amount };
    this.calls.push({ id, workspace, at: this.now, until: this.now + MINUTE, state: 'reserved', ...amounts });
  }

  /** Whether the request may leave. */
  sent(call: ReferenceCall): boolean {
    if (call.state !== 'reserved') return false;
    Object.assign(call, { state: 'sent', until: this.now + 30 * MINUTE });
    return true;
  }

  settle(call: ReferenceCall, cost: Money, unconfirmed: Money): void {
    if (call.state === 'reserved' || call.state === 'sent')
      Object.assign(call, { state: 'settled', cost, unconfirmed });
  }

  release(call: ReferenceCall): void {
    if (call.state === 'reserved' || call.state === 'sent') this.drop(call);
  }

  clear(call: ReferenceCall, cost: Money): boolean {
    if (!this.clearable(call)) return false;
    Object.assign(call, { state: 'settled', cost, unconfirmed: ZERO });
    return true;
  }

  clearable({ state, until, unconfirmed }: ReferenceCall): boolean {
    return (state === 'sent' && until <= this.now) || (state === 'settled' && unconfirmed > 0n);
  }

  /** Calls that are so young that the ledger surely still has them one by one. */
  get young(): readonly ReferenceCall[] {
    return this.calls.filter(({ at }) => at > this.now - SURE_MS);
  }

  spent(since: number, workspace?: Workspace): Money {
    const counted = this.calls.filter((call) => call.at >= since && call.state !== 'gone');
    return add(
      ZERO,
      ...counted.filter((call) => [undefined, call.workspace].includes(workspace)).map((call) => call.cost),
    );
  }

  totals(workspace?: Workspace): { readonly day: Money; readonly month: Money } {
    const { now } = this;
    return { day: this.spent(startOfDay(now), workspace), month: this.spent(startOfMonth(now), workspace) };
  }

  remainders(workspace: Workspace): readonly Remainder[] {
    return limitsAt(this.caps, this.now).map(({ cap, since, limit }) => {
      const spent = this.spent(since, cap.startsWith('workspace') ? workspace : undefined);
      return { cap, left: subtract(limit, spent) };
    });
  }

  private drop(call: ReferenceCall): void {
    Object.assign(call, { state: 'gone', cost: ZERO, unconfirmed: ZERO });
  }
}

/** Thousandths of a dollar. */
export function mills(count: number): Money {
  return usd(`${count}e-3`);
}
