/**
 * How long a server asks to be left alone, in ms from `now`: `retry-after-ms`, or `retry-after` in seconds or as an HTTP
 * date. Undefined where it does not say, or not in any of these ways.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const ms = decimal(headers.get('retry-after-ms'));
  if (ms !== undefined) return Math.ceil(ms);
  const text = headers.get('retry-after');
  const seconds = decimal(text);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  const date = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function decimal(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
