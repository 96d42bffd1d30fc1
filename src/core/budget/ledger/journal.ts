import { constants, readSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { codeOf, LedgerDamage, LedgerError, reason } from './errors';
import { type CheckpointLine, type LedgerLine, type ReadLine, readLines, writeLine } from './line';
import { createOnce, listSegments, makeFolder, segmentFile } from './segments';
import { LedgerState } from './state';

/** A segment is closed when it has so many bytes: some 700 calls, read in a few milliseconds. */
export const SEGMENT_BYTES = 512 * 1024;

/**
 * Whether a segment is to be closed.
 * @param bytes what it has
 * @param first what its first line has, which is copied from one to the next and may be large itself
 * @param most how large it may grow, unless its first line is more than half of that
 */
export function isFull(bytes: number, first: number, most: number = SEGMENT_BYTES): boolean {
  return bytes > Math.max(most, 2 * first);
}

/** Bytes that others may have appended at the same time, to be read back together with what was written. */
const BESIDES = 16 * 1024;

/** How often, and how long apart in ms, a file is looked at again that another process is just making. */
const LOOKS = 50;
const LOOK_MS = 20;

/** What an open segment is read and appended through. */
interface OpenSegment {
  readonly number: number;
  readonly file: string;
  readonly handle: FileHandle;
  /** What tells this file from another in its place; no other can have it while this one is open. */
  readonly identity: Pick<Stats, 'ino' | 'dev'>;
  state: LedgerState | undefined;
  /** Bytes of its first line. */
  first: number;
  /** Bytes that it had when it was looked at last. */
  size: number;
  /** Bytes that were read into the state: whole lines only. */
  offset: number;
  /** Lines that were read. */
  lines: number;
  /** Whether there is text after the last newline: an append under way, or one that was cut short. */
  tail: boolean;
}

/** Of a segment of which nothing was read. */
const START = { first: 0, size: 0, offset: 0, lines: 0, tail: false };

/** Lines of this process that were written and not yet met again. */
interface Pending {
  readonly texts: readonly string[];
  /** Bytes that were written. */
  readonly bytes: number;
  /** Whether the file was looked for right before. */
  readonly looked: boolean;
  readonly effects: boolean[];
}

/** What became of lines that were appended. */
export interface Appended {
  /** For each line whether it took effect. */
  readonly effects: readonly boolean[];
  /** Resolves when the lines are on the disk, where that was asked for. Rejects with a LedgerError. */
  readonly durable: Promise<void>;
}

/**
 * The file that all processes append to. Nothing is locked: an append is one write at the end of the file, and what a
 * line says takes effect or not by its place among the others, which every process reads the same. So a process that
 * is killed or stopped anywhere blocks nobody and leaves nothing half done.
 */
export class Journal {
  #segment: OpenSegment | undefined;
  /** The state of the segment that was let go of last. */
  #last: LedgerState | undefined;
  #syncing: Promise<void> | undefined;
  #nextSync: Promise<void> | undefined;
  /** What the next sync is of. */
  readonly #unsynced = new Set<OpenSegment>();

  /**
   * @param closed is told when a segment was closed, in the process that made its successor
   * @param now ms since the epoch
   */
  constructor(
    private readonly folder: string,
    private readonly now: () => number,
    private readonly closed: () => void,
    private readonly segmentBytes: number = SEGMENT_BYTES,
  ) {}

  /** What all lines read so far come to. */
  get state(): LedgerState {
    const state = this.#segment?.state ?? this.#last;
    if (state === undefined) throw new Error('The journal is read before it is asked.');
    return state;
  }

  /** Reads what was appended since, by whomever. @throws LedgerError */
  async catchUp(): Promise<void> {
    await this.#follow(undefined);
  }

  /**
   * Appends lines in one write and reads them back.
   * @param durably whether to put them on the disk too; that begins while they are read back
   * @param looked whether {@link catchUp} was called right before
   * @throws LedgerError where they cannot be written or read back; should some of them take effect all the same, then
   * what they reserve lapses, and what they spend is counted
   */
  async append(lines: readonly LedgerLine[], durably = false, looked = false): Promise<Appended> {
    const texts = lines.map(writeLine);
    for (let attempt = 0; ; attempt++) {
      // Should it have been packed since it was read, then it was closed, and these lines go to the next.
      const known = attempt === 0 ? this.#segment : undefined;
      const segment = known ?? (await this.#guarded(() => this.#open()));
      const { file, handle, tail, number } = segment;
      const text = `${tail || attempt > 0 ? '\n' : ''}${texts.join('\n')}\n`;
      const bytes = await write(handle, file, text);
      const durable = durably ? this.#sync(segment) : DONE;
      const pending: Pending = { texts, bytes, looked: looked || known === undefined, effects: [] };
      const whole = (): boolean => pending.effects.length === texts.length;
      try {
        await this.#follow(pending);
        if (whole()) await this.#closeIfFull();
      } catch (error) {
        // What went wrong after these lines is met again by the next call.
        if (!whole()) throw error;
      }
      if (whole()) return { effects: pending.effects, durable };
      // Written after the segment was closed they do not count, and go to the next.
      if (this.#segment?.number === number && attempt > 0) {
        throw new LedgerError(`The ledger ${file} does not hold what was written to it. Is its disk full or failing?`);
      }
    }
  }

  /** Resolves when everything appended to a segment so far is on the disk. Calls at the same time share the wait. */
  #sync(segment: OpenSegment): Promise<void> {
    this.#unsynced.add(segment);
    const before = this.#syncing?.catch(() => undefined) ?? Promise.resolve();
    this.#nextSync ??= before.then(async () => {
      this.#syncing = this.#nextSync;
      this.#nextSync = undefined;
      const segments = [...this.#unsynced];
      this.#unsynced.clear();
      try {
        for (const { handle } of segments) await handle.datasync();
      } catch (error) {
        throw new LedgerError(`The ledger in ${this.folder} cannot be written: ${reason(error)}. Free some space.`);
      }
    });
    // Whoever waits for it is told; that nobody does yet is no fault.
    this.#nextSync.catch(() => undefined);
    return this.#nextSync;
  }

  /** Lets go of the file; the next call opens it anew, from what is there then. */
  async letGo(): Promise<void> {
    const segment = this.#segment;
    if (segment === undefined) return;
    this.#segment = undefined;
    this.#last = segment.state;
    await (this.#nextSync ?? this.#syncing)?.catch(() => undefined);
    await segment.handle.close();
  }

  /** Reads to the end of the last segment, looking out for the lines of `pending` in the one that they went to. */
  async #follow(pending: Pending | undefined): Promise<void> {
    await this.#guarded(async () => {
      let segment = pending === undefined ? await this.#open() : (this.#segment ?? (await this.#open()));
      let sealed: LedgerState | undefined;
      if (pending !== undefined) sealed = await this.#readBack(segment, pending);
      // Looked at just now, it has nothing that was not read.
      else if (segment.size === segment.offset) sealed = sealedState(segment);
      else sealed = await this.#read(segment, undefined, segment.size);
      while (sealed !== undefined) {
        segment = await this.#advance(segment, sealed);
        sealed = await this.#read(segment, undefined);
      }
    });
  }

  /** What was read when something went wrong may be mended or moved away by the user: the next call looks again. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.letGo();
      if (error instanceof LedgerError) throw error;
      throw new LedgerError(`The ledger in ${this.folder} cannot be used: ${reason(error)}. Nothing was spent.`);
    }
  }

  /**
   * Reads what was just appended and what others have appended meanwhile: as a rule in one go, without a look before. It
   * does not count where the file was taken away and never closed: then it goes to the one that is there now.
   */
  async #readBack(segment: OpenSegment, pending: Pending): Promise<LedgerState | undefined> {
    const least = segment.size + pending.bytes;
    const size = least + BESIDES;
    const read = await this.#read(segment, pending, size);
    const there = pending.looked || sizeIfThere(segment) !== undefined;
    const whole = there && segment.size >= least && segment.size < size;
    // One that others have packed was closed before that: its end tells.
    const sealed = whole ? read : await this.#read(segment, pending);
    if (!there && sealed === undefined) {
      pending.effects.length = 0;
      await this.letGo();
    }
    return sealed;
  }

  /**
   * Reads what is new in a segment. Answers with the state where the segment is closed.
   * @param size up to where to read; up to the end where it is not given
   */
  async #read(segment: OpenSegment, pending: Pending | undefined, size?: number): Promise<LedgerState | undefined> {
    const { handle, file } = segment;
    const until = size ?? (await handle.stat()).size;
    if (until < segment.offset) throw new LedgerDamage(file, 'became shorter');
    const buffer = Buffer.alloc(until - segment.offset);
    const bytesRead = await readAt(handle, buffer, segment.offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    segment.size = segment.offset + bytesRead;
    segment.tail = end < bytesRead;
    for (const text of buffer.toString('utf8', 0, end).split('\n').slice(0, -1)) {
      segment.lines += 1;
      for (const read of readLines(text)) this.#line(segment, text, read, pending);
      if (segment.lines === 1) segment.first = Buffer.byteLength(text);
    }
    segment.offset += end;
    return sealedState(segment);
  }

  #line(segment: OpenSegment, around: string, read: ReadLine, pending: Pending | undefined): void {
    const { file, number, lines } = segment;
    if (read.kind === 'torn') return;
    if (read.kind === 'newer') {
      throw new LedgerError(`The ledger ${file} was written by a newer Solvent. Update this one; nothing was spent.`);
    }
    const excerpt = `'${around.slice(0, 40)}…'`;
    if (read.kind === 'damaged') throw new LedgerDamage(file, `is damaged in line ${lines}: ${excerpt}`);
    const { line, text } = read;
    if (segment.state === undefined) {
      if (line.type !== 'checkpoint' || line.segment !== number) {
        throw new LedgerDamage(file, `does not begin as a ledger does: ${excerpt}`);
      }
      segment.state = LedgerState.from(line);
      return;
    }
    const own = text === pending?.texts[pending.effects.length];
    const counts = segment.state.sealed === undefined;
    const effect = segment.state.apply(line);
    if (own && counts) pending.effects.push(effect);
  }

  /** The segment to append to, opened if need be; the last one of the folder, or the first of a new ledger. */
  async #open(): Promise<OpenSegment> {
    if (this.#segment !== undefined) {
      const size = sizeIfThere(this.#segment);
      if (size !== undefined) {
        this.#segment.size = size;
        return this.#segment;
      }
      await this.letGo();
    }
    await makeFolder(this.folder);
    for (;;) {
      const last = (await listSegments(this.folder)).at(-1);
      if (last === undefined) {
        await this.#create(new LedgerState().checkpoint(1, this.now()));
      } else if (last.kind === 'ledger') {
        const segment = await this.#openSegment(last.number);
        if (segment !== undefined) return segment;
      } else {
        const missing = segmentFile(this.folder, { kind: 'ledger', number: last.number + 1 });
        throw new LedgerDamage(missing, 'is missing, though there are older files beside it');
      }
    }
  }

  /** Undefined where the file is gone: since the folder was looked at, others went on and packed it. */
  async #openSegment(number: number): Promise<OpenSegment | undefined> {
    const file = segmentFile(this.folder, { kind: 'ledger', number });
    let handle: FileHandle;
    try {
      handle = await open(file, READ_AND_APPEND);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw new LedgerError(`The ledger ${file} cannot be opened: ${reason(error)}. Nothing was spent.`);
    }
    let segment: OpenSegment;
    try {
      const { ino, dev } = await handle.stat();
      segment = { number, file, handle, identity: { ino, dev }, state: undefined, ...START };
      await this.#read(segment, undefined);
      for (let look = 0; segment.offset === 0; look++) {
        if (look === LOOKS) throw new LedgerDamage(file, 'has no first line');
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        await this.#read(segment, undefined);
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    this.#segment = segment;
    return segment;
  }

  async #closeIfFull(): Promise<void> {
    const { offset, first } = this.#segment ?? { offset: 0, first: 0 };
    if (!isFull(offset, first, this.segmentBytes)) return;
    const { handle, file, tail } = await this.#open();
    await write(handle, file, `${tail ? '\n' : ''}${writeLine({ type: 'seal', at: this.now() })}\n`);
    await this.#follow(undefined);
  }

  /** Goes on in the next segment, which the first process to get there makes; all of them would make the same. */
  async #advance(segment: OpenSegment, state: LedgerState): Promise<OpenSegment> {
    await segment.handle.datasync();
    const number = segment.number + 1;
    const last = (await listSegments(this.folder)).at(-1);
    const isFirst = last === undefined || last.number < number;
    const made = isFirst && (await this.#create(state.checkpoint(number, state.sealed ?? this.now())));
    await this.letGo();
    const opened = await this.#open();
    if (made) this.closed();
    return opened;
  }

  /** Resolves with whether it was this process that made the segment. */
  async #create(checkpoint: CheckpointLine): Promise<boolean> {
    const { segment: number } = checkpoint;
    const file = segmentFile(this.folder, { kind: 'ledger', number });
    try {
      const first = await createOnce(file, `${writeLine(checkpoint)}\n`);
      // Others may have gone on and packed that segment away before this process, having stood still, made it again.
      const made = (await listSegments(this.folder)).find((one) => one.number === number);
      if (made?.kind !== 'ledger') await rm(file, { force: true });
      return first;
    } catch (error) {
      throw new LedgerError(`The ledger ${file} cannot be made: ${reason(error)}. Nothing was spent.`);
    }
  }
}

const DONE = Promise.resolve();

/** Bytes that are read at once. */
const LITTLE = 65_536;

/** As `a+`, but without making the file: a segment must not come to be without its first line. */
const READ_AND_APPEND = constants.O_RDWR | constants.O_APPEND;

/**
 * The bytes of a segment; undefined where its file is gone, or another in its place. Of an open file the system has them
 * in memory, so that asking takes less time than having a thread ask.
 */
function sizeIfThere({ file, identity }: OpenSegment): number | undefined {
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    return there?.ino === identity.ino && there.dev === identity.dev ? there.size : undefined;
  } catch (error) {
    throw new LedgerError(`The ledger ${file} cannot be read: ${reason(error)}. Nothing was spent.`);
  }
}

/** The state of a segment that is closed. */
function sealedState({ state }: OpenSegment): LedgerState | undefined {
  return state?.sealed === undefined ? undefined : state;
}

/** Reads what there is, up to the length of the buffer. A little that was just appended is in memory, and no thread is asked. */
async function readAt(handle: FileHandle, buffer: Buffer, offset: number): Promise<number> {
  if (buffer.length <= LITTLE) return readSync(handle.fd, buffer, 0, buffer.length, offset);
  return (await handle.read(buffer, 0, buffer.length, offset)).bytesRead;
}

/** One write, so that no other process's text comes in between. Resolves with the bytes that it was. */
async function write(handle: FileHandle, file: string, text: string): Promise<number> {
  const bytes = Buffer.from(text);
  let written: number;
  try {
    ({ bytesWritten: written } = await handle.write(bytes));
  } catch (error) {
    throw new LedgerError(`The ledger ${file} cannot be written: ${reason(error)}. Free some space.`);
  }
  if (written < bytes.length) throw new LedgerError(`The ledger ${file} cannot be written. Free some space.`);
  return written;
}
