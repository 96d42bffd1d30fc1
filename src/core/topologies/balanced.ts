import { type Attempt, type Crew, isProven } from '../agents/crew';
import type { Model } from '../catalogue/model';
import type { PricedModel } from '../provisioning/tier';
import type { Confirmed } from './evidence';
import { Opinions } from './opinions';

/** Cheap second opinions that are asked for until one passes the tests itself. */
export const BALANCED_OPINIONS = 2;

/**
 * Cheap opinions until one passes the tests: where it behaves as the first answer does, that is enough. Where not, the
 * next stronger model decides; where there is none, or no money for it, a judge.
 */
export async function balanced(crew: Crew, first: Attempt): Promise<Confirmed> {
  const opinions = new Opinions(crew);
  let second: Attempt | undefined;
  while (second === undefined) {
    if (crew.isCancelled) return { stop: 'solved', end: 'interrupted' };
    if (opinions.asked >= BALANCED_OPINIONS) return { stop: 'solved', end: 'asked out' };
    const models = await opinions.affordable();
    if (models.length === 0) return { stop: 'solved', end: 'unaffordable' };
    const asking = cheapOpinion(models, first, opinions);
    if (asking === undefined) return { stop: 'solved', end: 'repeating' };
    const opinion = await opinions.ask(asking);
    if (isProven(opinion)) second = opinion;
  }
  const alike = await crew.areAlike(first, second);
  // A comparison that was ended half way shows neither.
  if (alike === undefined) return { stop: 'solved', end: 'incomparable' };
  return alike ? { stop: 'agreed', end: 'enough' } : settle(crew, opinions, first, second);
}

/** The cheapest model, but another than that of the answer where it costs about as much. Undefined where all repeat themselves. */
function cheapOpinion(models: readonly PricedModel[], { model }: Attempt, opinions: Opinions): Model | undefined {
  const [cheapest] = models;
  if (cheapest === undefined) return undefined;
  const near = models
    .filter(({ callCost }) => callCost <= 2n * cheapest.callCost)
    .filter((priced) => !opinions.isRepeating(priced.model));
  const others = near.filter((priced) => priced.model.id !== model.id);
  return (opinions.asked === 0 ? (others[0] ?? near[0]) : near.at(-1))?.model;
}

/** Lets a stronger model than both decide between two answers, by writing its own. */
async function settle(crew: Crew, opinions: Opinions, first: Attempt, second: Attempt): Promise<Confirmed> {
  const tier = Math.min(first.model.tier, second.model.tier);
  const stronger = (await opinions.affordable()).findLast(({ model }) => model.tier < tier);
  const third = stronger && (await opinions.ask(stronger.model));
  if (third === undefined || !isProven(third)) return judged(crew, opinions, first, second);
  if ((await crew.areAlike(first, third)) === true) return { stop: 'agreed', end: 'decided' };
  const isSecond = (await crew.areAlike(second, third)) === true;
  crew.choose(isSecond ? second : third);
  return { stop: isSecond ? 'agreed' : 'disputed', end: 'decided' };
}

async function judged(crew: Crew, opinions: Opinions, first: Attempt, second: Attempt): Promise<Confirmed> {
  const codes = [first, second].flatMap(({ code }) => (code === undefined ? [] : [code]));
  const [judge] = (await opinions.affordable()).toSorted((a, b) => a.model.tier - b.model.tier);
  if (judge === undefined) return { stop: 'disputed', end: 'unaffordable' };
  const step = await crew.judge(judge.model, codes, { temperature: 0 });
  const choice = step.kind === 'done' ? step.value : undefined;
  if (choice === 1) crew.choose(second);
  return { stop: 'disputed', end: choice === undefined ? 'undecided' : 'decided' };
}
