import type { Attempt, Means } from '../agents/crew';
import type { Money } from '../money';
import { add, ZERO } from '../money';
import type { PricedModel } from '../provisioning/tier';

/** The model for the next attempt, and what to keep for those after it. */
export interface Choice {
  readonly next: PricedModel;
  readonly keep: Money;
}

/**
 * From cheap to strong: first the cheapest model of the catalogue that leaves the pool's strongest affordable, then
 * one tier up the pool with every attempt that fails, then the strongest again. Where nothing fits as planned any more,
 * the cheapest model gets one last, smaller call. Undefined where nothing is left to try.
 */
export function climb({ pool, models, left }: Means, previous: Attempt | undefined): Choice | undefined {
  const strongest = pool[0];
  const cheapest = models[0];
  if (strongest === undefined) {
    const tried = cheapest === undefined || cheapest.model.id === previous?.model.id;
    return tried ? undefined : { next: cheapest, keep: ZERO };
  }
  const within = (next: PricedModel): Choice => ({
    next,
    keep: next.model.id === strongest.model.id ? ZERO : strongest.callCost,
  });
  if (previous === undefined) {
    const first = models.find(({ callCost }) => add(callCost, strongest.callCost) <= left);
    return within(first ?? strongest);
  }
  const stronger = pool.filter(({ model }) => model.tier < previous.model.tier);
  const nextTier = stronger.at(-1)?.model.tier;
  return within(stronger.find(({ model }) => model.tier === nextTier) ?? strongest);
}
