import { NO_CAPS } from '../core/budget/caps';
import { TokenCounter } from '../core/budget/tokens';
import { OpenAiProvider } from '../core/providers/openai';
import type { Sandbox } from '../core/sandbox/sandbox';
import { solve, type SolveParts, type SolveRequest } from '../core/solve';
import type { Subscriber } from '../core/events';
import type { Money } from '../core/money';
import type { RunResult } from '../core/result';
import type { Task } from '../core/task/task';
import type { CommonOptions, SandboxOptions } from './args';
import { readEndpoint, requireKey } from './endpoint';
import { ledgerFolder, openLedger } from './folders';
import { openOsSandbox } from './sandboxes';
import { timeLimit } from './timeLimit';
import type { World } from './world';

/**
 * What runs need, from the options. The order is that of the exit codes: a bad list of models and a missing key are
 * told before anything is started.
 * @throws CommandError
 */
export async function runParts(
  options: CommonOptions & SandboxOptions,
  world: World,
  open: (options: SandboxOptions, world: World) => Promise<Sandbox> = openOsSandbox,
): Promise<SolveParts> {
  const endpoint = await readEndpoint(options, world.env);
  requireKey(endpoint);
  const sandbox = await open(options, world);
  return {
    catalogue: endpoint.catalogue,
    tokens: new TokenCounter(),
    provider: new OpenAiProvider(endpoint.settings),
    sandbox,
    ledger: await openLedger(ledgerFolder(options.ledger, world)),
    caps: NO_CAPS,
    workspace: '',
  };
}

/** The request that the options make of a task. */
export function requestFor(
  task: Task,
  budget: Money,
  { profile, topology, seed }: Pick<CommonOptions, 'profile' | 'topology' | 'seed'>,
): SolveRequest {
  return { task, budget, profile, topology, ...(seed === undefined ? {} : { seed }) };
}

/** Runs one task, bounded by `--max-seconds` and by the user's interrupt. */
export async function runTask(
  request: SolveRequest,
  parts: SolveParts,
  emit: Subscriber,
  maxSeconds: number | undefined,
  interrupt: AbortSignal,
): Promise<RunResult> {
  const limit = timeLimit(maxSeconds, interrupt);
  const result = await solve(request, parts, emit, limit.signal);
  const reason = result.stop === 'cancelled' && !interrupt.aborted ? limit.reason() : undefined;
  return reason === undefined ? result : { ...result, error: reason };
}
