import type { Attempt, Crew, Means } from '../agents/crew';
import { failureReport } from '../agents/failure';
import { add } from '../money';
import type { StopReason } from '../result';
import { climb } from './climb';
import { linear } from './linear';
import { conversation, DIVERSE, MOST_ATTEMPTS, type Topology } from './topology';

/**
 * Feedback: executors write, and the strongest model of the pool is their critic (BAMAS, "Agent Instantiation"). In the
 * verified profile the tests are run first: the critic is paid only where they left something to say, sees the code and
 * the failing output, and cannot approve what failed.
 */
export const feedback: Topology = {
  name: 'feedback',
  run: (crew) => (crew.task.tests.length === 0 ? linear.run(crew) : revise(crew)),
};

async function revise(crew: Crew): Promise<StopReason> {
  let previous: Attempt | undefined;
  for (let round = 0; round < MOST_ATTEMPTS; round++) {
    const plain = conversation(crew.task, previous);
    const means = await crew.means(plain);
    let critique: string | undefined;
    if (previous !== undefined && isCriticised(previous, means)) {
      const step = await askCritic(crew, means, previous);
      if (step.kind === 'stop') return step.stop;
      critique = step.value;
    }
    const messages = critique === undefined ? plain : conversation(crew.task, previous, critique);
    const choice = climb(critique === undefined ? means : await crew.means(messages), previous);
    if (choice === undefined) return 'failed';
    const temperature = previous?.repeated === true ? DIVERSE : 0;
    const step = await crew.attempt(choice.next.model, messages, { temperature, keep: choice.keep }, previous);
    if (step.kind === 'stop') return step.stop;
    previous = step.value ?? previous;
  }
  return 'gave up';
}

/** A critique is worth its price where a weaker model's code failed, and the revision stays affordable after it. */
function isCriticised(previous: Attempt, { pool, left }: Means): boolean {
  const critic = pool[0];
  if (critic === undefined || previous.code === undefined || previous.verdict === undefined) return false;
  if (previous.model.tier <= critic.model.tier) return false;
  return add(critic.callCost, critic.callCost) <= left;
}

async function askCritic(crew: Crew, { pool }: Means, previous: Attempt): ReturnType<Crew['critique']> {
  const critic = pool[0];
  if (critic === undefined || previous.verdict === undefined) return { kind: 'done', value: undefined };
  const failure = failureReport(previous.verdict);
  return crew.critique(critic.model, previous, failure, { temperature: 0, keep: critic.callCost });
}
