/** Calendar day and month of a moment, in the machine's time zone: "2026-11-20" and "2026-11". */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${monthOf(at)}-${String(date.getDate()).padStart(2, '0')}`;
}

export function monthOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;
}

/** When the calendar day of a moment began, ms since the epoch; right also on days of 23 and 25 hours. */
export function startOfDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** When the calendar month of a moment began, ms since the epoch. */
export function startOfMonth(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime();
}
