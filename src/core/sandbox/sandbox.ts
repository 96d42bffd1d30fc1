import type { Language, Task } from '../task/task';
import type { Limits, Verdict } from './verdict';

/** One candidate and the tests to run against it. */
export interface TestRun {
  readonly task: Task;
  /** The candidate's source. Hostile until proven otherwise. */
  readonly code: string;
  readonly limits?: Partial<Limits>;
  /**
   * The tests are calls, of which is told what they come to, instead of whether they pass. Where it is not known how, no
   * test has an outcome.
   */
  readonly outcomes?: boolean;
}

/**
 * A place where generated code runs and nothing else happens: no network, no view of home, workspace or environment,
 * bounded in time, memory, processes and output. Every backend implements this port.
 */
export interface Sandbox {
  readonly kind: 'os' | 'wasm';
  /** One line for plans and terminals, such as "bubblewrap 0.8.0, Python 3.11.7". */
  readonly description: string;
  /**
   * One line on where tests in a language run, once that was looked for. Not there where it is the same for all.
   * @throws SandboxError where they cannot be run
   */
  describe?(language: Language): Promise<string>;
  /** The languages whose tests it can run; for any other, {@link run} rejects. */
  readonly languages: readonly Language[];
  /** Why tests in a language cannot be run here, and what to install; undefined where they can, or where it is not known. */
  missing?(language: Language): string | undefined;
  /**
   * Why tests in Python that need pytest itself cannot be run here, and what to install; undefined where they can. Not there
   * where it is not known.
   * @throws SandboxError where no tests in Python can be run
   */
  withoutPytest?(): Promise<string | undefined>;
  /**
   * Runs the tests. Resolves with a verdict whatever the candidate does.
   * Rejects with {@link SandboxError} only when the sandbox itself is broken, and with the signal's reason on abort.
   */
  run(request: TestRun, signal?: AbortSignal): Promise<Verdict>;
  /** Gets ready in the background what the next run would wait for. Not there where there is no such thing. */
  warmUp?(): void;
  /** Ends what is kept ready for further runs. Not there where nothing is. */
  dispose?(): void;
}

/** No sandbox can be had, or the one that was there has failed. The message says what to install or do. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';

  /** Told by its name: what is loaded on first use has a copy of this class of its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'SandboxError';
  }
}
