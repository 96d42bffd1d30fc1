import { type Money, toDecimal } from '../core/money';

/**
 * JSON on one line in which a bigint is an amount of money, printed as an exact decimal number of USD with all its
 * digits. A plain `JSON.stringify` would have to go through floats, and sums over lines would not add up. Like it, this
 * leaves out fields that are undefined.
 * @throws TypeError for what JSON cannot hold: functions, symbols, NaN and infinities.
 */
export function toJson(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return toDecimal(value as Money);
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no place in JSON.`);
      return JSON.stringify(value);
    case 'object':
      break;
    case 'undefined':
    case 'function':
    case 'symbol':
      throw new TypeError(`A ${typeof value} has no place in JSON.`);
  }
  if (value === null) return 'null';
  if (Array.isArray(value))
    return `[${value.map((item: unknown) => toJson(item === undefined ? null : item)).join(',')}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${toJson(field)}`).join(',')}}`;
}
