import { jsonIn } from './jsonIn';

/**
 * Reads a judge's answer, `{"best": 2}` with whatever around it: the index of the answer that it names, from 0.
 * Undefined where it names none of the `count` there are.
 */
export function readChoice(text: string, count: number): number | undefined {
  const said = jsonIn(text, ['{', '}']);
  if (typeof said !== 'object' || said === null) return undefined;
  const { best } = said as Readonly<Record<string, unknown>>;
  const number = typeof best === 'string' ? Number(best) : best;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= count
    ? number - 1
    : undefined;
}
