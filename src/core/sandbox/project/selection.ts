import type { Stats } from 'node:fs';
import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import { within } from '../places';
import { SandboxError } from '../sandbox';
import { ENVIRONMENTS } from './detect/python';
import { readRegular } from './folder';
import { type GitListing, listByGit } from './git';
import { pathMatcher } from './glob';
import type { CopyLimits } from './limits';
import { dependsOnContent, type Hidden, holdsCredential, secretFolder, secretPath } from './secrets';

/** A file or link that goes into the copy. */
export interface Chosen {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'link';
  readonly bytes: number;
}

/** What tests get to see of a workspace. */
export interface Selection {
  /** The workspace's real path. */
  readonly root: string;
  readonly files: readonly Chosen[];
  /** Folders that are shown as they are, read-only. */
  readonly linked: readonly string[];
  /** Secrets inside of linked folders, to be covered there. */
  readonly covered: readonly (readonly [path: string, kind: 'file' | 'folder'])[];
  /** What is kept from the tests; what git ignores is named where a folder or file of its own. */
  readonly hidden: readonly Hidden[];
  readonly bytes: number;
}

/** What the user may say about it, as glob patterns. */
export interface SelectionOptions {
  readonly limits: CopyLimits;
  /** Left out of the copy. */
  readonly exclude?: readonly string[];
  /** Taken along although git ignores it; never a secret. */
  readonly include?: readonly string[];
}

/** Folders of installed packages, too large to be copied and not meant to be written to. */
const PACKAGES = new Set(['node_modules', 'bower_components', '.tox', '.nox', '.pnpm-store', '__pypackages__']);
/** Folders of packages that a project may also keep among its sources. */
const VENDORED = new Set(['vendor', '.yarn', 'third_party', 'Pods', 'deps']);
/** What builds write and tests often run. */
const BUILT = new Set(['dist', 'build', 'out', 'lib', 'generated', '__generated__', 'gen']);
const BUILT_FILE = /\.(?:so|pyd|dylib|node)$|^_?version\.py$|^\.pnp\.(?:c?js|loader\.mjs)$/;
const CACHES = new Set(['__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.gradle', '.cache', '.turbo']);

/** Bytes and files up to which an ignored folder of build output is copied; larger ones are shown read-only. */
const BUILT_LIMITS: CopyLimits = { files: 4_000, bytes: 64_000_000 };
const IGNORED = 'ignored by git';
/** How many things at once the disk is asked. */
const WORKERS = 16;

/**
 * Decides what of a workspace goes into its throw-away copy: what git tracks or would track, or without git all files;
 * installed packages as read-only folders; no history, no secrets, nothing that leads out of the workspace.
 * @throws SandboxError where that is too much, with what is large; where the folder is no project but, say, a home
 */
export async function selectFiles(workspace: string, options: SelectionOptions): Promise<Selection> {
  const root = await realpath(workspace).catch(() => undefined);
  if (root === undefined) throw new SandboxError(`There is no folder ${workspace}.`);
  const selector = new Selector(root, options);
  const listing = await listByGit(root);
  if (listing === undefined) await selector.walk('');
  else await selector.take(listing);
  return selector.finish();
}

class Selector {
  readonly #files = new Map<string, Chosen>();
  readonly #linked = new Set<string>();
  readonly #covered = new Map<string, 'file' | 'folder'>();
  readonly #hidden = new Map<string, string>();
  readonly #folders = new Map<string, Promise<boolean>>();
  readonly #excluded: (path: string) => boolean;
  readonly #included: (path: string) => boolean;
  #tracked: ReadonlySet<string> = new Set();
  #seen = 0;

  constructor(
    private readonly root: string,
    private readonly options: SelectionOptions,
  ) {
    this.#excluded = pathMatcher(options.exclude ?? []);
    this.#included = pathMatcher(options.include ?? []);
  }

  /** Takes what git knows. A path that is a folder is a repository in the repository. */
  async take(listing: GitListing): Promise<void> {
    this.#tracked = listing.tracked;
    const paths = new Set([...listing.tracked, ...listing.untracked].map((path) => path.replace(/\/$/, '')));
    await eachOf([...paths], (path) => this.#takeListed(path));
    for (const path of listing.ignored) await this.#takeIgnored(path.replace(/\/$/, ''), path.endsWith('/'));
    if (await this.#exists('.git')) this.#hide('.git', secretFolder('.git') ?? '');
  }

  /** Takes a folder and all below it. */
  async walk(folder: string): Promise<void> {
    const entries = await readdir(join(this.root, folder), { withFileTypes: true }).catch(() => []);
    this.#guard(entries.length);
    const folders: string[] = [];
    const others: string[] = [];
    const names = new Set(entries.map(({ name }) => name));
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (!entry.isDirectory()) others.push(path);
      else if (CACHES.has(entry.name) || (entry.name === 'target' && names.has('Cargo.toml'))) {
        this.#hide(path, 'written by tools');
      } else folders.push(path);
    }
    await eachOf(others, (path) => this.#takeFile(path));
    for (const path of folders) await this.#enter(path);
  }

  finish(): Selection {
    const files = [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const { limits } = this.options;
    if (files.length > limits.files || bytes > limits.bytes) throw tooLarge(files, bytes, limits);
    return {
      root: this.root,
      files,
      linked: [...this.#linked].sort(),
      covered: [...this.#covered].sort(),
      hidden: [...this.#hidden].map(([path, why]) => ({ path, why })).sort((a, b) => (a.path < b.path ? -1 : 1)),
      bytes,
    };
  }

  async #takeListed(path: string): Promise<void> {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const above = parts.slice(0, depth).join('/');
      if (await this.#isPackages(above)) return this.#link(above);
    }
    await this.#takeFile(path);
  }

  async #takeIgnored(path: string, isFolder: boolean): Promise<void> {
    const name = posix.basename(path);
    if (!isFolder) {
      if (BUILT_FILE.test(name) || this.#included(path)) return this.#takeFile(path);
      this.#hide(path, secretPath(path, false) ?? IGNORED);
    } else if (await this.#isPackages(path)) {
      await this.#link(path);
    } else if (VENDORED.has(name)) {
      await this.#linkCovering(path);
    } else if (this.#included(path) || name.endsWith('.egg-info')) {
      await this.#enter(path);
    } else if (BUILT.has(name) && secretFolder(name) === undefined) {
      if (await this.#isSmall(path)) await this.#enter(path);
      else await this.#linkCovering(path);
    } else if (!(await this.#linkBelow(path))) {
      this.#hide(path, secretFolder(name) ?? IGNORED);
    }
  }

  /** Packages of an ignored folder that is otherwise left out, one level deep. Resolves with whether there were any. */
  async #linkBelow(path: string): Promise<boolean> {
    let any = false;
    for (const name of PACKAGES) {
      if (!(await this.#exists(`${path}/${name}`))) continue;
      await this.#link(`${path}/${name}`);
      any = true;
    }
    return any;
  }

  async #enter(path: string): Promise<void> {
    const secret = secretFolder(posix.basename(path));
    if (secret !== undefined) this.#hide(path, secret);
    else if (this.#excluded(path)) this.#hide(path, 'excluded by the settings');
    else if (await this.#isPackages(path)) await this.#link(path);
    else await this.walk(path);
  }

  async #takeFile(path: string): Promise<void> {
    this.#guard(1);
    if (path.includes('\uFFFD')) {
      this.#hide(path, 'its name is not UTF-8');
      return;
    }
    const secret = secretPath(path, this.#tracked.has(path));
    if (secret !== undefined) {
      this.#hide(path, secret);
      return;
    }
    if (this.#excluded(path)) return;
    // A folder that git tracks may have become a link since.
    if (!(await this.#isInside(posix.dirname(path)))) {
      this.#hide(path, 'leads out of the workspace');
      return;
    }
    const found = await lstat(join(this.root, path)).catch(() => undefined);
    if (found !== undefined) await this.#takeFound(path, found);
  }

  async #takeFound(path: string, found: Stats): Promise<void> {
    if (found.isDirectory()) return this.#enter(path);
    if (found.isSymbolicLink()) {
      if (await this.#staysInside(path)) this.#files.set(path, { path, kind: 'link', bytes: 0 });
      else this.#hide(path, 'leads out of the workspace');
    } else if (!found.isFile()) {
      this.#hide(path, 'not a regular file');
    } else if (
      dependsOnContent(path) &&
      holdsCredential((await readRegular(join(this.root, path), 256 * 1024)) ?? '')
    ) {
      this.#hide(path, 'holds a credential');
    } else {
      this.#files.set(path, { path, kind: 'file', bytes: found.size });
    }
  }

  /** Packages are linked where they are a real folder, which a link may not pretend. */
  async #link(path: string): Promise<void> {
    const found = await lstat(join(this.root, path)).catch(() => undefined);
    if (found?.isDirectory() === true && (await this.#isInside(path))) this.#linked.add(path);
    else if (found !== undefined) this.#hide(path, 'leads out of the workspace');
  }

  /** A folder that is the project's own and may hold secrets, unlike installed packages. */
  async #linkCovering(folder: string): Promise<void> {
    await this.#link(folder);
    if (!this.#linked.has(folder)) return;
    const pending = [folder];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      const entries = await readdir(join(this.root, path), { withFileTypes: true }).catch(() => []);
      this.#guard(entries.length);
      for (const entry of entries) {
        const below = `${path}/${entry.name}`;
        const why = secretPath(below, false);
        if (why !== undefined && !entry.isSymbolicLink()) {
          this.#covered.set(below, entry.isDirectory() ? 'folder' : 'file');
          this.#hide(below, why);
        } else if (entry.isDirectory()) pending.push(below);
      }
    }
  }

  async #isPackages(path: string): Promise<boolean> {
    const name = posix.basename(path);
    if (PACKAGES.has(name)) return true;
    return ENVIRONMENTS.some((one) => one === name) && (await this.#exists(`${path}/pyvenv.cfg`));
  }

  /** True where no part of a folder's path is a link. */
  #isInside(folder: string): Promise<boolean> {
    let inside = this.#folders.get(folder);
    if (inside === undefined) {
      const path = join(this.root, folder);
      inside = realpath(path).then(
        (real) => real === path,
        () => false,
      );
      this.#folders.set(folder, inside);
    }
    return inside;
  }

  async #staysInside(path: string): Promise<boolean> {
    const full = join(this.root, path);
    const target = resolve(dirname(full), await readlink(full));
    if (!within(target, this.root)) return false;
    const real = await realpath(full).catch(() => undefined);
    return real === undefined || within(real, this.root);
  }

  async #isSmall(folder: string): Promise<boolean> {
    let files = 0;
    let bytes = 0;
    const pending = [folder];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      for (const entry of await readdir(join(this.root, path), { withFileTypes: true }).catch(() => [])) {
        const below = `${path}/${entry.name}`;
        if (entry.isDirectory()) pending.push(below);
        else bytes += (await lstat(join(this.root, below)).catch(() => undefined))?.size ?? 0;
        if (++files > BUILT_LIMITS.files || bytes > BUILT_LIMITS.bytes) return false;
      }
    }
    return true;
  }

  async #exists(path: string): Promise<boolean> {
    return (await lstat(join(this.root, path)).catch(() => undefined)) !== undefined;
  }

  #hide(path: string, why: string): void {
    this.#hidden.set(path, why);
  }

  /** Ends the search through a folder that is far beyond what can be copied. */
  #guard(more: number): void {
    this.#seen += more;
    const { limits } = this.options;
    if (this.#seen > limits.files * 10) {
      const files = [...this.#files.values()];
      throw tooLarge(
        files,
        files.reduce((sum, { bytes }) => sum + bytes, 0),
        limits,
      );
    }
  }
}

function tooLarge(files: readonly Chosen[], bytes: number, limits: CopyLimits): SandboxError {
  const byFolder = new Map<string, { files: number; bytes: number }>();
  for (const file of files) {
    const slash = file.path.indexOf('/');
    const top = slash < 0 ? file.path : `${file.path.slice(0, slash)}/`;
    const sum = byFolder.get(top) ?? { files: 0, bytes: 0 };
    byFolder.set(top, { files: sum.files + 1, bytes: sum.bytes + file.bytes });
  }
  const measure = files.length > limits.files ? 'files' : 'bytes';
  const largest = [...byFolder]
    .sort(([, a], [, b]) => b[measure] - a[measure])
    .slice(0, 3)
    .map(([name, sum]) => `${name} (${sum.files} files, ${megabytes(sum.bytes)})`);
  return new SandboxError(
    `The tests run on a copy of the workspace, and this one is too large: ${files.length} files, ${megabytes(bytes)}, ` +
      `where ${limits.files} files and ${megabytes(limits.bytes)} are allowed. Largest: ${largest.join(', ')}. ` +
      'Name in solvent.testExclude what the tests do not need.',
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Does something for each of many things, several at a time. */
export async function eachOf<T>(things: readonly T[], act: (thing: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < things.length; index = next++) await act(things[index] as T);
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
}
