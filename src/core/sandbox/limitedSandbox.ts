import type { Language } from '../task/task';
import type { Sandbox, TestRun } from './sandbox';
import type { Limits, Verdict } from './verdict';

/** A sandbox with limits of the user's own. What a run asks for itself goes before them. */
export class LimitedSandbox implements Sandbox {
  /** @param limits those that are not the defaults */
  constructor(
    private readonly sandbox: Sandbox,
    private readonly limits: Partial<Limits>,
  ) {}

  get kind(): Sandbox['kind'] {
    return this.sandbox.kind;
  }

  get description(): string {
    return this.sandbox.description;
  }

  get languages(): readonly Language[] {
    return this.sandbox.languages;
  }

  missing(language: Language): string | undefined {
    return this.sandbox.missing?.(language);
  }

  async describe(language: Language): Promise<string> {
    return (await this.sandbox.describe?.(language)) ?? this.sandbox.description;
  }

  async withoutPytest(): Promise<string | undefined> {
    return this.sandbox.withoutPytest?.();
  }

  run(request: TestRun, signal?: AbortSignal): Promise<Verdict> {
    return this.sandbox.run({ ...request, limits: { ...this.limits, ...request.limits } }, signal);
  }

  warmUp(): void {
    this.sandbox.warmUp?.();
  }

  dispose(): void {
    this.sandbox.dispose?.();
  }
}
