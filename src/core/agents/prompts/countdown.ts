/** The most calls that a countdown tells of: so it is one digit, and a prompt that is priced with this one is never longer. */
export const MOST_TOLD = 9;

/** What a countdown adds to a prompt. */
export const COUNTDOWN = countdown(MOST_TOLD);

/**
 * What is left of the budget, in calls: agents know no prices. It is for those who ask others for work, and can ask for
 * more or less of it. It is the end of the last message, since it is another in every call, and a provider's cache only
 * holds what comes before the first difference.
 * @param calls that the budget pays after this one; nothing is said where that is not counted
 */
export function countdown(calls: number | undefined): string {
  return calls === undefined ? '' : `\n\nCalls left after this: ${Math.min(calls, MOST_TOLD)}.`;
}
