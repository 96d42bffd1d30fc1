import type { Unfit } from './estimate';
import type { PricedModel } from './tier';

/**
 * The constraint that leaves no pool:
 * - `budget`: not even one call of the cheapest model is within the budget;
 * - `agents`: one call is, but not as many as a pool has agents at least;
 * - `context`: the task is too long for every model; `nearest` is the one that lacks least;
 * - `models`: there is no model at all.
 */
export type Binding =
  | { readonly kind: 'budget' | 'agents'; readonly cheapest: PricedModel; readonly least: number }
  | { readonly kind: 'context'; readonly nearest: Unfit }
  | { readonly kind: 'models' };

/** What is in the way where no model is left. */
export function bindingOf(unfit: readonly Unfit[]): Binding {
  const [first, ...rest] = unfit;
  if (first === undefined) return { kind: 'models' };
  const nearest = rest.reduce((most, one) => (missing(one) < missing(most) ? one : most), first);
  return { kind: 'context', nearest };
}

/** Tokens by which a model's context window is too small. */
function missing({ model, tokens }: Unfit): number {
  return tokens - model.contextWindow;
}
