import { type Baseline, COMMAND_SUCCEEDS } from '../core/sandbox/project/baseline';
import { infoItems, type ListItem } from './planView';
import type { ProofNote } from './record';
import type { BaselineFacts } from './terminalView';
import { counted, harmless, oneLine } from './text';

/** A command that may be asked about. */
export interface OfferedCommand {
  readonly line: string;
  /** Whose it is: `workspace` means that it came with the workspace's settings. */
  readonly origin: 'user' | 'workspace' | 'remembered' | 'proposed';
  /** Why it is proposed, in a few words. */
  readonly reason?: string;
}

/** What the user may choose when asked whose tests are to decide. */
export type OfferAction =
  | { readonly kind: 'run'; readonly command: OfferedCommand }
  | { readonly kind: 'own' }
  | { readonly kind: 'edit'; readonly line: string }
  | { readonly kind: 'settings' }
  | { readonly kind: 'cancel' };

/** What the question whose tests are to decide is asked with. */
export interface Offer {
  readonly commands: readonly OfferedCommand[];
  /** "3 tests from the docstring": what decides otherwise. */
  readonly tests: string;
  /** What is weaker about a proof by the project's tests. */
  readonly caveat: string;
}

/** What the user may choose where the project's tests cannot show an answer to be right. */
export type ProblemAction = OfferAction | { readonly kind: 'output' };

/** Characters of a command up to which a line of the list shows it whole. */
const WHOLE = 64;
/** Characters of one that is not shown whole, with room for where it is from. */
const BESIDE = 40;

/** "Solvent: prove it by the project's own tests?" */
export function offerTitle({ commands }: Pick<Offer, 'commands'>): string {
  return commands.some(({ origin }) => origin === 'workspace')
    ? "Solvent: run the test command of this workspace's settings?"
    : "Solvent: prove it by the project's own tests?";
}

/** The question as a list. What Enter does is harmless: a command that came with the workspace is never first. */
export function offerItems({ commands, tests, caveat }: Offer): ListItem<OfferAction>[] {
  const run = commands.map(commandItem);
  const own: ListItem<OfferAction> = {
    label: '$(selection) Only the tests of the selection',
    description: tests === 'no tests' ? 'no tests: the result cannot be verified' : oneLine(tests),
    action: { kind: 'own' },
  };
  const fromSettings = commands.some(({ origin }) => origin === 'workspace' || origin === 'user');
  const change: ListItem<OfferAction> = fromSettings
    ? { label: '$(settings-gear) Open Settings', description: 'solvent.testCommand', action: { kind: 'settings' } }
    : {
        label: commands.length === 0 ? '$(edit) Type the command…' : '$(edit) Edit the command…',
        action: { kind: 'edit', line: commands[0]?.line ?? '' },
      };
  const risky = commands.some(({ origin }) => origin === 'workspace');
  return [
    ...(risky ? [own, ...run] : [...run, own]),
    change,
    { label: '$(close) Cancel', description: 'nothing was spent', action: { kind: 'cancel' } },
    { label: 'What it means', separator: true },
    { label: '$(info) It runs over a throw-away copy, without network.' },
    ...infoItems('It runs once before anything is spent, and for every answer. You are asked once for this workspace.'),
    ...infoItems(caveat),
  ];
}

function commandItem(command: OfferedCommand): ListItem<OfferAction> {
  const { line, origin, reason } = command;
  const why = {
    user: 'from your settings',
    workspace: "from this workspace's settings",
    remembered: 'as before',
    proposed: reason ?? '',
  }[origin];
  const whole = isWhole(line);
  return {
    label: `$(beaker) Run ${unmarked(whole ? line : oneLine(visibly(line), BESIDE))}`,
    description: unmarked(oneLine(why)),
    ...(whole ? {} : { detail: 'You see all of it before it runs.' }),
    action: { kind: 'run', command },
  };
}

/** Whether a line of a list shows a command whole and as it is. */
export function isWhole(line: string): boolean {
  return line.length <= WHOLE && /^[ -~]+$/.test(line) && !line.includes('$(');
}

/** A command with everything in it that would be invisible, or reorder what is seen, as an escape. */
export function visibly(line: string): string {
  return line.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (sign) =>
    sign === '\n' ? sign : `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Why the project's tests prove nothing, as a list of what can be done instead. */
export function problemItems(message: string, actions: readonly ProblemAction[]): ListItem<ProblemAction>[] {
  const lines = harmless(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return [
    ...actions.map(problemItem),
    { label: '$(close) Cancel', description: 'nothing was spent', action: { kind: 'cancel' } },
    { label: 'What is wrong', separator: true },
    // The title of a list takes room of the first line below it.
    { label: '$(info) Nothing was spent.' },
    ...lines.flatMap(infoItems),
  ];
}

function problemItem(action: ProblemAction): ListItem<ProblemAction> {
  switch (action.kind) {
    case 'own':
      return { label: '$(selection) Go on with the tests of the selection only', action };
    case 'edit':
      return { label: '$(edit) Edit the command…', description: unmarked(oneLine(action.line, WHOLE)), action };
    case 'settings':
      return { label: '$(settings-gear) Open Settings', description: 'solvent.testCommand', action };
    case 'output':
      return { label: '$(terminal) Show what they printed', action };
    case 'run':
      return { label: '$(refresh) Try again', action };
    case 'cancel':
      return { label: '$(close) Cancel', action };
  }
}

/** What plans and receipts say of a proof by a project's tests. */
export function proofNote(command: string, baseline: Pick<Baseline, 'report' | 'ending'>, caveat: string): ProofNote {
  return { command, before: beforeText(baseline), caveat };
}

/** What decides: "2 failing tests of the project must pass". */
export function decidingTests({ required }: Pick<Baseline, 'required'>): string {
  if (required.some(({ name }) => name === COMMAND_SUCCEEDS)) return "the project's test command must succeed";
  return `${counted(required.length, 'failing test')} of the project must pass`;
}

/** "36 tests: 34 pass, 2 fail", of the workspace before anything was written. */
export function beforeText({ report, ending }: Pick<Baseline, 'report' | 'ending'>): string {
  if (report === undefined)
    return `the command fails (exit status ${ending.status ?? 'unknown'}) without a report of tests`;
  const { passed, failed, skipped } = report;
  const parts = [`${passed} pass`, `${failed} fail`, ...(skipped === 0 ? [] : [`${skipped} are skipped`])];
  return `${counted(passed + failed + skipped, 'test')}: ${parts.join(', ')}`;
}

/**
 * What the terminal tells of the run on the untouched workspace.
 * @param root the workspace's path, which says nothing in an output
 */
export function baselineFacts(line: string, root: string, baseline: Baseline): BaselineFacts {
  const { ending, problem, required } = baseline;
  return {
    command: visibly(line),
    summary: beforeText(baseline),
    failing: required.map(({ name }) => name).filter((name) => name !== COMMAND_SUCCEEDS),
    output: `${ending.stdout}\n${ending.stderr}`.replaceAll(`${root}/`, ''),
    durationMs: ending.durationMs,
    problem: problem?.message,
  };
}

/** A label turns "$(name)" into an icon, which no text of unknown origin may. */
function unmarked(text: string): string {
  return text.replaceAll('$(', '$ (');
}
