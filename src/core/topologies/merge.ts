import { type Attempt, type Crew, isProven } from '../agents/crew';
import { conversation } from './topology';

/** Answers that a judge is shown at most; each is paid for as prompt. */
const MOST_JUDGED = 3;

/** Answers that do the same, the strongest model's first. */
type Group = readonly Attempt[];

/** What a merge came to. */
export interface Merged {
  readonly best: Attempt | undefined;
  readonly stop: 'cancelled' | undefined;
}

/**
 * Merges answers to one task, as the hub of a Star: those that passed most tests; of them the largest group that
 * behaves alike; where several groups are as large, the one that a judge names. The judge, the strongest model, is paid
 * only where the first two leave a choice and a call of it fits beside the next one; without it the strongest model's
 * answer is taken.
 */
export async function merge(crew: Crew, attempts: readonly Attempt[]): Promise<Merged> {
  const written = attempts.filter(({ code }) => code !== undefined);
  const most = Math.max(0, ...written.map(passedBy));
  const groups = await alike(
    crew,
    written.filter((attempt) => passedBy(attempt) === most),
  );
  const size = Math.max(0, ...groups.map(({ length }) => length));
  const largest = groups.filter(({ length }) => length === size).flatMap((group) => group.slice(0, 1));
  const [first] = largest.toSorted((a, b) => a.model.tier - b.model.tier);
  // Answers that fail every test leave nothing to choose by.
  const hopeless = most === 0 && crew.task.tests.length > 0;
  if (largest.length < 2 || hopeless) return { best: first ?? attempts[0], stop: undefined };
  const judged = largest.slice(0, MOST_JUDGED);
  const choice = await judge(crew, judged);
  if (choice === 'cancelled') return { best: first, stop: choice };
  return { best: choice === undefined ? first : judged[choice], stop: undefined };
}

function passedBy({ verdict }: Attempt): number {
  return verdict?.passed ?? 0;
}

/** Puts together what behaves alike: the same code, or the same results on every probe. */
async function alike(crew: Crew, attempts: readonly Attempt[]): Promise<readonly Group[]> {
  const groups: Attempt[][] = [];
  for (const attempt of attempts) {
    const group = await groupOf(crew, attempt, groups);
    if (group === undefined) groups.push([attempt]);
    else group.push(attempt);
  }
  return groups.map((group) => group.toSorted((a, b) => a.model.tier - b.model.tier));
}

async function groupOf(crew: Crew, attempt: Attempt, groups: readonly Attempt[][]): Promise<Attempt[] | undefined> {
  for (const group of groups) {
    const [other] = group;
    if (other !== undefined && (await crew.areAlike(other, attempt)) === true) return group;
  }
  return undefined;
}

/** The index of the answer that the strongest model names; undefined where it is not paid, or names none. */
async function judge(crew: Crew, judged: readonly Attempt[]): Promise<number | 'cancelled' | undefined> {
  const codes = judged.flatMap(({ code }) => (code === undefined ? [] : [code]));
  const { pool, left } = await crew.means(conversation(crew.task, judged[0]));
  const [strongest] = pool;
  const proven = judged.some((attempt) => isProven(attempt));
  if (strongest === undefined || (!proven && strongest.callCost + strongest.callCost > left)) return undefined;
  const step = await crew.judge(strongest.model, codes, {
    temperature: 0,
    ...(proven ? {} : { keep: strongest.callCost }),
  });
  if (step.kind === 'done') return step.value;
  return step.stop === 'cancelled' ? 'cancelled' : undefined;
}
