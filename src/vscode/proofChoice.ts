import * as vscode from 'vscode';
import { baselineFacts, decidingTests, type OfferAction, type ProblemAction } from '../report/projectView';
import { baselineLines } from '../report/terminalView';
import { nameOf } from './place';
import { showProblem, openSettings, sentence } from './problem';
import { askAboutProblem, askCommand, askTolerated, askWhoseTests } from './projectPick';
import { type ProjectPlace, projectPlace, type ProjectProof } from './projectProof';
import { PROJECT_SETTING, type ProjectTestSettings } from './projectSettings';
import { type Placed, type ProjectTests, proofOf } from './projectTests';
import type { Question } from './question';
import type { Settings } from './settings';
import { SettingError } from './settingValues';
import { type Candidate, decide, type Decision } from './testCommandChoice';
import type { TestCommandMemory } from './testCommandMemory';

/** What it is decided with whose tests prove an answer. */
export interface ProofTools {
  readonly settings: Settings;
  readonly memory: TestCommandMemory;
  readonly projectTests: ProjectTests;
  /** Where what the project's tests have printed is shown. */
  readonly terminal: { write(lines: readonly string[]): void; show(): void };
  readonly platform: NodeJS.Platform;
}

/** What became of a question to the user: `cancelled` means that the task was given up. */
type Outcome = 'decided' | 'cancelled';

/** Commands that are offered at once. */
const OFFERED = 3;

/**
 * Whose tests prove the answer to one question: its own, or those of the project that it belongs to. The project's run
 * on the workspace as it is before anything is spent. Holds their copy, and has to be closed in any case.
 */
export class ProofChoice {
  #own: Question;
  #proof: ProjectProof | undefined;
  /** The proof as the tests have shown it, before the user left some of them out. */
  #whole: ProjectProof | undefined;
  readonly #place: ProjectPlace | undefined;

  constructor(
    asked: Question,
    private readonly tools: ProofTools,
  ) {
    this.#own = asked;
    this.#place = noSandbox(tools) === undefined ? projectPlace(asked.destination) : undefined;
  }

  /** The question with the tests that decide. */
  get question(): Promise<Question> {
    return this.#proof === undefined ? Promise.resolve(this.#own) : withProof(this.#own, this.#proof);
  }

  /** Another form of the question with tests of its own. */
  setOwn(question: Question): void {
    this.#own = question;
  }

  /** Why a test command that is set does not decide; undefined where there is none, or it could. */
  get note(): string | undefined {
    const source = this.#own.destination?.source;
    if (this.#place !== undefined || source === undefined) return undefined;
    if (this.tools.settings.projectTests(source).command === undefined) return undefined;
    const why = noSandbox(this.tools) ?? `${nameOf(source)} is no file in a folder of this workspace`;
    return `'${PROJECT_SETTING.command}' is not used: ${why}.`;
  }

  /** How the project's tests stand to the plan; undefined where there is no project. */
  get facts(): { readonly used: boolean; readonly failing: number } | undefined {
    if (this.#place === undefined) return undefined;
    return { used: this.#proof !== undefined, failing: this.#whole?.baseline.required.length ?? 0 };
  }

  /** Decides by what settings and user have said before, else asks. */
  async open(): Promise<Outcome> {
    const place = this.#place;
    if (place === undefined) return 'decided';
    const decision = await this.#decide(place);
    switch (decision.kind) {
      case 'own':
        return 'decided';
      case 'run':
        return this.#try(place, decision.command);
      case 'ask':
        return this.#ask(place, [decision.command]);
      case 'look': {
        const found = await proposals(place);
        return found.length === 0 ? 'decided' : this.#ask(place, found);
      }
    }
  }

  /** Has the project's tests decide, by the command that is known, else by one that the user chooses. */
  async useProject(): Promise<Outcome> {
    const place = this.#place;
    if (place === undefined) return 'decided';
    const decision = await this.#decide(place, 'anew');
    if (decision.kind === 'run') return this.#try(place, decision.command);
    return this.#ask(place, decision.kind === 'ask' ? [decision.command] : await proposals(place));
  }

  /** Has the question's own tests decide for this once. */
  async useOwn(): Promise<void> {
    await this.close();
  }

  /** Lets the user choose which of the failing tests have to pass. */
  async chooseRequired(): Promise<void> {
    const whole = this.#whole;
    if (whole === undefined || !isPlaced(this.#own)) return;
    const { required } = whole.baseline;
    const chosen = await askTolerated(required, this.#proof?.baseline.tolerated ?? new Set());
    if (chosen === undefined) return;
    const { tolerate } = await import('../core/sandbox/project');
    const baseline = tolerate(whole.baseline, chosen);
    if (baseline.problem !== undefined) {
      void showProblem('At least one test that fails now has to pass: only such a test can prove an answer.');
      return;
    }
    this.#proof = await proofOf(this.#own, whole, baseline);
  }

  /** Removes the copy. */
  async close(): Promise<void> {
    const project = this.#whole?.project;
    this.#whole = undefined;
    this.#proof = undefined;
    if (project !== undefined) await this.tools.projectTests.release(project);
  }

  /** @param anew whether it does not count that the project's tests were declined before */
  async #decide({ folder }: ProjectPlace, anew?: 'anew'): Promise<Decision> {
    const { memory, settings } = this.tools;
    const { command: setting } = settings.projectTests(folder);
    const known = memory.choice(folder.toString());
    const remembered = anew !== undefined && known?.kind === 'selection' ? undefined : known;
    const line = setting?.line ?? (remembered?.kind === 'command' ? remembered.line : undefined);
    const confirmed = line !== undefined && (await memory.isConfirmed(folder.toString(), line));
    return decide({ setting, remembered, isConfirmed: (one) => confirmed && one === line });
  }

  async #ask(place: ProjectPlace, candidates: readonly Candidate[]): Promise<Outcome> {
    const { WEAKER_PROOF: caveat } = await import('../core/sandbox/project');
    return this.#follow(
      place,
      await askWhoseTests({ commands: candidates.slice(0, OFFERED), tests: this.#own.tests, caveat }),
    );
  }

  async #follow(place: ProjectPlace, action: OfferAction): Promise<Outcome> {
    const { memory } = this.tools;
    const folder = place.folder.toString();
    switch (action.kind) {
      case 'cancel':
        return 'cancelled';
      case 'settings':
        await openTestCommand(this.tools.settings.projectTests(place.folder));
        return 'cancelled';
      case 'own':
        await this.#decline();
        return 'decided';
      case 'run': {
        const { line, origin } = action.command;
        await memory.confirm(folder, line);
        if (origin === 'proposed' || origin === 'remembered') await memory.choose(folder, { kind: 'command', line });
        else if (memory.choice(folder)?.kind === 'selection') await memory.choose(folder, { kind: 'command', line });
        return this.#try(place, action.command);
      }
      case 'edit': {
        const problemOf = await lineChecker(place, this.#own.task.entryPoint);
        const line = await askCommand(action.line, problemOf);
        if (line === undefined) return 'cancelled';
        return this.#follow(place, { kind: 'run', command: { line, origin: 'remembered' } });
      }
    }
  }

  /** Runs the tests on the workspace as it is, and asks what to do where they prove nothing. */
  async #try(place: ProjectPlace, command: Candidate): Promise<Outcome> {
    const own = this.#own;
    if (!isPlaced(own)) return 'decided';
    await this.close();
    let problem: string;
    let printed = false;
    try {
      const { baseline, root, proof } = await this.tools.projectTests.try(own, place, command.line);
      this.tools.terminal.write(baselineLines(baselineFacts(command.line, root, baseline)));
      this.#whole = proof;
      this.#proof = proof;
      if (proof !== undefined) return 'decided';
      problem = baseline.problem?.message ?? '';
      printed = true;
    } catch (error) {
      if (isAbort(error)) {
        void vscode.window.showInformationMessage("The project's tests were stopped. Nothing was spent.");
        return 'cancelled';
      }
      if (error instanceof SettingError || !isExpected(error)) throw error;
      problem = sentence(error);
    }
    const fromSettings = command.origin === 'user' || command.origin === 'workspace';
    const change: ProblemAction = fromSettings ? { kind: 'settings' } : { kind: 'edit', line: command.line };
    const output: readonly ProblemAction[] = printed ? [{ kind: 'output' }] : [];
    const action = await askAboutProblem(problem, [change, { kind: 'own' }, ...output, { kind: 'run', command }]);
    if (action.kind === 'output') {
      this.tools.terminal.show();
      return 'cancelled';
    }
    // For this task only: what is wrong may be mended before the next.
    if (action.kind === 'own') return 'decided';
    return this.#follow(place, action);
  }

  async #decline(): Promise<void> {
    const place = this.#place;
    if (place === undefined) return;
    const { command } = this.tools.settings.projectTests(place.folder);
    const declined = command === undefined ? {} : { declined: command.line };
    await this.tools.memory.choose(place.folder.toString(), { kind: 'selection', ...declined });
  }
}

/** Why a project's tests cannot be run here; undefined where they can. */
function noSandbox({ platform, settings }: ProofTools): string | undefined {
  if (platform !== 'linux') return "a project's own tests run on Linux only in this version";
  return settings.sandbox.choice === 'wasm'
    ? "a project's own tests need the system's sandbox, and the settings choose WebAssembly"
    : undefined;
}

async function withProof(own: Question, proof: ProjectProof): Promise<Question> {
  const { projectTask } = await import('../core/sandbox/project');
  const task = projectTask(own.task, proof.baseline);
  return { ...own, task, tests: decidingTests(proof.baseline), places: task.tests.map(() => undefined), proof };
}

async function proposals({ folder, file }: ProjectPlace): Promise<Candidate[]> {
  const { folderOnDisk, proposeCommands } = await import('../core/sandbox/project');
  const found = await proposeCommands(folderOnDisk(folder.fsPath), file);
  return found.map(({ line, reason }) => ({ line, reason, origin: 'proposed' }));
}

/** Says what is wrong with a command line, where anything is. */
async function lineChecker(
  place: ProjectPlace,
  testName: string | undefined,
): Promise<(line: string) => string | undefined> {
  const { testCommand, valuesOf } = await import('../core/sandbox/project');
  const { file, folder } = place;
  const values = valuesOf({ file, root: folder.fsPath, ...(testName === undefined ? {} : { testName }) });
  return (line) => {
    try {
      testCommand(line, values);
      return undefined;
    } catch (error) {
      return sentence(error);
    }
  };
}

async function openTestCommand({ command }: ProjectTestSettings): Promise<void> {
  const { command: name, args = [] } = openSettings(PROJECT_SETTING.command);
  if (command?.owner === 'workspace') {
    await vscode.commands.executeCommand('workbench.action.openWorkspaceSettings', { query: PROJECT_SETTING.command });
  } else await vscode.commands.executeCommand(name, ...args);
}

function isPlaced(question: Question): question is Placed {
  return question.destination !== undefined;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What the user can do something about. Names are compared, as the classes belong to parts loaded on first use. */
function isExpected(error: unknown): boolean {
  return error instanceof Error && ['SandboxError', 'TestCommandError'].includes(error.name);
}
