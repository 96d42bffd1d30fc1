import { mkdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Placed } from './answer';
import { type Baseline, baselineOf, type TestCommandRun } from './baseline';
import type { TestCommand } from './command';
import { confine, type Confinement } from './confine';
import type { Edit, RunFolders, WorkspaceCopy } from './copy';
import { readRegular } from './folder';
import { instrument, type Instrumented } from './instrument';
import type { ProjectLimits } from './limits';
import { execute } from './process';
import type { Programs } from './programs';
import { ProjectSandbox } from './projectSandbox';
import { readFileReport, readPrinted } from './reports/read';
import type { Runner, TestReport } from './reports/testReport';
import { removeTree } from './scratch';
import type { Selection } from './selection';
import { tasksOutside } from './tasksOutside';

/** What a {@link Project} is made of. All of it was probed. */
export interface ProjectParts {
  readonly command: TestCommand;
  readonly confinement: Confinement;
  readonly selection: Selection;
  readonly programs: Programs;
  readonly copy: WorkspaceCopy;
  /** This project's own folder, removed at the end. */
  readonly scratch: string;
  readonly accounts: string;
  readonly limits: ProjectLimits;
  /** The file that answers go to, relative to the workspace. */
  readonly file: string;
  /** Files with other texts than on disk, such as those of unsaved editors. */
  readonly edits: readonly Edit[];
}

/** Bytes of a report that are read; a larger one is none. */
const REPORT_BYTES = 32 << 20;

/**
 * A workspace whose own tests can be run in the sandbox, over throw-away copies: one snapshot is taken when it is
 * opened, and every run has a copy of that. The workspace itself is never mounted to be written to.
 *
 * **What such a verdict proves.** The code under test runs in the same process as the project's test runner. Code that
 * was written to deceive can reach whatever the runner can: it may patch the runner, or print and write a report of its
 * own making. No secret, nonce or descriptor can be kept from it there. So a pass means "the project's tests passed",
 * which is weaker than the isolated tests of the plain sandbox, where the tested code never shares a process with its
 * judge; plans and receipts say so ({@link WEAKER_PROOF}). What is held in spite of it: the command's exit status and
 * the runner's complete report must agree; every test that failed before must be reported as passed; no test that
 * passed before may fail, be skipped or be gone; and the counts may not fall. That catches an exit before the summary,
 * an answer that keeps tests from being collected, and every accident. And whatever the code does, it does it without
 * network, home and secrets, to a copy.
 */
export class Project {
  readonly instrumented: Instrumented;

  constructor(private readonly parts: ProjectParts) {
    this.instrumented = instrument(parts.command);
  }

  /** What tests get to see of the workspace, and what not. */
  get selection(): Selection {
    return this.parts.selection;
  }

  /** One line for plans and terminals. */
  get description(): string {
    const { command, confinement, selection } = this.parts;
    const { version } = confinement.bubblewrap;
    return `the project's own tests (${command.line}) in bubblewrap ${version}, over a copy of ${selection.files.length} files`;
  }

  /**
   * Runs the tests on the workspace as it is. To be called before any money is spent.
   * @throws SandboxError where the sandbox is broken; the signal's reason on abort
   */
  async baseline(signal?: AbortSignal): Promise<Baseline> {
    const { limits, copy } = this.parts;
    const folders = await copy.forRun(this.parts.edits);
    try {
      const run = await this.#execute(folders, limits.baselineSeconds, signal);
      if (run.ending.struck === undefined) await this.#keepBuilt(folders);
      return baselineOf(run, limits, this.instrumented.report !== undefined);
    } finally {
      await folders.remove();
    }
  }

  /**
   * Runs the tests with other texts of some files, on top of those that the project was opened with. Only the runner that
   * reported at the baseline is listened to.
   * @throws SandboxError where the sandbox is broken; the signal's reason on abort
   */
  async run(edits: readonly Edit[], baseline: Baseline, signal?: AbortSignal): Promise<TestCommandRun> {
    const replaced = new Set(edits.map(({ path }) => path));
    const all = [...this.parts.edits.filter(({ path }) => !replaced.has(path)), ...edits];
    const folders = await this.parts.copy.forRun(all);
    try {
      return await this.#execute(folders, this.parts.limits.runSeconds, signal, baseline.report?.runner);
    } finally {
      await folders.remove();
    }
  }

  /** The sandbox for `solve()` that judges answers in their place in the project. */
  sandbox(baseline: Baseline, placed: Placed): ProjectSandbox {
    return new ProjectSandbox(this, baseline, placed, this.parts.limits);
  }

  /** Removes the snapshot. To be called in any case. */
  async dispose(): Promise<void> {
    await removeTree(this.parts.scratch);
  }

  async #execute(folders: RunFolders, seconds: number, signal?: AbortSignal, runner?: Runner): Promise<TestCommandRun> {
    const { command, confinement, limits } = this.parts;
    const { argv, report } = this.instrumented;
    const outside = confinement.uid === undefined ? tasksOutside() : 0;
    const confined = confine({ ...this.parts, folders, seconds, argv, env: command.env }, outside);
    const folder = posix.dirname(folders.work);
    const ending = await execute({ command: confined, limits, seconds, folder }, signal);
    const text = report === undefined ? undefined : await readRegular(join(folders.report, report.file), REPORT_BYTES);
    const read = (): TestReport | undefined => {
      if (report !== undefined) return text === undefined ? undefined : readFileReport(report.kind, text);
      return readPrinted(ending, runner);
    };
    return { ending, report: ending.struck === undefined ? read() : undefined };
  }

  /** What a builder made of the untouched workspace is a good start for all runs; that of a candidate is thrown away. */
  async #keepBuilt(folders: RunFolders): Promise<void> {
    const { copy, file } = this.parts;
    for (let at = posix.dirname(file); ; at = posix.dirname(at)) {
      const target = posix.join(at, 'target');
      const tag = await readRegular(join(folders.work, target, 'CACHEDIR.TAG'), 200);
      if (tag !== undefined) await copy.adopt(folders, 'work', target);
      if (at === '.') break;
    }
    await copy.adopt(folders, 'home', '.cache/go-build');
  }
}

/** Makes the folder of a project's parts. */
export async function subfolder(scratch: string, name: string): Promise<string> {
  const folder = join(scratch, name);
  await mkdir(folder, { mode: 0o755 });
  return folder;
}
