import type { Attempt, Crew, Means, Step } from '../agents/crew';
import type { StopReason } from '../result';
import { climb } from './climb';
import { conversation, DIVERSE, MOST_ATTEMPTS, MOST_REPEATS } from './topology';

/** What is said about a failing attempt before it is revised; undefined where nothing is. */
export type Advise = (previous: Attempt, means: Means) => Promise<Step<string | undefined>>;

/**
 * Write, test, revise, from cheap to strong, until the tests pass. Every attempt sees the one before it, what failed,
 * and the advice on it. Before each, the rest of the budget is provisioned again.
 */
export async function rounds(crew: Crew, advise: Advise): Promise<StopReason> {
  let previous: Attempt | undefined;
  let repeats = 0;
  for (let round = 0; round < MOST_ATTEMPTS && repeats < MOST_REPEATS; round++) {
    let messages = conversation(crew.task, previous);
    let means = await crew.means(messages);
    if (previous !== undefined) {
      const advice = await advise(previous, means);
      if (advice.kind === 'stop') return advice.stop;
      if (advice.value !== undefined) {
        messages = conversation(crew.task, previous, advice.value);
        means = await crew.means(messages);
      }
    }
    const choice = climb(means, previous);
    if (choice === undefined) return crew.out(means);
    const temperature = previous?.repeated === true ? DIVERSE : 0;
    const step = await crew.attempt(choice.next.model, messages, { temperature, keep: choice.keep }, previous);
    if (step.kind === 'stop') return step.stop;
    repeats = step.value?.repeated === true ? repeats + 1 : 0;
    previous = step.value ?? previous;
  }
  return 'gave up';
}
