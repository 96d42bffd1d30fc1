import { formatUsd } from '../../core/money';
import { raiseChoices, type RaiseOffer } from '../../report/raiseView';
import type { Paint } from './paint';
import { wrapped } from './wrap';

/** What can be done about an exhausted budget: the choices by their numbers. Why it is, the line above has said. */
export function raiseLines(offer: RaiseOffer, width: number, paint: Paint): string[] {
  const { account, best, ceiling } = offer;
  const head = `The budget of ${formatUsd(account.budget)} is exhausted, ${best ?? 'there is no answer yet'}.`;
  const choices = raiseChoices(offer).map(({ label, detail }, index) => {
    return `${paint.bold(String(index + 1))}  ${label} ${paint.dim(detail)}`;
  });
  return [
    '',
    `${paint.yellow('■')} ${paint.bold(head)}`,
    ...(ceiling === undefined ? [] : wrapped(ceiling.why, width - 5).map((line) => `     ${paint.yellow(line)}`)),
    ...choices.map((line) => `     ${line}`),
  ];
}
