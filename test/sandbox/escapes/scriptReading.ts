import assert from 'node:assert/strict';
import type { Limits } from '../../../src/core/sandbox/verdict';
import { type HostileProgram, inVain } from './hostileProgram';

/** Time to be read on a busy machine. */
const LIMITS: Partial<Limits> = { testSeconds: 30, runSeconds: 60 };

const program = (
  name: string,
  code: string,
  check: HostileProgram['check'] = inVain,
  language: HostileProgram['language'] = 'javascript',
  limits = LIMITS,
): HostileProgram => ({
  ...{ name, language, check, limits, tests: ['assert.equal(await attack(), true)'] },
  mustNot: 'harm the program that reads it',
  outside: { notShown: 'a plain Node.js reads it in the process that it harms' },
  code: () => code,
});

/** No test was run, for this reason. */
const unread =
  (reason: RegExp): HostileProgram['check'] =>
  (verdict) => {
    inVain(verdict);
    for (const { message } of verdict.tests) assert.match(message ?? '', reason);
  };
const tooDeep = unread(/^not run: the code is nested too deeply to be read$/);
const tooLong = unread(/^not run: the code is longer than 524288 characters$/);
const tooSlow: HostileProgram['check'] = (verdict) => {
  unread(/^not run: reading the code took longer than 1 s$/)(verdict);
  assert.equal(verdict.killed, 'time');
};

const ATTACK = 'export function attack() { return false }\n';
const nested = (open: string, inner: string, close: string, depth: number): string =>
  `${ATTACK}export const x = ${open.repeat(depth)}${inner}${close.repeat(depth)};`;

/** Programs that attack before they run: whoever reads them, to find imports and exports or to take types away. */
export const SCRIPT_READING: readonly HostileProgram[] = [
  program('nests parentheses without end', nested('(', '1', ')', 50_000)),
  program('nests arrays without end', nested('[', '', ']', 50_000)),
  program('nests templates without end', nested('`${', '1', '}`', 20_000)),
  program('nests functions that are never closed', `${ATTACK}export ${'function('.repeat(20_000)}`),
  program('nests classes that are never closed', `${ATTACK}export ${'class {'.repeat(20_000)}`),
  program('opens what it never closes', `${ATTACK}export ${'(a,'.repeat(20_000)}`),
  program('closes what was never opened', `${ATTACK}export ${'}])'.repeat(20_000)}`),
  program('exports without end', ATTACK + 'export let a;\n'.repeat(10_000)),
  program('imports without end', ATTACK + "import { a } from 'b';\n".repeat(20_000)),
  program('is longer than any answer', `${ATTACK}//${'x'.repeat(600_000)}`, tooLong),
  program('comments without end', `${'/**/'.repeat(60)};${ATTACK}`),
  program('is no text', `${ATTACK}\0\ud800\uffff export \u2028 import`),
];

const typed = (name: string, code: string, check: HostileProgram['check']): HostileProgram =>
  program(name, ATTACK + code, check, 'typescript', check === tooSlow ? { ...LIMITS, testSeconds: 1 } : LIMITS);

/** The same, by what only TypeScript has. */
export const TYPES_READING: readonly HostileProgram[] = [
  typed('casts so that it takes for ever to read', `x = ${'<T>('.repeat(60)}1${')'.repeat(60)}`, tooSlow),
  typed('nests types without end', `type A = ${'B<'.repeat(20_000)}1${'>'.repeat(20_000)};`, tooDeep),
  typed('nests namespaces without end', `${'namespace a { '.repeat(20_000)}${'}'.repeat(20_000)}`, tooDeep),
  typed('nests arrows without end', `const f = ${'(a = '.repeat(30_000)}1${') => 1'.repeat(30_000)};`, tooDeep),
  typed(
    'chooses between types without end',
    `type A<T> = ${'T extends 1 ? '.repeat(20_000)}1${': 2'.repeat(20_000)};`,
    inVain,
  ),
  typed('adds without end', `const sum = ${'1+'.repeat(100_000)}1;`, tooDeep),
  typed('negates without end', `const not = ${'!'.repeat(100_000)}1;`, tooDeep),
  typed('has an enum without end', `enum E { ${Array.from({ length: 20_000 }, (_, at) => `k${at}`).join()} }`, inVain),
];
