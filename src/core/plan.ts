import type { Money } from './money';
import type { Role } from './providers/message';

export const TOPOLOGIES = ['linear', 'star', 'feedback', 'planner'] as const;
export type TopologyName = (typeof TOPOLOGIES)[number];

export const PROFILES = ['verified', 'paper'] as const;
export type Profile = (typeof PROFILES)[number];

/**
 * How much evidence a run buys in the verified profile once an answer passes the visible tests: `frugal` none,
 * `balanced` a second opinion while that is cheap, `thorough` as much as the budget pays.
 */
export const MODES = ['frugal', 'balanced', 'thorough'] as const;
export type Mode = (typeof MODES)[number];

/** In which order Linear asks models whose answers do not pass. */
export const ORDERS = ['cheap to strong', 'strong to cheap'] as const;
export type Order = (typeof ORDERS)[number];

/** So many instances of a model; one that plays several roles has an entry for each. */
export interface PoolEntry {
  readonly model: string;
  readonly count: number;
  readonly role?: Role;
}

/** How the topology was chosen, and why. */
export interface PolicyChoice {
  readonly kind: 'learned' | 'lookup' | 'rule' | 'fixed';
  readonly probability?: number;
  readonly encoder?: string;
  readonly why: string;
}

/** What a run will do and what it can cost, before a cent is spent. */
export interface Plan {
  readonly feasible: boolean;
  readonly strategy: 'bamas';
  readonly profile: Profile;
  readonly mode: Mode;
  readonly pool: readonly PoolEntry[];
  readonly topology: TopologyName;
  /** Of Linear in the verified profile, where there are tests to stop at; from cheap to strong where absent. */
  readonly order?: Order;
  readonly policy: PolicyChoice;
  /** What the run is expected to cost when the usual answers come. */
  readonly expectedCost: Money;
  /** Bound of the whole plan; at most the budget. */
  readonly worstCost: Money;
  readonly budget: Money;
  /** Sentences: why these models, what the next dollar would buy. */
  readonly explanation: readonly string[];
  /** Only where infeasible: the smallest budget that would do. */
  readonly smallestFeasible?: Money;
}

/** How many instances of each model a pool has, whatever their roles. */
export function countByModel(pool: readonly PoolEntry[]): { readonly model: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { model, count } of pool) counts.set(model, (counts.get(model) ?? 0) + count);
  return [...counts].map(([model, count]) => ({ model, count }));
}
