import { type Account, openAccount } from '../core/budget/account';
import type { Denial } from '../core/budget/denial';
import type { Warning } from '../core/budget/warning';
import type { CallReserved, CallSettled } from '../core/budget/meterEvent';
import type { ComparedEvent, RunEvent } from '../core/events';
import type { Money } from '../core/money';
import type { Plan } from '../core/plan';
import type { EvidenceEnd, RunResult } from '../core/result';
import type { Verdict } from '../core/sandbox/verdict';
import type { Language } from '../core/task/task';
import type { Judge } from './outcome';

/** What there is to say of a proof by the project's own tests. */
export interface ProofNote {
  /** The test command. */
  readonly command: string;
  /** "36 tests: 34 pass, 2 fail", before anything was written. */
  readonly before: string;
  /** What is weaker about such a proof. */
  readonly caveat: string;
}

/** What a run is called before anything has happened in it. */
export interface RunHeading {
  /** Unique within the window. */
  readonly run: string;
  /** The task's id. */
  readonly task: string;
  readonly language: Language;
  /** Where the tests come from, such as "3 tests from the docstring". */
  readonly tests: string;
  /** The sandbox's own description. */
  readonly sandbox: string;
  /** Set where the project's own tests decide. */
  readonly proof?: ProofNote;
  /** ms since the epoch. */
  readonly startedAt: number;
}

/** Whose tests judge the answers of a run. */
export function judgeOf({ proof }: Pick<RunHeading, 'proof'>): Judge {
  return proof === undefined ? 'task' : 'project';
}

/** A model call: reserved, perhaps arriving, perhaps settled. */
export interface CallRecord {
  readonly reserved: CallReserved;
  /** Characters of the answer that have arrived. */
  readonly arrived: number;
  readonly settled?: CallSettled;
  /** The call that brought the very code of this one's answer before. */
  readonly sameAs?: number;
}

/** An answer that was tested, or is being tested as long as there is no verdict. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly model: string;
  readonly verdict?: Verdict;
}

/** A run so far: what its events say, gathered. Status bar and receipt show this and nothing else. */
export interface RunRecord {
  readonly heading: RunHeading;
  readonly plan?: Plan;
  readonly calls: readonly CallRecord[];
  readonly attempts: readonly AttemptRecord[];
  /** Answers that were compared by what they do. */
  readonly comparisons: readonly ComparedEvent[];
  /** Why no more evidence was bought; undefined where none was to be, or that is not over. */
  readonly evidence?: EvidenceEnd;
  readonly denials: readonly Denial[];
  /** Thresholds of caps that were reached. */
  readonly warnings: readonly Warning[];
  readonly raises: readonly { readonly from: Money; readonly to: Money }[];
  /** Why the user is asked for more money, while that question is open. */
  readonly asking: Denial | undefined;
  /** Why the next call waits, while it does. */
  readonly waiting: string | undefined;
  readonly account: Account;
  readonly result?: RunResult;
}

/** The record of a run in which nothing has happened yet. */
export function openRecord(heading: RunHeading, budget: Money): RunRecord {
  const nothing = { calls: [], attempts: [], comparisons: [], denials: [], warnings: [], raises: [] };
  return { heading, ...nothing, asking: undefined, waiting: undefined, account: openAccount(budget) };
}

/** The record after one more event. Pure: the record given stays as it is. */
export function recorded(record: RunRecord, event: RunEvent): RunRecord {
  const onward = { ...record, waiting: undefined, asking: undefined };
  switch (event.type) {
    case 'planned':
      return { ...record, plan: event.plan };
    case 'reserved':
      return { ...onward, account: event.account, calls: [...record.calls, { reserved: event, arrived: 0 }] };
    case 'arriving':
      return {
        ...record,
        calls: changed(record.calls, event.call, (call) => ({ ...call, arrived: call.arrived + event.text.length })),
      };
    case 'settled':
      return {
        ...onward,
        account: event.account,
        calls: changed(record.calls, event.call, (call) => ({ ...call, settled: event })),
      };
    case 'warning':
      return { ...record, warnings: [...record.warnings, event.warning] };
    case 'exhausted':
      return { ...onward, asking: event.denial };
    case 'raised':
      return { ...onward, account: event.account, raises: [...record.raises, { from: event.from, to: event.to }] };
    case 'denied':
      return { ...onward, account: event.account, denials: [...record.denials, event.denial] };
    case 'waiting':
      return { ...record, waiting: event.why };
    case 'testing':
      return { ...onward, attempts: [...record.attempts, { attempt: event.attempt, model: event.model }] };
    case 'verdict': {
      const { attempt, model, verdict } = event;
      const others = record.attempts.filter((known) => known.attempt !== attempt);
      return { ...onward, attempts: [...others, { attempt, model, verdict }] };
    }
    case 'repeated':
      return { ...onward, calls: changed(record.calls, event.call, (call) => ({ ...call, sameAs: event.of })) };
    case 'compared':
      return { ...onward, comparisons: [...record.comparisons, event] };
    case 'evidence':
      return { ...onward, evidence: event.end };
    case 'finished':
      return { ...onward, account: event.result.account, result: event.result };
  }
}

function changed(
  calls: readonly CallRecord[],
  call: number,
  change: (record: CallRecord) => CallRecord,
): readonly CallRecord[] {
  return calls.map((record) => (record.reserved.call === call ? change(record) : record));
}
