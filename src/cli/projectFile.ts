import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError, EXIT } from './exitCode';
import { whyNot } from './files';

const MARK = '\uFEFF';

/** A file of a project as it was read. */
export class ProjectFile {
  private constructor(
    private readonly place: string,
    /** Relative to the project, with `/`. */
    readonly path: string,
    /** Without a byte order mark. */
    readonly text: string,
    private readonly mark: string,
  ) {}

  /**
   * @param root the project's real path, @param place the file's
   * @throws CommandError for what is no text: it could not be written back as it was
   */
  static of(root: string, place: string, read: string): ProjectFile {
    const relative = path.relative(root, place).split(path.sep).join('/');
    if (read.includes('\uFFFD') || read.includes('\0')) throw new CommandError(`${relative} is no text in UTF-8.`);
    const marked = read.startsWith(MARK);
    return new ProjectFile(place, relative, marked ? read.slice(1) : read, marked ? MARK : '');
  }

  /** Writes another text to the file. @throws CommandError where the file is not as it was read, or cannot be written */
  async replace(text: string): Promise<void> {
    const failed = (why: string): never => {
      throw new CommandError(`The answer is not written to ${this.path}: ${why}.`, EXIT.notSolved);
    };
    const now = await readFile(this.place, 'utf8').catch((error: unknown) => failed(whyNot(error)));
    if (now !== this.mark + this.text) failed('it was changed in the meantime');
    await writeFile(this.place, this.mark + text).catch((error: unknown) => failed(whyNot(error)));
  }
}
