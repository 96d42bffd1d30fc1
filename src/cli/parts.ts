import { TokenCounter } from '../core/budget/tokens';
import type { Experience } from '../core/calibration/experience';
import { Journal } from '../core/journal/journal';
import { kept } from '../core/journal/keep';
import { OpenAiProvider } from '../core/providers/openai';
import { type Decisions, solve, type SolveParts, type SolveRequest } from '../core/solve';
import type { Subscriber } from '../core/events';
import type { Money } from '../core/money';
import type { RunResult } from '../core/result';
import type { Sandbox } from '../core/sandbox/sandbox';
import type { Language, Task } from '../core/task/task';
import type { CommonOptions, SandboxOptions } from './args';
import { capsOf, readCaps } from './caps';
import { readEndpoint, requireKey } from './endpoint';
import { calibrated } from './calibrated';
import { ledgerFolder, openLedger } from './folders';
import { openWantedSandbox } from './sandboxes';
import { timeLimit } from './timeLimit';
import type { World } from './world';

/** What runs of the command line need: that of every run, and where they are kept. */
export interface CliParts extends SolveParts {
  /** Without it, nothing is kept of a run but its cost. */
  readonly journal?: Journal;
  /** What is learned from run to run of one command, as from one command to the next; nothing where absent. */
  readonly experience?: Experience;
}

/**
 * What runs need, from the options. The order is that of the exit codes: a bad list of models and a missing key are
 * told before anything is started.
 * @param open opens the sandbox, where that is not the one of the options
 * @throws CommandError
 */
export async function runParts(
  options: CommonOptions & SandboxOptions,
  world: World,
  language?: Language,
  open: () => Promise<Sandbox> = () => openWantedSandbox(options, world, language),
): Promise<CliParts> {
  const endpoint = await readEndpoint(options, world, Date.now());
  requireKey(endpoint);
  const sandbox = await open();
  const folder = ledgerFolder(options.ledger, world);
  // What cannot be read is told before a run begins.
  await readCaps(options, folder);
  const ledger = await openLedger(folder);
  return {
    ...(await calibrated(endpoint.catalogue, options, folder)),
    tokens: new TokenCounter((model) => ledger.learned(model)),
    provider: new OpenAiProvider(endpoint.settings),
    sandbox,
    ledger,
    caps: capsOf(options, folder),
    workspace: '',
    journal: new Journal(folder),
  };
}

/** The request that the options make of a task. */
export function requestFor(
  task: Task,
  budget: Money,
  { profile, topology, mode, seed }: Pick<CommonOptions, 'profile' | 'topology' | 'mode' | 'seed'>,
): SolveRequest {
  return { task, budget, profile, topology, mode, ...(seed === undefined ? {} : { seed }) };
}

/**
 * Runs one task, bounded by `--max-seconds` and by the user's interrupt.
 * @param decisions makes what is asked of the user in the run; without it nothing is asked
 */
export async function runTask(
  request: SolveRequest,
  { journal, experience, ...parts }: CliParts,
  emit: Subscriber,
  maxSeconds: number | undefined,
  interrupt: AbortSignal,
  decisions?: (signal: AbortSignal) => Decisions,
): Promise<RunResult> {
  const limit = timeLimit(maxSeconds, interrupt);
  const run = kept(journal, request.task.language, emit);
  const known = experience === undefined ? parts : { ...parts, calibration: experience.calibration };
  const result = await solve(request, known, run.emit, limit.signal, decisions?.(limit.signal));
  const entry = await run.written();
  if (entry !== undefined) experience?.add(entry);
  const reason = result.stop === 'cancelled' && !interrupt.aborted ? limit.reason() : undefined;
  return reason === undefined ? result : { ...result, error: reason };
}
