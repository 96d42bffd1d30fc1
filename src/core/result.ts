import type { Account } from './budget/account';
import type { PoolEntry, Profile, TopologyName } from './plan';
import type { Verdict } from './sandbox/verdict';

/**
 * Why a run stopped:
 * - `solved`: an answer passes the visible tests, and nothing more was asked for.
 * - `agreed`: it does, and a second, independent answer behaves alike.
 * - `disputed`: it does, but an independent answer behaves otherwise, and nobody could settle which is right.
 * - `exhausted`: the run's own budget does not admit the next call.
 * - `denied`: a wider cap, of a day or a month, does not admit it.
 * - `cancelled`: by the user, or by a limit in time.
 * - `failed`: no model works, or the sandbox or the ledger does not.
 * - `gave up`: as many answers were tried as are worth it, and none passes.
 * - `untested`: there is an answer, and no test that could prove it.
 * - `infeasible`: no plan fits the budget, so nothing was begun.
 */
export type StopReason =
  | 'solved'
  | 'agreed'
  | 'disputed'
  | 'exhausted'
  | 'denied'
  | 'cancelled'
  | 'failed'
  | 'gave up'
  | 'untested'
  | 'infeasible';

/**
 * Why no more evidence was bought for an answer that passes the visible tests:
 * - `no inputs`: from the tests no inputs could be made to compare answers on.
 * - `no telling inputs`: on those inputs the answer does not even do the same twice, or not in time, or gives no plain data.
 * - `enough`: as many answers behave alike as the mode asks for.
 * - `decided`: answers behaved otherwise, and a stronger model or a judge has taken a side, or its own.
 * - `undecided`: a judge named none of them.
 * - `settled`: no further answer could have changed the result.
 * - `repeating`: who could be paid came back with the very code that it had written before.
 * - `incomparable`: comparisons were ended half way or told nothing, and so would those of further answers.
 * - `unaffordable`: the budget pays no further answer.
 * - `asked out`: as many were asked for as the mode pays.
 * - `interrupted`: the run was cancelled, or its sandbox broke.
 */
export type EvidenceEnd =
  | 'no inputs'
  | 'no telling inputs'
  | 'enough'
  | 'decided'
  | 'undecided'
  | 'settled'
  | 'repeating'
  | 'incomparable'
  | 'unaffordable'
  | 'asked out'
  | 'interrupted';

/** The status of a result line, as the command line prints it. */
export type Status = 'solved' | 'unsolved' | 'exhausted' | 'infeasible' | 'error';

const STATUS: Readonly<Record<StopReason, Status>> = {
  solved: 'solved',
  agreed: 'solved',
  disputed: 'solved',
  exhausted: 'exhausted',
  denied: 'exhausted',
  cancelled: 'unsolved',
  failed: 'error',
  'gave up': 'unsolved',
  untested: 'unsolved',
  infeasible: 'infeasible',
};

/** The status that a reason comes down to. */
export function statusOf(stop: StopReason): Status {
  return STATUS[stop];
}

/** What a run brought. The best answer so far is here whatever the status. */
export interface RunResult {
  readonly id: string;
  readonly status: Status;
  readonly stop: StopReason;
  /** The best answer so far; empty where there is none. */
  readonly code: string;
  /** The verdict on `code`. */
  readonly verdict: Pick<Verdict, 'passed' | 'total' | 'ran'>;
  readonly strategy: 'bamas';
  readonly topology: TopologyName;
  readonly profile: Profile;
  readonly pool: readonly PoolEntry[];
  readonly account: Account;
  readonly seconds: number;
  /** In the paper profile: where the paper would have spent more than the budget, in a sentence. */
  readonly overspend?: string;
  /** A sentence that says what went wrong and what to do; present for `error` and `infeasible`. */
  readonly error?: string;
}
