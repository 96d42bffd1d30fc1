import * as vscode from 'vscode';
import type { CapsNow } from '../core/budget/caps';
import type { Catalogue } from '../core/catalogue/model';
import type { Money } from '../core/money';
import type { SolveRequest } from '../core/planning/planTask';
import type { Sandbox } from '../core/sandbox/sandbox';
import type { Language } from '../core/task/task';
import { ceilingOf, within } from '../report/allowance';
import { capsAsSet } from './capsAsSet';
import { hostOf } from './endpoint';
import { askForKey } from './keyCommands';
import type { Keys } from './keys';
import { openLimit } from './limitSettings';
import type { Pipeline } from './pipeline';
import { askBudget, PlanPick } from './planPick';
import { follow, SET_KEY, showProblem } from './problem';
import type { ProjectProof } from './projectProof';
import type { ProofChoice } from './proofChoice';
import type { Question } from './question';
import type { Settings } from './settings';
import type { ProviderSetUp } from './setUpProvider';
import { addTestsFromFile } from './testFile';
import type { UserCaps } from './userCaps';

/** What the user agreed to: this question, with these models, for at most this budget. */
export interface Agreement {
  readonly question: Question;
  readonly request: SolveRequest;
  readonly catalogue: Catalogue;
  readonly sandbox: Sandbox;
  /** One line on where the tests run, and why there. */
  readonly where: string;
  /** The caps of user and workspace, as they are when it is asked. */
  readonly caps: CapsNow;
  /** What the workspace allows a task at most; undefined where it says nothing. */
  readonly workspacePerTask: Money | undefined;
  readonly workspace: string;
}

/** What a plan is made and agreed with. */
export interface AgreementTools {
  readonly pipeline: Pipeline;
  readonly settings: Settings;
  readonly keys: Keys;
  readonly userCaps: UserCaps;
  readonly setUp: Pick<ProviderSetUp, 'run'>;
}

/** What the workspace is called on the ledger; empty where none is open. */
function workspaceName(): string {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  return (workspaceFile ?? workspaceFolders?.[0]?.uri)?.toString() ?? '';
}

/**
 * Shows the plan until the user runs it or gives it up; budget and tests can be changed on the way. Spends nothing.
 * @param proof whose tests decide; to be closed by the caller
 */
export async function agree(
  proof: ProofChoice,
  { pipeline, settings, keys, userCaps, setUp }: AgreementTools,
): Promise<Agreement | undefined> {
  const { source } = (await proof.question).destination ?? {};
  const { perTask, workspacePerTask, caps } = settings.budgets(source);
  const { topology, mode } = settings;
  const workspace = workspaceName();
  const pick = new PlanPick();
  let budget = perTask;
  try {
    pick.plan(budget);
    // All that takes its time the first time does so side by side.
    const [ledger] = await Promise.all([
      pipeline.ledger(),
      pipeline.warmUp(),
      userCaps.keep(caps.user),
      proof.facts?.used === true ? undefined : pipeline.sandbox(),
    ]);
    for (;;) {
      const chosen = await proof.question;
      const sandbox = chosen.proof?.sandbox ?? (await pipeline.sandbox());
      const tested = await whereTested(chosen.task.language, sandbox);
      const testable = tested.where !== undefined;
      // Money must not go into an answer whose tests cannot be run: it is asked for as one that cannot be verified.
      const question = testable ? chosen : withoutTests(chosen);
      const ceiling = ceilingOf(workspacePerTask, await ledger.remainder(workspace, settings.budgets(source).caps));
      budget = within(budget, ceiling);
      const request: SolveRequest = { task: question.task, budget, profile: 'verified', topology, mode };
      const { catalogue, keyMissing } = await pipeline.offer();
      const plan = await pipeline.plan(request, catalogue);
      const missing = keyMissing ? hostOf(settings.baseUrl) : undefined;
      const hasTests = question.task.tests.length > 0;
      const notes =
        question.proof === undefined
          ? [...asNotes(proof.note), ...notesOn(tested, hasTests, catalogue, missing)]
          : notesOnProject(question.proof, catalogue, missing);
      const project = proof.facts;
      const action = await pick.choose({
        plan,
        tests: question.tests,
        hasTests,
        canPickTests: testable && question.proof === undefined,
        ceiling,
        missing,
        notes,
        ...(project === undefined ? {} : { project }),
      });
      switch (action.kind) {
        case 'cancel':
          return undefined;
        case 'run':
          if (!keyMissing) {
            const where = tested.where ?? sandbox.description;
            const rest = { caps: capsAsSet(settings, source), workspacePerTask, workspace };
            return { question, request, catalogue, sandbox, where, ...rest };
          }
          if (!(await obtainKey(keys, settings.baseUrl))) return undefined;
          break;
        case 'provider':
          pick.hide();
          await setUp.run();
          break;
        case 'raise':
          budget = action.to;
          break;
        case 'budget':
          budget = (await askBudget(budget, ceiling)) ?? budget;
          break;
        case 'tests':
          proof.setOwn((await addTestsFromFile(question, () => pipeline.pytest())) ?? question);
          break;
        case 'project':
          pick.hide();
          if ((await proof.useProject()) === 'cancelled') return undefined;
          break;
        case 'own':
          await proof.useOwn();
          break;
        case 'required':
          await proof.chooseRequired();
          break;
        case 'settings':
          await follow(openLimit(action.limit));
          return undefined;
      }
      pick.plan(budget);
    }
  } finally {
    pick.dispose();
  }
}

/** Where the tests of an answer run, or why they cannot. */
type Tested = { readonly where: string } | { readonly where?: never; readonly why: string };

/** Looks for it before money is spent. */
async function whereTested(language: Language, sandbox: Sandbox): Promise<Tested> {
  const why = sandbox.missing?.(language);
  if (why !== undefined) return { why };
  if (!sandbox.languages.includes(language)) return { why: `Answers in ${language} cannot be tested here.` };
  try {
    return { where: (await sandbox.describe?.(language)) ?? sandbox.description };
  } catch (error) {
    // Names are compared, because the class belongs to a part that is loaded on first use.
    if (error instanceof Error && error.name === 'SandboxError') return { why: error.message };
    throw error;
  }
}

/** @param missing the host whose key is missing */
function notesOn(tested: Tested, hasTests: boolean, { asOf }: Catalogue, missing: string | undefined): string[] {
  const where = hasTests ? [`Tests run in ${tested.where}.`] : [];
  return [
    ...(tested.where === undefined ? [`The result will not be verified. ${tested.why}`] : where),
    ...notesOnPrices(asOf, missing),
  ];
}

function notesOnProject({ note, sandbox }: ProjectProof, { asOf }: Catalogue, missing: string | undefined): string[] {
  const { description } = sandbox;
  return [
    `Before: ${note.before}. None that passes may fail.`,
    note.caveat,
    `${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
    ...notesOnPrices(asOf, missing),
  ];
}

function asNotes(note: string | undefined): string[] {
  return note === undefined ? [] : [note];
}

function notesOnPrices(asOf: string, missing: string | undefined): string[] {
  return [`Prices of ${asOf}.`, ...asNotes(missing && `There is no API key for ${missing} yet: Enter asks for it.`)];
}

function withoutTests(question: Question): Question {
  return { ...question, task: { ...question.task, tests: [], setup: '' }, tests: 'no tests', places: [] };
}

/** Asks for the key that is missing; the plan is shown again once it is there. Resolves with whether it is. */
async function obtainKey(keys: Keys, baseUrl: string): Promise<boolean> {
  if (await askForKey(keys, baseUrl)) return true;
  void showProblem(`There is no API key for ${hostOf(baseUrl)}. Nothing was sent or spent.`, {
    ...SET_KEY,
    args: [baseUrl],
  });
  return false;
}
