import assert from 'node:assert/strict';
import type { LimitStruck, Limits, Verdict } from '../../../src/core/sandbox/verdict';
import type { Language } from '../../../src/core/task/task';

/** What lies outside and is none of the program's business. */
export interface Place {
  /** Path of a file in the user's home, and what is in it. */
  readonly secret: string;
  readonly text: string;
  /**
   * Stands for a home: a folder in the user's with keys, tokens and a workspace (see `makePlace`), all of which hold `text`.
   * Where programs are shown to work, it is `HOME`.
   */
  readonly home: string;
  /** Name of an environment variable that holds `text`. */
  readonly variable: string;
  /**
   * A folder that can be written. It holds `victim` and other files to be harmed; `planted.py` with `VALUE = text`, and
   * modules of JavaScript and JSON that export such a `VALUE`.
   */
  readonly folder: string;
  /** Port of a TCP server that greets with `text`, and of a UDP one that answers with it, on 127.0.0.1. */
  readonly port: number;
  readonly udpPort: number;
  /** Path of a Unix socket that greets with `text`. */
  readonly socket: string;
}

/** How it is known that the program would do harm where nothing holds it. */
export type Outside =
  /** It was seen to: its tests pass when code and tests run in one plain interpreter. */
  | { readonly shownIn: 'python3' | 'pyodide' | 'node' }
  /** It was not tried, or nothing plain has what it attacks. */
  | { readonly notShown: string };

/** Code that wants more than to solve its task. */
export interface HostileProgram {
  readonly name: string;
  readonly language: Language;
  readonly code: (place: Place) => string;
  /** All of them pass where the attack works. Without any: `attack()` is true, or, in a script, resolves to that. */
  readonly tests?: readonly string[];
  readonly setup?: string;
  readonly prompt?: string;
  readonly limits?: Partial<Limits>;
  /** What must not happen, as in "it must not ...". */
  readonly mustNot: string;
  readonly outside: Outside;
  /** Throws when it happened. */
  readonly check: (verdict: Verdict) => void;
}

/** The tests of a program that names none. */
export function testsOf({ tests, language }: Pick<HostileProgram, 'tests' | 'language'>): readonly string[] {
  return tests ?? [language === 'python' ? 'assert attack() is True' : 'assert.equal(await attack(), true)'];
}

/** Indents the body of `attack`. */
export function attack(body: string): string {
  const lines = body.trim().split('\n');
  return `def attack():\n${lines.map((line) => `    ${line}`).join('\n')}\n`;
}

/** A Python string literal. */
export const quoted = (text: string): string => JSON.stringify(text);

/** The program did not get what it wanted, and there is a whole verdict that says so. */
export function inVain(verdict: Verdict): void {
  assert.ok(verdict.passed < verdict.total, JSON.stringify(verdict));
  assert.equal(verdict.tests.length, verdict.total);
  for (const { ok, message } of verdict.tests) assert.ok(ok || (message ?? '') !== '', JSON.stringify(verdict));
}

/** What a test says that a limit has ended. Memory ends an interpreter in too many ways to be listed. */
const SAYS: Readonly<Record<LimitStruck, RegExp>> = {
  time: /^(?:the run )?(?:took longer|used more) than [\d.]+ s(?: of processor time)?$/,
  memory: /./,
  output: /^the code printed more than \d+ bytes$|^more than \d+ files and folders were made/,
  processes: /too many processes|can't start new thread|BlockingIOError|EAGAIN|ERR_WORKER/,
};

/**
 * A limit ended the program: the first test, which ran before, keeps its outcome, the second names the limit, and those
 * after it were not run.
 */
export function struck(...limits: readonly LimitStruck[]): (verdict: Verdict) => void {
  return (verdict) => {
    inVain(verdict);
    const shown = JSON.stringify({ ...verdict, stdout: verdict.stdout.slice(0, 200) });
    assert.ok(verdict.killed !== undefined && limits.includes(verdict.killed), shown);
    const [first, second, ...others] = verdict.tests;
    assert.equal(first?.ok, true, shown);
    assert.match(second?.message ?? '', SAYS[verdict.killed], shown);
    for (const { ok, message } of others) assert.ok(!ok && message?.startsWith('not run: '), shown);
  };
}

/**
 * One of the limits ended the program, or it crashed for want of what they kept from it: what takes all of its memory in a
 * moment and ends without a word is not always seen to have done so. Nothing passes but the first test.
 */
export function struckOrCrashed(...limits: readonly LimitStruck[]): (verdict: Verdict) => void {
  return (verdict) => {
    if (verdict.killed !== undefined) {
      struck(...limits)(verdict);
      return;
    }
    const said = / \(signal \d+\)$/;
    assert.deepEqual(
      verdict.tests.map(({ ok, message }) => ok || said.test(message ?? '')),
      verdict.tests.map(() => true),
      JSON.stringify(verdict),
    );
    assert.equal(verdict.passed, 1, JSON.stringify(verdict));
  };
}

/** It made too many files, and is told so: it is ended, or where files are refused, it meets an error that names the limit. */
export function crowded(verdict: Verdict): void {
  inVain(verdict);
  const said = verdict.tests[1]?.message ?? '';
  if (verdict.killed === undefined) assert.match(said, / \(the scratch folder may hold \d+ MiB in \d+ files\)$/);
  else {
    struck('output')(verdict);
    assert.match(said, /^more than \d+ files and folders were made in the scratch folder$/);
  }
}

/** The program is refused what it wants, and the tests after it still run. */
export function refused(verdict: Verdict): void {
  inVain(verdict);
  assert.equal(verdict.killed, undefined, JSON.stringify(verdict));
  assert.equal(verdict.tests.at(-1)?.ok, true, JSON.stringify(verdict));
}
