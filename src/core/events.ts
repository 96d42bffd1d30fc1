import type { Agreement } from './agreement/agreement';
import type { Denial } from './budget/denial';
import type { MeterEvent } from './budget/meterEvent';
import type { Plan } from './plan';
import type { EvidenceEnd, RunResult } from './result';
import type { Verdict } from './sandbox/verdict';

/** An answer that is tested. */
export interface AttemptInfo {
  /** 1, 2, 3... within the run. */
  readonly attempt: number;
  /** The call that brought it. Calls that are under way at once may end in another order than they began. */
  readonly call: number;
  readonly model: string;
}

/** What the agents of a topology report. One answer is tested at a time. */
export type AttemptEvent =
  | ({ readonly type: 'testing'; readonly code: string } & AttemptInfo)
  | ({ readonly type: 'verdict'; readonly verdict: Verdict } & AttemptInfo)
  | RepeatedEvent;

/** An answer is the very code of an earlier one, and is not tested again. */
export interface RepeatedEvent extends AttemptInfo {
  readonly type: 'repeated';
  /** The call that brought this code first. */
  readonly of: number;
}

/** Two answers were compared by what they do; `call` and `other` are the calls that brought them. */
export interface ComparedEvent {
  readonly type: 'compared';
  readonly call: number;
  readonly other: number;
  readonly agreement: Agreement;
}

/** No more evidence is bought for the answer that passes, and why. Comes once, in modes that buy any. */
export interface EvidenceEvent {
  readonly type: 'evidence';
  readonly end: EvidenceEnd;
}

/** There is no money for the next call, and the user is asked whether the budget is raised. */
export interface ExhaustedEvent {
  readonly type: 'exhausted';
  readonly denial: Denial;
}

/**
 * Everything that happens in a run, in order. The meter in the status bar, the terminal, the command line, the receipt
 * and the journal are subscribers of this one stream, and none of them computes a cost of its own: `account` does.
 */
export type RunEvent =
  | { readonly type: 'planned'; readonly plan: Plan }
  | MeterEvent
  | AttemptEvent
  | ComparedEvent
  | EvidenceEvent
  | ExhaustedEvent
  | { readonly type: 'finished'; readonly result: RunResult };

/** Receives the events of a run. Must not throw. */
export type Subscriber = (event: RunEvent) => void;
