/** What the command line ends with; outside checks rely on these numbers. */
export const EXIT = {
  /** Solved; all tests passed; feasible; every task has its line. */
  ok: 0,
  /** Not solved, a test failed, or an internal error. */
  notSolved: 1,
  /** Bad usage or bad input. */
  usage: 2,
  /** The budget admits no pool. */
  infeasible: 3,
  /** No sandbox: nothing was run. */
  noSandbox: 4,
  /** Ended by SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command early. The message is a sentence for the user that says what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.usage,
  ) {
    super(message);
  }
}
