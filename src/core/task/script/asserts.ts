import type { SyntaxNode } from '@lezer/common';
import { shifted, withoutTail, type FoundTest } from '../foundTest';
import type { Grammar } from '../grammar';
import { childrenOf, hasError, nodesNamed, textOf } from '../nodes';
import { dedent, indentAt } from '../source';

/** Longest text that is parsed as a whole to find its asserts; beyond it, lines are looked at one by one. */
const PARSED_WHOLE = 64_000;

const GLOBALS = new Set(
  (
    'assert console Math JSON Array Object Number String Boolean Map Set WeakMap WeakSet Date RegExp Symbol Promise ' +
    'BigInt NaN Infinity undefined Error TypeError RangeError SyntaxError ReferenceError parseInt parseFloat isNaN ' +
    'isFinite Int8Array Uint8Array Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array globalThis ' +
    'structuredClone encodeURIComponent decodeURIComponent setTimeout clearTimeout setImmediate queueMicrotask'
  ).split(' '),
);

/** What calls a test by its name. */
const TESTS = new Set(['test', 'it']);

/**
 * The assert statements of a script that mention `entryPoint` (any, where undefined) and need nothing else of it, with
 * their places; one may come more than once.
 * `console.assert(x)` becomes `assert(x)`, because it would not throw; `expect(a).toBe(b)` becomes an assert. A `test(...)`
 * whose asserts need its own variables is one test as a whole.
 */
export function scriptTests(grammar: Grammar, text: string, entryPoint: string | undefined): FoundTest[] {
  if (!/\bassert\b|\bexpect\(/.test(text)) return [];
  if (text.length <= PARSED_WHOLE) return testsIn(grammar.parse(text), text, entryPoint);
  const tests: FoundTest[] = [];
  if (entryPoint === undefined) return tests;
  let seen = -1;
  for (let at = text.indexOf(entryPoint); at >= 0; at = text.indexOf(entryPoint, at + 1)) {
    const start = text.lastIndexOf('\n', at) + 1;
    if (start === seen || at - start > 2_000) continue;
    seen = start;
    const end = text.indexOf('\n', at);
    const line = text.slice(start, end < 0 || end - start > 4_000 ? start + 4_000 : end);
    if (!/^\s*(?:(?:console\.)?assert\b|expect\()/.test(line)) continue;
    const found = testsIn(grammar.parse(line), line, entryPoint);
    tests.push(...found.map(({ code, place }) => ({ code, place: place && shifted(place, start) })));
  }
  return tests;
}

/** {@link scriptTests} on a tree that is there already. */
export function testsIn(root: SyntaxNode, text: string, entryPoint: string | undefined): FoundTest[] {
  const tests: FoundTest[] = [];
  let whole = -1;
  for (const statement of nodesNamed(root, 'ExpressionStatement')) {
    if (statement.from < whole || hasError(statement)) continue;
    const block = blockTest(statement, text, entryPoint);
    if (block !== undefined) {
      whole = statement.to;
      tests.push({ code: block, place: withoutTail(text, { start: statement.from, end: statement.to }) });
      continue;
    }
    const test = testOf(statement, text);
    if (test === undefined) continue;
    const names = nodesNamed(statement, 'VariableName').map((node) => textOf(node, text));
    const locals = new Set(nodesNamed(statement, 'VariableDefinition').map((node) => textOf(node, text)));
    const properties = nodesNamed(statement, 'PropertyName').map((node) => textOf(node, text));
    if (entryPoint !== undefined && ![...names, ...properties].includes(entryPoint)) continue;
    const outside = names.filter((n) => n !== entryPoint && n !== 'expect' && !GLOBALS.has(n) && !locals.has(n));
    if (entryPoint !== undefined && outside.length > 0) continue;
    tests.push({ code: test, place: withoutTail(text, { start: statement.from, end: statement.to }) });
  }
  return tests;
}

/** Whether a statement is a check rather than code, or a test that cannot be taken apart into such. */
export function isAssert(statement: SyntaxNode, text: string): boolean {
  return testOf(statement, text) !== undefined || blockTest(statement, text, undefined) !== undefined;
}

/**
 * A `test(...)` or `it(...)` whose asserts need what it computes before them, as one test. Undefined for everything else:
 * asserts that stand for themselves are better told one by one, and what needs more than that cannot be taken along.
 */
function blockTest(statement: SyntaxNode, text: string, entryPoint: string | undefined): string | undefined {
  const call = statement.name === 'ExpressionStatement' ? statement.firstChild : null;
  const callee = call?.name === 'CallExpression' ? call.firstChild : null;
  if (!call || callee?.name !== 'VariableName' || !TESTS.has(textOf(callee, text))) return undefined;
  const checks = nodesNamed(call, 'ExpressionStatement').filter((inner) => testOf(inner, text) !== undefined);
  const locals = new Set(nodesNamed(call, 'VariableDefinition').map((node) => textOf(node, text)));
  if (
    !checks.some((check) => namesIn(check, text).some((name) => locals.has(name) && !definedIn(check, text).has(name)))
  ) {
    return undefined;
  }
  const names = new Set(namesIn(call, text));
  if (entryPoint !== undefined && !names.has(entryPoint)) return undefined;
  const code = dedent(indentAt(text, statement.from) + converted(statement, checks, text)).trim();
  const known = (name: string): boolean =>
    name === entryPoint || name === 'expect' || TESTS.has(name) || GLOBALS.has(name) || locals.has(name);
  const outside = entryPoint === undefined ? [] : [...names].filter((name) => !known(name));
  if (outside.length > 0 || /\bexpect\(/.test(code)) return undefined;
  return code.endsWith(';') ? code : `${code};`;
}

/** A statement with its checks as asserts. */
function converted(statement: SyntaxNode, checks: readonly SyntaxNode[], text: string): string {
  let code = '';
  let at = statement.from;
  for (const check of checks) {
    const original = textOf(check, text);
    // Those that are asserts already stay as they stand, with their white space.
    if (/^assert\b/.test(original)) continue;
    code += text.slice(at, check.from) + (testOf(check, text) ?? original);
    at = check.to;
  }
  return code + text.slice(at, statement.to);
}

function namesIn(node: SyntaxNode, text: string): string[] {
  return nodesNamed(node, 'VariableName').map((one) => textOf(one, text));
}

function definedIn(node: SyntaxNode, text: string): ReadonlySet<string> {
  return new Set(nodesNamed(node, 'VariableDefinition').map((one) => textOf(one, text)));
}

function testOf(statement: SyntaxNode, text: string): string | undefined {
  const call = statement.name === 'ExpressionStatement' ? statement.firstChild : null;
  const callee = call?.name === 'CallExpression' ? call.firstChild : null;
  if (!call || !callee) return undefined;
  const name = textOf(callee, text);
  const source = dedent(indentAt(text, statement.from) + textOf(statement, text)).trim();
  const closed = source.endsWith(';') ? source : `${source};`;
  if (name === 'console.assert') return closed.replace(/^console\s*\.\s*assert/, 'assert');
  if (/^assert(?:\.strict)?(?:\.\w+)?$/.test(name)) return closed;
  const matcher = /\.(toBe|toEqual|toStrictEqual)$/.exec(name)?.[1];
  const inner = callee.firstChild;
  if (matcher === undefined || inner?.name !== 'CallExpression' || !inner.firstChild) return undefined;
  if (textOf(inner.firstChild, text) !== 'expect') return undefined;
  const actual = argumentsText(inner, text);
  const expected = argumentsText(call, text);
  if (actual === '' || expected === '') return undefined;
  return `assert.${matcher === 'toBe' ? 'strictEqual' : 'deepStrictEqual'}(${actual}, ${expected});`;
}

function argumentsText(call: SyntaxNode, text: string): string {
  const args = call.getChild('ArgList');
  const parts = args ? childrenOf(args).filter((child) => child.name !== '(' && child.name !== ')') : [];
  const first = parts[0];
  const last = parts.at(-1);
  return first && last ? text.slice(first.from, last.to).replace(/,\s*$/, '') : '';
}
