import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import { add, type Money, subtract, toDecimal, ZERO } from '../money';
import type { Caps } from './caps';
import type { CapName } from './denial';
import type { Booking, Entry, Settlement } from './entry';
import { applyLine, type LedgerLine, parseLine, settleLine } from './ledgerLine';
import { dayOf, monthOf } from './period';

/** The ledger cannot be read or written; the message names the file and what to do. Nothing is spent meanwhile. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

/** The remainder of a cap. */
export interface Remainder {
  readonly cap: CapName;
  readonly left: Money;
}

/** How long a reservation waits for its call, in ms. Longer than any call may take. */
const LEASE_MS = 30 * 60_000;

/**
 * Every call that was ever reserved, in `ledger.jsonl` of a folder that all windows and command lines of the user share.
 * Appending happens under a lock between processes, so several of them reserve at once without exceeding a cap. A
 * process that is killed loses nothing: what it sent stays counted at its worst case, what it never sent lapses.
 */
export class Ledger {
  readonly #file: string;
  readonly #entries = new Map<string, Entry>();
  #offset = 0;
  /** The lock was taken over, because this process stood still for longer than a lock is believed. */
  #lost = false;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    folder: string,
    private readonly now: () => number,
  ) {
    this.#file = path.join(folder, 'ledger.jsonl');
  }

  /** Opens or creates the ledger in a folder. @throws LedgerError where the folder cannot be used or the file is damaged. */
  static async open(folder: string, now: () => number = Date.now): Promise<Ledger> {
    const ledger = new Ledger(folder, now);
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw new LedgerError(`The ledger's folder ${folder} cannot be made: ${reason(error)}. Choose another folder.`);
    }
    await ledger.#exclusive(() => Promise.resolve());
    return ledger;
  }

  /**
   * Reserves the worst case of a call. `size` is told the smallest remainder of the caps (undefined: unlimited) and
   * answers with the amount to reserve, or with undefined to leave it; it runs while no other process can reserve.
   * Resolves with the reservation's id, or undefined where `size` left it.
   */
  async reserve(
    booking: Booking,
    caps: Caps,
    size: (tightest: Remainder | undefined) => Money | undefined,
  ): Promise<string | undefined> {
    return this.#exclusive(async (file) => {
      const amount = size(this.#tightest(booking.workspace, caps));
      if (amount === undefined) return undefined;
      const id = randomUUID();
      const at = this.now();
      await this.#append(file, {
        type: 'reserve',
        id,
        at,
        until: at + LEASE_MS,
        run: booking.run,
        task: booking.task,
        workspace: booking.workspace,
        role: booking.role,
        model: booking.model,
        reserved: toDecimal(amount),
      });
      return id;
    });
  }

  /** Records that the request is about to leave. From here on the reservation cannot lapse. */
  async sent(id: string): Promise<void> {
    await this.#exclusive((file) => this.#append(file, { type: 'sent', id }));
  }

  /** Books what a call came to. */
  async settle(id: string, settlement: Settlement): Promise<void> {
    await this.#exclusive((file) => this.#append(file, settleLine(id, settlement)));
  }

  /** Gives a reservation back: the request never left. */
  async release(id: string): Promise<void> {
    await this.#exclusive((file) => this.#append(file, { type: 'release', id }));
  }

  /** All calls that count, in the order in which they were reserved, those of other processes included. */
  async entries(): Promise<readonly Entry[]> {
    return this.#exclusive(() => Promise.resolve([...this.#entries.values()].filter((entry) => this.#counts(entry))));
  }

  /** What the caps leave for a workspace right now; undefined where there is no cap. */
  async remainder(workspace: string, caps: Caps): Promise<Remainder | undefined> {
    return this.#exclusive(() => Promise.resolve(this.#tightest(workspace, caps)));
  }

  #tightest(workspace: string, caps: Caps): Remainder | undefined {
    if ([caps.user, caps.workspace].every(({ day, month }) => day === undefined && month === undefined))
      return undefined;
    const today = dayOf(this.now());
    const month = monthOf(this.now());
    const inMonth = [...this.#entries.values()].filter((entry) => this.#counts(entry) && monthOf(entry.at) === month);
    const spent = (here: boolean, day: boolean): Money =>
      inMonth
        .filter((entry) => (!here || entry.workspace === workspace) && (!day || dayOf(entry.at) === today))
        .reduce((sum, entry) => add(sum, entry.cost), ZERO);
    const limits: readonly (readonly [CapName, Money | undefined, boolean, boolean])[] = [
      ['workspace day', caps.workspace.day, true, true],
      ['workspace month', caps.workspace.month, true, false],
      ['user day', caps.user.day, false, true],
      ['user month', caps.user.month, false, false],
    ];
    let tightest: Remainder | undefined;
    for (const [cap, limit, here, day] of limits) {
      if (limit === undefined) continue;
      const left = subtract(limit, spent(here, day));
      if (tightest === undefined || left < tightest.left) tightest = { cap, left };
    }
    return tightest;
  }

  /** A reservation that was never sent and has lapsed, or was given back, counts for nothing. */
  #counts(entry: Entry): boolean {
    return (
      entry.state === 'settled' || entry.state === 'sent' || (entry.state === 'reserved' && entry.until > this.now())
    );
  }

  /** Runs `work` alone among all processes, with this object brought up to date with the file. */
  #exclusive<T>(work: (file: FileHandle) => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => this.#locked(work));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #locked<T>(work: (file: FileHandle) => Promise<T>): Promise<T> {
    let file: FileHandle;
    try {
      file = await open(this.#file, 'a+', 0o600);
    } catch (error) {
      throw new LedgerError(`The ledger ${this.#file} cannot be opened: ${reason(error)}. Nothing was spent.`);
    }
    try {
      const release = await this.#lock();
      try {
        await this.#catchUp(file);
        return await work(file);
      } finally {
        // What was written stays written; a lock that was lost, or that cannot be removed, goes stale by itself.
        await release().catch(() => undefined);
      }
    } finally {
      await file.close();
    }
  }

  async #lock(): Promise<() => Promise<void>> {
    this.#lost = false;
    try {
      return await lock(this.#file, {
        realpath: false,
        // The library's default would throw out of a timer and take the whole process down.
        onCompromised: () => {
          this.#lost = true;
        },
        stale: 15_000,
        retries: { retries: 200, factor: 1.2, minTimeout: 2, maxTimeout: 100, randomize: true },
      });
    } catch (error) {
      throw new LedgerError(
        `The ledger ${this.#file} is held by another process: ${reason(error)}. Nothing was spent. Try again; ` +
          `if no other Solvent is running, delete ${this.#file}.lock.`,
      );
    }
  }

  async #catchUp(file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    if (size < this.#offset) {
      this.#entries.clear();
      this.#offset = 0;
    }
    if (size === this.#offset) return;
    const buffer = Buffer.alloc(size - this.#offset);
    await file.read(buffer, 0, buffer.length, this.#offset);
    // A last line without its newline is an append that a kill cut short: what it would have said never happened.
    const end = buffer.lastIndexOf(0x0a) + 1;
    for (const text of buffer.toString('utf8', 0, end).split('\n')) {
      if (text.trim() === '') continue;
      const line = parseLine(text);
      if (line !== undefined) applyLine(this.#entries, line);
      else if (!text.startsWith(TORN)) {
        throw new LedgerError(
          `The ledger ${this.#file} is damaged near '${text.slice(0, 60)}'. Nothing was spent. ` +
            `Move the file away to start a new ledger, or mend that line.`,
        );
      }
    }
    this.#offset += end;
    if (end < buffer.length) await this.#fence(file, buffer.length - end);
  }

  /** Closes a torn line, so that the next append starts on a line of its own and the torn one stays readable as such. */
  async #fence(file: FileHandle, torn: number): Promise<void> {
    const rest = Buffer.alloc(torn);
    await file.read(rest, 0, torn, this.#offset);
    await file.truncate(this.#offset);
    const fenced = Buffer.from(`${TORN}${JSON.stringify(rest.toString('utf8'))}\n`);
    await file.appendFile(fenced);
    this.#offset += fenced.length;
    await file.sync();
  }

  async #append(file: FileHandle, line: LedgerLine): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    if (this.#lost) throw new LedgerError(`The ledger ${this.#file} was taken over by another process. Try again.`);
    try {
      await file.appendFile(bytes);
      await file.datasync();
    } catch (error) {
      throw new LedgerError(`The ledger ${this.#file} cannot be written: ${reason(error)}. Free some space.`);
    }
    applyLine(this.#entries, line);
    this.#offset += bytes.length;
  }
}

/** Marks an append that was cut short by a kill; kept for the record, read as nothing. */
const TORN = '#torn ';

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
