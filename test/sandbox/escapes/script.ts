import { type HostileProgram, type Outside, type Place } from './hostileProgram';

/** Seen to do harm in a plain Node.js. */
export const SHOWN: Outside = { shownIn: 'node' };
export const HARMFUL: Outside = { notShown: 'it would harm this machine' };
export const PRIVILEGED: Outside = { notShown: 'whether it works outside depends on the privileges of the account' };

/** What every attack may use; first so that what it replaces of them is its own affair. */
const TOOLS = `const fs = require('fs'), path = require('path'), cp = require('child_process'), os = require('os');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;

/** `attack` with a body, which may await, and what it may use. `more` goes before it. */
export function scriptAttack(body: string, more = ''): string {
  return `${TOOLS}${more}async function attack() {\n${body.trim()}\n}\n`;
}

/** A script in JavaScript that has an `attack` of this body. */
export function hostileScript(
  name: string,
  mustNot: string,
  outside: Outside,
  check: HostileProgram['check'],
  body: (place: Place) => string,
): HostileProgram {
  return { name, mustNot, outside, check, language: 'javascript', code: (place) => scriptAttack(body(place)) };
}

/** Declarations that vanish, and one that is translated, so that lines move. */
export const TYPES = `type Wanted = Readonly<Record<string, unknown>>;
interface Aim<T extends Wanted = Wanted> { readonly of: T; reach?(this: Aim<T>): Promise<boolean> }
enum Means { Reading = 'read', Writing = 'write' }
const means: Means = Means.Reading as Means;
`;

/** The same program in TypeScript. Where it has an `attack`, that is typed. */
export function inTypeScript(program: HostileProgram): HostileProgram {
  const typed = (code: string): string =>
    code
      .replace('const sleep = (ms) =>', 'const sleep = (ms: number): Promise<void> =>')
      .replace('async function attack() {', 'async function attack(this: Aim | undefined): Promise<boolean> {');
  return {
    ...program,
    language: 'typescript',
    code: (place) => TYPES + typed(program.code(place)),
  };
}
