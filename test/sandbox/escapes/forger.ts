import { type HostileProgram, inVain, type Outside } from './hostileProgram';
import { SHOWN } from './script';

const PASS = 'make a wrong answer pass';

/** A script whose answers are wrong. All of its tests must fail. */
export function forger(name: string, code: string, tests: readonly string[], outside: Outside = SHOWN): HostileProgram {
  return {
    ...{ name, mustNot: PASS, language: 'javascript', outside, tests },
    code: () => code,
    check(verdict) {
      inVain(verdict);
      if (verdict.passed > 0) throw new Error(`a wrong answer passed: ${JSON.stringify(verdict)}`);
    },
  };
}

/** Tests that a wrong answer fails. */
export const EQUAL = ['assert.equal(f(), 1)'];
export const DEEP = ['assert.deepStrictEqual(f(), { a: 1 })'];
