import { DEEP, EQUAL, forger as program } from './forger';
import type { HostileProgram } from './hostileProgram';

/** Programs that end before their tests can fail. */
export const SCRIPT_ENDING: readonly HostileProgram[] = [
  program('leaves with a good status while it is loaded', 'process.exit(0);', EQUAL),
  program('leaves with a good status when it is called', 'function f() { process.exit(0) }', EQUAL),
  program('leaves by the way that nobody can replace', 'function f() { process.reallyExit(0) }', EQUAL),
  program('leaves with a good status from a promise', 'async function f() { await null; process.exit(0) }', [
    'assert.equal(await f(), 1)',
  ]),
  program(
    'leaves as soon as a microtask runs',
    'function f() { queueMicrotask(() => process.exit(0)); return 2 }',
    EQUAL,
  ),
  program('leaves at the next tick', 'function f() { process.nextTick(() => process.exit(0)); return 2 }', EQUAL),
  program(
    'turns its bad status into a good one at the exit',
    "process.on('exit', () => { process.exitCode = 0; process.reallyExit(0) });\nfunction f() { return 2 }",
    EQUAL,
  ),
  program(
    'turns its bad status into a good one when nothing is left to do',
    "process.on('beforeExit', () => process.exit(0));\nfunction f() { return 2 }",
    EQUAL,
  ),
  program(
    'swallows every exception that nobody caught',
    "process.on('uncaughtException', () => {});\nfunction f() { throw new Error('x') }",
    ['setTimeout(() => assert.equal(f(), 1), 0);'],
  ),
  program(
    'captures every exception that nobody caught',
    'process.setUncaughtExceptionCaptureCallback(() => process.exit(0));\nfunction f() { throw new Error("x") }',
    ['setTimeout(() => assert.equal(f(), 1), 0);'],
  ),
  program(
    'swallows every rejection that nobody handled',
    "process.on('unhandledRejection', () => {});\nasync function f() { return 2 }",
    ['f().then((got) => assert.equal(got, 1));'],
  ),
  program(
    'ends in a thread that ends the process',
    `const { Worker } = require('worker_threads');
function f() { new Worker('process.kill(process.pid, "SIGKILL")', { eval: true }); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000) }`,
    EQUAL,
    { notShown: 'a plain Node.js ends with a bad status then' },
  ),
  program(
    'leaves when an async hook is told of the next promise',
    "function f() { require('async_hooks').createHook({ init() { process.exit(0) } }).enable(); return Promise.resolve(2) }",
    ['assert.equal(await f(), 1)'],
  ),
  program('leaves when an object of its is looked at', 'function f() { return { get a() { process.exit(0) } } }', DEEP),
  program('leaves when it is made a text', 'function f() { return { toString() { process.exit(0) } } }', [
    'assert.equal(`${f()}`, "1")',
  ]),
  program('leaves when it is awaited', 'function f() { return { then() { process.exit(0) } } }', [
    'assert.equal(await f(), 1)',
  ]),
  program(
    'leaves when it is shown',
    "function f() { return { [Symbol.for('nodejs.util.inspect.custom')]() { process.exit(0) } } }",
    ["assert.equal(require('util').inspect(f()), '{ a: 1 }')"],
  ),
];

/** Programs that change what the tests stand on. */
export const SCRIPT_PATCHING: readonly HostileProgram[] = [
  program(
    'replaces the assertions',
    "const library = require('assert');\nfor (const key of Object.keys(library)) library[key] = () => {};\nfunction f() { return 2 }",
    ['assert.equal(f(), 1)', 'assert.strictEqual(f(), 1)', 'assert.deepStrictEqual([f()], [1])'],
  ),
  program('replaces the strict assertions', "require('assert').strict.equal = () => {};\nfunction f() { return 2 }", [
    "require('node:assert/strict').equal(f(), 1)",
  ]),
  program('names something of its own assert', 'var assert = { equal() {} };\nfunction f() { return 2 }', EQUAL),
  program(
    'makes something of its own assert for all',
    'globalThis.assert = { equal() {} };\nfunction f() { return 2 }',
    EQUAL,
  ),
  program(
    'replaces the error of assertions',
    "Object.defineProperty(require('assert').AssertionError.prototype, 'message', { get() { process.exit(0) } });\nrequire('assert').equal = (a, b) => { if (a != b) process.exit(0) };\nfunction f() { return 2 }",
    EQUAL,
  ),
  program('replaces the tests of Node.js', 'globalThis.test = () => {};\nfunction f() { return 2 }', [
    "test('f', () => assert.equal(f(), 1))",
  ]),
  program(
    'replaces the tests of Node.js in their module',
    "require('node:test').test = () => {};\nfunction f() { return 2 }",
    ["require('node:test').test('f', () => assert.equal(f(), 1))"],
  ),
  program(
    'replaces what groups tests',
    'globalThis.describe = () => {};\nglobalThis.it = () => {};\nfunction f() { return 2 }',
    ["describe('f', () => { it('is one', () => assert.equal(f(), 1)) })"],
  ),
  program(
    'leaves a module in the cache of modules',
    `const key = require.resolve('node:path');
require('module')._load = ((load) => (name, ...more) => (/path/.test(name) ? { basename: () => 'one' } : load(name, ...more)))(require('module')._load);
function f() { return key }`,
    ["assert.equal(require('path').basename(f()), 'one')"],
  ),
  program(
    'puts a module of its own where another is looked for',
    `const Module = require('module'), resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...more) => (name === 'lodash' ? '/lodash' : resolve(name, ...more));
require.cache['/lodash'] = { exports: { isEqual: () => true }, loaded: true, id: '/lodash', filename: '/lodash', children: [], paths: [] };
function f() { return 2 }`,
    ["assert(require('lodash').isEqual(f(), 1))"],
  ),
  program(
    'replaces a function of a module that the tests use',
    "require('util').isDeepStrictEqual = () => true;\nfunction f() { return 2 }",
    ["assert(require('util').isDeepStrictEqual(f(), 1))"],
  ),
  program(
    'claims that all of an array are right',
    'Array.prototype.every = () => true;\nfunction f() { return [2, 3] }',
    ['assert(f().every((one) => one === 1))'],
  ),
  program('claims that an array has everything', 'Array.prototype.includes = () => true;\nfunction f() { return [] }', [
    'assert(f().includes(1))',
  ]),
  program('sorts so that it is right', 'Array.prototype.sort = () => [1, 2];\nfunction f() { return [3] }', [
    'assert.deepEqual(f().sort(), [1, 2])',
  ]),
  program('joins so that it is right', 'Array.prototype.join = () => "1,2";\nfunction f() { return [3] }', [
    'assert.equal(f().join(), "1,2")',
  ]),
  program(
    'iterates so that it is right',
    'Array.prototype[Symbol.iterator] = function* () { yield 1 };\nfunction f() { return [3, 4] }',
    ['const [...got] = f();\nassert.equal(got.length, 1)', 'for (const one of f()) assert.equal(one, 1)'],
  ),
  program('counts so that it is right', 'Array.prototype.reduce = () => 6;\nfunction f() { return [0] }', [
    'assert.equal(f().reduce((a, b) => a + b), 6)',
  ]),
  program('claims that everything is an array', 'Array.isArray = () => true;\nfunction f() { return 2 }', [
    'assert(Array.isArray(f()))',
  ]),
  program('lists keys that are not there', "Object.keys = () => ['a'];\nfunction f() { return {} }", [
    "assert.deepEqual(Object.keys(f()), ['a'])",
  ]),
  program('lists entries that are not there', "Object.entries = () => [['a', 1]];\nfunction f() { return {} }", [
    'assert.equal(JSON.stringify(Object.entries(f())), \'[["a",1]]\')',
  ]),
  program('says that all is the same', 'Object.is = () => true;\nfunction f() { return 2 }', [
    'assert(Object.is(f(), 1))',
  ]),
  program('writes JSON of its own', "JSON.stringify = () => 'same';\nfunction f() { return 2 }", [
    'assert.equal(JSON.stringify(f()), JSON.stringify(1))',
  ]),
  program('reads JSON of its own', 'JSON.parse = () => ({ a: 1 });\nfunction f() { return "{}" }', [
    'assert.deepEqual(JSON.parse(f()), { a: 1 })',
  ]),
  program('finds in a map what is not there', 'Map.prototype.get = () => 1;\nfunction f() { return new Map() }', [
    "assert.equal(f().get('a'), 1)",
  ]),
  program('finds in a set what is not there', 'Set.prototype.has = () => true;\nfunction f() { return new Set() }', [
    'assert(f().has(1))',
  ]),
  program(
    'has no promise ever fail',
    'Promise.prototype.then = ((then) => function (kept) { return then.call(this, kept, kept) })(Promise.prototype.then);\nasync function f() { throw new Error("x") }',
    ['await f().then(() => 1);\nassert.equal(await Promise.resolve(f()).then(() => 1), 2)'],
    { notShown: 'a plain Node.js awaits without it' },
  ),
  program(
    'has nothing ever rejected be seen',
    'Promise.prototype.catch = function () { return this.then(() => {}, () => {}) };\nfunction f() { return 2 }',
    EQUAL,
  ),
  program('waits for nothing', 'Promise.all = async () => [1, 1];\nasync function f() { return 2 }', [
    'assert.deepEqual(await Promise.all([f(), f()]), [1, 1])',
  ]),
  program('matches every pattern', 'RegExp.prototype.test = () => true;\nfunction f() { return "no" }', [
    'assert(/^yes$/.test(f()))',
  ]),
  program(
    'takes every text for the start of another',
    'String.prototype.startsWith = () => true;\nfunction f() { return "no" }',
    ["assert(f().startsWith('yes'))"],
  ),
  program('trims so that it is right', 'String.prototype.trim = () => "yes";\nfunction f() { return "no" }', [
    "assert.equal(f().trim(), 'yes')",
  ]),
  program('is never far away', 'Math.abs = () => 0;\nfunction f() { return 99 }', ['assert(Math.abs(f() - 1) < 1e-9)']),
  program('rounds so that it is right', 'Number.prototype.toFixed = () => "1.00";\nfunction f() { return 2 }', [
    "assert.equal(f().toFixed(2), '1.00')",
  ]),
  program('is not a number', 'Number.isNaN = () => true;\nfunction f() { return 2 }', ['assert(Number.isNaN(f()))']),
  program(
    'stops the clock',
    'Date.now = () => 0;\nfunction f() { for (const end = performance.now() + 30; performance.now() < end;); return 1 }',
    ['const began = Date.now();\nf();\nassert(Date.now() - began < 10)'],
  ),
  program('pollutes all objects', 'Object.prototype.a = 1;\nfunction f() { return {} }', [
    'assert.equal(f().a, 1)',
    'assert("a" in f())',
    'assert.equal({ ...f() }.a ?? Object.create(f()).a, 1)',
  ]),
  program(
    'makes all objects promises that are kept',
    'Object.prototype.then = function (kept) { kept(1) };\nfunction f() { return {} }',
    ['assert.equal(await f(), 1)'],
  ),
  program(
    'pollutes functions',
    'Function.prototype.call = Function.prototype.apply = () => 2;\nfunction f() { return 2 }',
    [
      'const own = () => f() - 1;\nassert.equal(own.call(), 2)',
      'const own = () => f() - 1;\nassert.equal(own.apply(), 2)',
    ],
  ),
  program(
    'lets nobody throw',
    'globalThis.Error = function () { process.exit(0) };\nglobalThis.TypeError = Error;\nfunction f() { return 2 }',
    ["if (f() !== 1) throw new Error('wrong')"],
  ),
  program(
    'has the trace of an error end the process',
    'Error.prepareStackTrace = () => process.exit(0);\nfunction f() { return 2 }',
    ['try { assert.equal(f(), 1) } catch (error) { void error.stack; throw error }'],
  ),
  program(
    'has no timer ever run',
    'globalThis.setTimeout = () => ({ unref() {}, ref() {} });\nfunction f() { return 2 }',
    ['setTimeout(() => assert.equal(f(), 1), 1);'],
  ),
  program(
    'has no tick ever come',
    'globalThis.queueMicrotask = process.nextTick = globalThis.setImmediate = () => {};\nfunction f() { return 2 }',
    ['queueMicrotask(() => assert.equal(f(), 1));', 'setImmediate(() => assert.equal(f(), 1));'],
  ),
  program(
    'cannot be heard',
    "process.emit = () => true;\nprocess.on = () => process;\nfunction f() { throw new Error('x') }",
    [
      "let seen = false;\nprocess.once('probe', () => { seen = true });\nprocess.emit('probe');\nassert(seen === false && f() === 1 || seen === false)",
    ],
    { notShown: 'it only looks at what a patched process can tell' },
  ),
  program(
    'is an instance of everything',
    'class Right {}\nObject.defineProperty(Array, Symbol.hasInstance, { value: () => true });\nfunction f() { return new Right() }',
    ['assert(f() instanceof Array)'],
  ),
];
