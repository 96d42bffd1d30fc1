import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, LedgerError, reason } from './errors';

/**
 * The files of a ledger's folder, numbered from 1 in the order in which they were written:
 * - `ledger.N.jsonl`: a segment as it was written; only the last one is appended to.
 * - `calls.N.jsonl`: a closed segment, one line a call.
 * - `days.N.jsonl`: a closed segment of long ago, summed by day.
 * - `ledger.N.damaged.jsonl`: a segment that was set aside.
 */
export type SegmentKind = 'ledger' | 'calls' | 'days';

export interface Segment {
  readonly kind: SegmentKind;
  readonly number: number;
}

/** How the name of a file ends that is being written. */
const DRAFT = '.new';
/** A file that is being written for so long, in ms, belongs to a process that was killed. */
const DRAFT_MS = 60 * 60_000;

export function segmentFile(folder: string, { kind, number }: Segment): string {
  return path.join(folder, `${kind}.${number}.jsonl`);
}

/** All segments, by number; of one that is there in several kinds, the one that was made last. */
export async function listSegments(folder: string): Promise<readonly Segment[]> {
  return latestOf(await allSegments(folder));
}

/** All segments in all kinds in which they are there. */
async function allSegments(folder: string): Promise<readonly Segment[]> {
  return (await readdir(folder)).flatMap((name) => {
    const match = /^(ledger|calls|days)\.([1-9]\d{0,9})\.jsonl$/.exec(name);
    return match === null ? [] : [{ kind: match[1] as SegmentKind, number: Number(match[2]) }];
  });
}

function latestOf(segments: readonly Segment[]): readonly Segment[] {
  const order: readonly SegmentKind[] = ['ledger', 'calls', 'days'];
  const found = new Map<number, Segment>();
  for (const segment of segments) {
    const known = found.get(segment.number);
    if (known === undefined || order.indexOf(known.kind) < order.indexOf(segment.kind)) {
      found.set(segment.number, segment);
    }
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

/** Removes what killed processes did not come to remove: segments that were packed into another file since. */
export async function removePacked(folder: string): Promise<void> {
  const all = await allSegments(folder);
  const latest = new Set(latestOf(all));
  for (const segment of all) if (!latest.has(segment)) await rm(segmentFile(folder, segment), { force: true });
}

/** Makes the folder. @throws LedgerError */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new LedgerError(`The ledger's folder ${folder} cannot be made: ${reason(error)}. Choose another folder.`);
  }
}

/**
 * Creates a file with its content, whole and durable or not at all. Of several processes that try, one succeeds, and
 * the others find its file. Resolves with whether this one succeeded.
 */
export async function createOnce(file: string, content: string): Promise<boolean> {
  return withDraft(file, content, async (draft) => {
    try {
      await link(draft, file);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      return createPlainly(file, content);
    }
    return true;
  });
}

/** Some file systems have no links; there a reader may see the file before its first line is whole, and waits. */
async function createPlainly(file: string, content: string): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    // Half of it would be in the way of all who come after.
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return true;
}

/** Replaces a file, or makes it, whole and durable or not at all. */
export async function replace(file: string, content: string): Promise<void> {
  await withDraft(file, content, (draft) => rename(draft, file));
}

/** Gives a file a second name, unless there is a file of that name. */
export async function keepAs(file: string, name: string): Promise<void> {
  try {
    await link(file, name);
  } catch (error) {
    // Or it is gone: others could read it, and have packed it.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return;
    await copyFile(file, name, constants.COPYFILE_EXCL);
  }
  await syncFolder(path.dirname(name));
}

/** Does something with a durable file of a name of its own, which is gone afterwards. */
async function withDraft<T>(file: string, content: string, work: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${file}.${randomUUID()}${DRAFT}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const done = await work(draft);
    await syncFolder(path.dirname(file));
    return done;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes what killed processes left half written: by the machine's own clock, which is that of the files. */
export async function removeDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(DRAFT)) continue;
    const file = path.join(folder, name);
    const written = await stat(file).catch(() => undefined);
    if (written !== undefined && written.mtimeMs < Date.now() - DRAFT_MS) await rm(file, { force: true });
  }
}

/** Puts the names in a folder on the disk, where the system has that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
