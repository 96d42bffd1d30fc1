import type { Denial } from './budget/denial';
import type { MeterEvent } from './budget/meterEvent';
import type { Plan } from './plan';
import type { RunResult } from './result';
import type { Verdict } from './sandbox/verdict';

/** What the agents of a topology report. An attempt is an answer that was tested: 1, 2, 3... within the run. */
export type AttemptEvent =
  | { readonly type: 'testing'; readonly attempt: number; readonly model: string; readonly code: string }
  | { readonly type: 'verdict'; readonly attempt: number; readonly model: string; readonly verdict: Verdict };

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
  | ExhaustedEvent
  | { readonly type: 'finished'; readonly result: RunResult };

/** Receives the events of a run. Must not throw. */
export type Subscriber = (event: RunEvent) => void;
