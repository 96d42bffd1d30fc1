import { formatUsd } from '../../core/money';
import type { Plan } from '../../core/plan';
import { isTooSmall, poolWithRoles, priceText } from '../../report/outcome';
import { oneLine } from '../../report/text';
import type { Paint } from './paint';
import { wrapped } from './wrap';

/** Cells of the labels at the left. */
export const LABEL = 10;

/** A label and what it names, broken over as many lines as it takes. */
export function labelled(label: string, text: string, width: number, paint: Paint): string[] {
  return wrapped(oneLine(text, 2000), width - LABEL).map((line, index) =>
    index === 0 ? paint.bold(label.padEnd(LABEL)) + line : ' '.repeat(LABEL) + line,
  );
}

/** The plan for people: pool, topology and why, price, and the sentences that explain it. */
export function planLines(plan: Plan, width: number, paint: Paint): string[] {
  const why = plan.explanation.flatMap((sentence) =>
    wrapped(oneLine(sentence, 2000), width - LABEL).map((line) => ' '.repeat(LABEL) + paint.dim(line)),
  );
  if (!plan.feasible) {
    const small = `the budget of ${formatUsd(plan.budget)} is too small`;
    const none = `none: ${isTooSmall(plan) ? small : 'no model can take this task'}`;
    return [...labelled('Plan', none, width, paint), ...why];
  }
  return [
    ...labelled('Models', poolWithRoles(plan.pool), width, paint),
    ...labelled(
      'Topology',
      `${plan.topology} (${plan.policy.kind}: ${plan.policy.why.replace(/^rule, /, '')})`,
      width,
      paint,
    ),
    ...labelled('Price', `${priceText(plan)}, of a budget of ${formatUsd(plan.budget)}`, width, paint),
    ...why,
  ];
}
