import { add, largest, type Money, subtract, toDecimal, usd, ZERO } from '../../money';

/** Every time zone's day begins with a quarter of an hour of UTC, so sums by quarter serve all of them exactly. */
const QUARTER_MS = 15 * 60_000;
/** A day and a month begin at a time; so many beginnings are remembered. */
const MOST_ASKED = 16;

/** Sums by workspace and quarter of an hour, as they are written: `{ workspace: { quarter: USD } }`. */
export type WrittenSums = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * What was booked, by workspace and by quarter of an hour since the epoch. Enough to know what any recent day or month
 * came to, in any time zone, without the calls themselves.
 */
export class QuarterSums {
  readonly #workspaces = new Map<string, Map<number, Money>>();
  /** Sums that were asked for, by first quarter, kept up to date: a reservation asks for the same ones each time. */
  readonly #asked = new Map<number, Map<string | undefined, Money>>();

  static from(written: WrittenSums): QuarterSums {
    const sums = new QuarterSums();
    for (const [workspace, quarters] of Object.entries(written)) {
      for (const [quarter, amount] of Object.entries(quarters)) {
        sums.#add(workspace, Number(quarter), usd(amount));
      }
    }
    return sums;
  }

  /** Books an amount, which may be negative, at a moment (ms since the epoch). */
  add(workspace: string, at: number, amount: Money): void {
    this.#add(workspace, Math.floor(at / QUARTER_MS), amount);
  }

  /**
   * What was booked since a moment, in one workspace or (undefined) in all. What is dated in the future counts: a clock
   * that was set back must not make room for more.
   */
  since(at: number, workspace: string | undefined): Money {
    const first = Math.floor(at / QUARTER_MS);
    let asked = this.#asked.get(first);
    if (asked === undefined) {
      if (this.#asked.size === MOST_ASKED) this.#asked.clear();
      this.#asked.set(first, (asked = new Map<string | undefined, Money>()));
    }
    const sum = asked.get(workspace) ?? this.#sum(first, workspace);
    asked.set(workspace, sum);
    return sum;
  }

  /** Everything since a moment, in the form that {@link QuarterSums.from} reads. */
  written(since: number): WrittenSums {
    const first = Math.floor(since / QUARTER_MS);
    const kept = [...this.#workspaces].map(([workspace, quarters]) => {
      const recent = [...quarters].filter(([quarter, amount]) => quarter >= first && amount !== 0n);
      return [workspace, Object.fromEntries(recent.map(([quarter, amount]) => [quarter, toDecimal(amount)]))] as const;
    });
    return Object.fromEntries(kept.filter(([, quarters]) => Object.keys(quarters).length > 0));
  }

  #sum(first: number, workspace: string | undefined): Money {
    const chosen = workspace === undefined ? [...this.#workspaces.values()] : [this.#workspaces.get(workspace)];
    let sum = ZERO;
    for (const quarters of chosen) {
      for (const [quarter, amount] of quarters ?? []) if (quarter >= first) sum = add(sum, amount);
    }
    return sum;
  }

  #add(workspace: string, quarter: number, amount: Money): void {
    const quarters = this.#workspaces.get(workspace) ?? new Map<number, Money>();
    this.#workspaces.set(workspace, quarters);
    const before = quarters.get(quarter) ?? ZERO;
    // Of a quarter that is no longer kept, only what is given back may still arrive: it must not make room.
    const after = largest(ZERO, add(before, amount));
    quarters.set(quarter, after);
    for (const [first, asked] of this.#asked) {
      if (quarter < first) continue;
      for (const of of [workspace, undefined]) {
        const sum = asked.get(of);
        if (sum !== undefined) asked.set(of, add(sum, subtract(after, before)));
      }
    }
  }
}
