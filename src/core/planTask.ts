import { taskPrompt } from './agents/prompts';
import { worstCase } from './budget/price';
import type { Catalogue } from './catalogue/model';
import type { TokenCounter } from './budget/tokens';
import { add, formatUsd, largest, type Money, smallest, times, ZERO } from './money';
import type { Plan, Profile, TopologyName } from './plan';
import { chooseByRule, type TopologyChoice } from './policy/rule';
import { CHANCE_OF_ANOTHER, priceModels, T_OUT, USUAL_OUTPUT } from './provisioning/estimate';
import { explainInfeasible, explainPool } from './provisioning/explain';
import { provision, type Provision } from './provisioning/provision';
import { assignRoles } from './provisioning/roles';
import { cheaperFirst, type PricedModel } from './provisioning/tier';
import type { Task } from './task/task';
import { topologies } from './topologies';
import { MOST_BRANCHES } from './topologies/star';
import { MOST_ATTEMPTS } from './topologies/topology';

/** What is asked of a run. */
export interface SolveRequest {
  readonly task: Task;
  /** Cap of the run: the user's budget, already lowered to any smaller per-task cap. */
  readonly budget: Money;
  readonly profile: Profile;
  readonly topology: TopologyName | 'auto';
  readonly seed?: number;
}

/** What planning needs. */
export interface PlanParts {
  readonly catalogue: Catalogue;
  readonly tokens: TokenCounter;
}

/** Something that this version does not do yet; the message says so. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/**
 * What a later call may have beyond the first, in tokens: in its prompt the previous code and what failed or was said,
 * in its completion the room that it gets after an answer was cut off.
 */
const REVISION_TOKENS = 2 * T_OUT + 400;
const MORE_ROOM = 3 * T_OUT;

/**
 * Prices a task before a cent is spent: pool, topology, expected and worst cost. Calls no model.
 * @throws UnavailableError for a profile that this version does not have.
 */
export async function planTask(request: SolveRequest, parts: PlanParts): Promise<Plan> {
  const { task, budget, profile } = request;
  refuseUnavailable(request);
  const messages = [{ role: 'user' as const, content: taskPrompt(task) }];
  const { priced, unfit } = await priceModels(parts.catalogue, parts.tokens, messages);
  const program = { models: priced, unfit, budget, made: 0 };
  const provisioned = provision(program);
  const pool = provisioned.feasible ? provisioned.pool : [];
  const choice = chooseTopology(request, pool);
  const about = { strategy: 'bamas' as const, profile, topology: choice.topology, policy: choice.policy, budget };
  const left = [...unfit.map(({ why }) => `Left out: ${why}.`), ...(parts.catalogue.notes ?? [])];
  if (!provisioned.feasible) {
    return {
      ...about,
      feasible: false,
      pool: [],
      expectedCost: ZERO,
      worstCost: ZERO,
      explanation: [...explainInfeasible(provisioned, budget), ...left],
      ...(provisioned.smallest === undefined ? {} : { smallestFeasible: provisioned.smallest }),
    };
  }
  const expectedCost = expected(pool, priced, choice.topology);
  const worstCost = worst(pool, budget, choice.topology);
  return {
    ...about,
    feasible: true,
    pool: assignRoles(choice.topology, pool, profile).map(({ model, count, role }) => ({
      model: model.id,
      count,
      role,
    })),
    expectedCost,
    worstCost,
    explanation: [
      ...explainPool(program, pool, choice.topology),
      `Expected ${formatUsd(expectedCost)}: the cheapest model tries first, and each further call is taken to be needed in ${CHANCE_OF_ANOTHER * 100}% of the cases (a prior, not yet learned from your runs).`,
      ...(task.tests.length === 0 ? ['No tests were given, so the result cannot be verified.'] : []),
      ...left,
    ],
  };
}

function refuseUnavailable({ profile }: SolveRequest): void {
  if (profile !== 'verified')
    throw new UnavailableError(`The profile '${profile}' comes with a later version; use 'verified'.`);
}

function chooseTopology({ task, topology, budget }: SolveRequest, pool: readonly Provision[]): TopologyChoice {
  if (topology === 'auto') return chooseByRule(task, pool, budget);
  return { topology, policy: { kind: 'fixed', why: 'chosen by the user' } };
}

/** First the cheapest model, then up the pool, each further call with the prior chance that it is needed. */
function expected(pool: readonly Provision[], models: readonly PricedModel[], topology: TopologyName): Money {
  const [cheapest] = [...models].sort(cheaperFirst);
  const upwards = [...pool].reverse();
  const line =
    cheapest === undefined ? upwards : [cheapest, ...upwards.filter(({ model }) => model !== cheapest.model)];
  const [strongest] = pool;
  // The plan itself is always paid.
  let sum = topology === 'planner' && strongest !== undefined ? usual(strongest) : ZERO;
  let chance = 1;
  const branches = topology === 'star' ? MOST_BRANCHES : 1;
  for (const [index, priced] of openedAtOnce(line, branches).entries()) {
    const review = topology === 'feedback' && chance < 1 ? usual(priced) : ZERO;
    sum = add(sum, share(add(usual(priced), review), chance));
    if (index >= branches - 1) chance *= index === branches - 1 ? CHANCE_OF_ANOTHER ** branches : CHANCE_OF_ANOTHER;
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
function usual({ model, callCost }: PricedModel): Money {
  const saved = Math.round(Math.min(T_OUT, model.maxOutputTokens) * (1 - USUAL_OUTPUT));
  return (callCost - times(model.price.output, saved)) as Money;
}

/** The budget, or less where all calls that a run may make, each of the dearest of the pool, cost less. */
function worst(pool: readonly Provision[], budget: Money, topology: TopologyName): Money {
  const dearest = largest(
    ZERO,
    ...pool.map(({ model, callCost }) => add(callCost, worstCase(model.price, REVISION_TOKENS, MORE_ROOM))),
  );
  return smallest(budget, times(dearest, topologies[topology].mostCalls));
}

function share(amount: Money, chance: number): Money {
  return ((amount * BigInt(Math.round(chance * 1e6))) / 1_000_000n) as Money;
}
