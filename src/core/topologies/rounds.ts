import type { Attempt, Crew, Means, Step } from '../agents/crew';
import { STYLES } from '../agents/prompts';
import type { StopReason } from '../result';
import { climb, isTriedOut } from './climb';
import { conversation, DIVERSE, MOST_ATTEMPTS, MOST_REPEATS } from './topology';

/** What is said about a failing attempt before it is revised; undefined where nothing is. */
export type Advise = (previous: Attempt, means: Means) => Promise<Step<string | undefined>>;

/** Nothing is said beyond what failed. */
export const silent: Advise = () => Promise.resolve({ kind: 'done', value: undefined });

/**
 * Write, test, revise, from cheap to strong, until the tests pass. Every attempt sees the one before it, what failed,
 * and the advice on it. Before each, the rest of the budget is provisioned again.
 * @param first an answer that failed, to build on
 */
export async function rounds(crew: Crew, advise: Advise, first?: Attempt): Promise<StopReason> {
  let previous = first;
  let repeats = 0;
  while (crew.attempts < MOST_ATTEMPTS && repeats < MOST_REPEATS) {
    let messages = conversation(crew.task, previous);
    let means = await crew.means(messages);
    if (isTriedOut(means, crew.mode)) return 'gave up';
    if (previous !== undefined && climb(means, previous, crew.mode)?.afresh !== true) {
      const advice = await advise(previous, means);
      if (advice.kind === 'stop') return advice.stop;
      if (advice.value !== undefined) {
        messages = conversation(crew.task, previous, { critique: advice.value });
        means = await crew.means(messages);
      }
    }
    let choice = climb(means, previous, crew.mode);
    while (choice === undefined) {
      const stop = await crew.out(means);
      if (stop !== undefined) return stop;
      means = await crew.means(messages);
      choice = climb(means, previous, crew.mode);
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
