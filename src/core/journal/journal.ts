import { appendFile, mkdir, open, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { JournalEntry } from './entry';
import { parseEntry } from './parse';

/** Bytes after which a journal is put aside for a new one; the last two are read. */
const LARGEST = 4 << 20;

/**
 * The runs of the user, on the user's machine only: `journal.jsonl` beside the ledger, one line a run. Plans learn from
 * it what answers take and what models can do. It holds no money's truth: a line that is lost or cannot be read is a
 * run that nothing is learned from, and never an error.
 */
export class Journal {
  readonly #file: string;

  /** @param folder that of the ledger */
  constructor(folder: string) {
    this.#file = path.join(folder, 'journal.jsonl');
  }

  get #older(): string {
    return this.#file.replace(/\.jsonl$/, '.1.jsonl');
  }

  /** Adds a run. Several processes may do so at once: a line is written in one piece. */
  async add(entry: JournalEntry): Promise<void> {
    try {
      await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      const size = await stat(this.#file).then(
        (found) => found.size,
        () => 0,
      );
      if (size > LARGEST) await rename(this.#file, this.#older);
      // A line that another process broke off is ended first, or this one would be lost with it.
      const ended = size === 0 || size > LARGEST || (await endsWithLine(this.#file, size));
      await appendFile(this.#file, `${ended ? '' : '\n'}${JSON.stringify(entry)}\n`, { mode: 0o600 });
    } catch {
      // What was spent is on the ledger; of this run nothing is learned.
    }
  }

  /** All runs that can be read, the oldest first. */
  async entries(): Promise<readonly JournalEntry[]> {
    const texts = await Promise.all([this.#older, this.#file].map(textOf));
    return texts.flatMap((text) => text.split('\n').flatMap((line) => (line === '' ? [] : (parseEntry(line) ?? []))));
  }
}

async function textOf(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    // Something else that has come to lie there is not read whole.
    const { size } = await handle.stat();
    if (size > 4 * LARGEST) return '';
    return await handle.readFile('utf8');
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}

async function endsWithLine(file: string, size: number): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 10;
  } finally {
    await handle.close();
  }
}
