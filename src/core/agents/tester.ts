import { type Agreement, isAgreed } from '../agreement/agreement';
import { compare } from '../agreement/compare';
import type { Known } from '../agreement/done';
import { probesOf } from '../agreement/probes';
import type { AttemptEvent, ComparedEvent } from '../events';
import type { Sandbox } from '../sandbox/sandbox';
import type { Verdict } from '../sandbox/verdict';
import type { Task } from '../task/task';

/** An answer that is code. */
export interface Answered {
  /** The call that brought it. */
  readonly call: number;
  readonly code: string;
}

/** Which answer is tested. */
export interface Tested extends Answered {
  readonly model: string;
}

/** What became of an answer. `verdict` is undefined where there is no test. */
export interface TestedAnswer {
  readonly verdict: Verdict | undefined;
  /** The same code was tested before. */
  readonly repeated: boolean;
  /** The same code of the same model was. */
  readonly echoed: boolean;
}

export interface TesterParts {
  readonly task: Task;
  readonly sandbox: Sandbox;
  readonly emit: (event: AttemptEvent | ComparedEvent) => void;
  /** Ends every test run. */
  readonly signal: AbortSignal;
}

/** Tests the answers of one run, one after the other, and no code twice. */
export class Tester {
  /** What became of a code, and the call that brought it first. */
  readonly #tested = new Map<string, { readonly call: number; readonly verdict: Verdict | undefined }>();
  /** Who wrote a code, by the code. */
  readonly #writers = new Map<string, Set<string>>();
  /** What comparisons have learnt so far. */
  readonly #known: Known = new Map();
  #attempts = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: TesterParts) {}

  /** Answers so far, tested or not. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Counts an answer that held no code. */
  skip(): void {
    this.#attempts += 1;
  }

  /**
   * Tests an answer when those before it are through. Rejects with the signal's reason where that is aborted first.
   * @param signal ends the wait and the test of this answer
   */
  test(answer: Tested, signal: AbortSignal): Promise<TestedAnswer> {
    const tested = this.#last.then(() => this.#test(answer, AbortSignal.any([this.parts.signal, signal])));
    this.#last = tested.catch(() => undefined);
    return tested;
  }

  /** Whether there is anything to compare answers by. */
  async canCompare(): Promise<boolean> {
    const { task, sandbox } = this.parts;
    return sandbox.languages.includes(task.language) && (await probesOf(task)).length > 0;
  }

  /**
   * Whether an answer, compared with itself, does the same and comes to an end. One that does not, such as one that
   * draws lots, would seem to differ from any other.
   */
  async isSteady({ code }: Answered): Promise<boolean> {
    const { task, sandbox, signal } = this.parts;
    const agreement = await compare(task, code, code, sandbox, signal, this.#known);
    return agreement !== undefined && isAgreed(agreement) === true;
  }

  /** Compares two answers by what they do; undefined where there is nothing to compare them by. */
  async compare(one: Answered, other: Answered): Promise<Agreement | undefined> {
    const { task, sandbox, signal, emit } = this.parts;
    const agreement = await compare(task, one.code, other.code, sandbox, signal, this.#known);
    if (agreement !== undefined) emit({ type: 'compared', call: one.call, other: other.call, agreement });
    return agreement;
  }

  async #test({ call, model, code }: Tested, signal: AbortSignal): Promise<TestedAnswer> {
    const { task, sandbox, emit } = this.parts;
    signal.throwIfAborted();
    const attempt = ++this.#attempts;
    const writers = this.#writers.get(code) ?? new Set();
    const echoed = writers.has(model);
    this.#writers.set(code, writers.add(model));
    const before = this.#tested.get(code);
    if (before !== undefined) {
      emit({ type: 'repeated', attempt, call, model, of: before.call });
      return { verdict: before.verdict, repeated: true, echoed };
    }
    let verdict: Verdict | undefined;
    if (task.tests.length > 0) {
      emit({ type: 'testing', attempt, call, model, code });
      verdict = await sandbox.run({ task, code }, signal);
      emit({ type: 'verdict', attempt, call, model, verdict });
    }
    this.#tested.set(code, { call, verdict });
    return { verdict, repeated: false, echoed };
  }
}
