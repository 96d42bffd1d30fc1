/** The most calls that a countdown tells of: so it is one digit, and a prompt that is priced with this one is never longer. */
export const MOST_TOLD = 9;

/**
 * What is left of the budget, in calls: agents know no prices. It is the end of the last message, since it is another in
 * every call, and a provider's cache only holds what comes before the first difference.
 * @param calls that the budget pays after this one
 */
export function countdown(calls: number): string {
  return `Calls left after this: ${Math.min(calls, MOST_TOLD)}.`;
}

/** A countdown as a paragraph of its own; nothing where there is none. */
export function counted(calls: number | undefined): string {
  return calls === undefined ? '' : `\n\n${countdown(calls)}`;
}
