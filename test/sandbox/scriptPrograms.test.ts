import assert from 'node:assert/strict';
import { type Case, fails, judge, passes } from './bench';

const script = (test: Case): Case => ({ language: 'javascript', ...test });
const typed = (test: Case): Case => ({ language: 'typescript', ...test });

describe('JavaScript programs in the sandbox', function () {
  this.timeout(60_000);

  it('compares every kind of plain data by value, and keeps its identity', async () => {
    const values = [
      '0', '-1', '1.5', '-0', 'NaN', 'Infinity', '-Infinity', 'true', 'null', 'undefined', "''",
      "'a\\u00e9\\u4e2d\\u{1f600}\\0'", "'\\ud800'", '10n', '-(2n ** 70n)', '[]', '[1, [2, [3]]]', '[1, , 3]', 'Array(3)',
      '[undefined, null]', '{}', '{ a: { b: [1] } }', 'Object.create(null)', "{ ['__proto__']: 1 }", '{ a: undefined }',
      '{ b: 1, a: 2 }', '{ 2: 1, 1: 2 }', '{ [Symbol.for("q")]: 1 }', 'new Map([[1, { a: 2 }], [{}, 3]])',
      'new Set([1, [2]])', 'new Date(0)', '/a+/gi', 'new Uint8Array([1, 2])', 'new Float64Array([1.5, NaN])',
      'new BigInt64Array([1n])', 'Buffer.from("ab")', 'new ArrayBuffer(3)', 'new DataView(new ArrayBuffer(2))',
      'new Error("x")', 'new TypeError("x", { cause: 3 })', 'new AggregateError([new Error("a")], "b")',
      'Object.assign(new RangeError("x"), { code: 4, name: "Mine" })', 'Symbol.iterator', 'Symbol.for("k")',
      'Object("s")', 'Object(1)', '"abc".match(/b(c)/)', 'Object.freeze([1])',
    ]; // prettier-ignore
    await passes(
      script({
        code: 'function f(x) { return x }\nfunction make(text) { return eval("(" + text + ")") }',
        tests: values.flatMap((value) => [
          `const v = ${value}; const r = f(v); assert.deepStrictEqual(r, v); assert.strictEqual(r, v)`,
          `assert.deepStrictEqual(make(${JSON.stringify(value)}), (${value}))`,
        ]),
      }),
    );
  });

  it('keeps shared references, cycles, symbols, and objects that the code holds on to', async () => {
    await passes(
      script({
        code: `
function f(x) { return x }
function twin() { const a = []; return [a, a] }
function ring() { const a = [1]; a.push(a); return a }
const store = new Map(), list = [];
const put = (key, value) => void store.set(key, value), get = (key) => store.get(key);
const node = (v) => ({ v, next: null });
function link(a, b) { a.next = b }
function add(n) { list.push(n) }
const has = (n) => list.includes(n);`,
        tests: [
          'const t = twin(); assert(t[0] === t[1])',
          'const r = ring(); assert(r[1] === r)',
          'const d = {}; d.self = d; assert(f(d) === d); assert(f([d])[0] === d)',
          'const o = { a: 1 }; put("k", o); o.a = 2; assert.strictEqual(get("k"), o); assert.equal(get("k").a, 2)',
          'const a = node(1), b = node(2); link(a, b); assert(a.next === b); add(a); assert(has(a)); assert(!has(b))',
          'const a = node(1); link(a, node(2)); assert.deepStrictEqual(a, { v: 1, next: { v: 2, next: null } })',
          'let deep = []; for (let i = 0; i < 5000; i++) deep = [deep]; assert.strictEqual(f(deep), deep)',
          'const s = Symbol("x"); assert.strictEqual(f(s), s); assert.strictEqual(f({ [s]: 1 })[s], 1)',
          'for (let i = 0; i < 300; i++) assert.equal(f(Array(1000).fill(i)).length, 1000)',
        ],
      }),
    );
  });

  it('applies in-place changes of arguments to the originals, and refuses them where they are frozen', async () => {
    await passes(
      script({
        code: `
function f(x) { 'use strict'; x.sort() }
function nested(d) { d.a.push(4); d.b = new Set([1]); delete d.c; return d.a }
function sets(s, b, m) { s.add(9); b[0] = 7; m.set('k', 1) }
function empty(x) { x.length = 0; x.push(x); return x }
const descending = (x) => x.sort((a, b) => b - a);`,
        tests: [
          'const x = [3, 1, 2]; assert.strictEqual(f(x), undefined); assert.deepStrictEqual(x, [1, 2, 3])',
          'const d = { a: [1], c: 0 }; const r = nested(d); assert(r === d.a); assert.deepStrictEqual(d, { a: [1, 4], b: new Set([1]) })',
          'const s = new Set([1]), b = new Uint8Array(2), m = new Map(); sets(s, b, m); assert.deepStrictEqual([s, b, m], [new Set([1, 9]), new Uint8Array([7, 0]), new Map([["k", 1]])])',
          'const x = [1]; assert(empty(x) === x && x[0] === x && x.length === 1)',
          'const x = Object.freeze([3, 1]); assert.throws(() => f(x), TypeError); assert.deepStrictEqual(x, [3, 1])',
          'const big = Array.from({ length: 20000 }, (_, i) => i); assert(descending(big) === big); assert.equal(big[0], 19999)',
        ],
      }),
    );
  });

  it('calls back functions of the tests, to any depth, and hands errors through', async () => {
    await passes(
      script({
        code: `
function f(g, ...a) { return g(...a) }
const apply = (g, xs) => xs.map(g).sort((a, b) => b - a);
const deco = (g) => (...a) => g(...a) + 1;
function caught(g) { try { return g() } catch (e) { return e.message } }
function rethrow(g) { try { g() } catch (e) { throw e } }
const callWith = (o) => o.cb(2);
function once(fn) { let done = false, r; return function (...a) { if (!done) { done = true; r = fn.apply(this, a) } return r } }
const memoize = (fn) => { const m = new Map(); return (x) => { if (!m.has(x)) m.set(x, fn(x)); return m.get(x) } };`,
        tests: [
          'assert.equal(f((a, b = 1) => a + b, 1, 5), 6)',
          'assert.deepStrictEqual(apply((x) => x * x, [1, 3, 2]), [9, 4, 1])',
          'const seen = []; f((x) => seen.push(x), 3); assert.deepStrictEqual(seen, [3])',
          'const fact = (n) => (n === 0 ? 1 : n * f(fact, n - 1)); assert.equal(fact(15), 1307674368000)',
          'assert.equal(deco((a, b) => a + b)(1, 2), 4)',
          'assert.equal(caught(() => { throw new Error("why") }), "why")',
          'assert.equal(f(Math.max, 1, 5), 5); assert.equal(f(parseInt, "7"), 7); assert.deepStrictEqual(apply(Number, ["1", "2"]), [2, 1])',
          'const e = new RangeError("q"); assert.throws(() => rethrow(() => { throw e }), (x) => x === e)',
          'assert.equal(callWith({ k: 5, cb(x) { return x + this.k } }), 7)',
          'let n = 0; const g = once(() => ++n); g(); g(); assert.equal(n, 1); assert.equal(g(), 1)',
          'let n = 0; const m = memoize((o) => ++n); const key = {}; m(key); m(key); assert.equal(n, 1)',
          'const log = [1]; f((l) => l.push(2), log); assert.deepStrictEqual(log, [1, 2])',
        ],
      }),
    );
  });

  it('hands over classes, objects, iterators and generators of the tests', async () => {
    await passes(
      script({
        code: `
const depth = (n) => (n === null ? 0 : 1 + Math.max(depth(n.left), depth(n.right)));
const build = (v) => new TreeNode(v);
const isNode = (x) => x instanceof TreeNode;
const sum = (xs) => { let s = 0; for (const x of xs) s += x; return s };
function walk(p) { p.x += 1; p.items.push(p.x); return p.total() + p.double }
const same = (p) => p;`,
        setup: `
class TreeNode {
  constructor(val, left = null, right = null) { this.val = val; this.left = left; this.right = right }
  twice() { return this.val * 2 }
}
class P { constructor(x) { this.x = x; this.items = [] } total() { return this.items.length + this.x } get double() { return this.x * 2 } }`,
        tests: [
          'assert.equal(depth(new TreeNode(1, new TreeNode(2))), 2)',
          'const t = build(4); assert(t instanceof TreeNode); assert.equal(t.twice(), 8); assert.equal(t.val, 4)',
          'assert(isNode(new TreeNode(1))); assert(!isNode({}))',
          'const p = new P(1); assert.equal(walk(p), 7); assert.equal(p.x, 2); assert.deepStrictEqual(p.items, [2])',
          'const p = new P(1); assert.strictEqual(same(p), p); assert.strictEqual(same([p])[0], p)',
          'assert.equal(sum(new Set([1, 2])), 3); assert.equal(sum((function* () { yield 1; yield 5 })()), 6)',
          'assert.equal(sum(new Map([[1, 2]]).values()), 2)',
        ],
      }),
    );
  });

  it('lets tests build and use the classes of the code', async () => {
    await passes(
      script({
        code: `
class EmptyError extends Error { constructor(m) { super(m); this.name = 'EmptyError'; this.code = 4 } }
class Stack {
  #n = 0;
  static made = 0;
  constructor(items = []) { this.items = [...items]; Stack.made++ }
  push(x) { this.items.push(x); this.#n++; return this }
  pop() { if (!this.items.length) throw new EmptyError('empty'); return this.items.pop() }
  get size() { return this.items.length }
  get pushes() { return this.#n }
  *[Symbol.iterator]() { yield* this.items }
  static of(...xs) { return new Stack(xs) }
  toString() { return 'Stack(' + this.items + ')' }
}
class Fast extends Stack {}
class Money { constructor(v) { this.v = v } valueOf() { return this.v } toJSON() { return { m: this.v } } add(o) { return new Money(this.v + o.v) } }
class Vec { constructor(x, y) { this.x = x; this.y = y } add(o) { return new Vec(this.x + o.x, this.y + o.y) } }
class Bag extends Map { total() { return [...this.values()].reduce((a, b) => a + b, 0) } }
const f = (v) => new Vec(v.x * 2, v.y * 2);
function counter() { let c = 0; return { inc() { return ++c }, get value() { return c } } }
const thing = () => ({ n: 0, inc() { this.n++; return this } });`,
        tests: [
          'const s = new Stack([1]); s.push(2).push(3); assert.equal(s.size, 3); assert.deepStrictEqual([...s], [1, 2, 3]); assert.equal(s.pushes, 2)',
          'const s = new Stack(); s.items = [5]; assert.equal(s.pop(), 5); assert.throws(() => s.pop(), EmptyError)',
          'assert.throws(() => new Stack().pop(), /empty/); assert.throws(() => new Stack().pop(), { name: "EmptyError", message: "empty", code: 4 })',
          'try { new Stack().pop(); assert.fail() } catch (e) { assert(e instanceof EmptyError && e instanceof Error && e.code === 4) }',
          'assert(new Fast() instanceof Stack); assert(!(new Stack() instanceof Fast)); assert.equal(new Fast().constructor, Fast); assert.equal(Fast.name, "Fast")',
          'assert.deepStrictEqual([...Stack.of(1, 2)], [1, 2]); const before = Stack.made; new Stack(); assert.equal(Stack.made, before + 1)',
          'assert.equal(String(new Stack([1, 2])), "Stack(1,2)"); assert.equal(`${Stack.of(1)}`, "Stack(1)")',
          'assert.equal(new Money(3) + 4, 7); assert(new Money(3) < 4); assert.equal(JSON.stringify(new Money(3)), `{"m":3}`)',
          'assert.deepStrictEqual(new Vec(1, 2).add(new Vec(3, 4)), new Vec(4, 6)); assert.notDeepStrictEqual(new Vec(1, 2), new Vec(2, 1))',
          'assert.deepEqual(f(new Vec(1, 2)), new Vec(2, 4)); assert.deepStrictEqual({ ...f(new Vec(1, 2)) }, { x: 2, y: 4 })',
          'const v = new Vec(1, 2); assert.deepStrictEqual(Object.keys(v), ["x", "y"]); assert("x" in v); v.x = 5; assert.equal(v.x, 5); delete v.x; assert(!("x" in v))',
          'const c = counter(); c.inc(); c.inc(); assert.equal(c.value, 2); const t = thing(); t.inc().inc(); assert.equal(t.n, 2)',
          'const b = new Bag([["a", 1]]); b.set("b", 2); assert.equal(b.total(), 3); assert(b instanceof Map); assert.notDeepStrictEqual(b, new Bag())',
          'assert.throws(() => Stack(), TypeError); assert.equal(typeof Stack, "function"); assert.equal(typeof new Stack(), "object")',
        ],
      }),
    );
  });

  it('says that tests cannot derive from a class of the code', async () => {
    const [message] = await fails(script({ code: 'class Base {}', tests: ['class Sub extends Base {}\nnew Sub()'] }));
    assert.match(message!, /tests cannot derive a class from Base/);
  });

  it('awaits what the code promises, and lets its timers run', async () => {
    await passes(
      script({
        code: `
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
async function f(x) { if (x < 0) throw new RangeError('neg'); await null; return x * 2 }
async function slow(x) { await sleep(20); return [x] }
async function retry(g, n) { for (let i = 0; ; i++) { try { return await g(i) } catch (e) { if (i >= n) throw e } } }
const all = (ps) => Promise.all(ps);
async function* count(n) { for (let i = 0; i < n; i++) { await null; yield i } }
function debounce(fn, ms) { let t; return (...a) => { clearTimeout(t); t = setTimeout(() => fn(...a), ms) } }
const callback = (x, done) => void setTimeout(() => done(null, x + 1), 5);
async function total(xs) { let s = 0; for await (const x of xs) s += x; return s }
class Queue { async run(x) { await sleep(1); return x } }`,
        tests: [
          'assert.equal(await f(2), 4)',
          'assert.rejects(f(-1), RangeError)',
          'await assert.rejects(f(-1), /neg/); await assert.rejects(() => f(-1), { name: "RangeError", message: "neg" })',
          'await assert.doesNotReject(f(1)); const p = f(1); assert(p instanceof Promise); assert.equal(await p, 2)',
          'assert.deepStrictEqual(await slow(1), [1])',
          'assert.deepStrictEqual(await Promise.all([slow(1), slow(2)]), [[1], [2]])',
          'assert.equal(await Promise.race([slow(1).then(() => "slow"), f(1)]), 2)',
          'let n = 0; assert.equal(await retry(async (i) => { n++; if (i < 2) throw new Error("x"); return i }, 5), 2); assert.equal(n, 3)',
          'await assert.rejects(retry(async () => { throw new TypeError("t") }, 1), TypeError)',
          'assert.deepStrictEqual(await all([f(1), Promise.resolve(3), 4]), [2, 3, 4])',
          'const out = []; for await (const x of count(3)) out.push(x); assert.deepStrictEqual(out, [0, 1, 2])',
          'const calls = []; const d = debounce((x) => calls.push(x), 20); d(1); d(2); await new Promise((r) => setTimeout(r, 80)); assert.deepStrictEqual(calls, [2])',
          'assert.equal(await new Promise((resolve, reject) => callback(1, (e, v) => (e ? reject(e) : resolve(v)))), 2)',
          'assert.equal(await total((async function* () { yield 1; yield 5 })()), 6)',
          'assert.equal(await new Queue().run(4), 4)',
          'f(-1).catch(() => {})',
          'f(2).then((x) => assert.equal(x, 4))',
        ],
      }),
    );
  });

  it('runs generators and iterators of the code lazily', async () => {
    await passes(
      script({
        code: `
function* f(n) { for (let i = n; ; i++) yield i }
function* few() { yield 1; yield 2; return 'end' }
const pairs = () => new Map([[1, 'a']]).entries();
const range = { *[Symbol.iterator]() { yield* [1, 2] } };`,
        tests: [
          'const g = f(3); assert.deepStrictEqual(g.next(), { value: 3, done: false }); assert.equal(g.next().value, 4)',
          'const [a, b] = f(0); assert.deepStrictEqual([a, b], [0, 1])',
          'assert.deepStrictEqual([...few()], [1, 2]); const g = few(); g.next(); g.next(); assert.deepStrictEqual(g.next(), { value: "end", done: true })',
          'assert.deepStrictEqual([...pairs()], [[1, "a"]]); assert.deepStrictEqual(Array.from(range), [1, 2])',
        ],
      }),
    );
  });

  it('takes modules of either kind, scripts, a shebang and a strict directive', async () => {
    const tests = ['assert.equal(f(1), 2)'];
    for (const code of [
      'function f(x) { return x + 1 }',
      'const f = (x) => x + 1',
      'let f; f = function (x) { return x + 1 }',
      'f = (x) => x + 1',
      "'use strict';\nfunction f(x) { return this === undefined ? x + 1 : 0 }",
      '#!/usr/bin/env node\nfunction f(x) { return x + 1 }',
      'export function f(x) { return x + 1 }',
      'export const f = (x) => x + 1, other = 1;',
      'export default function f(x) { return x + 1 }',
      'export default (x) => x + 1;',
      'export default function (x) { return x + 1 }',
      'const g = (x) => x + 1;\nexport { g as f };',
      'module.exports = function (x) { return x + 1 }',
      'module.exports = { f: (x) => x + 1 }; if (require.main === module) process.exit(1);',
      'exports.f = (x) => x + 1',
      "import fs, { existsSync as e } from 'node:fs';\nimport * as path from 'path';\nexport const f = (x) => (e('/') && path.sep && fs.readFileSync ? x + 1 : 0);",
      "import { Shape } from './types';\nfunction f(x) { return x + 1 }",
      'const one = await Promise.resolve(1);\nfunction f(x) { return x + one }',
      '{\n  function f(x) { return x + 1 }\n}',
      'class Map { get() { return 1 } }\nvar JSON = 1, Object = 2;\nfunction f(x) { return x + new Map().get() }',
    ]) {
      await passes(script({ code, tests }));
    }
    await passes(
      script({
        code: 'export default class { go() { return 1 } }',
        entryPoint: 'K',
        tests: ['assert.equal(new K().go(), 1)'],
      }),
    );
  });

  it('runs tests that are statements, share the setup, and may use names again', async () => {
    await passes(
      script({
        code: 'let n = 0;\nfunction f() { return ++n }',
        setup: "import { strict as same } from 'node:assert';\nlet shared = 1;\nconst twice = (x) => x * 2;",
        tests: [
          'const r = f();\nassert.equal(r, 1);\nassert.equal(n, 1);',
          'const r = f(); assert.equal(r, 2)',
          'n = 5; assert.equal(f(), 6)',
          'shared += 1; function helper() { return shared }',
          'same.equal(helper(), 2); assert.equal(twice(2), 4)',
          'if (true) { assert(1) } else assert(0)',
          "'use strict'; assert.equal(typeof nowhere, 'undefined')",
          "const assert2 = require('node:assert/strict'); assert2.equal(f(), 7)",
          "import path from 'node:path';\nassert.equal(path.sep, '/')",
          '',
        ],
      }),
    );
  });

  it('runs tests in the style of node:test, several in one text, with one outcome for each text', async () => {
    const verdict = await judge(
      script({
        code: 'export function f(x) { return x }',
        tests: [
          "import test from 'node:test';\ntest('a', () => { assert.equal(f(1), 1) });\ntest('b', async () => { await null; assert.equal(f(2), 2) });",
          "const { describe, it, beforeEach, afterEach } = require('node:test');\nlet n; describe('d', () => { beforeEach(() => { n = 1 }); afterEach(() => { n = 0 }); it('x', () => { assert.equal(n++, 1) }); it('y', async () => { assert.equal(n, 1) }) })",
          "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { f as g } from '../src/solution.js';\ntest('imported', () => assert.equal(g(3), 3));",
          "test('outer', async (t) => { await t.test('inner', (t) => { t.assert.equal(f(1), 1) }) })",
          "it('done', (t, done) => { setTimeout(done, 5) }); test.skip('no', () => { throw 1 }); test('off', { skip: true }, () => { throw 1 })",
          "import { mock } from 'node:test'; const g = mock.fn((x) => x + 1); assert.equal([f(1)].map(g)[0], 2); assert.equal(g.mock.callCount(), 1)",
          "test('a', () => { assert.equal(f(1), 1) }); test('b', () => { assert.equal(f(1), 2) }); test('c', () => { throw new Error('c') })",
          "describe('outer', () => { describe('inner', () => { it('bad', async () => { await assert.rejects(async () => f(1)) }) }) })",
          "test('sub', async (t) => { await t.test('one', () => { assert.equal(f(1), 3) }) })",
        ],
      }),
    );
    assert.equal(verdict.total, 9);
    assert.deepEqual(
      verdict.tests.map(({ ok, message }) => (ok ? 'ok' : message)),
      [
        ...Array<string>(6).fill('ok'),
        'b: assert.equal(f(1), 2): got 1',
        'outer > inner > bad: await assert.rejects(async () => f(1)): Missing expected rejection.',
        'sub > one: assert.equal(f(1), 3): got 1',
      ],
    );
  });

  it('gives the code what is written in the stub, and tests its own copy of the helpers', async () => {
    await passes(
      script({
        prompt:
          "import { sep } from 'node:path';\nconst LIMIT = 3;\nclass Box { constructor(v) { this.v = v } }\nfunction poly(x) { return x - LIMIT }\nfunction later(x) {\n  // to be written\n}\n/** finds a zero */\nfunction f(x) {\n",
        code: 'function f() { return new Box(LIMIT + sep.length - 1).v }\nfunction later() { return 1 }',
        tests: ['assert.equal(poly(f(1)), 0)', 'assert(new Box(1).v === 1)', 'assert.equal(later(), 1)'],
      }),
    );
  });

  it('says what a failing test got and where an exception arose', async () => {
    const expected: readonly (readonly [string, string | RegExp])[] = [
      ['assert.equal(f(1), 2)', 'assert.equal(f(1), 2): got 1'],
      ['assert.strictEqual(f(1), 1 + 1);', 'assert.strictEqual(f(1), 1 + 1): got 1, expected 2'],
      [
        'assert.deepStrictEqual(f({ a: [1] }), { a: [2] })',
        'assert.deepStrictEqual(f({ a: [1] }), { a: [2] }): got { a: [ 1 ] }',
      ],
      ['assert(f(0))', 'assert(f(0)): got 0'],
      ['assert.ok(f(0), "nope")', 'assert.ok(f(0), "nope"): got 0 (nope)'],
      ['assert.notEqual(f(1), 1)', 'assert.notEqual(f(1), 1): got 1'],
      ['assert.match(f("abc"), /x/)', 'assert.match(f("abc"), /x/): got \'abc\''],
      [
        'assert.throws(() => f(1), TypeError)',
        /^assert\.throws\(\(\) => f\(1\), TypeError\): Missing expected exception/,
      ],
      ['assert.throws(() => f("h"), TypeError)', /instance of "TypeError"\. Received "Error", got Error: bad h$/],
      ['assert.equal(f("h"), 1)', 'Error: bad h (line 2, in helper)'],
      ['for (const x of [0, 1])\n  assert.equal(f("h"), x)', 'Error: bad h (line 2, in helper), at `f("h")`'],
      ['const a = 1; assert.equal(await slow(), a)', 'assert.equal(await slow(), a): got 3, expected 1'],
      ['await late()', 'TypeError: late (line 10, in late)'],
      ['assert.equal(c(), 1)', /^TypeError: the result is not plain data but a C object/],
      ['assert.deepStrictEqual(c(), {})', 'assert.deepStrictEqual(c(), {}): got a C object, which is not plain data'],
      ['nowhere', 'ReferenceError: nowhere is not defined, at `nowhere`'],
      ['assert.equal(f(1), 2', /^the test itself cannot be read: /],
      ['throw 5', /^5/],
      ['strange()', 'odd thrown (line unknown)'],
    ];
    const messages = await fails(
      script({
        code: `function helper(x) {
  throw new Error('bad ' + x);
}
function f(x) {
  return x === 'h' ? helper(x) : x;
}
class C {}
const c = () => new C();
const slow = async () => 3;
async function late() { await null; throw new TypeError('late') }
function strange() { throw 'odd thrown (line unknown)' }`,
        tests: expected.map(([test]) => test),
      }),
    );
    expected.forEach(([test, message], at) => {
      if (typeof message === 'string') assert.equal(messages[at], message, test);
      else assert.match(messages[at]!, message, test);
    });
    const [long] = await fails(
      script({ code: 'const f = () => Array(5000).fill(7)', tests: ['assert.equal(f(), 3)'] }),
    );
    assert.ok(long!.length < 300, long);
  });

  it('fails every test of code that cannot be loaded, with the reason and the line', async () => {
    const tests = ['assert.equal(f(), 1)', 'assert.equal(f(), 2)'];
    for (const [code, reason] of [
      ['const x = 1\nfunction f( {\n  return x\n}', /^SyntaxError: .*\(line \d\)$/],
      ['const a = 1;\n\nthrow new TypeError("at once")', /^TypeError: at once \(line 3\)$/],
      ["const q = require('lodash')", /^Error: Cannot find module 'lodash' \(line 1\)$/],
      ['const a = 1;\nconst a = 2;', /^SyntaxError: .*'a' has already been declared \(line 2\)$/],
      ['a.b', /^ReferenceError: a is not defined \(line 1\)$/],
      ['', /^ReferenceError: f is not defined/],
    ] as const) {
      for (const message of await fails(script({ code, tests }))) assert.match(message, reason);
    }
  });

  it('fails a test whose code throws, or rejects, where nobody can catch it, and goes on with the next', async () => {
    const verdict = await judge(
      script({
        code: "const lost = () => void Promise.reject(new Error('lost'));\nfunction late() { setTimeout(() => { throw new Error('late') }, 5); return new Promise((r) => setTimeout(r, 30)) }\nasync function f() { throw new Error('unseen') }",
        tests: ['lost()', 'await late()', 'f()', 'assert(true)'],
      }),
    );
    assert.deepEqual(verdict.tests.map(({ ok, message }) => (ok ? 'ok' : message)), [
      'outside of any call, Error: lost (line 1, in lost)',
      'outside of any call, Error: late (line 2)',
      'Error: unseen (line 3, in f)',
      'ok',
    ]); // prettier-ignore
  });

  it('reads code with CRLF line ends and a Unicode name, and keeps what the code prints', async () => {
    const verdict = await passes(
      script({
        code: 'const größe = 2;\r\nfunction f(n) {\r\n  console.log("é".repeat(n));\r\n  console.error("err");\r\n  return größe;\r\n}\r\n',
        tests: ['assert.equal(f(5), 2)', 'f(100000)'],
      }),
    );
    assert.ok(verdict.stdout.startsWith('ééééé\nééé'));
    assert.match(verdict.stdout, /\n\[\.\.\. 83623 more characters\]$/);
    assert.equal(verdict.stderr, 'err\nerr\n');
  });

  it('recurses deeply, and makes 1,000 calls in one test in under 2 s', async () => {
    const verdict = await passes(
      script({
        code: 'const f = (n) => (n === 0 ? 0 : 1 + f(n - 1));\nconst inc = (x) => x + 1;',
        tests: ['assert.equal(f(5000), 5000)', 'for (let i = 0; i < 1000; i++) assert.equal(inc(i), i + 1)'],
      }),
    );
    assert.ok(verdict.tests[1]!.durationMs < 2000, `${verdict.tests[1]!.durationMs} ms`);
  });

  it('evaluates what a failing assertion compares once', async () => {
    const verdict = await judge(
      script({
        code: 'let n = 0; function f() { return ++n }',
        tests: ['assert.equal(f(), 2)', 'assert.equal(f(), 2)', 'assert.equal(n, 2)'],
      }),
    );
    assert.deepEqual(verdict.tests.map((test) => test.ok), [false, true, true]); // prettier-ignore
  });

  it('resolves with nothing run when there is no test', async () => {
    const { passed, total, ran, killed } = await judge(script({ code: 'for (;;);', tests: [] }));
    assert.deepEqual({ passed, total, ran, killed }, { passed: 0, total: 0, ran: false, killed: undefined });
  });
});

describe('TypeScript programs in the sandbox', function () {
  this.timeout(60_000);

  it('runs without their types, in the code, the setup, the tests and the stub', async () => {
    await passes(
      typed({
        prompt: 'interface Point { x: number }\nconst ORIGIN: Point = { x: 7 };\nfunction f(p: Point): number {\n',
        code: `
import type { Missing } from './types';
import { Also } from './types';
type Pair<T> = readonly [T, T];
abstract class Base<T> { protected constructor(protected value: T) {} abstract get(): T }
export class Box<T> extends Base<T> { declare tag: string; constructor(value: T) { super(value) } override get(): T { return this.value! } }
function over(a: string): void; function over(a: number): void; function over(_a: unknown) {}
const pair = <T,>(x: T): Pair<T> => [x, x] as const satisfies Pair<T>;
export function f(this: void, p: { x: number }, more?: Also): number { over(1); return p.x + ORIGIN.x }`,
        setup: 'type Check = (x: number) => void;\nconst check: Check = (x: number): void => { assert.equal(x, 8) };',
        tests: [
          'const point: { x: number } = { x: 1 };\ncheck(f(point as { x: number }));',
          'assert.deepStrictEqual(pair<string>("a"), ["a", "a"]);',
          'const box: Box<number> = new Box<number>(3); assert.equal(box.get(), 3 as number)',
        ],
      }),
    );
  });

  it('translates enums, namespaces, parameter properties and casts in angle brackets', async () => {
    await passes(
      typed({
        code: `
enum Color { Red, Green = 'g' }
const enum Bits { A = 1 << 2 }
namespace Math2 { export const two = 2; export function twice(x: number): number { return x * two } }
class Point { constructor(public readonly x: number, private y?: string) {} }
export function f(p: Point): number { return <number>p.x + Bits.A }`,
        tests: [
          'assert.equal(Color.Green, "g"); assert.equal(Color[0], "Red")',
          'assert.equal(Math2.twice(2), 4)',
          'assert.equal(f(new Point(1)), 5)',
        ],
      }),
    );
  });

  it('names lines as they are in the source, whether types were blanked or translated', async () => {
    const [plain] = await fails(
      typed({
        code: 'interface A {\n  x: number;\n}\nfunction f(a: A): never {\n  throw new Error("here");\n}',
        tests: ['f({ x: 1 })'],
      }),
    );
    assert.equal(plain, 'Error: here (line 5, in f)');
    const [moved] = await fails(
      typed({
        code: 'enum A {\n  B,\n  C,\n}\ntype X = 1;\n\nfunction f(a: A): never {\n  throw new Error("here");\n}',
        tests: ['f(A.B)'],
      }),
    );
    assert.equal(moved, 'Error: here (line 8, in f)');
  });

  it('says what cannot be read, and in which line', async () => {
    const [code] = await fails(typed({ code: 'const a = 1;\nfunction f(x: Q: number {\n}', tests: ['f()'] }));
    assert.match(code!, /^SyntaxError: .+ \(line 2\)$/);
    const [test, other] = await fails(typed({ code: 'function g() {}', tests: ['const x: number = f(:', 'f(1)'] }));
    assert.match(test!, /^the test itself cannot be read: .+ \(line 1\)$/);
    assert.match(other!, /f is not defined/);
  });
});
