import { constants } from 'node:fs';
import {
  copyFile,
  lchown,
  lstat,
  mkdir,
  readdir,
  readlink,
  realpath,
  rename,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, posix, relative } from 'node:path';
import { within } from '../places';
import { SandboxError } from '../sandbox';
import { removeTree } from './scratch';
import { eachOf, type Selection } from './selection';

/** A file of the workspace with another text in the copy than on disk. */
export interface Edit {
  /** Relative to the workspace, with `/`. The file need not exist yet. */
  readonly path: string;
  readonly text: string;
}

/**
 * The edits that tests may see: that of the file which answers go to, and of others those of files that are in the copy
 * as well. The text of an unsaved editor is no less secret than its file.
 */
export function visibleEdits(edits: readonly Edit[], file: string, { files }: Selection): Edit[] {
  const copied = new Set(files.map(({ path }) => path));
  return edits.filter(({ path }) => path === file || copied.has(path));
}

/** How runs get at files of their own: a full copy each, or a layer over a common one that takes up their changes. */
export type Layering = 'copy' | 'overlay';

/** The folders of one run, all outside of the workspace. */
export interface RunFolders {
  /** The copy that can be written to; with an overlay the layer that takes up changes. */
  readonly work: string;
  /** For an overlay: what lies below, and the folder that the kernel needs next to the layer. */
  readonly overlay: { readonly below: string; readonly aside: string } | undefined;
  readonly home: string;
  /** Where a test runner leaves its report. */
  readonly report: string;
  /** Removes all of it. To be called in any case. */
  readonly remove: () => Promise<void>;
}

/** What a {@link WorkspaceCopy} is made of. */
export interface CopyParts {
  readonly selection: Selection;
  /** An empty folder of this copy's own. */
  readonly folder: string;
  readonly layering: Layering;
  /** The account that runs the tests; undefined where it is this one. */
  readonly uid: number | undefined;
}

/**
 * A snapshot of a workspace from which every run gets a throw-away copy, so that all runs see the same files and none
 * sees what another one did. Files are cloned where the file system can, else copied.
 */
export class WorkspaceCopy {
  #runs = 0;
  #adopted = false;

  private constructor(
    private readonly parts: CopyParts,
    private readonly base: string,
  ) {}

  /** Takes the snapshot. */
  static async take(parts: CopyParts): Promise<WorkspaceCopy> {
    const { selection, folder, uid } = parts;
    const base = join(folder, 'base');
    await mkdir(base, { mode: 0o755 });
    await mkdir(join(folder, 'home'), { mode: 0o755 });
    const folders = new Set(selection.linked.flatMap((path) => [...foldersAbove(path), path]));
    for (const { path } of selection.files) for (const above of foldersAbove(path)) folders.add(above);
    for (const path of [...folders].sort()) await mkdir(join(base, path), { mode: 0o755 });
    await eachOf(selection.files, async ({ path, kind }) => {
      const from = join(selection.root, path);
      if (kind === 'link') await symlink(await readlink(from), join(base, path)).catch(unlessGone);
      else await duplicate(from, join(base, path), true).catch(unlessGone);
    });
    const { folders: made, files, links } = await listTree(base);
    if (uid !== undefined) await own(base, ['', ...made, ...files, ...links], uid);
    return new WorkspaceCopy(parts, base);
  }

  /**
   * Folders for one run, with the edits made in the copy.
   * @throws SandboxError for an edit of what is not a file of the copy
   */
  async forRun(edits: readonly Edit[]): Promise<RunFolders> {
    const { folder, layering, uid } = this.parts;
    const run = join(folder, `run-${++this.#runs}`);
    const remove = (): Promise<void> => removeTree(run);
    const [work, aside, home, report] = ['work', 'aside', 'home', 'report'].map((name) => join(run, name)) as [
      ...[string, string, string, string],
    ];
    try {
      await mkdir(run, { mode: 0o700 });
      for (const path of [work, aside, home, report]) await mkdir(path, { mode: 0o755 });
      if (layering === 'copy') await this.#copyTree(this.base, work);
      if (this.#adopted) await this.#copyTree(this.#home, home);
      for (const edit of edits) await this.#apply(edit, work);
      if (uid !== undefined) for (const path of [work, home, report]) await lchown(path, uid, uid);
    } catch (error) {
      await remove();
      throw error;
    }
    const overlay = layering === 'overlay' ? { below: this.base, aside } : undefined;
    return { work, overlay, home, report, remove };
  }

  /** Keeps a folder that a trusted run has built, for all later runs: they need not build it again. */
  async adopt(run: RunFolders, part: 'work' | 'home', path: string): Promise<void> {
    const from = join(part === 'work' ? run.work : run.home, path);
    const to = join(part === 'work' ? this.base : this.#home, path);
    const built = await lstat(from).catch(() => undefined);
    const there = await lstat(to).catch(() => undefined);
    if (built?.isDirectory() !== true || there !== undefined) return;
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
    this.#adopted = true;
  }

  get #home(): string {
    return join(this.parts.folder, 'home');
  }

  async #copyTree(from: string, to: string): Promise<void> {
    const { uid } = this.parts;
    const { folders, files, links } = await listTree(from);
    for (const path of folders) await mkdir(join(to, path), { mode: 0o755 });
    // Builders go by the times of files; nothing else does, and keeping them takes its time.
    await eachOf(files, (path) => duplicate(join(from, path), join(to, path), this.#adopted));
    for (const path of links) await symlink(await readlink(join(from, path)), join(to, path));
    if (uid !== undefined) await own(to, [...folders, ...files, ...links], uid);
  }

  async #apply({ path, text }: Edit, work: string): Promise<void> {
    const { selection, uid } = this.parts;
    const inside = await this.#realPath(path);
    const folders = foldersAbove(inside);
    const found = await lstat(join(this.base, inside)).catch(() => undefined);
    if (found !== undefined && !found.isFile()) throw new SandboxError(`${path} is not a regular file.`);
    for (const above of folders) {
      const there = await lstat(join(this.base, above)).catch(() => undefined);
      if (there?.isDirectory() === false) throw new SandboxError(`${path} is not a file of the workspace any more.`);
    }
    if (selection.linked.some((folder) => within(inside, folder))) {
      throw new SandboxError(`${path} lies among installed packages, which tests see read-only.`);
    }
    const target = join(work, inside);
    for (const above of folders) await mkdir(join(work, above), { mode: 0o755 }).catch(unlessThere);
    await writeFile(target, text, { mode: found === undefined ? 0o644 : found.mode & 0o777 });
    if (uid !== undefined) await own(work, [...folders, inside], uid);
  }

  /** Where a path leads in the snapshot, once its links are followed. */
  async #realPath(path: string): Promise<string> {
    const clean = posix.normalize(path);
    if (posix.isAbsolute(clean) || clean === '.' || clean === '..' || clean.startsWith('../')) {
      throw new SandboxError(`${path} is not a file of the workspace.`);
    }
    const { root } = this.parts.selection;
    // What does not exist yet goes where its folder leads.
    for (let [at, rest] = [join(root, clean), '']; ; [at, rest] = [dirname(at), join(basename(at), rest)]) {
      const real = await realpath(at).catch(() => undefined);
      if (real === undefined) continue;
      if (!within(real, root)) throw new SandboxError(`${path} leads out of the workspace.`);
      return relative(root, join(real, rest));
    }
  }
}

interface Tree {
  /** Parents before what is in them. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
  readonly links: readonly string[];
}

async function listTree(root: string): Promise<Tree> {
  const tree = { folders: [] as string[], files: [] as string[], links: [] as string[] };
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        tree.folders.push(path);
        pending.push(path);
      } else if (entry.isSymbolicLink()) tree.links.push(path);
      else if (entry.isFile()) tree.files.push(path);
    }
  }
  return tree;
}

/** The folders that lead to a path, the outermost first. */
function foldersAbove(path: string): string[] {
  const above = posix.dirname(path);
  return above === '.' ? [] : [...foldersAbove(above), above];
}

async function own(root: string, paths: readonly string[], uid: number): Promise<void> {
  await eachOf(paths, (path) => lchown(join(root, path), uid, uid));
}

/** Clones a file where the file system can, else copies it. */
async function duplicate(from: string, to: string, keepTimes: boolean): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  if (!keepTimes) return;
  const { atimeMs, mtimeMs } = await stat(from);
  await utimes(to, atimeMs / 1000, mtimeMs / 1000);
}

/** A file that went away since it was listed, or that its owner does not let anyone read, is not in the copy. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') throw error;
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
