import type { Attempt, Crew } from '../agents/crew';
import { REVIEW_PROMPT } from '../agents/prompts';
import { ZERO } from '../money';
import type { ChatMessage } from '../providers/message';
import type { StopReason } from '../result';
import { climb } from './climb';
import { rounds, silent } from './rounds';
import { conversation, MOST_ATTEMPTS, type Topology } from './topology';

/**
 * Linear: every agent builds on the previous answer (BAMAS, "Agent Collaboration Topology Selection"). In the verified
 * profile the line goes from cheap to strong, and ends at the first answer that passes.
 */
export const linear: Topology = {
  name: 'linear',
  mostCalls: MOST_ATTEMPTS,
  run: (crew) => (crew.task.tests.length === 0 ? untested(crew) : rounds(crew, silent)),
};

/** Without a test nothing tells when to stop: one agent writes, and the strongest of the pool reviews. */
async function untested(crew: Crew): Promise<StopReason> {
  let previous: Attempt | undefined;
  for (let round = 0; round < MOST_ATTEMPTS; round++) {
    const messages = previous?.code === undefined ? conversation(crew.task, previous) : review(crew, previous.code);
    const means = await crew.means(messages);
    const reviewer = previous?.code === undefined ? undefined : means.pool[0];
    const choice =
      reviewer === undefined ? climb(means, previous, crew.mode) : { next: reviewer, keep: ZERO, afresh: false };
    if (choice === undefined) {
      const stop = crew.best === undefined ? await crew.out(means) : 'untested';
      if (stop !== undefined) return stop;
      continue;
    }
    const step = await crew.attempt(choice.next.model, messages, { temperature: 0, keep: choice.keep }, previous);
    if (step.kind === 'stop') return step.stop === 'exhausted' && crew.best !== undefined ? 'untested' : step.stop;
    if (previous?.code !== undefined && step.value?.code !== undefined) return 'untested';
    previous = step.value ?? previous;
  }
  return 'gave up';
}

function review(crew: Crew, code: string): ChatMessage[] {
  return [
    ...conversation(crew.task),
    { role: 'assistant', content: `\`\`\`\n${code.trim()}\n\`\`\`` },
    { role: 'user', content: REVIEW_PROMPT },
  ];
}
