import { type Attempt, type Crew, isProven } from '../agents/crew';
import { STYLES } from '../agents/prompts';
import type { Mode } from '../plan';
import type { PricedModel } from '../provisioning/tier';
import type { StopReason } from '../result';
import { SandboxError } from '../sandbox/sandbox';
import { conversation, DIVERSE } from './topology';

/** Cheap second opinions that `balanced` asks for until one passes the tests itself. */
const BALANCED_OPINIONS = 2;

/** Opinions that `thorough` asks for at most; answers that agree by then will go on to. */
const THOROUGH_OPINIONS = 5;

/** Answers that behave alike, after which `thorough` has asked enough. */
const FIRM = 3;

/** Calls that a mode adds to a run at most. */
export const MOST_OPINIONS: Readonly<Record<Mode, number>> = {
  frugal: 0,
  balanced: BALANCED_OPINIONS + 1,
  thorough: THOROUGH_OPINIONS + 1,
};

/**
 * A pass on the visible tests is not yet proof: buys evidence for the answer that a topology ended with, as the mode
 * says, and resolves with how the run stops. Opinions are answers to the task alone, written without sight of any other;
 * what counts is what they do on inputs near those of the tests. Whatever comes of it, and whatever fails or is
 * cancelled on the way, the run ends with an answer that passes the visible tests.
 */
export async function confirm(crew: Crew, mode: Mode): Promise<StopReason> {
  const { best } = crew;
  if (mode === 'frugal' || best === undefined || !isProven(best)) return 'solved';
  try {
    if (!(await crew.canCompare())) return 'solved';
    return await (mode === 'balanced' ? balanced(crew, best) : thorough(crew, best));
  } catch (error) {
    if (error instanceof SandboxError || crew.isCancelled) return 'solved';
    throw error;
  }
}

/**
 * Cheap opinions until one passes the tests: where it behaves as the first answer does, that is enough. Where not, the
 * next stronger model decides; where there is none, or no money for it, a judge.
 */
async function balanced(crew: Crew, first: Attempt): Promise<StopReason> {
  let second: Attempt | undefined;
  for (let asked = 0; asked < BALANCED_OPINIONS && second === undefined; asked++) {
    const models = await affordable(crew, asked + 1);
    const asking = cheapOpinion(models, first, asked);
    if (asking === undefined) break;
    const opinion = await ask(crew, asking, asked + 1);
    if (isProven(opinion)) second = opinion;
  }
  if (second === undefined) return 'solved';
  const alike = await crew.areAlike(first, second);
  // A comparison that was ended half way shows neither.
  if (alike === undefined) return 'solved';
  return alike ? 'agreed' : settle(crew, first, second);
}

/** The cheapest model, but another than that of the answer where it costs about as much. Undefined where none is cheap. */
function cheapOpinion(models: readonly PricedModel[], { model }: Attempt, asked: number): PricedModel | undefined {
  const [cheapest] = models;
  if (cheapest === undefined) return undefined;
  const near = models.filter(({ callCost }) => callCost <= 2n * cheapest.callCost);
  const others = near.filter((priced) => priced.model.id !== model.id);
  return asked === 0 ? (others[0] ?? cheapest) : near.at(-1);
}

/** Lets a stronger model than both decide between two answers, by writing its own. */
async function settle(crew: Crew, first: Attempt, second: Attempt): Promise<StopReason> {
  const tier = Math.min(first.model.tier, second.model.tier);
  const stronger = (await affordable(crew, 0)).findLast(({ model }) => model.tier < tier);
  const third = stronger && (await ask(crew, stronger, 0));
  if (third === undefined || !isProven(third)) return judged(crew, first, second);
  if (await agree(crew, first, third)) return 'agreed';
  if (await agree(crew, second, third)) {
    crew.choose(second);
    return 'agreed';
  }
  crew.choose(third);
  return 'disputed';
}

async function judged(crew: Crew, first: Attempt, second: Attempt): Promise<StopReason> {
  const codes = [first, second].flatMap(({ code }) => (code === undefined ? [] : [code]));
  const judge = (await affordable(crew, 0)).toSorted((a, b) => a.model.tier - b.model.tier)[0];
  const step = judge && (await crew.judge(judge.model, codes, { temperature: 0 }));
  if (step?.kind === 'done' && step.value === 1) crew.choose(second);
  return 'disputed';
}

/**
 * Opinions from the strongest model that is affordable down to the cheapest and round again, until three answers behave
 * alike. The run ends with one of the largest group; among groups of a size the strongest model's counts.
 */
async function thorough(crew: Crew, first: Attempt): Promise<StopReason> {
  const groups: Attempt[][] = [[first]];
  for (let asked = 0; asked < THOROUGH_OPINIONS && (groups[0]?.length ?? 0) < FIRM; asked++) {
    const models = (await affordable(crew, asked + 1)).toSorted((a, b) => a.model.tier - b.model.tier);
    const asking = models[asked % models.length];
    if (asking === undefined) break;
    const opinion = await ask(crew, asking, asked + 1);
    if (opinion === undefined || !isProven(opinion)) continue;
    await join(crew, groups, opinion);
    groups.sort((a, b) => b.length - a.length || strength(a) - strength(b));
  }
  const [largest = [first], next] = groups;
  if (!largest.includes(first)) crew.choose(largest.toSorted((a, b) => a.model.tier - b.model.tier)[0] ?? first);
  if (largest.length > (next?.length ?? 0)) return largest.length > 1 ? 'agreed' : 'solved';
  return 'disputed';
}

/** Puts an opinion with those that it behaves like; where that could not be told, it counts for nothing. */
async function join(crew: Crew, groups: Attempt[][], opinion: Attempt): Promise<void> {
  for (const group of groups) {
    const [other] = group;
    const alike = other && (await crew.areAlike(other, opinion));
    if (alike === undefined) return;
    if (alike) {
      group.push(opinion);
      return;
    }
  }
  groups.push([opinion]);
}

/** The tier of a group's strongest model. */
function strength(group: readonly Attempt[]): number {
  return Math.min(...group.map(({ model }) => model.tier));
}

async function agree(crew: Crew, one: Attempt, other: Attempt): Promise<boolean> {
  return (await crew.areAlike(one, other)) === true;
}

/** The models that an opinion can be paid of, cheapest first. */
async function affordable(crew: Crew, asked: number): Promise<readonly PricedModel[]> {
  const { models, left } = await crew.means(conversation(crew.task, undefined, { style: styleOf(asked) }));
  return models.filter(({ callCost }) => callCost <= left);
}

/** An answer to the task alone; undefined where it could not be had. */
async function ask(crew: Crew, { model }: PricedModel, asked: number): Promise<Attempt | undefined> {
  const messages = conversation(crew.task, undefined, { style: styleOf(asked) });
  const step = await crew.another(model, messages, { temperature: DIVERSE, optional: true });
  return step.kind === 'done' ? step.value : undefined;
}

/** How opinions are told apart, by how many were asked for before. */
function styleOf(asked: number): string {
  return STYLES[asked % STYLES.length] ?? '';
}
