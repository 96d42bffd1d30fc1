import type { Language } from '../task/task';
import type { TestRun } from './sandbox';
import type { Limits } from './verdict';

/** Numbers of descriptors. */
export interface Channels {
  readonly rpc: number;
  readonly report?: number;
}

/** What a process finds where it runs. */
export interface Place extends Channels {
  /** The account that it is to change to; null where it is nobody already. */
  readonly uid: number | null;
  /** Directory of the harness. */
  readonly harness: string;
  /** The one directory that it may write in. */
  readonly scratch: string;
}

/** The two programs of a run, the one that only shows that they could run, and the one that tries to get out. */
export type Role = 'candidate' | 'judge' | 'probe' | 'trial';

/** What runs the tests of one or more languages, inside a sandbox of the operating system. */
export interface Runtime {
  /** Such as "Python 3.11.7". */
  readonly name: string;
  /** Files and directories to show read-only, at their own paths. */
  readonly paths: readonly string[];
  /** Why tests that need pytest itself cannot be run, and what to install; undefined where they can. */
  readonly withoutPytest?: string;
  /** The whole environment of a process, by the directory that it may write in. */
  environment(scratch: string): Readonly<Record<string, string>>;
  /** The command line inside the sandbox. That of a probe prints "ready", that of a trial what it got done. */
  command(role: Role, place: Place, limits: Limits): readonly string[];
  /**
   * What the judge is told: the task with the code, as its program takes them.
   * @throws Unreadable when the code, or a test, is not to be read within the limits
   */
  job(run: TestRun, limits: Limits): unknown;
}

/** A runtime that may be there, and is looked at when it is first needed. */
export interface RuntimeSource {
  readonly languages: readonly Language[];
  /** Why it is not there, as far as that can be told without running anything; undefined when it seems to be. */
  readonly missing: string | undefined;
  /** @throws SandboxError that says what to install */
  open(): Promise<Runtime>;
}
