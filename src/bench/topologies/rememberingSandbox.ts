import type { Sandbox, TestRun } from '../../core/sandbox/sandbox';
import type { Verdict } from '../../core/sandbox/verdict';

/** Runs every code against the same tests once: the same recorded answers come up in one way of working after another. */
export class RememberingSandbox implements Sandbox {
  readonly #verdicts = new Map<string, Promise<Verdict>>();

  constructor(private readonly sandbox: Sandbox) {}

  get kind(): Sandbox['kind'] {
    return this.sandbox.kind;
  }

  get description(): string {
    return this.sandbox.description;
  }

  get languages(): Sandbox['languages'] {
    return this.sandbox.languages;
  }

  run(request: TestRun): Promise<Verdict> {
    const { task, code, limits, outcomes } = request;
    const key = JSON.stringify([task.prompt, task.setup, task.tests, code, limits, outcomes]);
    const known = this.#verdicts.get(key) ?? this.sandbox.run(request);
    this.#verdicts.set(key, known);
    return known;
  }
}
