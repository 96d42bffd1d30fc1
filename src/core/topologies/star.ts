import type { Attempt, Crew, Means, Step } from '../agents/crew';
import { STYLES } from '../agents/prompts';
import { type Money, subtract, ZERO } from '../money';
import type { PricedModel } from '../provisioning/tier';
import type { StopReason } from '../result';
import { linear } from './linear';
import { merge } from './merge';
import { rounds, silent } from './rounds';
import { conversation, DIVERSE, MOST_ATTEMPTS, type Topology } from './topology';

/** Branches that are open at once, at most. */
export const MOST_BRANCHES = 3;

/**
 * Star: several agents answer side by side, and one hub merges what they say (BAMAS, "Agent Collaboration Topology
 * Selection"). In the verified profile they differ in model, prompt and temperature; the first whose answer passes the
 * tests ends the others. Where none does, the hub merges (see {@link merge}), and what it brings is built on from cheap to
 * strong, as in Linear; without tests it is the result.
 */
export const star: Topology = {
  name: 'star',
  mostCalls: MOST_ATTEMPTS + 1,
  run: branches,
};

/** One branch: who answers, and how it differs from the others. */
interface Branch extends PricedModel {
  readonly style: string;
  readonly temperature: number;
}

async function branches(crew: Crew): Promise<StopReason> {
  const isTested = crew.task.tests.length > 0;
  const opened = open(await crew.means(conversation(crew.task)), isTested);
  if (opened.length < 2) return linear.run(crew);
  const steps = await sideBySide(crew, opened);
  const stops = steps.flatMap((step) => (step.kind === 'stop' ? [step.stop] : []));
  if (stops.includes('solved')) return 'solved';
  if (stops.includes('cancelled')) return 'cancelled';
  // A branch that was not admitted or whose model failed has cost nothing, and the others go on.
  const attempts = steps.flatMap((step) => (step.kind === 'done' && step.value !== undefined ? [step.value] : []));
  const { best, stop } = await merge(crew, attempts);
  if (stop !== undefined) return stop;
  if (best?.code !== undefined) crew.choose(best);
  if (isTested) return rounds(crew, silent, { first: best });
  return best?.code === undefined ? linear.run(crew) : 'untested';
}

/**
 * Lets all branches answer at once, and waits for all of them: what is cut off is on the receipt before the run goes
 * on. The first answer that passes ends the others; so does a broken ledger or sandbox, which is thrown.
 */
async function sideBySide(crew: Crew, opened: readonly Branch[]): Promise<readonly Step<Attempt | undefined>[]> {
  const losers = new AbortController();
  const settled = await Promise.allSettled(
    opened.map(async ({ model, style, temperature }) => {
      const messages = conversation(crew.task, undefined, { style });
      const options = { temperature, signal: losers.signal, optional: true };
      try {
        const step = await crew.attempt(model, messages, options, undefined);
        if (step.kind === 'stop' && step.stop === 'solved') losers.abort();
        return step;
      } catch (error) {
        losers.abort();
        throw error;
      }
    }),
  );
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/**
 * The branches that can be open at once: the cheapest model twice, in two ways, and the next stronger one of the pool,
 * so far as all of their worst cases fit together and leave, where there are tests to go on with, one call of the
 * strongest.
 */
function open({ pool, models, left }: Means, isTested: boolean): readonly Branch[] {
  const [cheapest] = models;
  const strongest = pool[0];
  if (cheapest === undefined || strongest === undefined) return [];
  const next = pool.findLast(({ model }) => model.tier < cheapest.model.tier) ?? strongest;
  const wanted = [cheapest, next, cheapest].slice(0, MOST_BRANCHES);
  const opened: Branch[] = [];
  let room: Money = subtract(left, isTested ? strongest.callCost : ZERO);
  for (const { model, callCost } of wanted) {
    if (callCost > room) continue;
    room = subtract(room, callCost);
    const index = opened.length;
    opened.push({ model, callCost, style: STYLES[index] ?? '', temperature: index === 0 ? 0 : DIVERSE });
  }
  return opened;
}
