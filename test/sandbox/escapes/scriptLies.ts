import { DEEP, EQUAL, forger as program } from './forger';
import type { HostileProgram, Outside } from './hostileProgram';

/** Programs whose answers lie about what they are. */
export const SCRIPT_LYING: readonly HostileProgram[] = [
  program('equals every number', 'let n = 0;\nfunction f() { return { valueOf: () => (n++, 1) } }', [
    ...EQUAL,
    'const got = f();\nassert(got > 0 && got < 2 && got == 1)',
  ]),
  program('is another number each time', 'let n = 0;\nfunction f() { return { [Symbol.toPrimitive]: () => ++n } }', [
    'const got = f();\nassert(got == 1 && got == 2 && got == 3)',
  ]),
  program('changes when it is looked at twice', 'let n = 0;\nfunction f() { return { get a() { return ++n } } }', [
    'const got = f();\nassert(got.a === 1 && got.a === 2)',
    'const got = f();\nassert(got.a > 2 && got.a > 3)',
  ]),
  program('has getters that say what is wanted', 'function f() { return { get a() { return 1 } } }', DEEP),
  program(
    'is a proxy that has what is wanted',
    "function f() { return new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: () => 1, has: () => true }) }",
    [...DEEP, 'assert.deepEqual(f(), { a: 1 })'],
  ),
  program('is a proxy around what is wanted', 'function f() { return new Proxy([1, 2], {}) }', [
    'assert.deepEqual(f(), [1, 2])',
  ]),
  program(
    'says what it is called',
    "function f() { return { get [Symbol.toStringTag]() { return 'Array' }, length: 0 } }",
    ["assert.equal(Object.prototype.toString.call(f()), '[object Array]')"],
  ),
  program('says how it is shown', "function f() { return { [Symbol.for('nodejs.util.inspect.custom')]: () => '1' } }", [
    "assert.equal(require('util').inspect(f()), '1')",
  ]),
  program('says who made it', 'function f() { return { constructor: Array } }', [
    'assert.equal(f().constructor, Array)',
  ]),
  program(
    'is a number of a kind of its own',
    'class Mine extends Number { valueOf() { return 1 } }\nfunction f() { return new Mine(2) }',
    EQUAL,
  ),
  program(
    'throws whatever is expected',
    'function f() { throw Object.assign(new Proxy(new Error("x"), { get: (_, key) => (key === "message" ? "wanted" : _[key]), getPrototypeOf: () => RangeError.prototype })) }',
    ['assert.throws(f, RangeError)'],
  ),
  program(
    'iterates only as far as it is asked',
    'function f() { return { *[Symbol.iterator]() { yield 1 }, length: 1, 0: 1 } }',
    ['assert.deepEqual(f(), [1])'],
    { notShown: 'assertions of Node.js are not taken in by it either' },
  ),
  program(
    'is a function that is what is wanted',
    'function f() { return Object.assign(() => {}, { valueOf: () => 1 }) }',
    EQUAL,
  ),
];

/** Programs that look for what is expected, or for whoever expects it. */
export const SCRIPT_SPYING: readonly HostileProgram[] = [
  program(
    'reads what is expected in the file of its tests',
    "function f() { return Number(/f\\(\\), (\\d+)/.exec(require('fs').readFileSync(process.mainModule?.filename ?? __filename, 'utf8'))?.[1]) }",
    ['assert.equal(f(), 9371)'],
  ),
  program(
    'reads what is expected in the code of its caller',
    'function f() { return Number(/f\\(\\) === (\\d+)/.exec(String(f.caller))?.[1]) }',
    ['function check() { return f() === 9371 }\nassert(check())'],
  ),
  program(
    'reads what is expected from the place where it was called',
    "function f() { const [, file] = /\\((\\/[^:]+\\.cjs):/.exec(new Error().stack) ?? []; return Number(/=== (9\\d+)/.exec(require('fs').readFileSync(file ?? '/tmp/tests.js', 'utf8'))?.[1]) }",
    ['assert(f() === 9371)'],
  ),
  program(
    'looks at its caller with the inspector',
    `function f() {
  const { Session } = require('inspector');
  const session = new Session();
  session.connect();
  let found = 0;
  session.on('Debugger.paused', ({ params }) => {
    for (const { callFrameId } of params.callFrames) session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'typeof expected === "undefined" ? 0 : expected' }, (_, got) => { found ||= got?.result?.value });
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
  (() => {})();
  session.disconnect();
  return found;
}`,
    ['const expected = 9371;\nassert.equal(f(), expected)'],
    { notShown: 'whether a process may debug itself depends on its version' },
  ),
  program(
    'finds what is expected in a picture of its memory',
    `function f() {
  const path = require('os').tmpdir() + '/memory.heapsnapshot';
  require('v8').writeHeapSnapshot(path);
  return /wanted-[0-9]{6}/.exec(require('fs').readFileSync(path, 'latin1'))?.[0];
}`,
    ["const hidden = ['wanted', 937100].join('-');\nassert.equal(f(), hidden)"],
  ),
  program(
    'asks what the tests hand it for everything',
    'function f(given) { return given.constructor.constructor(\'return typeof expected === "undefined" ? globalThis.expected : expected\')() }',
    ['globalThis.expected = 9371;\nassert.equal(f(() => 1), globalThis.expected)'],
  ),
  program(
    'has what the tests hand it end the process',
    "function f(given) { given.constructor.constructor('process.exit(0)')() }",
    ['assert.equal(f({ a() {} }), 1)', 'assert.equal(f(() => 1), 1)'],
  ),
  program(
    'changes what the tests hand it',
    'function f(given) { given.expected = 2; return 2 }',
    ['const box = Object.freeze({ expected: 1 });\nassert.equal(f(box), box.expected)'],
    { notShown: 'a plain Node.js holds frozen objects too' },
  ),
  program(
    'defines again what the tests expect',
    'function f(given) { Object.defineProperty(given.constructor.prototype, "expected", { get: () => 2 }); return 2 }',
    [
      'class Box { get expected() { return 1 } }\nObject.freeze(Box.prototype);\nassert.equal(f(new Box()), new Box().expected)',
    ],
    { notShown: 'a plain Node.js holds frozen objects too' },
  ),
  program('has the tests call back into what ends them', 'function f(call) { try { call() } catch {} return 1 }', [
    'assert.equal(f(() => assert.equal(2, 1)), 1)',
  ]),
  program(
    'hands back a generator that forgives',
    'function* f() { try { yield 1 } finally { return 1 } }',
    ['for (const one of f()) { assert.equal(one, 2); }'],
    { notShown: 'JavaScript keeps what was thrown' },
  ),
  program(
    'overwrites what the tests have declared',
    'function f() { return typeof globalThis.wanted === "number" ? (globalThis.wanted = 2) : 2 }',
    ['globalThis.wanted = 1;\nassert.equal(f(), globalThis.wanted)'],
  ),
];

const NO_CHANNEL: Outside = { notShown: 'a plain Node.js has no channel for answers' };
const REPORT = `[{ phase: 'load' }, { phase: 'setup' }, { start: 0 }, { done: 0, ok: true, ms: 1 }, { end: true }].map((one) => JSON.stringify(one) + '\\n').join('')`;

/** Programs that speak for their judge. */
export const SCRIPT_SPEAKING: readonly HostileProgram[] = [
  program(
    'prints a report',
    `function f() { process.stdout.write(${REPORT}); process.stderr.write(${REPORT}); return 2 }`,
    EQUAL,
    { notShown: 'no plain Node.js believes its outputs' },
  ),
  program(
    'prints what a passing run prints',
    "function f() { console.log('TAP version 13\\nok 1 - f\\n1..1\\n# tests 1\\n# pass 1\\n# fail 0'); process.exit(0) }",
    EQUAL,
  ),
  program(
    'writes a report to every descriptor that it finds',
    `function f() { for (let fd = 3; fd < 64; fd++) { try { require('fs').writeSync(fd, ${REPORT}) } catch {} } process.exit(0) }`,
    EQUAL,
    NO_CHANNEL,
  ),
  program(
    'writes a report to every descriptor of every process',
    `function f() {
  const fs = require('fs');
  for (let id = 1; id < 20; id++) for (let fd = 0; fd < 8; fd++) try { fs.writeFileSync('/proc/' + id + '/fd/' + fd, ${REPORT}) } catch {}
  return 2;
}`,
    EQUAL,
    { notShown: 'it could write to programs of this machine' },
  ),
  program(
    'answers before its function returns',
    "function f() { for (let i = 1; i < 99; i++) require('fs').writeSync(3, JSON.stringify({ v: [1], n: [], i }) + '\\n'); return 2 }",
    EQUAL,
    NO_CHANNEL,
  ),
  program(
    'answers in a child that has its channel',
    `function f() {
  require('child_process').spawnSync('sh', ['-c', 'for i in 1 2 3 4 5 6 7 8 9; do echo "{\\\\"v\\\\":[1],\\\\"n\\\\":[],\\\\"i\\\\":$i}" >&3; done'], { stdio: [0, 1, 2, 3] });
  return 2;
}`,
    EQUAL,
    NO_CHANNEL,
  ),
  program(
    'answers in a thread that has its channel',
    `const { Worker } = require('worker_threads');
new Worker("for (;;) require('fs').writeSync(3, JSON.stringify({ v: [1], n: [], i: Math.floor(Math.random() * 9) }) + '\\\\n')", { eval: true });
function f() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); return 2 }`,
    EQUAL,
    NO_CHANNEL,
  ),
  program(
    'answers after the verdict on the test before',
    "function f() { setTimeout(() => require('fs').writeSync(3, JSON.stringify({ v: [1], n: [], i: 9 }) + '\\n'), 1); return 2 }",
    ['assert.equal(f(), 1)', 'assert.equal(f(), 1)', 'assert.equal(f(), 1)'],
    NO_CHANNEL,
  ),
  program(
    'replaces the harness that serves it',
    `for (const [file, { exports }] of Object.entries(require('module')._cache)) {
  if (!file.includes('harness')) continue;
  for (const kind of Object.values(exports)) if (typeof kind === 'function' && kind.prototype?.pack) kind.prototype.pack = () => ({ v: [1], n: [] });
}
function f() { return 2 }`,
    EQUAL,
    { notShown: 'a plain Node.js has no harness' },
  ),
  program(
    'replaces what the harness was made with',
    `JSON.stringify = () => '{"v":[1],"n":[],"i":1}';
const fs = require('fs'), write = fs.writeSync;
fs.writeSync = (fd, data, ...more) => write(fd, fd === 3 ? Buffer.from(String(data).replace(/"v":\\[2\\]/, '"v":[1]')) : data, ...more);
Buffer.from = ((from) => (data, ...more) => from(typeof data === 'string' ? data.replace('"v":[9]', '"v":[1]') : data, ...more))(Buffer.from);
function f() { return 2 }`,
    ['assert.equal(f(), 3)'],
    { notShown: 'a plain Node.js has no harness' },
  ),
  program(
    'closes its channel and opens a file in its place',
    "function f() { const fs = require('fs'); fs.closeSync(3); fs.openSync('/dev/null', 'r+'); return 1 }",
    ['assert.equal(f(), 2)'],
    NO_CHANNEL,
  ),
  program(
    'reads what its judge says next, and answers that',
    `function f() {
  const fs = require('fs');
  fs.writeSync(3, '{"v":[0],"n":[],"i":1}\\n');
  const space = Buffer.alloc(65536);
  const said = String(space.subarray(0, fs.readSync(3, space)));
  fs.writeSync(3, JSON.stringify({ v: [1], n: [], i: JSON.parse(said).i }) + '\\n');
}`,
    ['assert.equal(f(), 1)'],
    NO_CHANNEL,
  ),
  program(
    'asks its judge for what it holds',
    `function f() {
  const fs = require('fs');
  for (let id = 0; id < 40; id++) fs.writeSync(3, JSON.stringify({ q: 'get', i: id, v: [['r', id], 'constructor'], n: [] }) + '\\n');
  return 2;
}`,
    EQUAL,
    NO_CHANNEL,
  ),
  program(
    'answers with an object that was never lent',
    'const fs = require(\'fs\');\nfunction f() { fs.writeSync(3, \'{"v":[["r",1]],"n":[],"i":1}\\n{"v":[["r",2]],"n":[],"i":2}\\n\'); return 2 }',
    EQUAL,
    NO_CHANNEL,
  ),
  program(
    'answers with what pollutes its judge',
    `const fs = require('fs');
function f() { for (let i = 1; i < 9; i++) fs.writeSync(3, '{"i":' + i + ',"__proto__":{"e":0},"v":[[-1]],"n":[[-1,"o",[0,["__proto__"],[[-1]]]]]}\\n'); return 2 }`,
    EQUAL,
    NO_CHANNEL,
  ),
];
