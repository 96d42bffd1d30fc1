import type { Attempt, Crew, Means, Step } from '../agents/crew';
import { STYLES } from '../agents/prompts';
import type { PricedModel } from '../provisioning/tier';
import type { StopReason } from '../result';
import { climb, isTriedOut } from './climb';
import { conversation, DIVERSE, MOST_ATTEMPTS, MOST_REPEATS } from './topology';

/** What is said about a failing attempt before `next` revises it; undefined where nothing is. */
export type Advise = (previous: Attempt, means: Means, next: PricedModel) => Promise<Step<string | undefined>>;

/** What rounds begin with. */
export interface Start {
  /** An answer that failed, to build on. */
  readonly first?: Attempt | undefined;
  /** Answers of a model before one that is much dearer is asked; as many as without advice where absent. */
  readonly tries?: number;
}

/** Nothing is said beyond what failed. */
export const silent: Advise = () => Promise.resolve({ kind: 'done', value: undefined });

/**
 * Write, test, revise, from cheap to strong, until the tests pass. Every attempt sees the one before it, what failed,
 * and the advice on it. Before each, the rest of the budget is provisioned again.
 */
export async function rounds(crew: Crew, advise: Advise, { first, tries }: Start = {}): Promise<StopReason> {
  let previous = first;
  let repeats = 0;
  while (crew.attempts < MOST_ATTEMPTS) {
    let messages = conversation(crew.task, previous);
    let means = await crew.means(messages);
    if (isTriedOut(means, crew.mode)) return 'gave up';
    const upcoming = climb(means, previous, crew.mode, tries);
    // Another model is not more of the same.
    const isSame = upcoming === undefined || upcoming.next.model.id === previous?.model.id;
    if (repeats >= MOST_REPEATS && isSame) return 'gave up';
    if (previous !== undefined && upcoming?.afresh === false) {
      const advice = await advise(previous, means, upcoming.next);
      if (advice.kind === 'stop') return advice.stop;
      if (advice.value !== undefined) {
        messages = conversation(crew.task, previous, { critique: advice.value });
        means = await crew.means(messages);
      }
    }
    let choice = climb(means, previous, crew.mode, tries);
    while (choice === undefined) {
      const stop = await crew.out(means);
      if (stop !== undefined) return stop;
      means = await crew.means(messages);
      choice = climb(means, previous, crew.mode, tries);
    }
    const { next, afresh, keep } = choice;
    const base = afresh ? undefined : previous;
    const tried = means.tries(next.model.id);
    if (afresh) messages = conversation(crew.task, undefined, { style: STYLES[tried] ?? '' });
    const temperature = previous?.repeated === true || (afresh && tried > 0) ? DIVERSE : 0;
    const step = await crew.attempt(next.model, messages, { temperature, keep }, base);
    if (step.kind === 'stop') return step.stop;
    repeats = step.value?.repeated === true ? repeats + 1 : 0;
    previous = step.value ?? previous;
  }
  return 'gave up';
}
