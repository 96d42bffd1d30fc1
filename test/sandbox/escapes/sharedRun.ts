import type { Verdict } from '../../../src/core/sandbox/verdict';
import { type HostileProgram, type Place, refused } from './hostileProgram';

/** What each of several programs is asked, and at the end whether the run goes on. */
export interface SharedRun {
  readonly code: string;
  readonly tests: readonly string[];
}

/** Whether a program may share its run with others: it is one `attack`, and is only to be refused what it wants. */
export function isSharable({ tests, check, limits, setup, prompt }: HostileProgram): boolean {
  return [tests, limits, setup, prompt].every((one) => one === undefined) && check === refused;
}

/** Several programs in one language as one: scripts each in a scope of its own, Python under names of their own. */
export function inOneRun(programs: readonly HostileProgram[], place: Place, last: string): SharedRun {
  if (programs.some(({ language }) => language === 'python')) {
    const named = programs.map((program, index) =>
      program.code(place).replace('def attack():', `def attack_${index}():`),
    );
    return { code: named.join('\n'), tests: [...programs.map((_, index) => `assert attack_${index}() is True`), last] };
  }
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
