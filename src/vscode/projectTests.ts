import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Baseline } from '../core/sandbox/project/baseline';
import type { Project } from '../core/sandbox/project/project';
import { SandboxError } from '../core/sandbox/sandbox';
import type { Verdict } from '../core/sandbox/verdict';
import { proofNote, visibly } from '../report/projectView';
import { oneLine } from '../report/text';
import { type ProjectPlace, type ProjectProof, unsavedEdits } from './projectProof';
import type { Destination, Question } from './question';
import type { Settings } from './settings';
import { documentOf } from './testPlace';
import type { TestCommandMemory } from './testCommandMemory';

/** A question whose answer has a place in a document. */
export interface Placed extends Question {
  readonly destination: Destination;
}

/** What the project's tests said of the workspace; `proof` is undefined where they prove nothing. */
export interface Tried {
  readonly baseline: Baseline;
  /** The workspace's real path. */
  readonly root: string;
  readonly proof: ProjectProof | undefined;
}

/** Runs a workspace's own tests over copies of it, by commands that the user has confirmed. Disposes of every copy. */
export class ProjectTests implements vscode.Disposable {
  readonly #open = new Set<Project>();
  readonly #closing = new AbortController();

  constructor(
    private readonly settings: Settings,
    private readonly memory: TestCommandMemory,
  ) {}

  /**
   * Runs the tests on the workspace as it is, with progress, so that it can be cancelled.
   * @throws SandboxError, TestCommandError, SettingError; the signal's reason where it was cancelled
   */
  async try(question: Placed, place: ProjectPlace, command: string): Promise<Tried> {
    const title = "Solvent: running the project's tests before anything is spent";
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      const cancelled = new AbortController();
      const listener = token.onCancellationRequested(() => {
        cancelled.abort();
      });
      const signal = AbortSignal.any([cancelled.signal, this.#closing.signal]);
      try {
        progress.report({ message: 'copying the workspace' });
        const { snapshot } = question.destination;
        const project = await this.#openProject(place, command, snapshot, signal, question.task.entryPoint);
        return await this.#releasedOnError(project, async () => {
          progress.report({ message: oneLine(visibly(command), 80) });
          const baseline = await project.baseline(signal);
          const { root } = project.selection;
          if (baseline.problem === undefined) {
            return { baseline, root, proof: await proofOf(question, { project, place, command }, baseline) };
          }
          await this.release(project);
          return { baseline, root, proof: undefined };
        });
      } finally {
        listener.dispose();
      }
    });
  }

  /**
   * Runs the tests of a question anew on its document as that is now, over a new copy.
   * @throws SandboxError, TestCommandError, SettingError; the signal's reason on abort
   */
  async again({ task, proof, destination }: Question, signal: AbortSignal): Promise<Verdict> {
    const document = destination && (await documentOf(destination.source));
    if (proof === undefined || document === undefined) throw new SandboxError('Its file was deleted, moved or closed.');
    const { place, command, baseline } = proof;
    const text = document.getText();
    const project = await this.#openProject(place, command, text, signal, task.entryPoint);
    try {
      const placed = { path: place.file, textWith: () => Promise.resolve(text) };
      return await project.sandbox(baseline, placed).run({ task, code: '' }, signal);
    } finally {
      await this.release(project);
    }
  }

  /** Removes a project's copy. */
  async release(project: Project): Promise<void> {
    this.#open.delete(project);
    await project.dispose();
  }

  dispose(): void {
    this.#closing.abort();
    for (const project of this.#open) void this.release(project);
  }

  /** The only way to a project: trusted, and by a command that was confirmed for its folder. */
  async #openProject(
    place: ProjectPlace,
    command: string,
    text: string,
    signal: AbortSignal,
    testName?: string,
  ): Promise<Project> {
    const { folder, file } = place;
    if (!(await this.memory.isConfirmed(folder.toString(), command))) {
      throw new SandboxError('The test command of this workspace is not confirmed any more. Solve the task again.');
    }
    const { exclude, include } = this.settings.projectTests(folder);
    const { openProject } = await import('../core/sandbox/project');
    const opening = openProject({
      trusted: vscode.workspace.isTrusted,
      ...{ folder: folder.fsPath, command, file, exclude, include, limits: this.settings.testLimits },
      edits: [{ path: file, text }, ...unsavedEdits(place)],
      scratch: await scratchFolder(),
      ...(testName === undefined ? {} : { testName }),
    }).then((project) => {
      this.#open.add(project);
      return project;
    });
    return this.#unlessAborted(opening, signal);
  }

  /** Does not wait for a copy that nobody wants any more; it is removed once it is there. */
  async #unlessAborted(opening: Promise<Project>, signal: AbortSignal): Promise<Project> {
    let abort = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => {
        void opening.then((project) => this.release(project)).catch(() => undefined);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
    });
    try {
      return await Promise.race([opening, aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async #releasedOnError<T>(project: Project, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      await this.release(project);
      throw error;
    }
  }
}

/** A proof by a project's tests that have this baseline. */
export async function proofOf(
  { task, destination: { snapshot, target } }: Placed,
  { project, place, command }: Pick<ProjectProof, 'project' | 'place' | 'command'>,
  baseline: Baseline,
): Promise<ProjectProof> {
  const { placedAt, WEAKER_PROOF } = await import('../core/sandbox/project');
  return {
    ...{ place, command, baseline, project },
    sandbox: project.sandbox(baseline, placedAt(place.file, snapshot, target, task.language)),
    note: proofNote(command, baseline, WEAKER_PROOF),
  };
}

async function scratchFolder(): Promise<string> {
  const { projectsFolder } = await import('../core/userData');
  return projectsFolder({ platform: process.platform, env: process.env, home: homedir() });
}
