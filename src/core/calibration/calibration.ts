import type { JournalCall, JournalEntry } from '../journal/entry';
import type { Role } from '../providers/message';
import { median, quantile, type Rate, rate } from './statistics';

/** Completion tokens of calls. */
export interface OutputTokens {
  readonly calls: number;
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
}

/** How fast a model answers, in the middle of its calls. */
export interface Speed {
  readonly calls: number;
  /** ms to the first text. */
  readonly firstTextMs: number;
  readonly tokensPerSecond: number;
}

/** As many calls of a prior as its value is worth. */
const PRIOR_CALLS = 20;
/** As many answers of a prior as its rate is worth. */
const PRIOR_ANSWERS = 10;
/** What answers take beyond most that were seen. */
const MARGIN = 1.1;
/** Bounds of what a call is planned with, in tokens: no useful answer is shorter, and longer ones are asked for again. */
const LEAST_PLANNED = 96;
const MOST_PLANNED = 1536;
/** Runs that are looked at, the latest: models change. */
export const LATEST = 1000;

/** What the user's own runs say about models. Where they say little, what is assumed without them counts for more. */
export class Calibration {
  readonly #calls = new Map<string, JournalCall[]>();
  readonly #answers = new Map<string, { held: number; of: number }>();
  readonly runs: number;

  constructor(entries: readonly JournalEntry[]) {
    const latest = entries.slice(-LATEST);
    this.runs = latest.length;
    for (const { calls, attempts } of latest) {
      for (const call of calls) {
        const known = this.#calls.get(call.model);
        if (known === undefined) this.#calls.set(call.model, [call]);
        else known.push(call);
      }
      for (const { model, passed, total, independent } of attempts) {
        if (!independent || total === 0) continue;
        const { held, of } = this.#answers.get(model) ?? { held: 0, of: 0 };
        this.#answers.set(model, { held: held + (passed === total ? 1 : 0), of: of + 1 });
      }
    }
  }

  /** What completions of a model in a role took; undefined where there were none. Those that were cut count as long as they were let. */
  outputTokens(model: string, role: Role): OutputTokens | undefined {
    const tokens = this.#of(model, role)
      .map(({ completionTokens }) => completionTokens)
      .sort((a, b) => a - b);
    if (tokens.length === 0) return undefined;
    const [p50, p90, max] = [0.5, 0.9, 1].map((share) => quantile(tokens, share)) as [number, number, number];
    return { calls: tokens.length, p50, p90, max };
  }

  /**
   * Completion tokens to plan a call with (T_out of BAMAS, Eq. 1): what nine in ten of the model's answers in this role
   * took and a tenth more, drawn towards the prior while there are few.
   */
  plannedOutput(model: string, role: Role, prior: number): number {
    const seen = this.outputTokens(model, role);
    if (seen === undefined) return prior;
    const planned = weighted(seen.p90 * MARGIN, seen.calls, prior, PRIOR_CALLS);
    return Math.round(Math.min(MOST_PLANNED, Math.max(LEAST_PLANNED, planned)));
  }

  /** Completion tokens that an answer usually takes: the middle one, drawn towards the prior while there are few. */
  usualOutput(model: string, role: Role, prior: number): number {
    const seen = this.outputTokens(model, role);
    return seen === undefined ? prior : Math.round(weighted(seen.p50, seen.calls, prior, PRIOR_CALLS));
  }

  /** How often a model's first answers passed all visible tests. */
  passRate(model: string): Rate {
    const { held, of } = this.#answers.get(model) ?? { held: 0, of: 0 };
    return rate(held, of);
  }

  /** The chance that a model's first answer passes, drawn towards the prior while there are few. */
  chanceOfPass(model: string, prior: number): number {
    const { held, of } = this.passRate(model);
    return (held + prior * PRIOR_ANSWERS) / (of + PRIOR_ANSWERS);
  }

  speed(model: string): Speed | undefined {
    const timed = (this.#calls.get(model) ?? []).filter(
      (call): call is JournalCall & { readonly firstTextMs: number } => call.firstTextMs !== undefined && call.whole,
    );
    if (timed.length === 0) return undefined;
    const perSecond = timed.map(({ completionTokens, ms, firstTextMs }) => {
      // An answer that arrives in one piece took all of its time.
      const writing = ms - firstTextMs > 1 ? ms - firstTextMs : ms;
      return (completionTokens * 1000) / Math.max(1, writing);
    });
    return {
      calls: timed.length,
      firstTextMs: median(timed.map(({ firstTextMs }) => firstTextMs)),
      tokensPerSecond: median(perSecond),
    };
  }

  /** Calls that brought an answer, whole or cut by its limit. */
  #of(model: string, role: Role): readonly JournalCall[] {
    return (this.#calls.get(model) ?? []).filter(
      (call) => call.role === role && call.completionTokens > 0 && (call.whole || isAtLimit(call)),
    );
  }
}

/** Nothing is known. */
export const UNCALIBRATED = new Calibration([]);

function isAtLimit({ completionTokens, maxTokens }: JournalCall): boolean {
  return completionTokens >= maxTokens;
}

function weighted(seen: number, times: number, prior: number, priorTimes: number): number {
  return (seen * times + prior * priorTimes) / (times + priorTimes);
}
