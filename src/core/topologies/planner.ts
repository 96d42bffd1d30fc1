import type { Attempt, Crew, Step } from '../agents/crew';
import type { PlanStep } from '../agents/planSteps';
import { failureReport, MOST_TOLD, planMessages } from '../agents/prompts';
import type { ChatMessage } from '../providers/message';
import type { StopReason } from '../result';
import { callsLeft } from './callsLeft';
import { climb, isTriedOut } from './climb';
import { linear } from './linear';
import { rounds, silent } from './rounds';
import { conversation, DIVERSE, MOST_ATTEMPTS, type Topology } from './topology';

/** How often a plan that did not solve the task is made again, the first one not counted (BAMAS, appendix B). */
const MOST_REPLANS = 2;

/**
 * Planner-Driven: the strongest model of the pool plans, and the others do what it says; the next strongest is the critic
 * (BAMAS, "Agent Instantiation"). The plan is typed and executed here, so a planner orders steps and nothing else. In
 * the verified profile every answer is tested as soon as it is written, which ends the plan where it passes. A plan that
 * cannot be read or paid falls back to Linear, as does the run when all its plans are through.
 */
export const planner: Topology = {
  name: 'planner',
  mostCalls: 2 * MOST_ATTEMPTS + 1 + MOST_REPLANS,
  run: (crew) => (crew.task.tests.length === 0 ? linear.run(crew) : planned(crew)),
};

async function planned(crew: Crew): Promise<StopReason> {
  let previous: Attempt | undefined;
  for (let plan = 0; plan <= MOST_REPLANS && crew.attempts < MOST_ATTEMPTS; plan++) {
    const asked = (calls: number): ChatMessage[] => planMessages(crew.task, previous?.code, reportOf(previous), calls);
    const means = await crew.means(asked(MOST_TOLD));
    if (isTriedOut(means, crew.mode)) return 'gave up';
    const { pool, left } = means;
    const [strongest] = pool;
    const cheapest = pool.at(-1);
    // A plan leaves at least one call for its first step.
    if (strongest === undefined || cheapest === undefined || strongest.callCost + cheapest.callCost > left) break;
    const calls = callsLeft(means, strongest.callCost, previous?.model, MOST_ATTEMPTS - crew.attempts);
    const step = await crew.plan(strongest.model, asked(calls), { temperature: 0, keep: cheapest.callCost });
    if (step.kind === 'stop') return step.stop;
    if (step.value === undefined) break;
    const done = await execute(crew, step.value, previous);
    if (done.stop !== undefined) return done.stop;
    previous = done.previous;
  }
  return rounds(crew, silent, { first: previous });
}

/** Where a plan's steps have led: to the end of the run, or to a last attempt that still fails. */
interface Executed {
  readonly stop: StopReason | undefined;
  readonly previous: Attempt | undefined;
}

async function execute(crew: Crew, steps: readonly PlanStep[], first: Attempt | undefined): Promise<Executed> {
  let previous = first;
  let critique: string | undefined;
  for (const { do: kind, note } of steps) {
    if (kind === 'stop' || crew.attempts >= MOST_ATTEMPTS) break;
    // Every answer is tested when it is written, so this step has been done already.
    if (kind === 'test') continue;
    if (kind === 'critique') {
      if (previous === undefined || critique !== undefined) continue;
      const said = await review(crew, previous);
      if (said.kind === 'stop') return { stop: said.stop, previous };
      critique = said.value;
      continue;
    }
    const base = kind === 'revise' ? previous : undefined;
    const messages = ordered(crew, base, critique, note);
    const means = await crew.means(messages);
    const choice = climb(means, previous, crew.mode);
    if (choice === undefined || isTriedOut(means, crew.mode)) break;
    const options = { temperature: previous?.repeated === true ? DIVERSE : 0, keep: choice.keep };
    const step = await crew.attempt(choice.next.model, messages, options, base);
    if (step.kind === 'stop') return { stop: step.stop, previous };
    critique = undefined;
    previous = step.value ?? previous;
  }
  return { stop: undefined, previous };
}

/** The conversation of a step that writes: anew, or on top of an answer. It holds the planner's note either way. */
function ordered(crew: Crew, base: Attempt | undefined, critique: string | undefined, note: string): ChatMessage[] {
  if (base === undefined) return conversation(crew.task, undefined, { style: note });
  const advice = [critique, note].filter((text) => text !== undefined && text !== '').join('\n');
  return conversation(crew.task, base, { critique: advice === '' ? undefined : advice });
}

/** What the critic says of the last attempt; undefined where there is nothing to say or no money for it. */
async function review(crew: Crew, previous: Attempt): Promise<Step<string | undefined>> {
  const nothing = { kind: 'done', value: undefined } as const;
  const { code, verdict } = previous;
  if (code === undefined || verdict === undefined) return nothing;
  const means = await crew.means(conversation(crew.task, previous));
  const { pool, left } = means;
  const critic = pool[1] ?? pool[0];
  if (critic === undefined || critic.callCost + critic.callCost > left) return nothing;
  const calls = callsLeft(means, critic.callCost, previous.model, MOST_ATTEMPTS - crew.attempts);
  const options = { temperature: 0, keep: critic.callCost };
  return crew.critique(critic.model, code, failureReport(verdict), calls, options);
}

function reportOf(previous: Attempt | undefined): string | undefined {
  return previous?.verdict === undefined ? undefined : failureReport(previous.verdict);
}
