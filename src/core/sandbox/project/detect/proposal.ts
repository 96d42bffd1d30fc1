/** A command that seems to run a project's tests. */
export interface Proposal {
  /** The command line to show, confirm and keep in `solvent.testCommand`. */
  readonly line: string;
  /** Why it is proposed, in a few words for the user. */
  readonly reason: string;
}
