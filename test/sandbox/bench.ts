import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openSandbox } from '../../src/core/sandbox/open';
import type { Sandbox } from '../../src/core/sandbox/sandbox';
import type { Language } from '../../src/core/task/task';
import type { Limits, Verdict } from '../../src/core/sandbox/verdict';

export const HARNESS = join(process.cwd(), 'src/core/sandbox/harness');

let opened: Promise<Sandbox> | undefined;

/** The sandbox of this machine, opened once. */
export function sandbox(): Promise<Sandbox> {
  opened ??= openSandbox({ choice: 'auto', harness: HARNESS });
  return opened;
}

export interface Case {
  readonly code: string;
  readonly tests: readonly string[];
  readonly setup?: string;
  readonly prompt?: string;
  readonly entryPoint?: string;
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  /** Python unless the case says otherwise. */
  readonly language?: Language;
}

/** Runs one case; the entry point is `f` unless the case names another. */
export async function judge(test: Case, where: Promise<Sandbox> = sandbox()): Promise<Verdict> {
  const {
    code,
    tests,
    setup = '',
    prompt = 'Write f.',
    entryPoint = 'f',
    limits = {},
    signal,
    language = 'python',
  } = test;
  const task = { id: 'case', language, prompt, entryPoint, tests, setup };
  return (await where).run({ task, code, limits }, signal);
}

/** Claims that every test of the case passes. */
export async function passes(test: Case, where: Promise<Sandbox> = sandbox()): Promise<Verdict> {
  const verdict = await judge(test, where);
  assert.deepEqual(
    verdict.tests.filter((one) => !one.ok).map((one) => `${one.name}: ${one.message ?? ''}`),
    [],
  );
  assert.equal(verdict.killed, undefined);
  assert.equal(verdict.passed, test.tests.length);
  return verdict;
}

/** Claims that no test of the case passes, and that each says why. Returns the messages. */
export async function fails(test: Case): Promise<string[]> {
  const verdict = await judge(test);
  assert.equal(verdict.passed, 0, JSON.stringify(verdict.tests));
  assert.equal(verdict.total, test.tests.length);
  assert.equal(verdict.ran, true);
  return verdict.tests.map((one) => {
    assert.ok(one.message !== undefined && one.message !== '', one.name);
    return one.message;
  });
}
