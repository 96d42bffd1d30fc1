import type { CallBound, Settlement } from './entry';

/** What the reports of a provider taught about one model. Every field only ever rises. */
export interface Learned {
  /** Calls whose usage the provider reported. */
  readonly reports: number;
  /** The most tokens that it counted for one token of the proxy. */
  readonly factor: number;
  /** Prompt tokens that it counted above the hard bound, such as those of a prompt that its server adds. */
  readonly extra: number;
  /** Calls in which it wrote more than it was allowed. */
  readonly overruns: number;
  /** The longest completion of such a call, in tokens. */
  readonly longest: number;
}

export const UNKNOWN: Learned = { reports: 0, factor: 0, extra: 0, overruns: 0, longest: 0 };

/** A call as far as it teaches something. `reported`: the tokens are the provider's own count. */
export type Lesson = Pick<Settlement, 'promptTokens' | 'completionTokens' | 'reported' | 'violations'>;

/** What is known after one more call. */
export function learn(known: Learned, bound: CallBound, call: Lesson): Learned {
  const { promptTokens, completionTokens } = call;
  const overran = call.violations.includes('completion above limit');
  const limits = {
    overruns: known.overruns + (overran ? 1 : 0),
    longest: overran ? Math.max(known.longest, completionTokens) : known.longest,
  };
  if (!call.reported) return { ...known, ...limits };
  return {
    reports: known.reports + 1,
    factor: Math.max(known.factor, bound.promptProxy === 0 ? 0 : promptTokens / bound.promptProxy),
    extra: Math.max(known.extra, promptTokens - bound.promptHard),
    ...limits,
  };
}
