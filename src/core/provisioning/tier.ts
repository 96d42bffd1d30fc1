import type { Model } from '../catalogue/model';
import type { Money } from '../money';

/** A model and what one call of it is planned to cost: c = T_in x P_in + T_out x P_out (BAMAS, Eq. 1). */
export interface PricedModel {
  readonly model: Model;
  readonly callCost: Money;
}

/** All instances of one tier that may be provisioned, cheapest first; the order breaks ties deterministically. */
export interface Tier {
  readonly level: number;
  readonly instances: readonly PricedModel[];
}

/** Groups models by tier, strongest first, each with `most` instances of every model. */
export function tiersOf(models: readonly PricedModel[], most: number): Tier[] {
  const levels = new Map<number, PricedModel[]>();
  for (const priced of [...models].sort(cheaperFirst)) {
    const same = levels.get(priced.model.tier);
    const instances = Array.from({ length: most }, () => priced);
    if (same === undefined) levels.set(priced.model.tier, instances);
    else same.push(...instances);
  }
  return [...levels].sort(([a], [b]) => a - b).map(([level, instances]) => ({ level, instances }));
}

/** Orders by the cost of a call, and where that is the same by name. */
export function cheaperFirst(a: PricedModel, b: PricedModel): number {
  if (a.callCost !== b.callCost) return a.callCost < b.callCost ? -1 : 1;
  return a.model.id < b.model.id ? -1 : a.model.id > b.model.id ? 1 : 0;
}
