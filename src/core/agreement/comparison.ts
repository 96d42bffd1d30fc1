import type { Sandbox } from '../sandbox/sandbox';
import type { Outcome } from '../sandbox/verdict';
import type { Task } from '../task/task';
import type { Probe } from './probes';

/**
 * What an answer did with a probe: an outcome, or its end. Which of the limits ends it first, what has no end of its own
 * leaves to the machine; `itself` where it ended its own process.
 */
export type Done = Outcome | { readonly kind: 'ended'; readonly by: 'limit' | 'itself' };

/** What an answer did, the same each time, by the source of the arguments; what it did otherwise is not there. */
export type Dones = ReadonlyMap<string, Done>;

/** What is known of the answers to one task that were compared before, by their code. */
export type Known = Map<string, Dones>;

/** Two answers to a task, and what to compare them by. */
export interface Comparison {
  readonly task: Task;
  readonly probes: readonly Probe[];
  readonly one: string;
  readonly other: string;
  readonly sandbox: Sandbox;
  /** Ends the comparison, which then rejects with its reason. */
  readonly signal: AbortSignal;
  /** What was learnt of scripts in earlier comparisons, to which this one adds. */
  readonly known: Known;
}
