import { taskPrompt } from '../agents/prompts';
import { type NoProbes, probingOf } from '../agreement/probes';
import { type Calibration, UNCALIBRATED } from '../calibration/calibration';
import { explainCalibration } from '../calibration/explain';
import type { Catalogue, Model } from '../catalogue/model';
import type { TokenCounter } from '../budget/tokens';
import { add, formatUsd, type Money, smallest, ZERO } from '../money';
import type { Mode, Order, Plan, Profile, TopologyName } from '../plan';
import { explainPrompts } from './explainPrompts';
import { evidenceCost, expectedCost, lineOf, paperPrices, paperWorstCost, worstCost } from './planCost';
import { chooseByRule, type TopologyChoice } from '../policy/rule';
import { priceModels, T_OUT } from '../provisioning/estimate';
import { explainInfeasible, explainPool } from '../provisioning/explain';
import { provision, type Provision } from '../provisioning/provision';
import { assignRoles } from '../provisioning/roles';
import type { PricedModel } from '../provisioning/tier';
import { rolePrices } from './rolePrices';
import type { Task } from '../task/task';

/** What is asked of a run. */
export interface SolveRequest {
  readonly task: Task;
  /** Cap of the run: the user's budget, already lowered to any smaller per-task cap. */
  readonly budget: Money;
  readonly profile: Profile;
  readonly topology: TopologyName | 'auto';
  /** `balanced` where absent. */
  readonly mode?: Mode;
  readonly seed?: number;
}

/** What planning needs. */
export interface PlanParts {
  readonly catalogue: Catalogue;
  readonly tokens: TokenCounter;
  /** What the user's own runs say about the models; nothing where absent. */
  readonly calibration?: Calibration;
}

/** Something that this version does not do yet; the message says so. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/**
 * Prices a task before a cent is spent: pool, topology, expected and worst cost. Calls no model.
 */
export async function planTask(request: SolveRequest, parts: PlanParts): Promise<Plan> {
  const { task, budget, profile, mode = 'balanced' } = request;
  const messages = [{ role: 'user' as const, content: taskPrompt(task) }];
  const { catalogue, tokens, calibration = UNCALIBRATED } = parts;
  const planned = ({ id }: Model): number => calibration.plannedOutput(id, 'executor', T_OUT);
  const { priced: counted, unfit } = await priceModels(catalogue, tokens, messages, planned);
  const priced = profile === 'paper' ? paperPrices(counted) : counted;
  const program = { models: priced, unfit, budget, made: 0 };
  const provisioned = provision(program);
  const pool = provisioned.feasible ? provisioned.pool : [];
  const choice = chooseTopology(request, pool);
  const about = { strategy: 'bamas' as const, profile, mode, topology: choice.topology, policy: choice.policy, budget };
  const left = [...unfit.map(({ why }) => `Left out: ${why}.`), ...(catalogue.notes ?? [])];
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
  const { topology } = choice;
  const { expected, worst, said, order }: Estimate =
    profile === 'paper'
      ? { expected: provisioned.cost, worst: paperWorstCost(pool, budget, topology), said: PAPER }
      : await verifiedEstimate(request, topology, pool, priced, { tokens, calibration });
  const prompted = { language: task.language, topology, profile, pool, models: priced };
  return {
    ...about,
    feasible: true,
    pool: assignRoles(topology, pool, profile).map(({ model, count, role }) => ({
      model: model.id,
      count,
      role,
    })),
    expectedCost: expected,
    worstCost: worst,
    ...(order === undefined ? {} : { order }),
    explanation: [
      ...explainPool(program, pool, topology),
      ...said,
      await explainPrompts(prompted, tokens),
      ...(task.tests.length === 0 ? ['No tests were given, so the result cannot be verified.'] : []),
      ...left,
    ],
  };
}

/** What a run is estimated to cost, and the sentences that explain it. */
interface Estimate {
  readonly expected: Money;
  readonly worst: Money;
  readonly said: readonly string[];
  /** Of Linear, where there is more than one. */
  readonly order?: Order;
}

const PAPER = [
  'Profile paper: as published, so every agent of the pool is expected to be called once, with 500 tokens in and 384 out; nothing is tested before the end.',
];

async function verifiedEstimate(
  { task, budget, mode = 'balanced' }: SolveRequest,
  topology: TopologyName,
  pool: readonly Provision[],
  priced: readonly PricedModel[],
  { tokens, calibration }: { readonly tokens: TokenCounter; readonly calibration: Calibration },
): Promise<Estimate> {
  const evidence = await evidenceOf(task, mode, pool, priced, calibration);
  const roles = await rolePrices(task, topology, pool, tokens, calibration);
  const cost = (models: readonly PricedModel[]): Money => expectedCost(models, topology, calibration, roles);
  const line = lineOf(pool, priced);
  const ordered = topology === 'linear' && task.tests.length > 0 ? orderOf(line, cost) : undefined;
  const expected = smallest(budget, add(ordered?.cost ?? cost(line), evidence.cost));
  const untested = task.tests.length === 0 && (topology === 'feedback' || topology === 'planner');
  return {
    expected,
    worst: worstCost(pool, budget, topology, evidence.isBought ? mode : 'frugal'),
    said: [
      `Expected ${formatUsd(expected)}: ${explainCalibration(pool, priced, calibration, ordered?.order)}`,
      ...(untested ? [`Without tests, ${topology} works as linear does: there is no failure to go by.`] : []),
      ...(ordered === undefined ? [] : [ordered.said]),
      ...evidence.said,
    ],
    ...(ordered === undefined ? {} : { order: ordered.order }),
  };
}

/**
 * The cheaper of the two orders in which a line of models can be asked, by the estimates; from cheap to strong where they
 * are equal. All models fail with the same chance in either, so what differs is the cost alone. Undefined where there is
 * nothing to order.
 */
function orderOf(
  line: readonly PricedModel[],
  cost: (line: readonly PricedModel[]) => Money,
): { readonly order: Order; readonly cost: Money; readonly said: string } | undefined {
  if (line.length < 2) return undefined;
  const [up, down] = [cost(line), cost(line.toReversed())];
  const isUp = up <= down;
  const order = isUp ? 'cheap to strong' : 'strong to cheap';
  const other = isUp ? 'strong to cheap' : 'cheap to strong';
  const said =
    `Order ${order}: with the same models and so the same chance, answers are expected to cost ` +
    `${formatUsd(isUp ? up : down)}, and ${formatUsd(isUp ? down : up)} ${other}.`;
  return { order, cost: isUp ? up : down, said };
}

/** What the mode adds to the expected cost, and the sentences that say what for. */
async function evidenceOf(
  task: Task,
  mode: Mode,
  pool: readonly Provision[],
  priced: readonly PricedModel[],
  calibration: Calibration,
): Promise<{ readonly cost: Money; readonly isBought: boolean; readonly said: readonly string[] }> {
  const nothing = { cost: ZERO, isBought: false };
  if (task.tests.length === 0) return { ...nothing, said: [] };
  if (mode === 'frugal')
    return { ...nothing, said: ['Mode frugal: the first answer that passes the tests is the result.'] };
  const { none } = await probingOf(task);
  if (none !== undefined) {
    return { ...nothing, said: [`Mode ${mode}: no evidence is bought beyond the tests, as ${INCOMPARABLE[none]}.`] };
  }
  const cost = evidenceCost(pool, priced, mode, calibration);
  return { cost, isBought: true, said: [`Mode ${mode}: ${formatUsd(cost)} of that is for ${EVIDENCE[mode]}.`] };
}

/** Why answers cannot be compared by what they do. */
const INCOMPARABLE: Readonly<Record<NoProbes, string>> = {
  'no tests': 'there are none',
  'no entry point': 'the task names no function that answers could be compared by',
  'no plain call':
    'the tests hold no call of the function with plain data, so answers cannot be compared by what they do',
};

/** What a mode buys, and what it gained on recorded answers to HumanEval (`npm run bench:topologies`). */
const EVIDENCE: Readonly<Record<Exclude<Mode, 'frugal'>, string>> = {
  balanced:
    'a second, independent answer once one passes, compared by what it does on inputs near those of the tests; a ' +
    'stronger model decides where they differ. On recorded answers in Python 4.9 % of all results passed their tests ' +
    'and were wrong, and this left 4.1 %',
  thorough:
    'further independent answers once one passes, the strongest models first, until three do the same, no further ' +
    'one could change the result, or the models repeat themselves. On recorded answers in Python 4.9 % of all results ' +
    'passed their tests and were wrong, and this left 3.3 %',
};

function chooseTopology({ task, topology, budget }: SolveRequest, pool: readonly Provision[]): TopologyChoice {
  if (topology === 'auto') return chooseByRule(task, pool, budget);
  return { topology, policy: { kind: 'fixed', why: 'chosen by the user' } };
}
