import type { Sandbox } from '../sandbox/sandbox';
import type { Task } from '../task/task';
import type { Agreement } from './agreement';
import type { Known } from './comparison';
import { probingOf } from './probes';
import { comparePython } from './pythonComparison';
import { compareScripts } from './scriptComparison';

/**
 * Runs two answers on inputs near those of the visible tests and compares what they do: evidence of agents agreeing, and
 * no verdict. Undefined where there is nothing to probe with, or where the comparison was ended half way. Scripts run in a
 * sandbox each, Python runs in one process.
 * @param known what earlier comparisons of answers to the same task have learnt, so that no script is run for it again
 */
export async function compare(
  task: Task,
  one: string,
  other: string,
  sandbox: Sandbox,
  signal: AbortSignal,
  known: Known = new Map(),
): Promise<Agreement | undefined> {
  const { probes } = await probingOf(task);
  if (probes.length === 0) return undefined;
  const way = task.language === 'python' ? comparePython : compareScripts;
  return way({ task, probes, one, other, sandbox, signal, known });
}
