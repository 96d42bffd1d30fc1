import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Baseline } from '../core/sandbox/project/baseline';
import type { Project } from '../core/sandbox/project/project';
import type { Sandbox } from '../core/sandbox/sandbox';
import { within } from '../core/sandbox/places';
import type { Target } from '../core/task/extraction';
import type { Task } from '../core/task/task';
import { projectsFolder } from '../core/userData';
import { baselineFacts, proofNote } from '../report/projectView';
import type { ProofNote } from '../report/record';
import type { BaselineFacts } from '../report/terminalView';
import { CommandError } from './exitCode';
import { readText, whyNot } from './files';
import type { ProjectChoice } from './projectChoice';
import { ProjectFile } from './projectFile';
import { sentenceOf } from './sentence';
import type { World } from './world';

/** What is to be written in a project, and by which command it is proven. Nothing has been run. */
export interface ProjectPlan {
  /** The project's real path. */
  readonly root: string;
  readonly file: ProjectFile;
  readonly task: Task;
  readonly target: Target;
  /** The confirmed test command. */
  readonly command: string;
  readonly tolerated: readonly string[];
}

/** A project's tests as what proves an answer. Holds a copy of the project: to be closed in any case. */
export interface ProjectProof {
  /** The task, to be proven by the project's tests. */
  readonly task: Task;
  /** Judges answers in their place. */
  readonly sandbox: Sandbox;
  readonly note: ProofNote;
  readonly facts: BaselineFacts;
  /** The whole new text of the file with an answer in it. */
  textWith(code: string): Promise<string>;
  close(): Promise<void>;
}

/** A project that proves answers, and what is written in it. */
export interface Proven {
  readonly plan: ProjectPlan;
  readonly proof: ProjectProof;
}

/**
 * Finds out what is to be written where, and by which command. Runs nothing and copies nothing.
 * @param given the task, where a file of its own says what is asked
 * @throws CommandError; with the proposed commands where none was named
 */
export async function planProject(choice: ProjectChoice, given: Task | undefined, world: World): Promise<ProjectPlan> {
  const root = await folderOf(choice.folder);
  const file = await fileIn(root, choice);
  const { task, target } = await taskIn(file, choice, given);
  return { root, file, task, target, command: await commandOf(root, file, choice, world), tolerated: choice.tolerated };
}

/**
 * Runs the project's tests on the project as it is, over a copy, before anything is spent.
 * @throws CommandError where they could not prove an answer; SandboxError where they cannot be run
 */
export async function proveByProject(plan: ProjectPlan, world: World): Promise<ProjectProof> {
  const { root, file, task, target, command } = plan;
  const { openProject, placedAt, projectTask, WEAKER_PROOF } = await import('../core/sandbox/project');
  const { entryPoint: testName } = task;
  const project = await openProject({
    // Who names the folder and the command has said that it may be run.
    trusted: true,
    ...{ folder: root, command, file: file.path, scratch: projectsFolder(world), platform: world.platform },
    ...(testName === undefined ? {} : { testName }),
  }).catch((error: unknown) => {
    throw isBadCommand(error) ? new CommandError(sentenceOf(error)) : error;
  });
  try {
    const baseline = await tolerating(await baselineOf(project, world), plan);
    const placed = placedAt(file.path, file.text, target, task.language);
    return {
      task: projectTask(task, baseline),
      sandbox: project.sandbox(baseline, placed),
      note: proofNote(command, baseline, WEAKER_PROOF),
      facts: baselineFacts(command, root, baseline),
      textWith: (code) => placed.textWith(code),
      close: () => project.dispose(),
    };
  } catch (error) {
    await project.dispose();
    throw error;
  }
}

async function baselineOf(project: Project, { interrupt, stderr }: World): Promise<Baseline> {
  const baseline = await project.baseline(interrupt);
  const { problem, ending } = baseline;
  if (problem === undefined) return baseline;
  const { lastLines } = await import('../report/terminalView');
  const printed = lastLines(`${ending.stdout}\n${ending.stderr}`);
  if (problem.kind !== 'passes' && printed !== '') stderr.write(`${printed}\n`);
  throw new CommandError(`${problem.message} Nothing was spent.`);
}

async function tolerating(baseline: Baseline, { tolerated }: ProjectPlan): Promise<Baseline> {
  if (tolerated.length === 0) return baseline;
  const failing = baseline.required.map(({ name }) => name);
  const unknown = tolerated.find((name) => !failing.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(`--tolerate ${unknown}: no test of that name fails now. These do: ${failing.join(', ')}.`);
  }
  const { tolerate } = await import('../core/sandbox/project');
  const rest = tolerate(baseline, new Set(tolerated));
  if (rest.problem === undefined) return rest;
  throw new CommandError('At least one test that fails now has to pass: leave out a --tolerate.');
}

async function folderOf(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return root;
  } catch (error) {
    throw new CommandError(`The project ${folder} cannot be read: ${whyNot(error)}.`);
  }
  throw new CommandError(`The project ${folder} is no folder.`);
}

/** The file, named from the project's folder or by an absolute path. A link may not lead out of the project. */
async function fileIn(root: string, { file }: ProjectChoice): Promise<ProjectFile> {
  const wanted = path.resolve(root, file);
  const found = await realpath(wanted).catch((error: unknown) => {
    throw new CommandError(`The file ${file} cannot be read in ${root}: ${whyNot(error)}.`);
  });
  if (!within(found, root) || found === root) {
    throw new CommandError(`The file ${file} is not in the project ${root}: name one from there.`);
  }
  return ProjectFile.of(root, found, await readText(found, 'The file'));
}

async function taskIn(
  file: ProjectFile,
  { name }: ProjectChoice,
  given: Task | undefined,
): Promise<Pick<ProjectPlan, 'task' | 'target'>> {
  const { languageOfFile, taskNamed } = await import('../core/task');
  const language = languageOfFile(file.path);
  if (language === undefined) {
    throw new CommandError(`${file.path} is in none of the languages of tasks: Python, JavaScript and TypeScript.`);
  }
  if (given !== undefined && given.language !== language) {
    throw new CommandError(`The task is in ${given.language}, but ${file.path} is in ${language}.`);
  }
  const wanted = name ?? given?.entryPoint;
  const { text } = file;
  const found =
    wanted === undefined ? undefined : await taskNamed({ text, fileName: file.path, name: wanted }, language);
  if (found?.ok === true) return { task: given ?? found.task, target: found.target };
  if (found !== undefined && (given === undefined || found.kind !== 'not-defined')) {
    throw new CommandError(found.message);
  }
  if (given === undefined) throw new CommandError('Say what to write: --name NAME.');
  // What is not there yet comes below the rest.
  const end = text.length;
  return {
    task: given,
    target: { start: end, end, mode: 'insert', indent: '', container: 'module', name: undefined },
  };
}

async function commandOf(
  root: string,
  file: ProjectFile,
  { command, yes }: ProjectChoice,
  { stderr }: World,
): Promise<string> {
  if (command !== undefined) return command;
  const { folderOnDisk, proposeCommands } = await import('../core/sandbox/project');
  const proposals = await proposeCommands(folderOnDisk(root), file.path);
  const [first] = proposals;
  if (first === undefined) {
    throw new CommandError(`No tests are found in ${root}: name what runs them, --test-command LINE.`);
  }
  if (yes) return first.line;
  const { visibly } = await import('../report/projectView');
  const lines = proposals.map(({ line, reason }) => `  --test-command ${quoted(visibly(line))}  (${visibly(reason)})`);
  stderr.write(`Proposed for ${visibly(root)}, none of them was run:\n${lines.join('\n')}\n`);
  throw new CommandError(
    "A project's tests run by a command that you confirm: name it with --test-command, or take the first with --yes.",
  );
}

/** As a shell takes it for one word. */
function quoted(line: string): string {
  return `'${line.replaceAll("'", String.raw`'\''`)}'`;
}

function isBadCommand(error: unknown): boolean {
  return error instanceof Error && error.name === 'TestCommandError';
}
