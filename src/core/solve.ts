import { randomUUID } from 'node:crypto';
import type { AskForRaise } from './agents/exhaustion';
import type { Caps, CapsNow } from './budget/caps';
import { type Ledger, LedgerError } from './budget/ledger';
import { Meter } from './budget/meter';
import type { Subscriber } from './events';
import type { Plan } from './plan';
import { type PlanParts, planTask, type SolveRequest, UnavailableError } from './planning/planTask';
import type { ChatProvider } from './providers/chat';
import { type RunResult, statusOf, type StopReason } from './result';
import { type Sandbox, SandboxError } from './sandbox/sandbox';
import { teamOf } from './team';

export { type PlanParts, planTask, type SolveRequest, UnavailableError } from './planning/planTask';

/** What a run needs; built by a composition root. */
export interface SolveParts extends PlanParts {
  readonly provider: ChatProvider;
  readonly sandbox: Sandbox;
  readonly ledger: Ledger;
  /** Asked for each call anew: the user may lower them while a run is under way. */
  readonly caps: Caps | CapsNow;
  /** The workspace that is charged; empty outside an editor. */
  readonly workspace: string;
}

/** What is the user's to decide in a run. */
export interface Decisions {
  /** Sees the plan before anything is spent; without it the plan is taken as approved. */
  readonly approve?: (plan: Plan) => Promise<boolean>;
  /** Asked when the budget is exhausted; without it the run stops there. A raise goes on with the same run. */
  readonly raise?: AskForRaise;
}

/**
 * The pipeline: plan, instantiate agents, run the topology, verify. Everything that happens is emitted in order.
 * What can go wrong in a run does not reject: it is a result with an `error`, and what was spent is on it.
 * @throws UnavailableError for tests in a language that this sandbox cannot run.
 */
export async function solve(
  request: SolveRequest,
  parts: SolveParts,
  emit: Subscriber,
  signal: AbortSignal,
  { approve, raise }: Decisions = {},
): Promise<RunResult> {
  const { task } = request;
  if (task.tests.length > 0 && !parts.sandbox.languages.includes(task.language)) {
    throw new UnavailableError(
      parts.sandbox.missing?.(task.language) ??
        `Tests in ${task.language} cannot be run here; this sandbox tests ${parts.sandbox.languages.join(', ')}.`,
    );
  }
  const started = performance.now();
  const cancelled = (): boolean => signal.aborted;
  const plan = await planTask(request, parts);
  emit({ type: 'planned', plan });
  const run = randomUUID();
  const meter = new Meter({
    ...parts,
    budget: request.budget,
    limit: plan.worstCost,
    run,
    task: request.task.id,
    emit,
    signal,
  });
  const heading = {
    run,
    task: task.id,
    workspace: parts.workspace,
    expected: plan.expectedCost,
    worst: plan.worstCost,
  };
  const team = teamOf(plan, {
    ...{ ...request, ...parts, seed: request.seed, mode: plan.mode, meter, emit, signal },
    raise:
      raise === undefined
        ? undefined
        : async (exhaustion) => {
            const budget = await raise(exhaustion);
            if (budget === undefined || budget <= exhaustion.account.budget) return undefined;
            await parts.ledger.begin({ ...heading, budget });
            return budget;
          },
  });
  const finish = (stop: StopReason, error: string | undefined): RunResult => {
    const { best, overspend } = team;
    const total = request.task.tests.length;
    const result: RunResult = {
      id: request.task.id,
      status: statusOf(stop),
      stop,
      code: best?.code ?? '',
      verdict: best?.verdict ?? { passed: 0, total, ran: false },
      strategy: plan.strategy,
      topology: plan.topology,
      profile: plan.profile,
      pool: plan.pool,
      account: meter.account,
      seconds: (performance.now() - started) / 1000,
      ...(overspend === undefined ? {} : { overspend }),
      ...(error === undefined ? {} : { error }),
    };
    emit({ type: 'finished', result });
    return result;
  };
  if (!plan.feasible) return finish('infeasible', plan.explanation[0]);
  if ((await approve?.(plan)) === false || cancelled()) return finish('cancelled', undefined);
  try {
    await parts.ledger.begin({ ...heading, budget: request.budget });
    const stop = await team.run();
    await parts.ledger.end(run, statusOf(stop));
    return finish(stop, stop === 'failed' || statusOf(stop) === 'exhausted' ? team.problem : undefined);
  } catch (error) {
    if (!(error instanceof LedgerError)) await parts.ledger.end(run, statusOf(cancelled() ? 'cancelled' : 'failed'));
    if (cancelled()) return finish('cancelled', undefined);
    if (error instanceof SandboxError || error instanceof LedgerError) return finish('failed', error.message);
    throw error;
  }
}
