import type { Attempt, Crew, Means, Step } from '../agents/crew';
import { STYLES } from '../agents/prompts';
import { type Money, subtract } from '../money';
import type { PricedModel } from '../provisioning/tier';
import type { StopReason } from '../result';
import { linear } from './linear';
import { rounds, silent } from './rounds';
import { conversation, DIVERSE, type Topology } from './topology';

/** Branches that are open at once, at most. */
const MOST_BRANCHES = 3;

/**
 * Star: several agents answer side by side, and one hub merges what they say (BAMAS, "Agent Collaboration Topology
 * Selection"). In the verified profile they differ in model, prompt and temperature, the tests are the hub, and the first
 * that passes ends the others. Where none does, the best answer is built on from cheap to strong, as in Linear.
 */
export const star: Topology = {
  name: 'star',
  run: (crew) => (crew.task.tests.length === 0 ? linear.run(crew) : branches(crew)),
};

/** One branch: who answers, and how it differs from the others. */
interface Branch extends PricedModel {
  readonly style: string;
  readonly temperature: number;
}

async function branches(crew: Crew): Promise<StopReason> {
  const opened = open(await crew.means(conversation(crew.task)));
  if (opened.length < 2) return rounds(crew, silent);
  const losers = new AbortController();
  const steps = await Promise.all(
    opened.map(async ({ model, style, temperature }) => {
      const options = { temperature, signal: losers.signal };
      const step = await crew.attempt(model, conversation(crew.task, undefined, undefined, style), options, undefined);
      if (isEnd(step)) losers.abort();
      return step;
    }),
  );
  const end = steps.find((step) => isEnd(step));
  if (end?.kind === 'stop') return end.stop;
  // A branch that was not admitted or whose model failed has cost nothing, and the others go on.
  return rounds(crew, silent, best(steps) ?? crew.best);
}

/** Whether a branch decides the run: it is solved, or the user has cancelled. */
function isEnd(step: Step<Attempt | undefined>): step is Step<Attempt | undefined> & { readonly kind: 'stop' } {
  return step.kind === 'stop' && (step.stop === 'solved' || step.stop === 'cancelled');
}

/**
 * The branches that can be open at once: the cheapest model twice, in two ways, and the next stronger one of the pool,
 * so far as all of their worst cases fit together and leave one call of the strongest.
 */
function open({ pool, models, left }: Means): readonly Branch[] {
  const [cheapest] = models;
  const strongest = pool[0];
  if (cheapest === undefined || strongest === undefined) return [];
  const next = pool.findLast(({ model }) => model.tier < cheapest.model.tier) ?? strongest;
  const wanted = [cheapest, next, cheapest].slice(0, MOST_BRANCHES);
  const opened: Branch[] = [];
  let room: Money = subtract(left, strongest.callCost);
  for (const { model, callCost } of wanted) {
    if (callCost > room) continue;
    room = subtract(room, callCost);
    const index = opened.length;
    opened.push({ model, callCost, style: STYLES[index] ?? '', temperature: index === 0 ? 0 : DIVERSE });
  }
  return opened;
}

/** The answer that passed most tests. */
function best(steps: readonly Step<Attempt | undefined>[]): Attempt | undefined {
  const attempts = steps.flatMap((step) => (step.kind === 'done' && step.value !== undefined ? [step.value] : []));
  return attempts.reduce<Attempt | undefined>(
    (most, next) => ((next.verdict?.passed ?? -1) > (most?.verdict?.passed ?? -2) ? next : most),
    undefined,
  );
}
