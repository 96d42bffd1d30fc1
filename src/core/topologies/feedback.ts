import type { Crew, Step } from '../agents/crew';
import { failureReport } from '../agents/prompts';
import { add } from '../money';
import { assignRoles, playing } from '../provisioning/roles';
import { isMuchDearer } from '../policy/muchDearer';
import { callsLeft } from './callsLeft';
import { TRIES } from './climb';
import { linear } from './linear';
import { type Advise, rounds } from './rounds';
import { MOST_ATTEMPTS, type Topology } from './topology';

/**
 * Feedback: executors write, and the strongest model of the pool is their critic (BAMAS, "Agent Instantiation"). In the
 * verified profile the tests are run first: the critic is paid only where they left something to say, sees the code and
 * the failing output, and cannot approve what failed.
 */
export const feedback: Topology = {
  name: 'feedback',
  mostCalls: 2 * MOST_ATTEMPTS,
  run: (crew) =>
    crew.task.tests.length === 0 ? linear.run(crew) : rounds(crew, critic(crew), { tries: ADVISED_TRIES }),
};

/** Answers of a model before one that is much dearer writes itself: one more, for what its critique is worth. */
const ADVISED_TRIES = TRIES + 1;

/**
 * A critique is worth its price where a weaker model's code failed, and the revision stays affordable after it. A critic
 * that is much dearer than the revision is not paid before its model has tried twice: what failed is told for nothing.
 */
function critic(crew: Crew): Advise {
  return async (previous, means, next): Promise<Step<string | undefined>> => {
    const { pool, left, tries } = means;
    const strongest = playing('critic', assignRoles('feedback', pool));
    const { code, verdict, model } = previous;
    const silent = { kind: 'done', value: undefined } as const;
    if (strongest === undefined || code === undefined || verdict === undefined) return silent;
    const { callCost } = strongest;
    if (model.tier <= strongest.model.tier || add(callCost, callCost) > left) return silent;
    if (isMuchDearer(callCost, next.callCost) && tries(next.model.id) < TRIES) return silent;
    const calls = callsLeft(means, callCost, model, MOST_ATTEMPTS - crew.attempts);
    return crew.critique(strongest.model, code, failureReport(verdict), calls, { temperature: 0, keep: callCost });
  };
}
