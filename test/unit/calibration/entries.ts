import type { JournalAttempt, JournalCall, JournalEntry } from '../../../src/core/journal/entry';

/** A call of an executor that came to its own end. */
export function call(model: string, completionTokens: number, more: Partial<JournalCall> = {}): JournalCall {
  const tokens = { promptTokens: 100, completionTokens, maxTokens: 384 };
  return { call: 1, model, role: 'executor', ...tokens, whole: true, ms: 1000, firstTextMs: 200, ...more };
}

/** A first answer that passed, or did not. */
export function answer(model: string, passes: boolean, independent = true): JournalAttempt {
  return { call: 1, model, passed: passes ? 3 : 2, total: 3, independent };
}

export function entry(calls: readonly JournalCall[], attempts: readonly JournalAttempt[] = []): JournalEntry {
  return {
    ...{ version: 1, at: 1_790_000_000_000, language: 'python', profile: 'verified', mode: 'balanced' },
    ...{ topology: 'linear', stop: 'solved', tests: 3, seconds: 2, budgetUsd: '0.01', costUsd: '0.0002' },
    ...{ calls, attempts },
  };
}

/** As many runs with one call each. */
export function runs(count: number, model: string, completionTokens: number): readonly JournalEntry[] {
  return Array.from({ length: count }, () => entry([call(model, completionTokens)]));
}
