import type { Verdict } from '../../../src/core/sandbox/verdict';
import { type HostileProgram, type Place, refused } from './hostileProgram';

/** What each of several scripts is asked, and at the end whether the run goes on. */
export interface SharedRun {
  readonly code: string;
  readonly tests: readonly string[];
}

/** Whether a script may share its run with others: it is one `attack`, and is only to be refused what it wants. */
export function isSharable({ tests, check, limits, language }: HostileProgram): boolean {
  return tests === undefined && check === refused && limits === undefined && language !== 'python';
}

/** Several scripts as one, each in a scope of its own. */
export function inOneRun(programs: readonly HostileProgram[], place: Place, last: string): SharedRun {
  const scopes = programs.map((program) => `{\n${program.code(place)}attacks.push(attack);\n}\n`);
  return {
    code: `const attacks = [];\n${scopes.join('')}`,
    tests: [...programs.map((_, index) => `assert.equal(await attacks[${index}](), true)`), last],
  };
}

/** The verdict on one of them; undefined where one ended the run of all, so that it cannot be told whose fault that is. */
export function verdictOn(verdict: Verdict, index: number): Verdict | undefined {
  const [own, last] = [verdict.tests[index], verdict.tests.at(-1)];
  if (own === undefined || last?.ok !== true) return undefined;
  const tests = [own, last];
  return { ...verdict, tests, total: tests.length, passed: tests.filter(({ ok }) => ok).length };
}
