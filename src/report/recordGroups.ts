import { ZERO } from '../core/money';
import type { GroupedCall } from './callGroups';
import type { RunRecord } from './record';

/** The calls of a run, for adding them up; one under way has no bill yet. */
export function groupedCalls({ calls }: RunRecord): GroupedCall[] {
  return calls.map(({ reserved: { role, model, reserved }, settled }) => ({
    ...{ role, model, reserved },
    promptTokens: settled?.promptTokens ?? 0,
    completionTokens: settled?.completionTokens ?? 0,
    cost: settled?.cost ?? ZERO,
    unconfirmed: settled?.unconfirmed ?? ZERO,
  }));
}
