import type { SyntaxNode } from '@lezer/common';
import type { Range } from '../extraction';
import { shifted, withoutTail } from '../foundTest';
import { childrenOf, hasError, nodesNamed, textOf } from '../nodes';
import { dedent, indentAt, lineStart } from '../source';
import { plainAsserts } from './assertions';
import { freeNames } from './names';
import { innerItems, type Item } from './outline';
import { fixturesOf, isFixture, markOf, unseenIn, wholeFunction } from './pytest';
import { bodyStatements, docstringOf, requiredParameters } from './syntax';

/** A test as it stands in some file, before what it needs from there is known. */
export interface RawTest {
  readonly code: string;
  /** The variables that it takes from outside. */
  readonly names: ReadonlySet<string>;
  /** Its statements in the module. */
  readonly place: Range;
  /** The fixtures that it takes, where it is to be run by pytest itself; undefined where it needs nothing of that. */
  readonly fixtures?: readonly string[];
}

/** A test that cannot be used, and why, in words for the user. */
export interface SkippedTest {
  readonly name: string;
  readonly reason: string;
}

export interface RawTests {
  readonly tests: readonly RawTest[];
  readonly skipped: readonly SkippedTest[];
}

const OF_UNITTEST = new Set(['unittest', 'TestCase', 'IsolatedAsyncioTestCase']);

/** Whether an item is a test function or class, which asks rather than answers. */
export function isTestItem(item: Item): boolean {
  if (item.kind === 'function') return /^test(?:_|$)/.test(item.name ?? '');
  return (
    item.kind === 'class' && (isUnittest(item) || /^Test[A-Z_]/.test(item.name ?? '')) && testMethods(item).length > 0
  );
}

function isUnittest(item: Item): boolean {
  const bases = item.node?.getChild('ArgList');
  return bases ? /TestCase\b/.test(textOf(bases, item.piece)) : false;
}

function testMethods(item: Item): Item[] {
  return innerItems(item).filter(isTest);
}

function isTest({ kind, name }: Item): boolean {
  return kind === 'function' && (name ?? '').startsWith('test');
}

/** Whether a method uses one of the others of its class. */
function usesOneOf(method: Item, helpers: readonly Item[]): boolean {
  return helpers.some(({ name }) => name !== undefined && ownNames(method).includes(name));
}

/**
 * The tests in an item that mention `entryPoint` (any, where it is undefined).
 * @param split give every assert of a test function by itself where the function is nothing but asserts
 */
export function rawTests(item: Item, entryPoint: string | undefined, split: boolean): RawTests {
  if (item.kind === 'assert') return { tests: assertTest(item, entryPoint), skipped: [] };
  if (item.kind === 'other' && item.node?.name === 'IfStatement' && isMainGuard(item)) {
    return { tests: innerItems(item).flatMap((inner) => assertTest(inner, entryPoint)), skipped: [] };
  }
  if (!isTestItem(item)) return { tests: [], skipped: [] };
  const functions = item.kind === 'class' ? testMethods(item) : [item];
  const helpers = innerItems(item).filter((inner) => !isTest(inner) && mentionsName(inner, entryPoint));
  const tests: RawTest[] = [];
  const skipped: SkippedTest[] = [];
  for (const fn of functions) {
    const direct = mentionsName(fn, entryPoint);
    if (!direct && !usesOneOf(fn, helpers)) continue;
    const mark = markOf(fn) ?? markOf(item);
    if (mark !== undefined) {
      skipped.push({ name: fn.name ?? 'test', reason: `it is marked '${mark}'` });
      continue;
    }
    const found = direct ? functionTests(fn, split, item.kind === 'class') : 'it has no plain form';
    const keep = item.kind === 'class' ? inItsClass(item, fn) : asItStands(fn);
    const whole = typeof found === 'string' ? keep : undefined;
    const unseen = whole && unseenIn(whole.code);
    if (unseen !== undefined) skipped.push({ name: fn.name ?? 'test', reason: unseen });
    else if (whole !== undefined) tests.push(whole);
    else if (typeof found === 'string') skipped.push({ name: fn.name ?? 'test', reason: found });
    else tests.push(...found);
  }
  return { tests, skipped };
}

/** The names that stand in the decorators of a definition. The parser takes attributes there for variables. */
function decoratorNames({ node, piece }: Item): string[] {
  const decorators = node?.parent?.name === 'DecoratedStatement' ? node.parent.getChildren('Decorator') : [];
  return decorators
    .flatMap((decorator) => nodesNamed(decorator, 'VariableName'))
    .filter(({ from }) => piece[from - 1] !== '.')
    .map((name) => textOf(name, piece));
}

const sourceOf = ({ piece, base, from, to }: Item): string => piece.slice(from - base, to - base);

/** What a method takes from `self`. */
function ownNames(method: Item): string[] {
  return [...sourceOf(method).matchAll(/\bself\.(\w+)/g)].flatMap(([, name]) => name ?? []);
}

/** Whether a name on `self` is one of unittest's, or is given by the class or by another of its methods. */
function knownToClass(name: string, method: Item, members: readonly Item[]): boolean {
  if (/^(?:assert\w*|fail|subTest|skipTest|addCleanup|id|enter\w*)$/.test(name)) return true;
  return members.some((member) => {
    if (member.from === method.from) return new RegExp(`\\bself\\.${name}\\s*=[^=]`).test(sourceOf(member));
    const given = new RegExp(`\\b(?:self|cls)\\.${name}\\b|^${name}\\s*[:=]|\\bdef\\s+${name}\\b`, 'm');
    return given.test(dedent(sourceOf(member)));
  });
}

/** The classes of unittest, as they are named with and without their module, and the import that each needs. */
const BASES: ReadonlyMap<string, string> = new Map([
  ['', ''],
  ['unittest.TestCase', 'import unittest'],
  ['unittest.IsolatedAsyncioTestCase', 'import unittest'],
  ['TestCase', 'from unittest import TestCase'],
  ['IsolatedAsyncioTestCase', 'from unittest import IsolatedAsyncioTestCase'],
]);

/**
 * A method that has no plain form, as a class of its own with all that is no test in its class: what prepares it, what
 * it shares, what helps it. Undefined where it needs more than that. The judge runs such classes.
 */
function inItsClass(item: Item, method: Item): RawTest | undefined {
  const { node, piece, base } = item;
  const bases = node?.getChild('ArgList');
  const parent = bases ? textOf(bases, piece).replace(/^\(|\)$|\s/g, '') : '';
  const needed = BASES.get(parent);
  if (!node || !method.node || needed === undefined || hasError(node)) return undefined;
  const others = new Set(testMethods(item).filter((other) => other.from !== method.from));
  let text = '';
  let at = item.from - base;
  const start = at;
  for (const other of [...others].sort((a, b) => a.from - b.from)) {
    text += piece.slice(at, lineStart(piece, other.from - base));
    at = other.to - base;
  }
  text += piece.slice(at, item.to - base);
  const code = dedent(indentAt(piece, start) + text)
    .replace(/\n(?:[ \t]*\n){2,}/g, '\n\n')
    .trim();
  const froms = new Set([...others].map(({ from }) => from));
  const kept = innerItems(item).filter((inner) => inner.node && !froms.has(inner.from));
  const own = kept.filter(isFixture);
  const taken = [item, method, ...own].flatMap(fixturesOf);
  const fixtures = taken.filter((name) => !own.some((fixture) => fixture.name === name));
  const byPytest = taken.length > 0 || ofPytest(code);
  // Fixtures are nothing to unittest.
  if (byPytest && parent !== '') return undefined;
  if (!ownNames(method).every((name) => knownToClass(name, method, kept))) return undefined;
  const used = new Set(kept.flatMap((inner) => (inner.node ? [...freeNames(inner.node, piece)] : [])));
  const names = [...freeNames(node, piece)].filter((name) => used.has(name));
  const inDecorators = [item, ...kept].flatMap(decoratorNames);
  return {
    code: needed === '' ? code : `${needed}\n${code}`,
    names: new Set([...names, ...inDecorators].filter((name) => !OF_UNITTEST.has(name))),
    place: { start: method.from, end: method.to },
    ...(byPytest ? { fixtures } : {}),
  };
}

/** Whether a piece of a test file has to do with pytest, also where that is imported name by name. */
function ofPytest(code: string): boolean {
  return /\bpytest\b|@(?:fixture|mark\.)|\b(?:raises|approx|param)\(/.test(code);
}

/** A test function that has no plain form, as it stands. Undefined where nothing could run it. */
function asItStands(fn: Item): RawTest | undefined {
  const whole = wholeFunction(fn);
  if (
    whole === undefined ||
    !/\b(?:assert|raises?|warns|deprecated_call|fail|check)/.test(whole.code) ||
    /^\s*yield\b/m.test(whole.code)
  ) {
    return undefined;
  }
  const fixtures = fixturesOf(fn);
  const byPytest = fixtures.length > 0 || ofPytest(whole.code);
  return { ...whole, place: { start: fn.from, end: fn.to }, ...(byPytest ? { fixtures } : {}) };
}

function isMainGuard(item: Item): boolean {
  const condition = item.node?.getChild('BinaryExpression');
  return condition ? textOf(condition, item.piece).includes('__name__') : false;
}

function mentionsName(item: Item, name: string | undefined): boolean {
  if (name === undefined) return true;
  if (!item.node || !item.piece.includes(name)) return false;
  return nodesNamed(item.node, 'VariableName', 'PropertyName').some((n) => textOf(n, item.piece) === name);
}

function assertTest(item: Item, entryPoint: string | undefined): RawTest[] {
  if (item.kind !== 'assert' || !item.node || hasError(item.node) || !mentionsName(item, entryPoint)) return [];
  const from = item.from - item.base;
  const code = plainAsserts([item.node], item.piece, from, item.to - item.base);
  const place = { start: item.from, end: item.to };
  return /\bpytest\b/.test(code) ? [] : [{ code, names: freeNames(item.node, item.piece), place }];
}

/** The tests that a function makes, or the reason why it makes none. */
function functionTests(fn: Item, split: boolean, method: boolean): RawTest[] | string {
  const { node, piece } = fn;
  if (!node || hasError(node)) return 'its code does not parse';
  const parameters = requiredParameters(node, piece).filter((name) => !(method && name === 'self'));
  const cases = parameters.length > 0 ? parametrized(node, piece, parameters) : [''];
  if (cases === undefined) {
    return `it takes ${parameters.length === 1 ? 'the fixture' : 'the fixtures'} ${parameters.join(', ')}`;
  }
  if (node.firstChild?.name === 'async') return 'it is asynchronous';
  const docstring = docstringOf(node)?.parent;
  const statements = bodyStatements(node).filter((s) => s.from !== docstring?.from);
  const first = statements[0];
  const last = statements.at(-1);
  if (!first || !last) return 'it is empty';
  const bound = freeNames(node, piece);
  const names = new Set(
    [...bound].filter((name) => !['pytest', 'self', 'unittest', 'raises', 'approx'].includes(name)),
  );
  const parts =
    split && cases.length === 1 && cases[0] === '' && statements.every((s) => s.name === 'AssertStatement')
      ? statements.map((s) => ({ statements: [s], start: s.from, end: s.to }))
      : [{ statements, start: first.from, end: last.to }];
  const bodies = parts.map((part) => ({
    body: plainAsserts(part.statements, piece, part.start, part.end),
    place: shifted(withoutTail(piece, part), fn.base),
  }));
  const some = (pattern: RegExp): boolean => bodies.some(({ body }) => pattern.test(body));
  if (some(/\bself\b/)) return "it uses 'self' in a way that has no plain form";
  if (some(/\bpytest\./)) return 'it uses pytest in a way that has no plain form';
  if (some(/^\s*(?:return|yield)\b/m)) return 'it returns or yields';
  if (!bodies.every(({ body }) => /\b(?:assert|raise)\b/.test(body))) return 'it asserts nothing';
  return cases.flatMap((setting) =>
    bodies.map(({ body, place }) => ({ code: setting === '' ? body : `${setting}\n${body}`, names, place })),
  );
}

/** One assignment of the parameters for each case of a single `@pytest.mark.parametrize` with everything spelt out. */
function parametrized(node: SyntaxNode, piece: string, parameters: readonly string[]): string[] | undefined {
  const decorators = node.parent?.getChildren('Decorator') ?? [];
  const decorator = decorators[0];
  const args = decorator?.getChild('ArgList');
  if (
    decorators.length !== 1 ||
    !decorator ||
    !args ||
    !textOf(decorator, piece).startsWith('@pytest.mark.parametrize(')
  )
    return undefined;
  const [names, cases, more] = childrenOf(args).filter((child) => !['(', ')', ',', 'Comment'].includes(child.name));
  if (!names || !cases || more || names.name !== 'String' || !/^(?:Array|Tuple)Expression$/.test(cases.name))
    return undefined;
  const given = textOf(names, piece)
    .replace(/['"\s]/g, '')
    .split(',');
  if (given.length !== parameters.length || !given.every((name) => parameters.includes(name))) return undefined;
  const values = childrenOf(cases).filter((child) => !['(', ')', '[', ']', ',', 'Comment'].includes(child.name));
  if (values.some((value) => value.name === 'CallExpression' && textOf(value, piece).startsWith('pytest.')))
    return undefined;
  return values.map(
    (value) => `${given.join(', ')} = ${dedent(indentAt(piece, value.from) + textOf(value, piece)).trim()}`,
  );
}

/** The functions that the asserts of some items call, most often called first. */
export function calledNames(items: readonly Item[]): string[] {
  const counts = new Map<string, number>();
  for (const item of items) {
    if (!item.node) continue;
    for (const call of nodesNamed(item.node, 'CallExpression')) {
      const callee = call.firstChild;
      if (callee?.name !== 'VariableName') continue;
      const name = textOf(callee, item.piece);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}
