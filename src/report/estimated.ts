import { isEstimated } from '../core/catalogue/editorModels';
import type { CallSettled } from '../core/budget/meterEvent';
import { add, type Money, ZERO } from '../core/money';
import type { CallRecord } from './record';

/** Whether a call is booked at an estimate: its answer came whole, and was counted here because nobody reported it. */
export function isCounted({ model, problem, cost }: Pick<CallSettled, 'model' | 'problem' | 'cost'>): boolean {
  return isEstimated(model) && problem === undefined && cost > 0n;
}

/** What a run's estimated calls are booked at, together. */
export function estimatedIn(calls: readonly CallRecord[]): Money {
  const counted = calls.flatMap(({ settled }) => (settled !== undefined && isCounted(settled) ? [settled.cost] : []));
  return add(ZERO, ...counted);
}
