import type { Sandbox } from '../sandbox/sandbox';
import type { Task } from '../task/task';
import type { Probe } from './probes';

/** Two answers to a task, and what to compare them by. */
export interface Comparison {
  readonly task: Task;
  readonly probes: readonly Probe[];
  readonly one: string;
  readonly other: string;
  readonly sandbox: Sandbox;
  /** Ends the comparison, which then rejects with its reason. */
  readonly signal: AbortSignal;
}
