/** Which limit ended a run before its tests were through. */
export type LimitStruck = 'time' | 'memory' | 'output' | 'processes';

/**
 * What a call of the code came to, as the process of the tests saw it: for comparing answers where nobody knows the right
 * result. The code can only say what it gives itself, not what that is compared with.
 */
export type Outcome =
  /**
   * Digests, the same for equal results. `loose` is also the same where only a trifle tells them apart: the sign of zero,
   * the last digits of a number; in JavaScript a hole or a property that is undefined, or a missing prototype; in Python
   * the types of what `==` takes for equal.
   */
  | { readonly kind: 'value'; readonly exact: string; readonly loose: string }
  /** The kind of the error, such as "TypeError". */
  | { readonly kind: 'error'; readonly name: string }
  /** It gave what cannot be compared, such as a function. */
  | { readonly kind: 'opaque' };

/** What became of one test. `message` says why it failed, in one or a few lines. */
export interface TestOutcome {
  /** The test's own source, shortened to one line. */
  readonly name: string;
  readonly ok: boolean;
  readonly message?: string;
  readonly durationMs: number;
  /** Only where outcomes were asked for; not there where the test was not run to its end. */
  readonly outcome?: Outcome;
}

/** Bounds of one sandboxed run. */
export interface Limits {
  /** Wall-clock seconds for one test. */
  readonly testSeconds: number;
  /** Wall-clock seconds for the whole run, start of the interpreter included. */
  readonly runSeconds: number;
  /** Seconds of processor time that all processes of the code may use together. A verdict calls it `time`. */
  readonly cpuSeconds: number;
  /** Address space of one process, in MiB. On Linux all of them together may not use more either. */
  readonly memoryMb: number;
  /** Processes and threads that may live at once. */
  readonly processes: number;
  /** Bytes that the code may print before it is ended. */
  readonly outputBytes: number;
  /** Size of the scratch directory, in MiB. Beyond it the code meets an error, "No space left on device". */
  readonly scratchMb: number;
  /** Files, folders and links that may be in the scratch directory: their names take memory of the kernel. Linux only. */
  readonly scratchFiles: number;
  /** Size of one file, in MiB. Beyond it the code meets an error, "File too large". */
  readonly fileMb: number;
}

export const DEFAULT_LIMITS: Limits = {
  testSeconds: 10,
  runSeconds: 30,
  cpuSeconds: 30,
  memoryMb: 512,
  processes: 32,
  outputBytes: 1_000_000,
  scratchMb: 64,
  scratchFiles: 10_000,
  fileMb: 64,
};

/** Characters of each output that a verdict keeps; the rest is replaced by a marker that says how much is missing. */
export const KEPT_OUTPUT = 16_384;

/**
 * The outcome of running a task's tests against one candidate. The same object that `check --json` prints.
 * `total` is the number of tests given, `passed` the number that passed, also when the run was ended half way.
 */
export interface Verdict {
  readonly passed: number;
  readonly total: number;
  /** False when there was no test to run. */
  readonly ran: boolean;
  readonly sandbox: 'os' | 'wasm';
  readonly tests: readonly TestOutcome[];
  readonly limits: { readonly seconds: number; readonly memoryMb: number };
  readonly killed?: LimitStruck;
  readonly stdout: string;
  readonly stderr: string;
}

/** A result is called solved only so: at least one test ran, and every test passed. */
export function isSolved(verdict: Verdict): boolean {
  return verdict.ran && verdict.total > 0 && verdict.passed === verdict.total && verdict.killed === undefined;
}
