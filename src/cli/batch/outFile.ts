import { type FileHandle, open } from 'node:fs/promises';
import { CommandError } from '../exitCode';
import { whyNot } from '../files';
import { toJson } from '../json';
import type { ResultLine } from '../resultLine';

/** How every result line begins; what is cut short and does not is not ours to cut off. */
const BEGINNING = '{"id":"';

/**
 * The file that results go to. Each is appended as one whole line as soon as it is there, so a kill at any moment costs
 * at most the line that was being written, and that one is cut off and done again.
 */
export class OutFile {
  #queue: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    /** The ids that have their line already. */
    readonly done: ReadonlySet<string>,
    /** Whether a torn last line was cut off. */
    readonly repaired: boolean,
  ) {}

  /** Opens or creates the file. @throws CommandError where it cannot be written or holds something else than results */
  static async open(path: string): Promise<OutFile> {
    let file: FileHandle;
    try {
      file = await open(path, 'a+');
    } catch (error) {
      throw new CommandError(`--out ${path} cannot be written: ${whyNot(error)}.`);
    }
    try {
      const bytes = await file.readFile();
      const end = bytes.lastIndexOf(0x0a) + 1;
      const done = readIds(bytes.toString('utf8', 0, end), path);
      const rest = bytes.toString('utf8', end);
      if (rest === '') return new OutFile(path, file, done, false);
      const last = idOf(rest);
      if (last !== undefined) {
        // Whole but for its line break: an editor took it away.
        await file.appendFile('\n');
        return new OutFile(path, file, done.add(last), false);
      }
      if (!BEGINNING.startsWith(rest.slice(0, BEGINNING.length))) throw foreign(path, done.size + 1);
      await file.truncate(end);
      return new OutFile(path, file, done, true);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Appends a result. Resolves when it is on the disk. @throws CommandError where that fails */
  append(result: ResultLine): Promise<void> {
    const bytes = `${toJson(result)}\n`;
    const turn = this.#queue.then(async () => {
      try {
        await this.file.appendFile(bytes);
        await this.file.datasync();
      } catch (error) {
        throw new CommandError(`--out ${this.path} cannot be written any more: ${whyNot(error)}.`);
      }
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.file.close();
  }
}

function readIds(text: string, path: string): Set<string> {
  const ids = new Set<string>();
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const id = idOf(line);
    if (id === undefined) throw foreign(path, index + 1);
    ids.add(id);
  });
  return ids;
}

/** The id of a result line; undefined where it is none. */
function idOf(line: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null || !('id' in json) || !('status' in json)) return undefined;
  return typeof json.id === 'string' && typeof json.status === 'string' ? json.id : undefined;
}

function foreign(path: string, line: number): CommandError {
  return new CommandError(`--out ${path}: line ${line} is not a result line. Choose another file, or mend that line.`);
}
