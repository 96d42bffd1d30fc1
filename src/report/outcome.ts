import { isEstimated } from '../core/catalogue/editorModels';
import { formatUsd, type Money, times, toDecimal } from '../core/money';
import { countByModel, type Plan, type PoolEntry } from '../core/plan';
import type { RunResult } from '../core/result';
import { counted } from './text';

/** Whose tests have judged an answer. Those of a project are not told one by one, so that they are not counted. */
export type Judge = 'task' | 'project';

/** "3 of 3 tests pass", "no tests were run", "the project's tests pass". */
export function testsPassing({ verdict }: Pick<RunResult, 'verdict'>, judge: Judge = 'task'): string {
  if (verdict.total === 0) return 'there were no tests';
  if (judge === 'project') return projectPassing(verdict);
  if (!verdict.ran) return `${counted(verdict.total, 'test')} not run`;
  const { passed, total } = verdict;
  return total === 1 ? `its test ${passed === 1 ? 'passes' : 'fails'}` : `${passed} of ${total} tests pass`;
}

function projectPassing({ ran, passed, total }: RunResult['verdict']): string {
  if (!ran) return "the project's tests were not run";
  return passed === total ? "the project's tests pass" : "the project's tests do not all pass";
}

/** How an answer may be called: "solved" needs a verdict, everything else is plainly not verified. */
export function answerLabel(result: Pick<RunResult, 'status' | 'verdict'>, judge?: Judge): string {
  return `${result.status === 'solved' ? 'solved' : 'not verified'}: ${testsPassing(result, judge)}`;
}

/** How a run ended, in a few words without a full stop. */
export function headline(
  result: Pick<RunResult, 'status' | 'stop' | 'verdict' | 'code'>,
  judge: Judge = 'task',
): string {
  const tests = result.code === '' ? 'there is no answer' : testsPassing(result, judge);
  if (result.stop === 'cancelled') return `Cancelled: ${tests}`;
  if (result.stop === 'agreed') return `Solved: ${tests}, and an independent answer agrees`;
  if (result.stop === 'disputed') return `Solved, but disputed: ${tests}, and an independent answer does otherwise`;
  if (result.stop === 'denied') return `Stopped by a cap: ${tests}`;
  switch (result.status) {
    case 'solved':
      return `Solved: ${tests}`;
    case 'unsolved':
      return result.verdict.total === 0 && result.code !== '' ? `Not verified: ${tests}` : `Not solved: ${tests}`;
    case 'exhausted':
      return `Budget exhausted: ${tests}`;
    case 'infeasible':
      return 'Not started: no plan fits';
    case 'error':
      return `Failed: ${tests}`;
  }
}

/** What may help after a run that ended by itself without an answer that passes; undefined after any other. */
export function whatMayHelp({ stop }: Pick<RunResult, 'stop'>): string | undefined {
  if (stop !== 'gave up') return undefined;
  return 'The models of the plan had their tries. What may help: a larger budget, which admits stronger models, or a task that says more.';
}

/** "2 × gpt-4o-mini, 1 × gpt-4o". */
export function poolText(pool: readonly PoolEntry[]): string {
  return countByModel(pool)
    .map(({ model, count }) => `${count} × ${model}`)
    .join(', ');
}

/** "1 × gpt-4 as critic, 3 × gpt-3.5 as executor"; the role only where the pool has more than one. */
export function poolWithRoles(pool: readonly PoolEntry[]): string {
  if (new Set(pool.map(({ role }) => role)).size < 2) return poolText(pool);
  return pool
    .map(({ model, count, role }) => `${count} × ${model}${role === undefined ? '' : ` as ${role}`}`)
    .join(', ');
}

/** "expected $0.0003, at most $0.0087"; with ", estimated" where the editor's models are among those of the plan. */
export function priceText(plan: Pick<Plan, 'expectedCost' | 'worstCost' | 'pool'>): string {
  const price = `expected ${formatUsd(plan.expectedCost)}, at most ${formatUsd(plan.worstCost)}`;
  return `${price}${estimatedText(plan)}`;
}

/** ", estimated, at most 0.87 AI credits" where a plan has models of the editor's, else nothing. */
export function estimatedText({ pool, worstCost }: Pick<Plan, 'pool' | 'worstCost'>): string {
  if (!pool.some(({ model }) => isEstimated(model))) return '';
  return `, estimated: at most ${creditsText(worstCost)}`;
}

/** "0.87 AI credits": what Copilot bills in; one is $0.01. */
export function creditsText(amount: Money): string {
  const credits = Number(toDecimal(times(amount, 100)));
  const shown = credits >= 100 ? credits.toFixed(0) : String(Number(credits.toPrecision(3)));
  return `${shown} AI credit${shown === '1' ? '' : 's'}`;
}

/** Whether a larger budget would make a plan feasible; where not, no model can take the task. */
export function isTooSmall({ smallestFeasible }: Pick<Plan, 'smallestFeasible'>): boolean {
  return smallestFeasible !== undefined;
}

/** The plan's reasons, sentence by sentence. */
export function planReasons(plan: Plan): string[] {
  return plan.feasible
    ? [...plan.explanation, `Topology ${plan.topology}: ${plan.policy.why}.`]
    : [...plan.explanation];
}
