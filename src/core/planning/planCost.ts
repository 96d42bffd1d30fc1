import { worstCase } from '../budget/price';
import type { Calibration } from '../calibration/calibration';
import { add, largest, type Money, smallest, subtract, times, ZERO } from '../money';
import type { Mode, TopologyName } from '../plan';
import { CHANCE_OF_ANOTHER, T_OUT, USUAL_OUTPUT } from '../provisioning/estimate';
import type { Provision } from '../provisioning/provision';
import { cheaperFirst, type PricedModel } from '../provisioning/tier';
import { topologies } from '../topologies';
import { MOST_OPINIONS } from '../topologies/evidence';
import { paperTopologies } from '../topologies/paper';
import { MOST_BRANCHES } from '../topologies/star';
import type { RolePrices } from './rolePrices';
import { MOST_ATTEMPTS } from '../topologies/topology';

/**
 * What a later call may have beyond the first, in tokens: in its prompt the previous code and what failed or was said,
 * in its completion the room that it gets after an answer was cut off.
 */
const REVISION_TOKENS = 2 * T_OUT + 400;
const MORE_ROOM = 3 * T_OUT;

/** Prompt tokens that the paper plans every call with (BAMAS, appendix B). */
const PAPER_T_IN = 500;

/** What a call of every model costs by the paper's estimate: 500 tokens in and 384 out, whatever the task. */
export function paperPrices(models: readonly PricedModel[]): readonly PricedModel[] {
  return models.map(({ model }) => ({
    model,
    callCost: worstCase(model.price, PAPER_T_IN, Math.min(T_OUT, model.maxOutputTokens)),
  }));
}

/** The budget, or less where all calls that the paper's topology may make, each of the dearest of the pool, cost less. */
export function paperWorstCost(pool: readonly Provision[], budget: Money, topology: TopologyName): Money {
  const agents = pool.reduce((sum, { count }) => sum + count, 0);
  return smallest(budget, times(dearestCall(pool), paperTopologies[topology].mostCalls(agents)));
}

/** How often a second opinion is expected to do otherwise than an answer that passed; a prior, from recorded runs. */
const CHANCE_OF_DISPUTE = 0.15;

/** The models that a run asks, from the cheapest up the pool. */
export function lineOf(pool: readonly Provision[], models: readonly PricedModel[]): readonly PricedModel[] {
  const [cheapest] = [...models].sort(cheaperFirst);
  const upwards = [...pool].reverse();
  return cheapest === undefined ? upwards : [cheapest, ...upwards.filter(({ model }) => model !== cheapest.model)];
}

/**
 * What a run costs that asks these models in this order, each further call with the chance that the answers before it
 * do not pass. What answers take and how often they pass is the calibration's.
 */
export function expectedCost(
  line: readonly PricedModel[],
  topology: TopologyName,
  calibration: Calibration,
  roles: RolePrices,
): Money {
  const usual = (priced: PricedModel): Money => usualCost(priced, calibration);
  // The plan itself is always paid.
  let sum = topology === 'planner' ? roles.planner : ZERO;
  let chance = 1;
  let failing = 1;
  const branches = topology === 'star' ? MOST_BRANCHES : 1;
  for (const [index, priced] of openedAtOnce(line, branches).entries()) {
    const review = topology === 'feedback' && chance < 1 ? roles.critic : ZERO;
    sum = add(sum, share(add(usual(priced), review), chance));
    failing *= 1 - calibration.chanceOfPass(priced.model.id, 1 - CHANCE_OF_ANOTHER);
    if (index >= branches - 1) chance = failing;
  }
  return sum;
}

/** The calls of a run in their order: the branches that are open at once are the cheapest, the next, the cheapest. */
function openedAtOnce(line: readonly PricedModel[], branches: number): readonly PricedModel[] {
  const [cheapest, ...others] = line;
  if (cheapest === undefined || branches === 1) return line.slice(0, MOST_ATTEMPTS);
  const [next = cheapest, ...rest] = others;
  return [cheapest, next, cheapest, ...rest].slice(0, MOST_ATTEMPTS);
}

/** What a call usually costs: answers seldom take all that they may. */
function usualCost({ model, callCost }: PricedModel, calibration: Calibration): Money {
  const planned = Math.min(calibration.plannedOutput(model.id, 'executor', T_OUT), model.maxOutputTokens);
  const usual = calibration.usualOutput(model.id, 'executor', Math.round(planned * USUAL_OUTPUT));
  return subtract(callCost, times(model.price.output, Math.max(0, planned - usual)));
}

/**
 * What the evidence of a mode is expected to cost, within the budget: in `balanced` a cheap opinion, and one of the
 * strongest where that disputes the answer; in `thorough` two further answers of the strongest models.
 */
export function evidenceCost(
  pool: readonly Provision[],
  models: readonly PricedModel[],
  mode: Mode,
  calibration: Calibration,
): Money {
  const usual = (priced: PricedModel): Money => usualCost(priced, calibration);
  const [cheapest] = [...models].sort(cheaperFirst);
  const [strongest] = pool;
  if (mode === 'frugal' || cheapest === undefined || strongest === undefined) return ZERO;
  if (mode === 'balanced') return add(usual(cheapest), share(usual(strongest), CHANCE_OF_DISPUTE));
  return add(usual(strongest), usual(pool[1] ?? strongest));
}

/** The budget, or less where all calls that a run may make, each of the dearest of the pool, cost less. */
export function worstCost(pool: readonly Provision[], budget: Money, topology: TopologyName, mode: Mode): Money {
  return smallest(budget, times(dearestCall(pool), topologies[topology].mostCalls + MOST_OPINIONS[mode]));
}

/** What a later call of the dearest model may come to. */
function dearestCall(pool: readonly Provision[]): Money {
  return largest(
    ZERO,
    ...pool.map(({ model, callCost }) => add(callCost, worstCase(model.price, REVISION_TOKENS, MORE_ROOM))),
  );
}

function share(amount: Money, chance: number): Money {
  return ((amount * BigInt(Math.round(chance * 1e6))) / 1_000_000n) as Money;
}
