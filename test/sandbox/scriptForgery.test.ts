import assert from 'node:assert/strict';
import { type Case, fails, judge, passes } from './bench';
import { concurrently } from './datasets';

/** The tests that every forger below tries to pass without computing anything. */
const TESTS = [
  'assert.equal(f(3), 2.5)',
  'assert.strictEqual(f(3), 2.5)',
  'assert.deepEqual([f(3)], [2.5])',
  'assert.deepStrictEqual({ a: f(3) }, { a: 2.5 })',
  'assert(Math.abs(f(3) - 2.5) < 1e-6)',
  'assert.ok(f(3) === 2.5)',
  'assert(!(f(3) != 2.5))',
  'const r = f(3); assert(r > 2.4 && r < 2.6)',
  'assert.ok([2.5].includes(f(3)))',
  'assert.deepStrictEqual(new Map([["a", f(3)]]), new Map([["a", 2.5]]))',
  'assert.equal(JSON.stringify({ a: f(3) }), JSON.stringify({ a: 2.5 }))',
  'assert.equal(typeof f(3), "number")',
  'assert.match(`${f(3)}`, /^2\\.5$/)',
];

const script = (test: Case): Case => ({ language: 'javascript', ...test });
const refused = (test: Case): Promise<string[]> => fails(script(test));
const allRefused = (code: string, tests: readonly string[] = TESTS): Promise<string[]> => refused({ code, tests });

/** Members that agree with everything, as far as the language asks an object. */
const LIAR = `
  let n = 0;
  const flip = () => (n++ % 2 === 0 ? Infinity : -Infinity);
  const lies = { valueOf: flip, toString: () => String(flip()), toJSON: () => flip(), [Symbol.toPrimitive]: flip,
    [Symbol.toStringTag]: 'Number', equals: () => true, includes: () => true };
`;

/**
 * Claims that none of several lying expressions passes any of the tests. None of them changes anything that another stands
 * on: they share a run.
 */
async function allLie(made: readonly string[], more = ''): Promise<void> {
  const makers = made.map((one) => `() => ${one}`);
  const code = `${LIAR}\n${more}\nconst makers = [${makers.join(',\n')}];\nfunction f(x) { return makers[x - 3]() }`;
  const tests = made.flatMap((_, index) => TESTS.map((test) => test.replaceAll('f(3)', `f(${index + 3})`)));
  await refused({ code, tests });
}

describe('The verdict of a script cannot be forged', function () {
  this.timeout(60_000);

  it('by a record with a lying valueOf, toString, toJSON, Symbol.toPrimitive and Symbol.toStringTag', async () => {
    const messages = await allRefused(`${LIAR}\nfunction f() { return lies }`);
    assert.match(messages[0]!, /^TypeError: the result is not plain data but a special object/);
    assert.match(messages[7]!, /not plain data/);
  });

  it('by a class, a subclass of a builtin one, a function, an array, a date or another object that lies', async () => {
    await allLie([
      'new (class Liar { constructor() { Object.assign(this, lies) } })()',
      'new (class { valueOf() { return flip() } toString() { return String(flip()) } })()',
      'new (class extends Number { valueOf() { return flip() } })(2)',
      'new (class extends String { toString() { return String(flip()) } })("2")',
      'Object.assign(new (class extends Array {})(), lies)',
      'Object.assign(new (class extends Map { get size() { return flip() } })(), lies)',
      'new (class extends Date { getTime() { return flip() } valueOf() { return flip() } })(0)',
      'Object.assign(new (class extends Error {})(), lies)',
      'Object.assign(new (class extends Promise {})(() => {}), lies)',
      'Object.assign(() => flip(), lies)',
      'Object.assign(class {}, lies)',
      'Object.assign([1], { toString: () => String(flip()) })',
      '[lies]',
      'Object.assign(Object(1), lies)',
      'Object.assign(new Date(0), lies)',
      'Object.assign(new TypeError("2.5"), lies)',
      'Object.assign((function* () { yield 2 })(), lies)',
      'Object.assign(Object.create(null), lies)',
      'Object.create(lies)',
      '({ get valueOf() { return flip }, get toString() { return flip } })',
    ]);
  });

  it('by a Proxy around a record, an array, a function, the right value or nothing', async () => {
    const around = `const all = { get: (_, key) => lies[key] ?? flip(), has: () => true, ownKeys: () => [],
  getPrototypeOf: () => Number.prototype, getOwnPropertyDescriptor: () => undefined };`;
    const proxies = [
      'new Proxy({}, all)',
      'new Proxy([], all)',
      'new Proxy(function () {}, all)',
      'new Proxy(Object(2.5), {})',
      '(() => { const p = Proxy.revocable({}, {}); p.revoke(); return p.proxy })()',
    ];
    await allLie(proxies, around);
  });

  it('by an object that holds the right value but is none', async () => {
    await allRefused(
      'class L extends Number {}; class A extends Array {}; class M extends Map {}\n' +
        'function f(x) { return [new L(2), A.of(1), new M([[1, 2]]), Object.create({ a: 1 }), { get a() { return 1 } }][x] }',
      [
        'assert.equal(f(0), 2)',
        'assert.deepEqual(f(1), [1])',
        'assert.deepStrictEqual(f(1), [1])',
        'assert.deepEqual(f(2), new Map([[1, 2]]))',
        'assert.deepStrictEqual(f(2), new Map([[1, 2]]))',
        'assert.deepEqual(f(3), { a: 1 })',
        'assert.deepEqual(f(4), { a: 1 })',
        'assert.deepStrictEqual(f(4), { a: 1 })',
        'assert.deepEqual([f(4)], [{ a: 1 }])',
      ],
    );
  });

  it('by posing as a builtin class', async () => {
    await allRefused(
      `class Number { static [Symbol.hasInstance]() { return true } get [Symbol.toStringTag]() { return 'Array' } }
Object.defineProperty(Number, 'name', { value: 'Array' });
Object.defineProperty(Number.prototype, '__proto__', { get: () => Array.prototype });
function f() { return new Number() }
const Any = Number;`,
      [
        'assert(Array.isArray(f(3)))',
        'assert(f(3) instanceof Array)',
        'assert.equal(Object.prototype.toString.call(f(3)), "[object Array]")',
        'assert(Object.getPrototypeOf(f(3)) === Array.prototype)',
        'assert.equal(f(3).constructor, Array)',
        'assert.equal(f(3).constructor.name, "Array")',
        'assert(5 instanceof Any)',
        'assert(Buffer.isBuffer(f(3)) || ArrayBuffer.isView(f(3)))',
      ],
    );
  });

  it('by getters that say something else each time', async () => {
    await allRefused(`let n = 0;\nfunction f() { return { get x() { return n++ % 2 ? 0 : 9 } } }`, [
      'const r = f(3); assert(r.x > 2.4 && r.x < 2.6)',
      'const { ...r } = f(3); assert.equal(r.x, 2.5)',
      'const r = f(3); assert(r.x >= 2.5); assert(r.x <= 2.5)',
    ]);
  });

  it('by making the entry point a class, or a function that makes its own results', async () => {
    await allRefused(`${LIAR}\nclass f { constructor() { Object.assign(this, lies) } }`);
    await allRefused(`${LIAR}\nfunction f() { if (!new.target) return new f(); Object.assign(this, lies) }`);
  });

  it('by ending in whatever way, in a call or while it is loaded', async () => {
    const statements = [
      'process.exit(0)',
      'process.reallyExit(0)',
      'process.exitCode = 0; process.reallyExit(process.exitCode)',
      'process.abort()',
      "process.kill(process.pid, 'SIGKILL')",
      "try { process.kill(process.ppid, 'SIGKILL') } catch {} process.exit(0)",
      "process.kill(-1, 'SIGKILL')",
      "require('fs').closeSync(3)",
      "for (let d = 0; d < 64; d++) { try { require('fs').closeSync(d) } catch {} }",
      'throw undefined',
      "throw new (require('/harness/script-channel.cjs').Gone)()",
      "setTimeout(() => { throw new Error('x') }, 0)",
      "Promise.reject(new Error('x'))",
    ];
    const tests = ['assert.equal(f(1), 1)', 'assert.equal(f(2), 2)'];
    await concurrently(statements, 3, async (statement) => {
      await allRefused(`function f(x) { ${statement} }`, tests);
      const verdict = await judge(script({ code: `function f(x) { return x }\n${statement}`, tests }));
      // What is thrown outside of any call may come while the first test runs.
      const most = statement.startsWith('setTimeout') || statement.startsWith('Promise') ? 1 : 0;
      assert.ok(verdict.passed <= most, `${statement}: ${JSON.stringify(verdict)}`);
    });
  });

  it('by ending in a test that forgives everything', async () => {
    await allRefused('function f() { process.exit(0) }', [
      'try { f(1) } catch {}',
      'assert.throws(() => f(1))',
      'await Promise.allSettled([(async () => f(1))()])',
    ]);
  });

  it('by patching assert, JSON, process, the prototypes of everything or the loader of modules', async () => {
    await allRefused(`
const quiet = () => undefined;
for (const name of ['node:assert', 'node:assert/strict', 'node:test', 'node:util']) {
  const library = require(name);
  for (const key of Object.keys(library)) try { library[key] = quiet } catch {}
}
require('node:module')._load = () => quiet;
globalThis.assert = quiet;
JSON.stringify = () => '2.5';
JSON.parse = () => ({});
process.exit = quiet;
process.reallyExit = quiet;
Object.is = () => true;
Array.prototype.includes = Array.prototype.every = () => true;
Object.defineProperty(Object.prototype, 'valueOf', { value: () => 2.5 });
Object.defineProperty(Object.prototype, 'a', { get: () => 2.5, configurable: true });
Number.prototype.valueOf = () => 2.5;
Object.getPrototypeOf = Reflect.getPrototypeOf = () => Number.prototype;
Error.prepareStackTrace = () => 2.5;
function f() { return {} }
`);
  });

  it('by names that the tests use: assert, test, require, Math, JSON, Object, the helpers of the stub', async () => {
    await allRefused(
      `const assert = Object.assign(() => {}, { equal() {}, strictEqual() {}, deepStrictEqual() {} });
const test = () => {}, describe = () => {}, it = () => {};
var Math = { abs: () => 0, max: () => 0 };
var JSON = { stringify: () => 'same' };
var Array = { isArray: () => true };
function poly() { return 0 }
function f() { return 5 }`,
      TESTS.slice(0, 6),
    );
    await refused({
      prompt: 'function poly(x) {\n  return x - 1;\n}\n/** Finds a zero of poly. */\nfunction f(x) {\n}\n',
      code: 'function poly() { return 0 }\nfunction f() { return 5 }',
      tests: ['assert.equal(poly(f(1)), 0)'],
    });
  });

  it('by printing what a passing run prints, on every descriptor', async () => {
    await allRefused(`
const fs = require('fs');
const shout = () => {
  for (let fd = 1; fd < 20; fd++)
    for (const text of ['# pass 1', 'ok 1', '{"start":0}', '{"done":0,"ok":true,"ms":1}', '{"end":true}'])
      try { fs.writeSync(fd, text + '\\n') } catch {}
};
process.on('exit', shout);
function f() { shout(); return 0 }
`);
  });

  it('by fabricated, doubled or endless replies', async () => {
    const say = (text: string): string => `fs.writeSync(3, ${JSON.stringify(`${text}\n`)})`;
    const replies = [
      `for (let i = 0; i < 200; i++) fs.writeSync(3, JSON.stringify({ i, v: [2.5], n: [] }) + '\\n')`,
      say('{"i":4,"v":[2.5],"n":[]}').replace('fs', 'for (const _ of [1, 2]) fs'),
      `fs.writeSync(3, '['.repeat(1e6) + '\\n')`,
      say('{"i":1,"v":[[1]],"n":[[1,"a",[0,[]]]]}'),
      say('{"i":1,"v":[[-9]],"n":[[-9,"a",[0,[[-9]]]]]}'),
      say('{"q":"call","i":1,"v":[7],"n":[]}'),
      say('{"q":"get","i":1,"v":[["r",1],"constructor"],"n":[]}'),
      say('{"q":null}\n\u0000\n'),
      say('[]'),
      say('null'),
      `for (let i = 0; i < 1000; i++) fs.writeSync(3, 'x'.repeat(65536))`,
      `for (let i = 0; i < 100; i++) fs.writeSync(3, '{"i":5,"v":[["q",' + i + ']],"n":[]}\\n')`,
    ];
    await concurrently(replies, 3, (reply) =>
      allRefused(`const fs = require('fs');\nfunction f() { ${reply}; return 0 }`, TESTS.slice(0, 3)),
    );
  });

  it('by replies that put functions into plain data, or describe impossible objects', async () => {
    // The attacker answers in place of its harness, with the right number.
    const answers = [
      '{"v":[[-1]],"n":[[-1,"o",[0,["valueOf"],[["p",1,"function","",["m","Function.prototype"],false]]]]]}',
      '{"v":[[-1]],"n":[[-1,"a",[0,0,["toString"],[["p",1,"function","",null,false]]]]]}',
      '{"v":[[-1]],"n":[[-1,"E",["Error",[["toString",true]],[["p",1,"function","",null,false]]]]]}',
      '{"v":[["p",99,"object","",["m","Number.prototype"],false]],"n":[]}',
      '{"v":[["p",99,"object","",["m","globalThis"],false]],"n":[]}',
      '{"v":[["p",99,"number","",null,false]],"n":[]}',
      '{"v":[["m","Object"]],"n":[]}',
      '{"v":[["m","eval"]],"n":[]}',
      '{"v":[["r",1]],"n":[]}',
      '{"v":[[7]],"n":[]}',
      '{"v":[[-1]],"n":[[-1,"W",[["p",1,"function","",null,false]]]]}',
      '{"v":[[-1]],"n":[[-1,"constructor",[]]]}',
      '{"v":[[-1]],"n":[[-1,"B",["Object","AAAA"]]]}',
      '{"v":[[-1]],"n":[[-1,"R",["(",""]]]}',
      '{"v":[[-1]],"n":[[-1,"o",[0,["__proto__"],[[-1]]]]]}',
      '{"v":[0],"n":[],"u":[[1,"o",[0,["a"],[1]]]]}',
      '{"v":[0],"n":[],"f":[1,2,3]}',
      '{"v":{"map":1},"n":[]}',
      '{"v":[0,1,2],"n":[],"e":1}',
      '{"n":[]}',
    ];
    await concurrently(answers, 3, async (answer) => {
      const messages = await allRefused(
        `const { Channel } = require('/harness/script-channel.cjs');
const { send } = Channel.prototype;
let armed = false;
Channel.prototype.send = function (message) {
  send.call(this, armed ? { ...JSON.parse(${JSON.stringify(answer)}), i: message.i } : message);
  armed = false;
};
function f() { armed = true; return 0 }`,
        TESTS.slice(0, 3),
      );
      assert.doesNotMatch(messages[0]!, /got 0$/, `${answer} was not sent`);
    });
  });

  it('by a reply that was prepared for a later test', async () => {
    const verdict = await judge(
      script({
        code: `const fs = require('fs');\nfunction f() { for (let i = 1; i < 99; i++) fs.writeSync(3, JSON.stringify({ i, v: [7], n: [] }) + '\\n'); return 7 }`,
        tests: ['assert.equal(f(1), 8)', 'assert.equal(f(2), 7)', 'assert.equal(f(3), 7)'],
      }),
    );
    assert.equal(verdict.passed, 0);
  });

  it('by threads and children that keep writing', async () => {
    await allRefused(
      `const { Worker } = require('worker_threads');
new Worker("const fs = require('fs'); for (;;) fs.writeSync(3, '{\\"i\\":5,\\"v\\":[2.5],\\"n\\":[]}\\\\n')", { eval: true });
function f() { return 0 }`,
      TESTS.slice(0, 2),
    );
    await allRefused(
      `require('child_process').spawn(process.execPath, ['-e', "for (;;) require('fs').writeSync(3, '{}\\\\n')"], { stdio: [0, 1, 2, 3] });
function f() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300); return 0 }`,
      TESTS.slice(0, 2),
    );
  });

  // The expected value is long: a short number turns up by chance.
  it('by looking for expected values in its memory, its arguments, its harness or files', async () => {
    const verdict = await judge(
      script({
        code: `
const fs = require('fs'), v8 = require('v8'), path = require('path');
function hunt() {
  const seen = [JSON.stringify(process.argv), JSON.stringify(process.env), JSON.stringify(process.execArgv)];
  for (const part of Object.values(require('module')._cache)) seen.push(require('util').inspect(part.exports, { depth: 6, showHidden: true }));
  seen.push(require('util').inspect(globalThis, { depth: 4, showHidden: true }));
  const walk = (folder, depth) => {
    let names = [];
    try { names = fs.readdirSync(folder) } catch {}
    for (const name of names.slice(0, 300)) {
      const full = path.join(folder, name);
      try {
        const stat = fs.lstatSync(full);
        if (stat.isDirectory() && depth < 4) walk(full, depth + 1);
        else if (stat.isFile() && stat.size < 1e6) seen.push(fs.readFileSync(full, 'latin1'));
      } catch {}
    }
  };
  for (const root of ['/proc', '/sys', '/tmp', '/harness', '/etc', '/home', '/root', '/dev']) walk(root, 0);
  try { fs.writeFileSync('/tmp/heap', ''); v8.writeHeapSnapshot('/tmp/heap'); seen.push(fs.readFileSync('/tmp/heap', 'latin1')) } catch {}
  return seen.join(' ');
}
function f() {
  const text = hunt();
  // Made only now, from parts: what the code holds itself must not be found.
  const number = String(123456789n * 987654321n), word = [...'stuvwxyz'].reverse().join('');
  return text.includes('x' + number) || text.includes(word) ? 'x' + number : 'nothing';
}
`,
        setup: 'const SECRET = "zyxwvuts";\nfunction check(g) { assert.equal(g(2), "x121932631112635269") }',
        tests: ['assert.equal(f(1), "x121932631112635269")', 'check(f)', 'assert.equal(f(1), "nothing")'],
      }),
    );
    assert.deepEqual(
      verdict.tests.map((test) => test.ok),
      [false, false, true],
      JSON.stringify(verdict),
    );
  });

  it('by naming data of the tests in its source', async () => {
    await refused({
      code: 'function f() { return typeof EXPECTED === "undefined" ? 0 : EXPECTED }',
      setup: 'const EXPECTED = 121932631112635269n;',
      tests: ['assert.equal(f(), EXPECTED)', 'assert.equal(f(), EXPECTED)'],
    });
  });

  it('by climbing from what the tests lend it to what makes code, or to their source', async () => {
    const verdict = await judge(
      script({
        code: `
const KEYS = ['constructor', '__proto__', 'prototype', 'caller', 'callee', 'arguments', 'toString', 'valueOf', 'call',
  'apply', 'bind', '__lookupGetter__', '__defineGetter__', 'hidden', Symbol.iterator, Symbol.toPrimitive, 'return', 'next'];
const seen = new Set();
function climb(thing, depth) {
  if (seen.has(thing)) return [];
  seen.add(thing);
  const found = [];
  const note = (work) => { try { const got = work(); found.push(String(got)); return got } catch (e) { found.push(String(e)) } };
  for (const key of KEYS) {
    const got = note(() => thing[key]);
    note(() => Object.getOwnPropertyDescriptor(thing, key)?.value);
    if (depth < 3 && got !== undefined && got !== null && (typeof got === 'object' || typeof got === 'function')) found.push(...climb(got, depth + 1));
    if (typeof got === 'function' && require('util').types.isProxy(got)) {
      note(() => got.call(thing, 'return SECRET'));
      note(() => got('return typeof SECRET === "undefined" ? 0 : SECRET')());
      note(() => new got('return process.binding')());
    }
  }
  note(() => Function.prototype.toString.call(thing));
  note(() => require('util').inspect(thing, { depth: 5, showHidden: true, showProxy: true }));
  // Of its own process it must not take away what it stands on.
  if (require('util').types.isProxy(thing)) note(() => { thing.constructor = class {}; Object.setPrototypeOf(thing, null) });
  return found;
}
function f(...things) {
  const text = things.map((thing) => climb(thing, 0).join(' ')).join(' ');
  return text.includes([...'stuvwxyz'].reverse().join(''));
}
`,
        setup:
          'const SECRET = "zyxwvuts";\nclass P { #hidden = "zyxwvuts"; method() { return this.#hidden.length } static make() { return new P() } }\n' +
          'function* gen(secret) { yield 1; yield secret.length }\n',
        tests: [
          'assert(!f(() => SECRET.length))',
          'function check(x, expected = "zyxwvuts") { return x === expected }\nassert(!f(check))',
          'assert(!f(new P(), P, gen(SECRET), new Map([[1, () => SECRET.length]]), async () => SECRET.length))',
          'assert(!f(new (require("events"))(), new AbortController().signal, require("fs"), assert, process, globalThis, require))',
        ],
      }),
    );
    assert.equal(verdict.passed, 4, JSON.stringify(verdict.tests));
  });

  it("by being the judge of itself: expect, should and the like are never the code's", async () => {
    const messages = await allRefused(
      `const yes = () => new Proxy(yes, { get: () => yes });
var expect = yes, should = yes, chai = yes, jest = yes, sinon = yes, vi = yes, assert = yes, test = yes;
function f() { return 0 }`,
      [
        'expect(f(3)).toBe(2.5)',
        'should(f(3)).equal(2.5)',
        'chai.expect(f(3)).to.equal(2.5)',
        'assert.equal(f(3), 2.5)',
      ],
    );
    assert.match(messages[0]!, /expect is not defined/);
  });

  it('by writing a report through what the tests lend it', async () => {
    await refused({
      code: `
function f(...things) {
  const reports = '{"done":0,"ok":true,"ms":1}\\n{"start":1}\\n{"done":1,"ok":true,"ms":1}\\n{"end":true}\\n';
  for (const thing of things) {
    for (const key of ['fd', '_fd', '_handle']) { try { thing[key] = 4 } catch {} }
    try { thing.write(reports) } catch {}
    try { thing._handle.open(4); thing.write(reports) } catch {}
    try { thing.spawn({ file: '/bin/sh', args: ['sh', '-c', 'echo hi >&4'], stdio: [{ type: 'fd', fd: 4 }] }) } catch {}
    for (const write of [thing.writeSync, thing, thing.constructor]) {
      for (let fd = 3; fd < 10; fd++) {
        try { write(fd, reports) } catch {}
        try { new write('/x', { fd }).write(reports) } catch {}
      }
    }
  }
  return 0;
}`,
      tests: [
        "const fs = require('fs'); assert.equal(f(fs, fs.writeSync, process.stdout), 1)",
        'assert.equal(f(process, console, require), 1)',
        "assert.equal(f(new (require('stream').PassThrough)(), new (require('events'))()), 1)",
        "assert.equal(f(require('fs').createWriteStream('/tmp/x')), 1)",
        "assert.equal(f(new (require('net').Socket)()), 1)",
        "assert.equal(f(require('child_process').spawn('true')), 1)",
        "assert.equal(f(new (require('worker_threads').Worker)('1', { eval: true })), 1)",
        "assert.equal(f(new (require('vm').Script)('1')), 1)",
      ],
    });
  });

  it('by swallowing a failed assertion of the tests, thrown or rejected', async () => {
    await allRefused(
      'function f(g) { try { return g() } catch {} }\nasync function h(g) { try { return await g() } catch {} }',
      [
        'f(() => assert.equal(1, 2))',
        'await h(async () => { assert.equal(1, 2) })',
        'const check = (x) => { assert.ok(x) }; f(() => check(false))',
      ],
    );
  });

  it('by letting a test of node:test hang, throw late, or be skipped', async () => {
    const messages = await allRefused(
      'async function f() { return new Promise(() => {}) }\nfunction g() { setTimeout(() => { throw new Error("late") }, 1) }',
      [
        "test('a', async () => { assert.equal(await f(), 1) })",
        "describe('b', () => { it('c', async () => { await f() }) })",
        "test('d', () => { g() })",
        "assert.rejects(f(), Error).catch(() => {}); test('e', (t, done) => { f().then(() => done()) })",
      ],
    );
    assert.match(messages[0]!, /waits for something that never happens/);
    assert.match(messages[2]!, /late/);
  });

  it('while the honest answer passes', async () => {
    await passes(script({ code: 'function f() { return 2.5 }', tests: TESTS }));
  });
});
