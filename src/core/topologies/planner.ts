import type { Attempt, Crew } from '../agents/crew';
import { failureReport } from '../agents/failure';
import type { PlanStep } from '../agents/planSteps';
import { planMessages } from '../agents/prompts';
import type { StopReason } from '../result';
import { climb } from './climb';
import { linear } from './linear';
import { rounds, silent } from './rounds';
import { conversation, MOST_ATTEMPTS, type Topology } from './topology';

/** How often a plan that did not solve the task is made again (the first one not counted). */
const MOST_REPLANS = 2;

/**
 * Planner-Driven: the strongest model of the pool plans, and the others do what it says; the next strongest is the critic
 * (BAMAS, "Agent Instantiation"). The plan is typed and executed here, so a planner orders steps and nothing else. In
 * the verified profile every answer is tested as soon as it is written, which ends the plan where it passes; a plan that
 * cannot be read, or is not affordable, falls back to Linear.
 */
export const planner: Topology = {
  name: 'planner',
  run: (crew) => (crew.task.tests.length === 0 ? linear.run(crew) : planned(crew)),
};

async function planned(crew: Crew): Promise<StopReason> {
  let previous: Attempt | undefined;
  for (let plan = 0; plan <= MOST_REPLANS; plan++) {
    const messages = planMessages(crew.task, previous?.code, reportOf(previous));
    const { pool, left } = await crew.means(messages);
    const [strongest] = pool;
    const cheapest = pool.at(-1);
    // A plan leaves at least one call for its first step.
    const affordable =
      strongest !== undefined && cheapest !== undefined && left >= strongest.callCost + cheapest.callCost;
    if (!affordable) break;
    const step = await crew.plan(strongest.model, messages, { temperature: 0, keep: cheapest.callCost });
    if (step.kind === 'stop') return step.stop;
    if (step.value === undefined) break;
    const done = await execute(crew, step.value, previous);
    if (done.stop !== undefined) return done.stop;
    previous = done.previous;
  }
  return rounds(crew, silent, previous);
}

/** Where a plan's steps have led: to the end of the run, or to a last attempt that still fails. */
interface Executed {
  readonly stop: StopReason | undefined;
  readonly previous: Attempt | undefined;
}

async function execute(crew: Crew, steps: readonly PlanStep[], first: Attempt | undefined): Promise<Executed> {
  let previous = first;
  let advice: string | undefined;
  let attempts = 0;
  for (const { do: kind, note } of steps) {
    if (kind === 'stop' || attempts === MOST_ATTEMPTS) break;
    // Every answer is tested when it is written, so this step has been done already.
    if (kind === 'test') continue;
    if (kind === 'critique') {
      const said = await critique(crew, previous);
      if (typeof said === 'object') return { stop: said.stop, previous };
      advice = said ?? advice;
      continue;
    }
    const base = kind === 'revise' ? previous : undefined;
    const messages = conversation(
      crew.task,
      base,
      [advice, note].filter(Boolean).join('\n') || undefined,
      base === undefined ? note : '',
    );
    const choice = climb(await crew.means(messages), previous);
    if (choice === undefined) break;
    const step = await crew.attempt(choice.next.model, messages, { temperature: 0, keep: choice.keep }, base);
    if (step.kind === 'stop') return { stop: step.stop, previous };
    attempts += 1;
    advice = undefined;
    previous = step.value ?? previous;
  }
  return { stop: undefined, previous };
}

/** What the critic says of the last attempt; undefined where there is nothing to say or no money for it. */
async function critique(
  crew: Crew,
  previous: Attempt | undefined,
): Promise<string | undefined | { readonly stop: StopReason }> {
  if (previous?.code === undefined || previous.verdict === undefined) return undefined;
  const { pool, left } = await crew.means(conversation(crew.task, previous));
  const critic = pool[1] ?? pool[0];
  if (critic === undefined || left < critic.callCost + critic.callCost) return undefined;
  const options = { temperature: 0, keep: critic.callCost };
  const step = await crew.critique(critic.model, previous.code, failureReport(previous.verdict), options);
  return step.kind === 'stop' ? { stop: step.stop } : step.value;
}

function reportOf(previous: Attempt | undefined): string | undefined {
  return previous?.verdict === undefined ? undefined : failureReport(previous.verdict);
}
