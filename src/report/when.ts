import { dayOf } from '../core/budget/period';

/** "2026-11-20 14:05:09", in the machine's time zone. */
export function timeText(at: number): string {
  const date = new Date(at);
  return `${dayOf(at)} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** ISO 8601 with the machine's offset at that moment: "2026-11-20T14:05:09.123+01:00". The day is the one that counts. */
export function isoTime(at: number): string {
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${timeText(at).replace(' ', 'T')}.${String(date.getMilliseconds()).padStart(3, '0')}${zone}`;
}

function two(count: number): string {
  return String(count).padStart(2, '0');
}
