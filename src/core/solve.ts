import type { Caps } from './budget/caps';
import type { Ledger } from './budget/ledger';
import type { TokenCounter } from './budget/tokens';
import type { Catalogue } from './catalogue/model';
import type { Subscriber } from './events';
import type { Money } from './money';
import type { Plan, Profile, TopologyName } from './plan';
import type { ChatProvider } from './providers/chat';
import type { RunResult } from './result';
import type { Sandbox } from './sandbox/sandbox';
import type { Task } from './task/task';

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

/** What a run needs; built by a composition root. */
export interface SolveParts extends PlanParts {
  readonly provider: ChatProvider;
  readonly sandbox: Sandbox;
  readonly ledger: Ledger;
  readonly caps: Caps;
  /** The workspace that is charged; empty outside an editor. */
  readonly workspace: string;
}

/** Prices a task before a cent is spent: pool, topology, expected and worst cost. Calls no model. */
export declare function planTask(request: SolveRequest, parts: PlanParts): Promise<Plan>;

/**
 * The pipeline: plan, instantiate agents, run the topology, verify. Everything that happens is emitted in order.
 * Never rejects for what can go wrong in a run: failures are results with an `error`, and what was spent is on them.
 * `approve` sees the plan before anything is spent; without it the plan is taken as approved.
 */
export declare function solve(
  request: SolveRequest,
  parts: SolveParts,
  emit: Subscriber,
  signal: AbortSignal,
  approve?: (plan: Plan) => Promise<boolean>,
): Promise<RunResult>;
