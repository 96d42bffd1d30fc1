import type { Account } from './budget/account';
import type { PoolEntry, Profile, TopologyName } from './plan';
import type { Verdict } from './sandbox/verdict';

/** Why a run stopped. */
export type StopReason = 'solved' | 'untested' | 'gave up' | 'exhausted' | 'infeasible' | 'failed' | 'cancelled';

/** The status of a result line, as the command line prints it. */
export type Status = 'solved' | 'unsolved' | 'exhausted' | 'infeasible' | 'error';

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
  /** A sentence that says what went wrong and what to do; present for `error` and `infeasible`. */
  readonly error?: string;
}
