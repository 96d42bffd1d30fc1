const MS_PER_DAY = 86_400_000;

/** The UTC day of a moment (ms since the epoch): "2026-11-20". Days so written compare as texts. */
export function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Whether a text is a day that the calendar has, written as "2026-11-20". */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(text);
  return !Number.isNaN(at) && utcDay(at) === text;
}

/** Whole days from an ISO date to a moment (ms since the epoch). */
export function daysSince(date: string, now: number): number {
  return Math.floor((now - Date.parse(date)) / MS_PER_DAY);
}

/** Whole calendar months from an ISO date to a moment (ms since the epoch). */
export function monthsSince(date: string, now: number): number {
  const [from, to] = [new Date(date), new Date(now)];
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return to.getUTCDate() < from.getUTCDate() ? months - 1 : months;
}
