import { type Money, ZERO } from '../core/money';
import { countByModel, type Plan } from '../core/plan';
import type { RunResult, Status } from '../core/result';
import type { ProofNote } from '../report/record';
import type { CommonOptions } from './args';
import type { ProjectPlan } from './project';

/** A result as `batch` and `solve --json` print it, in the order of its fields. Amounts are exact. */
export interface ResultLine {
  readonly id: string;
  readonly status: Status;
  readonly code: string;
  readonly verdict: { readonly passed: number; readonly total: number; readonly ran: boolean };
  readonly strategy: string;
  readonly topology: string;
  readonly profile: string;
  readonly pool: readonly { readonly model: string; readonly count: number }[];
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: Money;
  readonly budgetUsd: Money;
  readonly unconfirmedUsd: Money;
  readonly worstReservedUsd: Money;
  readonly seconds: number;
  readonly error?: string;
}

export function resultLine({ account, verdict, pool, ...result }: RunResult): ResultLine {
  return {
    id: result.id,
    status: result.status,
    code: result.code,
    verdict: { passed: verdict.passed, total: verdict.total, ran: verdict.ran },
    strategy: result.strategy,
    topology: result.topology,
    profile: result.profile,
    pool: countByModel(pool),
    calls: account.calls,
    promptTokens: account.promptTokens,
    completionTokens: account.completionTokens,
    costUsd: account.spent,
    budgetUsd: account.budget,
    unconfirmedUsd: account.unconfirmed,
    worstReservedUsd: account.worstReserved,
    seconds: Math.round(result.seconds * 1000) / 1000,
    ...(result.error === undefined ? {} : { error: result.error }),
  };
}

/** The line of a task that never ran: nothing was planned and nothing spent. */
export function errorLine(
  id: string,
  error: string,
  { budget, topology, profile, tests }: Pick<CommonOptions, 'topology' | 'profile'> & { budget: Money; tests: number },
): ResultLine {
  return {
    id,
    status: 'error',
    code: '',
    verdict: { passed: 0, total: tests, ran: false },
    strategy: 'bamas',
    topology,
    profile,
    pool: [],
    calls: 0,
    promptTokens: 0,
    completionTokens: 0,
    costUsd: ZERO,
    budgetUsd: budget,
    unconfirmedUsd: ZERO,
    worstReservedUsd: ZERO,
    seconds: 0,
    error,
  };
}

/** What `--json` adds where a project's own tests decide. */
export interface ProjectFields {
  readonly folder: string;
  /** Relative to the folder, with `/`. */
  readonly file: string;
  readonly command: string;
  /** What the tests said before anything was written: "3 tests: 1 pass, 2 fail". */
  readonly before: string;
  /** Whether the answer is in the file by now. */
  readonly applied: boolean;
}

export function projectFields(
  { root, file }: ProjectPlan,
  { command, before }: ProofNote,
  applied = false,
): ProjectFields {
  return { folder: root, file: file.path, command, before, applied };
}

/** A plan as `plan --json` prints it. */
export function planObject(plan: Plan): object {
  return {
    feasible: plan.feasible,
    strategy: plan.strategy,
    profile: plan.profile,
    pool: plan.pool,
    topology: plan.topology,
    policy: plan.policy,
    expectedCostUsd: plan.expectedCost,
    worstCostUsd: plan.worstCost,
    budgetUsd: plan.budget,
    explanation: plan.explanation,
    smallestFeasibleUsd: plan.smallestFeasible,
  };
}
