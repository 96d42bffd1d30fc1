import { formatUsd, formatUsdUp, type Money, usd } from '../core/money';
import type { Plan } from '../core/plan';
import { type Ceiling, type LimitSetting, within } from './allowance';
import { estimatedText, isTooSmall, planReasons, poolWithRoles } from './outcome';
import { oneLine } from './text';

/** What the user may choose when looking at a plan. */
export type PlanAction =
  | { readonly kind: 'run' }
  | { readonly kind: 'raise'; readonly to: Money }
  | { readonly kind: 'budget' }
  | { readonly kind: 'tests' }
  /** Have the project's own tests decide, or the task's, or choose which failing tests of the project have to pass. */
  | { readonly kind: 'project' | 'own' | 'required' }
  | { readonly kind: 'settings'; readonly limit: LimitSetting }
  /** Set up a provider, in place of the one that there is no key for. */
  | { readonly kind: 'provider' }
  | { readonly kind: 'cancel' };

/** A line of a list. Without an action it only informs. */
export interface ListItem<Action> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly action?: Action;
  /** The line is the title of those below it. */
  readonly separator?: boolean;
}

/** A line of the plan. */
export type PlanItem = ListItem<PlanAction>;

/** What a plan is shown with. */
export interface PlanFacts {
  readonly plan: Plan;
  /** "3 tests from the docstring". */
  readonly tests: string;
  readonly hasTests: boolean;
  /** Whether tests can be added, because they could be run. */
  readonly canPickTests: boolean;
  readonly ceiling: Ceiling | undefined;
  /** The host that there is no key for yet; undefined where nothing is missing. */
  readonly missing?: string | undefined;
  /** How the project's own tests stand to it; undefined where they cannot be used. */
  readonly project?: { readonly used: boolean; readonly failing: number };
  /** Further sentences: the sandbox, a missing key. */
  readonly notes: readonly string[];
}

/** Characters of a line of the list before it is cut off on the screen. */
const LINE = 66;

/** "Solvent: solve within $0.0100". */
export function planTitle({ plan }: Pick<PlanFacts, 'plan'>): string {
  const budget = formatUsd(plan.budget);
  if (plan.feasible) return `Solvent: solve within ${budget}`;
  return isTooSmall(plan) ? `Solvent: ${budget} is too small` : 'Solvent: no model can take this task';
}

/** The plan as a list, its first line being what Enter does. */
export function planItems(facts: PlanFacts): PlanItem[] {
  const { plan, hasTests, canPickTests } = facts;
  const pickTests: PlanItem[] = canPickTests
    ? [
        {
          label: '$(beaker) Take tests from a file…',
          ...(hasTests ? {} : { description: 'so that the result can be verified' }),
          action: { kind: 'tests' },
        },
      ]
    : [];
  const budget: PlanItem = {
    label: '$(edit) Change the budget…',
    description: `${formatUsd(plan.budget)} now`,
    action: { kind: 'budget' },
  };
  const whose = projectItems(facts);
  const changes = hasTests ? [budget, ...pickTests, ...whose] : [...whose, ...pickTests, budget];
  return [
    ...(plan.feasible
      ? [runItem(facts), ...providerItem(facts), ...changes]
      : [...raiseItems(facts), ...(isTooSmall(plan) ? [budget] : [])]),
    { label: '$(close) Cancel', description: 'nothing was spent', action: { kind: 'cancel' } },
    ...titledItems(plan.feasible ? 'Why this plan' : 'Why not', explanation(facts)),
  ];
}

function runItem({ plan, tests, hasTests }: PlanFacts): PlanItem {
  const price = `Expected ${formatUsd(plan.expectedCost)}, at worst ${formatUsd(plan.worstCost)}${estimatedText(plan)}`;
  // The end of a long line is cut off, and the models stand among the reasons, too.
  const models = `${plan.topology} · ${poolWithRoles(plan.pool)}`;
  return {
    label: `$(play) Solve for at most ${formatUsd(plan.budget)}${hasTests ? '' : ', unverified'}`,
    description: oneLine(models),
    detail: hasTests ? `${price} · ${tests}` : `${price} · no tests: the result cannot be verified`,
    action: { kind: 'run' },
  };
}

/** Who has no key yet may well want another provider than the one of the settings. */
function providerItem({ missing }: PlanFacts): PlanItem[] {
  if (missing === undefined) return [];
  const description = `no API key for ${oneLine(missing, 40)} yet`;
  return [{ label: '$(plug) Set up a provider…', description, action: { kind: 'provider' } }];
}

/** Whose tests decide, to be changed. */
function projectItems({ project }: PlanFacts): PlanItem[] {
  if (project === undefined) return [];
  if (!project.used) return [{ label: "$(repo) Prove it by the project's own tests…", action: { kind: 'project' } }];
  const required: PlanItem = {
    label: '$(checklist) Choose which failing tests have to pass…',
    description: `${project.failing} now`,
    action: { kind: 'required' },
  };
  return [
    ...(project.failing > 1 ? [required] : []),
    { label: '$(selection) Take only the tests of the selection', action: { kind: 'own' } },
  ];
}

function raiseItems({ plan: { smallestFeasible }, ceiling }: PlanFacts): PlanItem[] {
  if (smallestFeasible === undefined) return [];
  if (ceiling !== undefined && smallestFeasible > ceiling.amount) {
    return [
      {
        label: '$(settings-gear) Open Settings',
        description: `${formatUsdUp(smallestFeasible)} would do`,
        detail: ceiling.why,
        action: { kind: 'settings', limit: { setting: ceiling.setting, owner: ceiling.owner } },
      },
    ];
  }
  return [
    {
      label: `$(arrow-up) Raise to ${formatUsdUp(smallestFeasible)} for this task`,
      detail: 'The smallest budget that would do. The new plan is shown before anything is spent.',
      action: { kind: 'raise', to: within(usd(formatUsdUp(smallestFeasible).slice(1)), ceiling) },
    },
  ];
}

function explanation({ plan, ceiling, notes }: PlanFacts): string[] {
  const lowered = ceiling !== undefined && ceiling.amount <= plan.budget ? [ceiling.why] : [];
  // Where there is no plan, the first thing to know is why.
  return plan.feasible ? [...lowered, ...notes, ...planReasons(plan)] : [...lowered, ...planReasons(plan), ...notes];
}

/** A sentence over the two lines that an item has, broken between words. */
export function infoItem(sentence: string): { readonly label: string; readonly detail?: string } {
  const text = oneLine(sentence, 400);
  const label = firstLine(text, LINE);
  const detail = text.slice(label.length).trim();
  return { label: `$(info) ${label}`, ...(detail === '' ? {} : { detail }) };
}

/** The same where a third line would be cut off on the screen: it is an item of its own then, and all are as long. */
export function infoItems(sentence: string): { readonly label: string; readonly detail?: string }[] {
  return brokenItems(sentence, LINE);
}

/** Sentences below a title, which stands at the end of the line of the first and takes room of it. */
export function titledItems(
  title: string,
  [first, ...others]: readonly string[],
): { readonly label: string; readonly detail?: string; readonly separator?: boolean }[] {
  return [
    { label: title, separator: true },
    ...(first === undefined ? [] : brokenItems(first, LINE - title.length)),
    ...others.flatMap(infoItems),
  ];
}

/** @param room characters of the first line, which may be fewer than those of the others */
function brokenItems(sentence: string, room: number): { readonly label: string; readonly detail?: string }[] {
  const text = oneLine(sentence, 400);
  const wanted = lines(text, LINE, room).length;
  const least = Array.from({ length: LINE }, (_, index) => index + 1);
  const even = wanted <= 2 ? undefined : least.find((one) => lines(text, one, room).length <= wanted);
  const broken = lines(text, even ?? LINE, room);
  return broken.flatMap((label, index) => {
    if (index % 2 === 1) return [];
    const detail = broken[index + 1];
    return [{ label: `${index === 0 ? '$(info)' : '$(blank)'} ${label}`, ...(detail === undefined ? {} : { detail }) }];
  });
}

function lines(text: string, width: number, room = width): string[] {
  const line = firstLine(text, Math.min(room, width));
  const rest = text.slice(line.length).trim();
  return rest === '' ? [line] : [line, ...lines(rest, width)];
}

function firstLine(text: string, width: number): string {
  if (text.length <= width) return text;
  const space = text.lastIndexOf(' ', width);
  return text.slice(0, space > 0 ? space : width);
}
