import type { Attempt, Means } from '../agents/crew';
import type { Money } from '../money';
import { add, ZERO } from '../money';
import type { Mode } from '../plan';
import { isMuchDearer } from '../policy/muchDearer';
import type { PricedModel } from '../provisioning/tier';

/** The model for the next attempt, and what to keep for those after it. */
export interface Choice {
  readonly next: PricedModel;
  readonly keep: Money;
  /** It starts from the task alone: what was written before would be dear to read. */
  readonly afresh: boolean;
}

/** Answers of a model, without advice, before one that is much dearer is asked. */
export const TRIES = 2;

/** Answers of the strongest, where it is much dearer than others, after which more would only burn what is left. */
const TRIES_OF_STRONGEST: Readonly<Record<Mode, number>> = { frugal: 2, balanced: 2, thorough: 4 };

/**
 * Whether the strongest model has failed as often as the mode pays for. A model that costs about as much as all others
 * may try on: that is what the money is for.
 */
export function isTriedOut({ models, tries }: Means, mode: Mode): boolean {
  const [cheapest] = models;
  const top = Math.min(...models.map(({ model }) => model.tier));
  const strongest = models.filter(({ model }) => model.tier === top);
  const isDear = strongest.every(({ callCost }) => cheapest !== undefined && isMuchDearer(callCost, cheapest.callCost));
  return isDear && strongest.reduce((sum, { model }) => sum + tries(model.id), 0) >= TRIES_OF_STRONGEST[mode];
}

/**
 * From cheap to strong: first the cheapest model of the catalogue that leaves the pool's strongest affordable, then
 * one tier up the pool with every attempt that fails, then the strongest again. A model that failed once tries once more
 * before one that is much dearer is asked; that one starts afresh, and in `frugal` does so each time. Where nothing fits
 * as planned any more, the cheapest model gets one last, smaller call. Undefined where nothing is left to try.
 *
 * From strong to cheap, where the plan says so: first the pool's strongest, then one tier down with every attempt that
 * fails, to the cheapest of the catalogue, and the strongest again.
 * @param most answers of a model before one that is much dearer is asked
 */
export function climb(
  { pool, models, left, order, tries }: Means,
  previous: Attempt | undefined,
  mode: Mode,
  most: number = TRIES,
): Choice | undefined {
  const strongest = pool[0];
  const cheapest = models[0];
  if (strongest === undefined) {
    const tried = cheapest === undefined || cheapest.model.id === previous?.model.id;
    return tried ? undefined : { next: cheapest, keep: ZERO, afresh: false };
  }
  const within = (next: PricedModel, afresh = false): Choice => ({
    ...{ next, afresh },
    keep: next.model.id === strongest.model.id ? ZERO : strongest.callCost,
  });
  if (order === 'strong to cheap') return within(downwards(pool, cheapest, previous) ?? strongest);
  if (previous === undefined) {
    const first = models.find(({ callCost }) => add(callCost, strongest.callCost) <= left);
    return within(first ?? strongest);
  }
  const stronger = pool.filter(({ model }) => model.tier < previous.model.tier);
  const nextTier = stronger.at(-1)?.model.tier;
  const next = stronger.find(({ model }) => model.tier === nextTier) ?? strongest;
  const again = models.find(({ model }) => model.id === previous.model.id);
  const isDear = again !== undefined && isMuchDearer(next.callCost, again.callCost);
  if (isDear && tries(again.model.id) < most) return within(again);
  const isDearest = cheapest !== undefined && isMuchDearer(next.callCost, cheapest.callCost);
  return within(next, isDear || (mode === 'frugal' && isDearest));
}

/** The next weaker model than that of the last attempt; undefined where there is none, or no attempt yet. */
function downwards(
  pool: readonly PricedModel[],
  cheapest: PricedModel | undefined,
  previous: Attempt | undefined,
): PricedModel | undefined {
  if (previous === undefined) return undefined;
  const weaker = [...pool, ...(cheapest === undefined ? [] : [cheapest])];
  return weaker.find(({ model }) => model.tier > previous.model.tier);
}
