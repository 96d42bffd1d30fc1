import { PROMPT_VERSION } from '../agents/prompts';
import type { CallReserved, CallSettled } from '../budget/meterEvent';
import type { RunEvent } from '../events';
import { toDecimal } from '../money';
import type { Plan } from '../plan';
import type { Language } from '../task/task';
import type { JournalAttempt, JournalCall, JournalEntry } from './entry';

/** A call as far as it is known. Times by {@link Clock}. */
interface Known {
  readonly reserved: CallReserved;
  readonly at: number;
  readonly independent: boolean;
  firstText?: number;
  settled?: CallSettled;
  end?: number;
}

/** Tells the time in ms; only differences count. */
export type Clock = () => number;

/** Gathers from the events of one run what is kept of it. A subscriber: it never throws. */
export class RunRecorder {
  readonly #calls = new Map<number, Known>();
  readonly #attempts: JournalAttempt[] = [];
  #plan: Plan | undefined;
  #judged = false;

  constructor(
    private readonly language: Language,
    private readonly clock: Clock = () => performance.now(),
  ) {}

  /** Takes an event. The last one brings the entry; undefined for a run in which no call was made. */
  on(event: RunEvent, now: number = Date.now()): JournalEntry | undefined {
    switch (event.type) {
      case 'planned':
        this.#plan = event.plan;
        return undefined;
      case 'reserved':
        this.#calls.set(event.call, { reserved: event, at: this.clock(), independent: !this.#judged });
        return undefined;
      case 'arriving': {
        const call = this.#calls.get(event.call);
        if (call !== undefined) call.firstText ??= this.clock();
        return undefined;
      }
      case 'settled': {
        const call = this.#calls.get(event.call);
        if (call !== undefined) Object.assign(call, { settled: event, end: this.clock() });
        return undefined;
      }
      case 'verdict': {
        const { call, model, verdict } = event;
        const independent = this.#calls.get(call)?.independent ?? false;
        this.#attempts.push({ call, model, passed: verdict.passed, total: verdict.total, independent });
        this.#judged = true;
        return undefined;
      }
      case 'finished': {
        const { stop, seconds, account, verdict } = event.result;
        const calls = [...this.#calls.values()].flatMap(journalCall);
        if (this.#plan === undefined || calls.length === 0) return undefined;
        const { profile, mode, topology } = this.#plan;
        const money = { budgetUsd: toDecimal(account.budget), costUsd: toDecimal(account.spent) };
        const about = { version: 1 as const, at: now, language: this.language, profile, mode, topology };
        return {
          ...about,
          stop,
          tests: verdict.total,
          prompts: PROMPT_VERSION,
          seconds: tenths(seconds * 1000) / 1000,
          ...money,
          calls,
          attempts: this.#attempts,
        };
      }
      default:
        return undefined;
    }
  }
}

function journalCall({ reserved, at, firstText, settled, end }: Known): readonly JournalCall[] {
  if (settled === undefined || end === undefined) return [];
  const { call, model, role, promptTokens, completionTokens, problem } = settled;
  const { maxTokens } = reserved;
  const whole = problem === undefined && completionTokens < maxTokens;
  const firstTextMs = firstText === undefined ? {} : { firstTextMs: tenths(firstText - at) };
  return [
    { call, model, role, promptTokens, completionTokens, maxTokens, whole, ...firstTextMs, ms: tenths(end - at) },
  ];
}

/** ms, to the tenth. */
function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
