import { randomUUID } from 'node:crypto';
import { add, type Money, subtract, toDecimal, usd } from '../../money';
import { type Caps, type Limit, limitsAt, type Remainder, tightestOf } from '../caps';
import type { Booking, CallBound, Entry, Settlement } from '../entry';
import type { Learned } from '../learned';
import { startOfDay, startOfMonth } from '../period';
import { thresholdOf, type Warning } from '../warning';
import { packClosed } from './archive';
import { LedgerError } from './errors';
import { type Appended, Journal } from './journal';
import type { LedgerLine } from './line';
import type { LedgerState } from './state';

/** How long a reservation waits for its request to leave, in ms. */
const UNSENT_MS = 60_000;
/** After so long, in ms, a call that was sent is taken to have no outcome any more. Longer than any call may take. */
const OUTCOME_MS = 30 * 60_000;
/** How often a reservation is sized anew because another process took the money in between. */
const MOST_SIZINGS = 50;

/** A run as it is announced to the ledger. Amounts are those of the plan. */
export interface RunHeading {
  readonly run: string;
  readonly task: string;
  readonly workspace: string;
  readonly budget: Money;
  readonly expected: Money;
  readonly worst: Money;
}

/** What a call may reserve: the amount and the bounds behind it. */
export interface Sized {
  readonly reserved: Money;
  readonly bound: CallBound;
}

/** What was booked in the day and the month of now. */
export interface PeriodTotals {
  readonly day: Money;
  readonly month: Money;
}

/** Lines to append together. */
interface Step {
  /** Made from the state right before. */
  readonly lines: (state: LedgerState, taken: readonly Taken[]) => readonly LedgerLine[];
  /** Whether what others have appended by then has to be read before. */
  readonly looks: boolean;
  /** Whether to put the lines on the disk. */
  readonly durably: boolean;
  /** @returns whether the step is done; one that is not takes another turn */
  readonly done: (effects: readonly boolean[]) => boolean;
  readonly resolve: (appended: Pick<Appended, 'durable'>) => void;
  readonly reject: (error: unknown) => void;
}

/** What a step of the same append will reserve, which the state does not know yet. */
interface Taken {
  readonly workspace: string;
  readonly amount: Money;
}

/**
 * Every call that was ever reserved, in a folder that all windows and command lines of the user share. Several
 * processes reserve at once without exceeding a cap, and a process that is killed anywhere loses nothing: what it sent
 * stays counted at its worst case, what it never sent lapses.
 */
export class Ledger {
  readonly #journal: Journal;
  readonly #waiting: Step[] = [];
  #working: Promise<void> | undefined;
  #packing: Promise<void> = Promise.resolve();

  private constructor(
    readonly folder: string,
    private readonly now: () => number,
    segmentBytes: number | undefined,
  ) {
    const pack = (): void => {
      // Packing only saves room: what it leaves undone, the next one does.
      this.#packing = this.#packing.then(() => packClosed(folder, now())).catch(() => undefined);
    };
    this.#journal = new Journal(folder, now, pack, segmentBytes);
  }

  /**
   * Opens or creates the ledger in a folder.
   * @param segmentBytes size at which a segment is closed; tests make it small
   * @throws LedgerError where the folder cannot be used, LedgerDamage where a file is damaged
   */
  static async open(folder: string, now: () => number = Date.now, segmentBytes?: number): Promise<Ledger> {
    const ledger = new Ledger(folder, now, segmentBytes);
    await ledger.#journal.catchUp();
    return ledger;
  }

  /**
   * Reserves the worst case of a call. `size` is told what the caps leave and answers with what to reserve, or with
   * undefined to leave it; it is asked again where another was quicker. A reservation that would exceed a cap
   * does not take effect, whatever `size` says.
   * Resolves with the reservation's id, or undefined where `size` left it.
   */
  async reserve(
    booking: Booking,
    caps: Caps,
    size: (remainders: readonly Remainder[]) => Sized | undefined,
  ): Promise<string | undefined> {
    let id: string | undefined;
    let sizings = 0;
    // Left because of what others of the same append will reserve, it is asked again once that is known.
    let left = true;
    await this.#step({
      lines: (state, taken) => {
        if (++sizings > MOST_SIZINGS) throw new LedgerError(`The ledger in ${this.folder} is too busy. Try again.`);
        const at = this.now();
        const limits = limitsAt(caps, at);
        const sized = size(remaindersOf(state, limits, booking.workspace, taken));
        id = sized === undefined ? undefined : randomUUID();
        left = taken.length === 0;
        if (sized === undefined || id === undefined) return [];
        return [
          {
            type: 'reserve',
            id,
            at,
            until: at + UNSENT_MS,
            ...bookingOf(booking),
            reserved: toDecimal(sized.reserved),
            bound: sized.bound,
            limits: limits.map(({ cap, since, limit }) => [cap, since, toDecimal(limit)] as const),
          },
        ];
      },
      looks: true,
      durably: false,
      done: ([effect = left]) => effect,
    });
    return id;
  }

  /**
   * Records, durably, that the request is about to leave. From here on the reservation cannot lapse.
   * Resolves with false where it has lapsed already: then the request must not leave.
   */
  async sent(id: string): Promise<boolean> {
    return this.#take({ type: 'sent', id, until: this.now() + OUTCOME_MS });
  }

  /** Books, durably, what a call came to. Resolves with the thresholds of caps that it made the user reach. */
  async settle(id: string, workspace: string, settlement: Settlement, caps: Caps): Promise<readonly Warning[]> {
    const { cost, unconfirmed, ...plain } = settlement;
    const amounts = { cost: toDecimal(cost), unconfirmed: toDecimal(unconfirmed) };
    const booked = await this.#take({ type: 'settle', id, ...plain, ...amounts }, { looks: false });
    // One that the user has cleared in the meantime stays as it was cleared.
    if (!booked && !this.#journal.state.entries.has(id)) {
      throw new LedgerError(
        `The ledger in ${this.folder} was replaced while a call was under way: its cost of $${toDecimal(cost)} is not on it.`,
      );
    }
    return this.#warn(workspace, caps);
  }

  /** Gives a reservation back: the request never left. */
  async release(id: string): Promise<void> {
    await this.#take({ type: 'release', id }, FOR_THE_RECORD);
  }

  /** Announces a run, or that its budget was raised: for the record, it reserves nothing. */
  async begin({ budget, expected, worst, ...run }: RunHeading): Promise<void> {
    const amounts = { budget: toDecimal(budget), expected: toDecimal(expected), worst: toDecimal(worst) };
    await this.#take({ type: 'run', ...run, ...amounts, at: this.now() }, FOR_THE_RECORD);
  }

  /** Says how a run ended. */
  async end(run: string, status: string): Promise<void> {
    await this.#take({ type: 'end', run, status, at: this.now() }, FOR_THE_RECORD);
  }

  /**
   * Books an unconfirmed call at what the provider billed for it, by its own account.
   * Resolves with false where there is no such call, or its outcome is still awaited.
   */
  async clear(id: string, cost: Money): Promise<boolean> {
    return this.#take({ type: 'clear', id, at: this.now(), cost: toDecimal(cost) });
  }

  /** Forgets what was learned of a model. Resolves with false where there was nothing. */
  async forget(model: string): Promise<boolean> {
    return this.#take({ type: 'forget', model });
  }

  /** The calls without a confirmed bill that can be cleared now, oldest first. */
  async unconfirmed(): Promise<readonly Entry[]> {
    await this.#look();
    return [...this.#journal.state.entries.values()].filter(
      ({ state, unconfirmed, until }) =>
        (state === 'settled' && unconfirmed > 0n) || (state === 'sent' && until <= this.now()),
    );
  }

  /** The calls that are reserved or sent and not settled, those of other processes included. */
  async open(): Promise<readonly Entry[]> {
    await this.#look();
    return this.#journal.state.open;
  }

  /** What each of the caps leaves for a workspace right now. */
  async remainders(workspace: string, caps: Caps): Promise<readonly Remainder[]> {
    await this.#look();
    return remaindersOf(this.#journal.state, limitsAt(caps, this.now()), workspace, []);
  }

  /** The least that a cap leaves for a workspace right now; undefined where there is no cap. */
  async remainder(workspace: string, caps: Caps): Promise<Remainder | undefined> {
    return tightestOf(await this.remainders(workspace, caps));
  }

  /** What was booked today and this month, by all who share the ledger or in one workspace. */
  async totals(workspace?: string): Promise<PeriodTotals> {
    await this.#look();
    const { state } = this.#journal;
    const now = this.now();
    return { day: state.since(startOfDay(now), workspace), month: state.since(startOfMonth(now), workspace) };
  }

  /** What was learned of a model, as of the last call of this ledger. */
  learned(model: string): Learned {
    return this.#journal.state.learned(model);
  }

  /** All models that something was learned of. */
  get models(): ReadonlyMap<string, Learned> {
    return this.#journal.state.models;
  }

  /** Waits for what is under way and lets go of the file. */
  async close(): Promise<void> {
    await this.#working;
    await this.#journal.letGo();
    await this.#packing;
  }

  /** The thresholds that were reached and not told. Of all windows, the one whose line came first tells it. */
  async #warn(workspace: string, caps: Caps): Promise<readonly Warning[]> {
    let reached = this.#reached(this.#journal.state, workspace, caps);
    if (reached.length === 0) return [];
    let first: readonly boolean[] = [];
    await this.#step({
      lines: (state) => {
        reached = this.#reached(state, workspace, caps);
        return reached.map(({ cap, percent, since }) => {
          return { type: 'warned', cap, workspace, since, percent, by: randomUUID() };
        });
      },
      looks: true,
      durably: false,
      done: (effects) => {
        first = effects;
        return true;
      },
    });
    const told = reached.filter((_, index) => first[index] === true);
    return told.map(({ cap, percent, spent, limit }) => ({ cap, percent, spent, limit }));
  }

  #reached(state: LedgerState, workspace: string, caps: Caps): readonly (Warning & Pick<Limit, 'cap' | 'since'>)[] {
    return limitsAt(caps, this.now()).flatMap(({ cap, since, limit }) => {
      const spent = state.since(since, ofWorkspace(cap, workspace));
      const percent = thresholdOf(spent, limit);
      const isNew = percent !== undefined && percent > state.warned({ cap, workspace, since });
      return isNew ? [{ cap, since, percent, spent, limit }] : [];
    });
  }

  /** Reads what others have appended. */
  async #look(): Promise<void> {
    await this.#step({ lines: () => [], looks: true, durably: false, done: always });
  }

  /**
   * Appends one line. Resolves with whether it took effect.
   * @param durably whether to wait until it is on the disk
   * @param looks whether to read before what others have appended; what is booked anyhow, whoever else says it, need not
   */
  async #take(line: LedgerLine, { durably = true, looks = true } = {}): Promise<boolean> {
    let taken = false;
    const { durable } = await this.#step({
      lines: () => [line],
      looks,
      durably,
      done: ([effect = false]) => {
        taken = effect;
        return true;
      },
    });
    if (durably) await durable;
    return taken;
  }

  #step(step: Omit<Step, 'resolve' | 'reject'>): Promise<Pick<Appended, 'durable'>> {
    const turn = new Promise<Pick<Appended, 'durable'>>((resolve, reject) => {
      this.#waiting.push({ ...step, resolve, reject });
    });
    this.#working ??= this.#work();
    return turn;
  }

  /** Takes the waiting steps, all that there are at a time: they share one append. */
  async #work(): Promise<void> {
    // What is asked for in the same breath goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const steps = this.#waiting.splice(0);
      try {
        await this.#together(steps);
      } catch (error) {
        for (const step of steps) step.reject(error);
      }
    }
    this.#working = undefined;
  }

  async #together(steps: readonly Step[]): Promise<void> {
    const looked = steps.some(({ looks }) => looks);
    if (looked) await this.#journal.catchUp();
    await this.#lapse();
    const taken: Taken[] = [];
    const prepared: { readonly step: Step; readonly lines: readonly LedgerLine[] }[] = [];
    for (const step of steps) {
      try {
        const lines = step.lines(this.#journal.state, taken);
        for (const line of lines) if (line.type === 'reserve') taken.push(takenBy(line));
        prepared.push({ step, lines });
      } catch (error) {
        step.reject(error);
      }
    }
    const all = prepared.flatMap(({ lines }) => lines);
    const durably = prepared.some(({ step }) => step.durably);
    const { effects, durable } =
      all.length === 0 ? { effects: [], durable: Promise.resolve() } : await this.#journal.append(all, durably, looked);
    let next = 0;
    for (const { step, lines } of prepared) {
      const own = effects.slice(next, (next += lines.length));
      if (step.done(own)) step.resolve({ durable });
      else this.#waiting.push(step);
    }
  }

  /** Says of reservations that were never sent in their time that they have lapsed. */
  async #lapse(): Promise<void> {
    const at = this.now();
    const lapsed = this.#journal.state.open.filter(({ state, until }) => state === 'reserved' && until <= at);
    if (lapsed.length > 0) await this.#journal.append(lapsed.map(({ id }) => ({ type: 'lapse', id, at })));
  }
}

/** Nothing is decided by it, so it waits for nothing. */
const FOR_THE_RECORD = { durably: false, looks: false } as const;

const always = (): boolean => true;

function takenBy(line: LedgerLine & { readonly type: 'reserve' }): Taken {
  return { workspace: line.workspace, amount: usd(line.reserved) };
}

function remaindersOf(
  state: LedgerState,
  limits: readonly Limit[],
  workspace: string,
  taken: readonly Taken[],
): readonly Remainder[] {
  return limits.map(({ cap, since, limit }) => {
    const of = ofWorkspace(cap, workspace);
    const same = taken.filter((one) => of === undefined || one.workspace === of);
    const spent = add(state.since(since, of), ...same.map(({ amount }) => amount));
    return { cap, left: subtract(limit, spent) };
  });
}

/** The workspace whose spending a cap limits; undefined where it limits everything. */
function ofWorkspace(cap: Limit['cap'], workspace: string): string | undefined {
  return cap.startsWith('workspace') ? workspace : undefined;
}

/** Only what belongs on the ledger, whatever else the object holds. */
function bookingOf({ run, task, workspace, role, model }: Booking): Booking {
  return { run, task, workspace, role, model };
}
