import assert from 'node:assert/strict';
import { type Agreement, isAgreed } from '../../src/core/agreement/agreement';
import { compare } from '../../src/core/agreement/compare';
import type { Language, Task } from '../../src/core/task/task';
import { sandbox } from './bench';

const task = (tests: readonly string[], language: Language = 'javascript'): Task => ({
  ...{ id: 't', language, entryPoint: 'f', setup: '', prompt: 'Write f.' },
  tests,
});
const SORTED = task([
  'assert.deepStrictEqual(f([3, 1, 2], 2), [3, 2])',
  "assert.deepStrictEqual(f(['b', 'a'], 1), ['b'])",
]);
/** Probed with 1 and a few numbers near it. */
const ONE = task(['assert.equal(f(1), 1)']);

const sorted = 'function f(x, n) { return [...x].sort((a, b) => (a < b) - (a > b)).slice(0, n); }';
const returning = (body: string): string => `function f(x) { return ${body}; }`;

async function agreementOf(asked: Task, one: string, other: string): Promise<Agreement> {
  const agreement = await compare(asked, one, other, await sandbox(), new AbortController().signal);
  assert.ok(agreement !== undefined);
  const { probes, same, unclear, untold, differing } = agreement;
  assert.equal(same + unclear + untold + differing.length, probes);
  return agreement;
}

async function areSame(one: string, other: string, asked = ONE): Promise<void> {
  const agreement = await agreementOf(asked, one, other);
  assert.equal(agreement.same, agreement.probes, JSON.stringify(agreement));
}

/** Pairs of expressions, and what comparing each pair comes to. A pattern is an input that is not varied. */
async function eachIs(
  what: 'same' | 'differing' | 'untold',
  pairs: readonly (readonly [string, string])[],
): Promise<void> {
  const asked = task(pairs.map((_, index) => `f(/${index}/)`));
  const [one, other] = ([0, 1] as const).map(
    (side) => `function f({ source }, x = 1) { switch (+source) {
      ${pairs.map((pair, index) => `case ${index}: return ${pair[side]};`).join('\n')} } }`,
  );
  const agreement = await agreementOf(asked, one!, other!);
  const count = what === 'differing' ? agreement.differing.length : agreement[what];
  assert.equal(count, pairs.length, JSON.stringify(agreement));
  assert.equal(isAgreed(agreement), { same: true, differing: false, untold: undefined }[what]);
}

describe('two answers in JavaScript', function () {
  this.timeout(120_000);

  it('that do the same agree, however they are written', async () => {
    const other = 'const f = (x, n) => {\n  const y = x.slice();\n  y.sort();\n  return y.reverse().slice(0, n);\n};\n';
    const agreement = await agreementOf(SORTED, sorted, `${other}module.exports = { f };`);
    assert.ok(agreement.probes > 20 && agreement.same === agreement.probes, JSON.stringify(agreement));
    assert.equal(isAgreed(agreement), true);
  });

  it('that pass the same tests and differ elsewhere are told apart, with the inputs that do it', async () => {
    const agreement = await agreementOf(SORTED, sorted, sorted.replace('0, n', '0, Math.max(n, 1)'));
    assert.ok(agreement.same > 0 && agreement.same < agreement.probes);
    assert.ok(agreement.differing.includes("f(['b', 'a'], (1) - 1)"), agreement.differing.join('; '));
    assert.equal(isAgreed(agreement), false);
  });

  it('are not told apart by an error at the edge, but by one on an ordinary input', async () => {
    const bold = sorted.replace('return', 'x[0].constructor; return');
    const careful = await agreementOf(SORTED, sorted, bold);
    assert.deepEqual(careful.differing, []);
    assert.ok(careful.unclear > 0 && careful.same + careful.unclear === careful.probes);
    const crashing = sorted.replace('return', 'if (x.length > 4) throw new RangeError(); return');
    const { differing } = await agreementOf(SORTED, sorted, crashing);
    assert.ok(differing.includes('f([...[3, 1, 2], ...[3, 1, 2]], 2)'), differing.join('; '));
  });

  it('may use what the stub brings and what the setup defines', async () => {
    const stub = { ...ONE, prompt: 'const twice = (x) => 2 * x;\nfunction f(x) {\n  // Twice x.\n}\n' };
    await areSame('function f(x) { return twice(x); }', returning('x + x'), stub);
    const setup = { ...ONE, setup: 'function thrice(x) { return 3 * x; }' };
    await areSame(returning('thrice(x)'), returning('x + x + x'), setup);
  });

  it('are asynchronous as they like', async () => {
    await areSame('async function f(x) { return x; }', 'const f = (x) => new Promise((d) => setTimeout(d, 5, x));');
    await areSame('async function f(x) { throw new TypeError(x); }', 'function f(x) { throw new TypeError("no"); }');
    const never = await agreementOf(
      task(['f(/a/)']),
      'async function f() {}',
      'const f = () => new Promise(() => {});',
    );
    assert.deepEqual(never.differing, ['f(/a/)']);
  });
});

describe('two answers in TypeScript', function () {
  this.timeout(120_000);

  it('are compared as those in JavaScript are, tests with types too', async () => {
    const typed = task(
      ['const x: number[] = [3, 1, 2];\nassert.deepStrictEqual(f<number>(x, 2 as number), [3, 2]);'],
      'typescript',
    );
    const one =
      'export function f<T>(x: readonly T[], n: number): T[] {\n  return [...x].sort((a, b) => (a < b ? 1 : -1)).slice(0, n);\n}';
    const other =
      'type Many<T> = T[];\nexport const f = <T,>(x: Many<T>, n: number): Many<T> => x.toSorted().reverse().slice(0, n);';
    await areSame(one, other.replace('x.toSorted()', '[...x].sort()'), typed);
    const { differing } = await agreementOf(typed, one, one.replace('0, n', '0, Math.abs(n)'));
    assert.deepEqual(differing, ['f([3, 1, 2], -(2))']);
  });
});

describe('results of scripts', function () {
  this.timeout(120_000);

  it('are compared by value, whatever they are', () =>
    eachIs('same', [
      ['[NaN, undefined, null, 1n, -0]', '[0 / 0, void 0, null, BigInt(1), 0 * -1]'],
      ['({ a: 1, b: [x] })', '({ b: [x], a: 1 })'],
      ['new Map([[1, { a: x }], [2, 3]])', 'new Map([[2, 3], [1, { a: x }]])'],
      ['new Set([x, "a", "b"])', 'new Set(["b", "a", x])'],
      ['new Date(x * 1000)', 'new Date(1000 * x)'],
      ['/a+/gi', 'new RegExp("a+", "ig")'],
      ['Float32Array.of(x, 0.1)', 'new Float32Array([x, 0.1])'],
      ['Buffer.from([1, 2])', 'Buffer.from("0102", "hex")'],
      ['[1, , 3]', '(() => { const made = [1]; made[2] = 3; return made; })()'],
      ['Symbol.for("a")', 'Symbol.for(String.fromCharCode(97))'],
      ['"äöü\\u2028"', '["äöü", "\\u2028"].join("")'],
      ['(() => { const a = [x]; a.push(a); return a; })()', '(() => { const a = [x]; return a[1] = a, a; })()'],
      ['new (class Point { x = 1; y = 2 })()', 'new (class Point { y = 2; x = 1 })()'],
      ['(function* () { yield x; yield 2; })()', '[x, 2].values()'],
    ]));

  it('are told apart where they look alike', () =>
    eachIs('differing', [
      ['1', '"1"'],
      ['1', '1n'],
      ['null', 'undefined'],
      ['NaN', 'null'],
      ['[1, [2]]', '[[1], 2]'],
      ['[[], 1]', '[[1]]'],
      ['["a", "b"]', '["a b"]'],
      ['({})', '[]'],
      ['new Map([[1, 2]])', 'new Map([["1", 2]])'],
      ['new Set([1])', '[1]'],
      ['new Date(0)', 'new Date(NaN)'],
      ['/a/g', '/a/'],
      ['Uint8Array.of(1)', 'Int8Array.of(1)'],
      ['[Uint8Array.of(1), 2]', '[Uint8Array.of(1, 2)]'],
      ['new Error("a")', 'new TypeError("a")'],
      ['Object(1)', '1'],
      ['new (class Point { x = 1 })()', '({ x: 1 })'],
      ['new (class Point { x = 1 })()', 'new (class Point { x = 2 })()'],
      ['(function* () { for (;;) yield x++; })()', '(function* () { for (;;) yield --x; })()'],
    ]));

  it('that only a trifle tells apart are neither the same nor other', () =>
    eachIs('untold', [
      ['0', '-0'],
      ['0.1 + 0.2', '0.3'],
      ['[1, , 3]', '[1, undefined, 3]'],
      ['({ a: 1, b: undefined })', '({ a: 1 })'],
      ['Object.assign(Object.create(null), { a: 1 })', '({ a: 1 })'],
      ['[1, 2]', '[1, 2].values()'],
    ]));

  it('that hide what they are cannot be compared, not even with themselves', () => {
    const hidden = ['() => x', 'Symbol("a")', 'new (class { #x = x })()', '[Promise.resolve(x)]', 'new WeakMap()'];
    const endless = '(() => { let made = [x]; for (let i = 0; i < 60; i++) made = [made, made]; return made; })()';
    return eachIs(
      'untold',
      [...hidden, endless].map((body) => [body, body] as const),
    );
  });

  it('that are thrown are compared by the kind of error', async () => {
    const throwing = (made: string): string => `(() => { class Odd extends Error {} throw ${made}; })()`;
    await eachIs('same', [
      [throwing('new RangeError("a")'), throwing('new RangeError("b")')],
      [throwing('new Odd("a")'), throwing('Object.assign(new Error("b"), { name: "Odd" })')],
      ['(function g() { return g(); })()', throwing('new RangeError()')],
      [throwing('"a"'), throwing('"b"')],
      ['missing', throwing('new ReferenceError()')],
    ]);
    await eachIs('differing', [
      [throwing('new Odd("a")'), throwing('new Error("a")')],
      [throwing('"a"'), throwing('new Error("a")')],
      [throwing('new Error("a")'), 'new Error("a")'],
      [throwing('undefined'), 'undefined'],
    ]);
  });
});

describe('an answer in JavaScript that means no good', function () {
  this.timeout(180_000);

  const honest = returning('[x]');

  /** Claims that an answer that gives another result cannot pass for one that gives the right one. */
  async function isFound(liar: string): Promise<void> {
    const agreement = await agreementOf(task(['f(/a/)', 'f(/b/)']), honest, liar);
    assert.notEqual(isAgreed(agreement), true, liar);
    assert.equal(agreement.same, 0, liar);
  }

  it('cannot change what it is compared with', async () => {
    await isFound(`
      const yes = () => true;
      for (const name of ['is', 'keys', 'entries', 'getOwnPropertyNames']) Object[name] = yes;
      JSON.stringify = () => '[1]';
      Array.prototype.toString = Array.prototype.join = Array.prototype.map = () => '[1]';
      RegExp.prototype.toString = RegExp.prototype.exec = () => '[1]';
      require('crypto').createHash = () => ({ update: () => ({ digest: () => 'same' }) });
      require('assert').deepStrictEqual = () => undefined;
      function f(x) { return [x, x]; }`);
  });

  for (const [what, made] of [
    [
      'a record that agrees with everything',
      '({ valueOf: () => 1, toString: () => "1", toJSON: () => [1], length: 1 })',
    ],
    ['a Proxy around what is right', 'new Proxy([x], {})'],
    ['a Proxy that answers anything', 'new Proxy(function () {}, { get: () => x, has: () => true, apply: () => x })'],
    ['a class that bears the name of plain data', 'new ({ "gives": class { 0 = x } }["gives"])()'],
    ['an array of a class of its own', 'Object.assign(new (class extends Array {})(), { 0: x })'],
  ] as const) {
    it(`cannot pass ${what} for the right result`, () => isFound(returning(made)));
  }

  it('cannot say in the name of the tests what it gives', () =>
    isFound(`
      const { writeSync } = require('fs');
      function f(x) {
        const outcome = { kind: 'value', exact: 'a', loose: 'a' };
        for (let fd = 3; fd < 10; fd++) for (let i = 0; i < 4; i++) {
          try { writeSync(fd, JSON.stringify({ done: i, ok: true, ms: 1, outcome, i, v: [[x]] }) + '\\n'); } catch {}
        }
        return [x, x];
      }`));

  it('cannot leave anything behind for the other, nor find what that has left', async () => {
    const places = "['/tmp/mark', process.env.HOME + '/mark', process.cwd() + '/mark', '/dev/shm/mark']";
    const leaving = `const fs = require('fs');
      function f(x) { for (const p of ${places}) try { fs.writeFileSync(p, 'seen'); } catch {} globalThis.mark = 1; return 'alone'; }`;
    const looking = `const fs = require('fs');
      const found = ${places}.some((p) => fs.existsSync(p)) || globalThis.mark === 1;
      function f(x) { return found ? 'seen' : 'alone'; }`;
    await areSame(leaving, looking);
    await areSame(looking, leaving);
  });

  it('is bounded, and told apart from one that comes to an end', async () => {
    for (const body of [
      'for (;;);',
      'return new Promise(() => setInterval(() => undefined, 10))',
      'process.exit(0)',
      'process.kill(process.pid, "SIGKILL")',
      'const a = []; for (;;) a.push(new Array(1e6).fill(x))',
      'for (;;) require("fs").writeSync(1, "x".repeat(1e5))',
      'setTimeout(() => { throw new Error() }); return new Promise(() => undefined)',
    ]) {
      const agreement = await agreementOf(task(['f(/a/)']), honest, `function f(x) { ${body} }`);
      assert.deepEqual([agreement.differing, isAgreed(agreement)], [['f(/a/)'], false], body);
    }
  });

  it('agrees with another in not coming to an end, as far as it is waited for', async () => {
    const agreement = await agreementOf(ONE, returning('(() => { for (;;); })()'), 'function f() { while (true); }');
    assert.deepEqual([agreement.same, agreement.differing], [3, []]);
    const growing = '(() => { const made = [x]; for (;;) made.push(new Array(1e5).fill(x)); })()';
    await areSame(returning(growing), returning('(() => { for (;;); })()'), task(['f(/a/)']));
  });

  it('does not agree by luck when it is another with every call', async () => {
    await eachIs('untold', [
      ['Math.random()', 'Math.random()'],
      ['process.hrtime.bigint()', 'process.hrtime.bigint()'],
      ['[process.pid, Math.random()]', '[process.pid, Math.random()]'],
    ]);
    const coin = returning('Math.random() < 0.5');
    assert.notEqual(isAgreed(await agreementOf(SORTED, coin, `${coin}\n`)), true);
    const counting = 'let n = 0;\nfunction f() { return n++; }';
    assert.equal(isAgreed(await agreementOf(ONE, counting, `${counting}\n`)), undefined);
    const seeded = 'const seed = Math.random();\nfunction f(x) { return seed; }';
    assert.equal(isAgreed(await agreementOf(ONE, seeded, `${seeded}\n`)), undefined);
  });
});

describe('answers in JavaScript that cannot be compared', () => {
  it('are not run at all where the tests hold no call with plain data', async () => {
    const none = task(['assert.equal(f(g(1)), 3)', 'assert.equal(g(1), 2)']);
    assert.equal(await compare(none, sorted, sorted, await sandbox(), new AbortController().signal), undefined);
  });

  it('are not the same for what the call itself cannot make', async () => {
    // An array of fewer than no bytes throws before the code is asked.
    const agreement = await agreementOf(task(['f(new Uint8Array(0))']), returning('x.length'), returning('+x.length'));
    assert.equal(agreement.probes, agreement.same + agreement.untold);
    assert.equal(agreement.untold, 1, JSON.stringify(agreement));
    const absent = await agreementOf(task(['f(/a/)']), 'const g = 1;', 'const g = 2;');
    assert.equal(isAgreed(absent), undefined);
  });

  it('end with the reason of the signal where that is aborted', async () => {
    const cancel = new AbortController();
    const comparing = compare(ONE, 'function f() { for (;;); }', returning('x'), await sandbox(), cancel.signal);
    cancel.abort(new Error('enough'));
    await assert.rejects(comparing, /enough/);
  });
});
