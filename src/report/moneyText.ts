import { capName } from '../core/budget/denial';
import type { CallReserved, CallSettled } from '../core/budget/meterEvent';
import type { Violation } from '../core/budget/violation';
import type { Warning } from '../core/budget/warning';
import { formatUsd, type Money, subtract, toDecimal } from '../core/money';

/** "80 % of your cap for today is spent: $0.8012 of $1.00." */
export function warningText({ cap, percent, spent, limit }: Warning): string {
  return `${percent} % of ${capName(cap)} is spent: ${formatUsd(spent)} of ${formatUsd(limit)}.`;
}

/** "The budget was raised from $0.0100 to $0.0200." */
export function raisedText(from: Money, to: Money): string {
  return `The budget was raised from ${formatUsd(from)} to ${formatUsd(to)}.`;
}

/** How a provider broke its word with a call, a sentence each. `reserved` says what the call was allowed. */
export function violationTexts(settled: CallSettled, reserved: CallReserved | undefined): string[] {
  const allowed = (tokens: number | undefined): string => (tokens === undefined ? '' : `, allowed were ${tokens}`);
  const texts: Readonly<Record<Violation, string>> = {
    'prompt above bound': `It was billed for a prompt of ${settled.promptTokens} tokens${allowed(reserved?.promptTokens)}.`,
    'completion above limit': `${settled.model} ignored its limit: it wrote ${settled.completionTokens} tokens${allowed(reserved?.maxTokens)}. From now on its calls are reserved at the longest answer that it can give.`,
    'billed above reserved': `The provider billed $${toDecimal(subtract(settled.cost, settled.reserved))} more than was reserved.`,
    'usage below answer': `The provider reported fewer tokens than it streamed; the difference is booked as unconfirmed.`,
  };
  return settled.violations.map((violation) => texts[violation]);
}
