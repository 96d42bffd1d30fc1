import { type Attempt, type Crew, isProven } from '../agents/crew';
import type { Model } from '../catalogue/model';
import type { EvidenceEnd } from '../result';
import type { Confirmed } from './evidence';
import { Opinions } from './opinions';

/** Opinions that are asked for at most; answers that agree by then will go on to. */
export const THOROUGH_OPINIONS = 5;

/** Answers that behave alike, after which enough was asked. */
const FIRM = 3;

/** Comparisons that were ended half way, after which no more are paid for. */
const MOST_UNTOLD = 2;

/** Answers that behave alike; the largest group comes first, and among groups of a size that of the strongest model. */
type Groups = Attempt[][];

/**
 * Opinions from the strongest model that is affordable down to the cheapest and round again, until three answers behave
 * alike or no further one could change the result. The run ends with one of the largest group.
 */
export async function thorough(crew: Crew, first: Attempt): Promise<Confirmed> {
  const opinions = new Opinions(crew);
  const groups: Groups = [[first]];
  let untold = 0;
  let end: EvidenceEnd | undefined;
  for (;;) {
    const next = await nextOf(crew, groups, opinions, untold);
    if (typeof next === 'string') {
      end = next;
      break;
    }
    const opinion = await opinions.ask(next);
    if (opinion === undefined || !isProven(opinion)) continue;
    if (!(await join(crew, groups, opinion))) untold += 1;
    groups.sort((a, b) => b.length - a.length || strength(a) - strength(b));
  }
  const [largest = [first], other] = groups;
  if (!largest.includes(first)) crew.choose(largest.toSorted((a, b) => a.model.tier - b.model.tier)[0] ?? first);
  if (largest.length <= (other?.length ?? 0)) return { stop: 'disputed', end };
  return { stop: largest.length > 1 ? 'agreed' : 'solved', end };
}

/** Who is asked next, or why nobody is. */
async function nextOf(crew: Crew, groups: Groups, opinions: Opinions, untold: number): Promise<Model | EvidenceEnd> {
  if (crew.isCancelled) return 'interrupted';
  const [largest = [], other = []] = groups;
  if (largest.length >= FIRM) return 'enough';
  const open = THOROUGH_OPINIONS - opinions.asked;
  if (open <= 0) return 'asked out';
  // Those that are left could neither make another group as large, nor this one firm enough to matter.
  if (other.length + open < largest.length) return 'settled';
  if (untold >= MOST_UNTOLD) return 'incomparable';
  const models = (await opinions.affordable()).toSorted((a, b) => a.model.tier - b.model.tier);
  if (models.length === 0) return 'unaffordable';
  const fresh = models.filter(({ model }) => !opinions.isRepeating(model));
  return fresh[opinions.asked % fresh.length]?.model ?? 'repeating';
}

/** Puts an opinion with those that it behaves like. False where that could not be told: then it counts for nothing. */
async function join(crew: Crew, groups: Groups, opinion: Attempt): Promise<boolean> {
  for (const group of groups) {
    const [other] = group;
    const alike = other && (await crew.areAlike(other, opinion));
    if (alike === undefined) return false;
    if (alike) {
      group.push(opinion);
      return true;
    }
  }
  groups.push([opinion]);
  return true;
}

/** The tier of a group's strongest model. */
function strength(group: readonly Attempt[]): number {
  return Math.min(...group.map(({ model }) => model.tier));
}
