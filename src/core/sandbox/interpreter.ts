/** A program that runs code, and what of the file system it needs. */
export interface Interpreter {
  /** Absolute path of the interpreter itself, never of a shim. */
  readonly executable: string;
  /** Such as "3.11.7". */
  readonly version: string;
  /** Files and directories to show read-only inside the sandbox, at their own paths. */
  readonly paths: readonly string[];
}
