import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bubblewrap, findBubblewrap, type Identity, refusal } from '../bubblewrap';
import { nobody } from '../nobody';
import { findOnPath, homes, within } from '../places';
import { SandboxError } from '../sandbox';
import { testCommand, valuesOf } from './command';
import { accountFiles, confine, type Confinement } from './confine';
import { type Edit, type Layering, visibleEdits, WorkspaceCopy } from './copy';
import { findProgram } from './git';
import { type CopyLimits, DEFAULT_COPY_LIMITS, DEFAULT_PROJECT_LIMITS, type ProjectLimits } from './limits';
import { execute } from './process';
import { findPrograms, type Programs } from './programs';
import { Project, subfolder } from './project';
import { makeScratch, removeTree } from './scratch';
import { type Selection, selectFiles } from './selection';

/** What a caller knows and this folder must not guess. */
export interface ProjectOptions {
  /** Whether the user trusts the workspace. Where not, none of its tests is run. */
  readonly trusted: boolean;
  /** The workspace folder. */
  readonly folder: string;
  /** The command line, exactly as the user confirmed it for this workspace. */
  readonly command: string;
  /** The file that answers go to, relative to the folder, with `/`. */
  readonly file: string;
  /** Name of the definition that is to be written; `${testName}` in the command. */
  readonly testName?: string;
  /**
   * Files with other texts than on disk: the document that the answer goes to, and unsaved editors. Those of files that
   * tests do not get to see are left out.
   */
  readonly edits?: readonly Edit[];
  /** Folder to make scratch folders in, best on the same file system as the workspace. */
  readonly scratch: string;
  /** Patterns of what tests do not need (`solvent.testExclude`). */
  readonly exclude?: readonly string[];
  /** Patterns of what they need although git ignores it. */
  readonly include?: readonly string[];
  readonly limits?: Partial<ProjectLimits>;
  readonly copyLimits?: Partial<CopyLimits>;
  /** Path of bubblewrap; without it, `bwrap` on PATH. */
  readonly bwrap?: string;
  /** The platform, where it is not the one that this runs on. */
  readonly platform?: NodeJS.Platform;
  /** Ways to confine to choose from, where not all that this account may have. */
  readonly identities?: readonly Identity[];
}

/** From this version on bubblewrap can mount overlays. */
const OVERLAYS = [0, 11] as const;
/** Folders that are the system's, where no project is. */
const SYSTEM = ['/usr', '/etc', '/proc', '/sys', '/dev', '/run', '/bin', '/sbin', '/lib', '/lib64', '/boot', '/var'];

/**
 * Opens a workspace for runs of its own tests: finds the tool chains, decides what the tests get to see, takes the
 * snapshot. To be disposed of in any case.
 * @throws SandboxError for a workspace that is not trusted, too large or no project, and where no sandbox can be had
 * @throws TestCommandError for a command that cannot be understood
 */
export async function openProject(options: ProjectOptions): Promise<Project> {
  const platform = options.platform ?? process.platform;
  if (!options.trusted) throw new SandboxError('The tests of a workspace are run only where you trust it.');
  if (platform !== 'linux') {
    throw new SandboxError("A project's own tests run in the sandbox of this version on Linux only.");
  }
  const root = await rootOf(options.folder);
  const { file, testName } = options;
  const values = valuesOf({ file, root, ...(testName === undefined ? {} : { testName }) });
  const command = testCommand(options.command, values);
  const limits = { ...DEFAULT_PROJECT_LIMITS, ...options.limits };
  const { exclude = [], include = [] } = options;
  const [bubblewrap, programs, selection] = await Promise.all([
    findBubblewrap(options.bwrap ?? trustedBubblewrap(root)),
    findPrograms(root, command.argv),
    selectFiles(root, { limits: { ...DEFAULT_COPY_LIMITS, ...options.copyLimits }, exclude, include }),
  ]);
  const scratch = await makeScratch(options.scratch);
  try {
    const { confinement, layering, accounts } = await findConfinement({
      ...{ bubblewrap, programs, scratch, root, limits },
      identities: options.identities ?? (process.getuid?.() === 0 ? ['drop', 'namespace'] : ['namespace']),
    });
    const folder = await subfolder(scratch, 'copy');
    const copy = await WorkspaceCopy.take({ selection, folder, layering, uid: confinement.uid });
    const parts = { command, confinement, selection, programs, copy, scratch, accounts, limits, file };
    return new Project({ ...parts, edits: visibleEdits(options.edits ?? [], file, selection) });
  } catch (error) {
    await removeTree(scratch);
    throw error;
  }
}

/** The bubblewrap on PATH, which the workspace must not choose; undefined where PATH has none at all. */
function trustedBubblewrap(root: string): string | undefined {
  return findProgram('bwrap', root) ?? (findOnPath('bwrap') === undefined ? undefined : '/usr/bin/bwrap');
}

async function rootOf(folder: string): Promise<string> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) throw new SandboxError(`There is no folder ${folder}.`);
  const isHome = homes().some((home) => within(home, root));
  const isSystem = root === '/' || SYSTEM.some((one) => root === one || (within(root, one) && !holdsProjects(one)));
  if (isHome || isSystem || root === '/tmp' || root === '/home') {
    throw new SandboxError(`${root} is not the folder of a project: open the project's own folder to run its tests.`);
  }
  return root;
}

/** Some keep their projects in /usr/src, /usr/local, /var/www and the like. */
function holdsProjects(folder: string): boolean {
  return folder === '/usr' || folder === '/var' || folder === '/run';
}

interface Trial {
  readonly bubblewrap: Bubblewrap;
  readonly programs: Programs;
  readonly scratch: string;
  readonly root: string;
  readonly limits: ProjectLimits;
  /** The strictest first. */
  readonly identities: readonly Identity[];
}

interface Found {
  readonly confinement: Confinement;
  readonly layering: Layering;
  /** Folder of the account files. */
  readonly accounts: string;
}

/** The strictest way that works here: tried with an empty workspace. @throws SandboxError where none does */
async function findConfinement(trial: Trial): Promise<Found> {
  const { bubblewrap, scratch } = trial;
  const uid = nobody();
  const identities = trial.identities.map((identity) => ({
    ...{ bubblewrap, identity },
    uid: identity === 'drop' ? uid : undefined,
  }));
  const layerings: readonly Layering[] = overlays(bubblewrap.version) ? ['overlay', 'copy'] : ['copy'];
  const accounts = await subfolder(scratch, 'etc');
  let reason: string | undefined;
  for (const proc of [true, false]) {
    for (const identity of identities) {
      const inside = identity.uid ?? process.getuid?.() ?? 0;
      for (const [name, text] of Object.entries(accountFiles(inside))) await writeFile(join(accounts, name), text);
      for (const layering of layerings) {
        const confinement: Confinement = { ...identity, proc };
        const failure = await tryOut(trial, confinement, layering, accounts);
        if (failure === undefined) return { confinement, layering, accounts };
        reason ??= failure;
      }
    }
  }
  throw refusal(bubblewrap, reason ?? 'it says nothing');
}

/** Resolves with what went wrong, undefined when nothing did. */
async function tryOut(
  { programs, scratch, root, limits }: Trial,
  confinement: Confinement,
  layering: Layering,
  accounts: string,
): Promise<string | undefined> {
  const folder = join(scratch, 'trial');
  const selection: Selection = { root, files: [], linked: [], covered: [], hidden: [], bytes: 0 };
  const argv = ['/bin/sh', '-c', 'echo yes > written && [ -r /etc/passwd ] && [ -w "$HOME" ] && echo ready'];
  try {
    await mkdir(folder, { mode: 0o755 });
    const copy = await WorkspaceCopy.take({ selection, folder, layering, uid: confinement.uid });
    const folders = await copy.forRun([]);
    const seconds = 20;
    const parts = { confinement, selection, programs, folders, accounts, limits, seconds, argv, env: {} };
    const { status, stdout, stderr } = await execute({ command: confine(parts, 100_000), limits, seconds, folder });
    return status === 0 && stdout === 'ready\n' ? undefined : stderr.trim();
  } catch (error) {
    if (error instanceof SandboxError) return error.message;
    throw error;
  } finally {
    await removeTree(folder);
  }
}

function overlays(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OVERLAYS[0] || (major === OVERLAYS[0] && minor >= OVERLAYS[1]);
}
