import { add, type Money, subtract, toDecimal, usd, ZERO } from '../../money';
import type { Entry } from '../entry';
import { learn, type Learned, UNKNOWN } from '../learned';
import { type CheckpointLine, type LedgerLine, VERSION, type WrittenEntry, type WrittenWarning } from './line';
import { QuarterSums } from './quarters';

/** Sums are kept for so long, in ms: a whole month and two days, whatever the time zone. */
export const KEPT_MS = 33 * 86_400_000;
/** Unconfirmed calls can be cleared for so long, in ms: until the invoice of their month is there. */
const CLEARABLE_MS = 70 * 86_400_000;

/**
 * What the lines of a ledger come to. Every reader applies the same lines in the same order, and so reaches the same
 * state: which reservations were admitted is decided here, by their order in the file, and not by a lock.
 */
export class LedgerState {
  readonly #entries = new Map<string, Entry>();
  readonly #open = new Set<string>();
  readonly #learned = new Map<string, Learned>();
  readonly #warned = new Map<string, WrittenWarning>();
  #sums = new QuarterSums();
  #begun = Infinity;
  #sealed: number | undefined;

  /** The state that a checkpoint holds. */
  static from(checkpoint: CheckpointLine): LedgerState {
    const state = new LedgerState();
    state.#begun = checkpoint.at;
    state.#sums = QuarterSums.from(checkpoint.sums);
    for (const entry of checkpoint.entries) state.#keep(readEntry(entry));
    for (const [model, learned] of Object.entries(checkpoint.learned)) state.#learned.set(model, learned);
    for (const warning of checkpoint.warned) state.#warned.set(warningKey(warning), warning);
    return state;
  }

  /** When the segment was closed, ms since the epoch; undefined while it is open. */
  get sealed(): number | undefined {
    return this.#sealed;
  }

  /** The calls of this segment, and those of earlier ones that are still open or unconfirmed. */
  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** The calls that are reserved or sent. */
  get open(): readonly Entry[] {
    return [...this.#open].flatMap((id) => this.#entries.get(id) ?? []);
  }

  /** What was learned of a model. */
  learned(model: string): Learned {
    return this.#learned.get(model) ?? UNKNOWN;
  }

  get models(): ReadonlyMap<string, Learned> {
    return this.#learned;
  }

  /** The highest percentage of a cap that was warned about since its period began; 0 where none was. */
  warned(warning: Omit<WrittenWarning, 'percent'>): number {
    return this.#warned.get(warningKey(warning))?.percent ?? 0;
  }

  /** What counts since a moment (ms since the epoch), in one workspace or (undefined) in all. */
  since(at: number, workspace: string | undefined): Money {
    return this.#sums.since(at, workspace);
  }

  /** Takes one line into account. Answers whether it took effect. */
  apply(line: LedgerLine): boolean {
    if (this.#sealed !== undefined) return false;
    switch (line.type) {
      case 'checkpoint':
        return false;
      case 'run':
      case 'end':
        return true;
      case 'reserve':
        return this.#reserve(line);
      case 'forget':
        return this.#learned.delete(line.model);
      case 'warned': {
        if (line.percent <= this.warned(line)) return false;
        const { cap, workspace, since, percent } = line;
        this.#warned.set(warningKey(line), { cap, workspace, since, percent });
        return true;
      }
      case 'seal':
        this.#sealed = line.at;
        return true;
      default: {
        const entry = this.#entries.get(line.id);
        return entry !== undefined && this.#change(entry, line);
      }
    }
  }

  /** The checkpoint that the next segment begins with: all that still matters at `at` (ms since the epoch). */
  checkpoint(segment: number, at: number): CheckpointLine {
    const since = Math.min(this.#begun, at) - KEPT_MS;
    const kept = [...this.#entries.values()].filter((entry) => this.carriesOver(entry, at));
    return {
      type: 'checkpoint',
      version: VERSION,
      segment,
      at,
      sums: this.#sums.written(since),
      entries: kept.map(writeEntry),
      learned: Object.fromEntries(this.#learned),
      warned: [...this.#warned.values()].filter((warning) => warning.since >= since),
    };
  }

  /**
   * Whether a call goes over into the segment that follows when this one is closed at `at` (ms since the epoch). As
   * with the sums, what counts is the earlier of its two ends: the clock may have been wrong for a while.
   */
  carriesOver(entry: Entry, at: number): boolean {
    return carriedOver(entry, Math.min(this.#begun, at));
  }

  #reserve(line: LedgerLine & { readonly type: 'reserve' }): boolean {
    const { id, at, until, run, task, workspace, role, model, bound } = line;
    const reserved = usd(line.reserved);
    const fits = line.limits.every(([cap, since, limit]) => {
      const spent = this.#sums.since(since, cap.startsWith('workspace') ? workspace : undefined);
      return add(spent, reserved) <= usd(limit);
    });
    if (!fits || this.#entries.has(id)) return false;
    this.#keep({
      ...{ id, at, until, run, task, workspace, role, model, bound, reserved },
      ...{ cost: reserved, unconfirmed: reserved, promptTokens: 0, completionTokens: 0 },
      ...{ reported: false, violations: [], state: 'reserved' },
    });
    this.#sums.add(workspace, at, reserved);
    return true;
  }

  #change(entry: Entry, line: LedgerLine & { readonly id: string }): boolean {
    switch (line.type) {
      case 'sent':
        if (entry.state !== 'reserved') return false;
        this.#keep({ ...entry, state: 'sent', until: line.until });
        return true;
      case 'settle': {
        if (entry.state === 'settled') return false;
        const { promptTokens, completionTokens, reported, violations } = line;
        const amounts = { cost: usd(line.cost), unconfirmed: usd(line.unconfirmed) };
        this.#book(entry, {
          ...entry,
          ...{ promptTokens, completionTokens, reported, violations, ...amounts },
          state: 'settled',
        });
        this.#learned.set(entry.model, learn(this.learned(entry.model), entry.bound, line));
        return true;
      }
      case 'release':
        return entry.state !== 'settled' && this.#drop(entry);
      case 'lapse':
        return entry.state === 'reserved' && entry.until <= line.at && this.#drop(entry);
      case 'clear': {
        const unknown = entry.state === 'sent' && entry.until <= line.at;
        if (!unknown && (entry.state !== 'settled' || entry.unconfirmed === 0n)) return false;
        this.#book(entry, { ...entry, cost: usd(line.cost), unconfirmed: ZERO, state: 'settled' });
        return true;
      }
      default:
        return false;
    }
  }

  #book(before: Entry, after: Entry): void {
    this.#keep(after);
    this.#sums.add(after.workspace, after.at, subtract(after.cost, before.cost));
  }

  #keep(entry: Entry): void {
    this.#entries.set(entry.id, entry);
    if (entry.state === 'settled') this.#open.delete(entry.id);
    else this.#open.add(entry.id);
  }

  #drop(entry: Entry): boolean {
    this.#open.delete(entry.id);
    this.#sums.add(entry.workspace, entry.at, subtract(ZERO, entry.cost));
    return this.#entries.delete(entry.id);
  }
}

/** Whether a call still matters when its segment is closed: its outcome is awaited, or may be cleared. */
export function carriedOver({ state, unconfirmed, at: reservedAt }: Entry, at: number): boolean {
  return (state !== 'settled' || unconfirmed > 0n) && reservedAt >= at - CLEARABLE_MS;
}

/** A user's cap holds for all workspaces, so the workspace in which it was reached does not matter. */
function warningKey({ cap, workspace, since }: Omit<WrittenWarning, 'percent'>): string {
  return JSON.stringify([cap, cap.startsWith('workspace') ? workspace : '', since]);
}

export function writeEntry(entry: Entry): WrittenEntry {
  const { reserved, cost, unconfirmed, ...plain } = entry;
  return {
    ...plain,
    reserved: toDecimal(reserved),
    cost: toDecimal(cost),
    unconfirmed: toDecimal(unconfirmed),
  };
}

export function readEntry(entry: WrittenEntry): Entry {
  return {
    ...entry,
    reserved: usd(entry.reserved),
    cost: usd(entry.cost),
    unconfirmed: usd(entry.unconfirmed),
  };
}
