import type { LimitStruck, Limits } from '../../../src/core/sandbox/verdict';
import { crowded, type HostileProgram, inVain, struck, struckOrCrashed } from './hostileProgram';
import { scriptAttack } from './script';

/** Time to reach limits of memory, output and processes on a busy machine. */
const LIMITS: Partial<Limits> = { testSeconds: 20, runSeconds: 40, memoryMb: 32, outputBytes: 200_000, scratchMb: 16 };
/** Files to run out of, in programs that need a process for each. */
const SPARING: Partial<Limits> = { ...LIMITS, scratchFiles: 1000 };
/** Time to run out of. */
const SHORT: Partial<Limits> = { ...LIMITS, testSeconds: 1.5 };

function program(
  name: string,
  mustNot: string,
  body: string,
  check: HostileProgram['check'],
  notShown: string,
  limits: Partial<Limits> = LIMITS,
): HostileProgram {
  return {
    ...{ name, mustNot, language: 'javascript', limits, outside: { notShown }, check },
    code: () => scriptAttack(body, 'const first = () => 1;\nconst { Worker } = require("worker_threads");\n'),
    tests: ['assert.equal(first(), 1)', 'assert.equal(await attack(), true)', 'assert.equal(first(), 1)'],
  };
}

const endless = (name: string, body: string): HostileProgram =>
  program(name, 'run for longer than it may', body, struck('time'), 'it would never end', SHORT);
const large = (name: string, body: string, ...limits: readonly LimitStruck[]): HostileProgram =>
  program(
    name,
    'take more memory than it may',
    body,
    struck('memory', ...limits),
    'it would take the memory of this machine',
  );
const loud = (name: string, body: string): HostileProgram =>
  program(name, 'print more than it may', body, struck('output'), 'it would never end');
const many = (name: string, body: string, ...limits: readonly LimitStruck[]): HostileProgram =>
  program(
    name,
    'start more processes than it may',
    body,
    struck('processes', ...limits),
    'it would take the processes of this machine',
  );
const full = (name: string, body: string): HostileProgram =>
  program(
    name,
    'take more room for files than it may',
    body,
    (verdict) => {
      inVain(verdict);
      if (verdict.killed !== undefined || verdict.tests[2]?.ok !== true) throw new Error('the run does not go on');
      const said = verdict.tests[1]?.message ?? '';
      if (!/ENOSPC|EFBIG|EDQUOT|EMFILE/.test(said)) throw new Error(`not for want of room: ${said}`);
    },
    'it would fill the disk of this machine',
  );
const crowd = (name: string, body: string): HostileProgram =>
  program(name, 'make more files than it may', body, crowded, 'it would take the memory of the kernel', SPARING);
const deep = (name: string, body: string): HostileProgram =>
  program(name, 'leave the run without a verdict', body, inVain, 'a plain Node.js just fails');

/** A thread of this source, and nothing else to wait for. */
const inThread = (source: string): string =>
  `new Worker(${JSON.stringify(source)}, { eval: true });\nreturn new Promise(() => setInterval(() => {}, 1000));`;

const ENDLESS: readonly HostileProgram[] = [
  endless('loops', 'for (;;);'),
  endless('loops in a promise', 'await null;\nfor (;;);'),
  endless('loops through promises', 'for (;;) await null;'),
  endless(
    'fills the queue of microtasks',
    'const again = () => queueMicrotask(again);\nagain();\nreturn new Promise(() => {});',
  ),
  endless(
    'fills the queue of ticks',
    'const again = () => process.nextTick(again);\nagain();\nreturn new Promise(() => {});',
  ),
  endless('loops within the engine', 'return [].includes.call({ length: 2 ** 53 - 1 }, 1);'),
  endless('matches an expression that backtracks', "return /^(a+)+$/.test('a'.repeat(60) + 'b');"),
  endless('multiplies enormous numbers', 'for (let n = 3n ** 1000000n; ; ) void (n * n);'),
  endless('sleeps', 'await sleep(600_000);\nreturn true;'),
  endless('waits without end', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'),
  endless('waits for a program without end', "cp.spawnSync('sleep', ['600']);"),
  endless('reads what is never written', "cp.execSync('mkfifo /tmp/pipe');\nfs.readFileSync('/tmp/pipe');"),
  endless('catches everything', 'for (;;) { try { throw 1 } catch {} }'),
  endless(
    'ignores every signal',
    "for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGXCPU']) process.on(name, () => {});\nfor (;;);",
  ),
  endless('stops itself', "process.kill(process.pid, 'SIGSTOP');"),
  endless('derives a key for ever', "require('crypto').pbkdf2Sync('a', 'b', 2 ** 31 - 1, 64, 'sha512');"),
  endless(
    'never ends in WebAssembly',
    `const code = Buffer.from('0061736d01000000010401600000030201000705010166' + '00000a0901070003400c000b0b', 'hex');
new WebAssembly.Instance(new WebAssembly.Module(code)).exports.f();`,
  ),
  endless('has a getter that never returns', 'return { get then() { for (;;); } };'),
  endless(
    'has threads that never end',
    `for (let n = 0; n < 3; n++) new Worker('for (;;);', { eval: true });\nreturn new Promise(() => setInterval(() => {}, 1000));`,
  ),
];

const LARGE: readonly HostileProgram[] = [
  large('lets an array of arrays grow', 'for (const kept = []; ; ) kept.push(new Array(1e5).fill(1.5));'),
  large('lets an array of small things grow', 'for (const kept = []; ; ) kept.push([0]);'),
  large('lets one array grow', 'const kept = [];\nfor (;;) kept.push(kept.length + 0.5);'),
  large('doubles an array', 'let kept = [0];\nfor (;;) kept = [...kept, ...kept];'),
  large('lets a map grow', 'const kept = new Map();\nfor (let n = 0; ; n++) kept.set(n, n);'),
  large('lets a set grow', 'const kept = new Set();\nfor (let n = 0; ; n++) kept.add(n);'),
  large('lets an object grow', "const kept = {};\nfor (let n = 0; ; n++) kept['k' + n] = n;"),
  large('fills an array of every length', 'return new Array(2 ** 27).fill(1).length > 0;'),
  large('spreads an enormous array', 'return Math.max.apply(null, new Array(1e8)) > 0;'),
  large('keeps closures', 'const kept = [];\nfor (;;) { const one = {}; kept.push(() => one); }'),
  large('keeps promises', 'const kept = [];\nfor (;;) kept.push(new Promise(() => {}));'),
  large('sets timers without end', 'for (;;) setTimeout(() => {}, 1e6);'),
  large('queues microtasks without end', 'for (;;) queueMicrotask(() => {});'),
  large('keeps texts', "const kept = [];\nfor (;;) kept.push(Buffer.alloc(1 << 20, 97).toString('latin1'));"),
  large('joins an enormous text', "return new Array(1 << 24).fill('xxxxxxxxxxxxxxxx').join('').length > 0;"),
  large('replaces a text by a longer one', "let text = 'x';\nfor (;;) text = text.replace(/x/g, 'xxxxxxxx');"),
  large('asks for 10 GB at once', 'return new ArrayBuffer(10e9).byteLength > 0;'),
  large('keeps buffers', 'for (const kept = []; ; ) kept.push(Buffer.alloc(1 << 20, 1));'),
  large('keeps arrays of bytes', 'for (const kept = []; ; ) kept.push(new Uint8Array(1 << 22).fill(1));'),
  large(
    'keeps shared memory',
    'for (const kept = []; ; ) kept.push(new Uint8Array(new SharedArrayBuffer(1 << 22)).fill(1));',
  ),
  large('doubles a buffer', 'let kept = Buffer.alloc(1 << 20, 1);\nfor (;;) kept = Buffer.concat([kept, kept]);'),
  large(
    'lets the memory of WebAssembly grow',
    'const memory = new WebAssembly.Memory({ initial: 1 });\nfor (;;) { memory.grow(64); new Uint8Array(memory.buffer).fill(1); }',
  ),
  large(
    'makes memories of WebAssembly',
    'const kept = [];\nfor (;;) { const one = new WebAssembly.Memory({ initial: 512, maximum: 65536 }); new Uint8Array(one.buffer).fill(1); kept.push(one); }',
  ),
  large(
    'makes tables of WebAssembly',
    "const kept = [];\nfor (;;) kept.push(new WebAssembly.Table({ initial: 1e7, element: 'anyfunc' }));",
  ),
  large('makes realms', "const kept = [];\nfor (;;) kept.push(require('vm').createContext({}));"),
  large(
    'formats numbers for everybody',
    "const kept = [];\nfor (;;) kept.push(new Intl.NumberFormat('de'), new Intl.DateTimeFormat('fr'));",
  ),
  large(
    'takes its limit away first',
    "require('v8').setFlagsFromString('--max-old-space-size=100000');\nfor (const kept = []; ; ) kept.push(new Array(1e5).fill(1.5));",
  ),
  large(
    'unpacks a bomb',
    "const zlib = require('zlib'), packed = zlib.gzipSync(Buffer.alloc(1 << 26)), kept = [];\nfor (;;) kept.push(zlib.gunzipSync(packed));",
  ),
  large('reads a file that never ends', "return fs.readFileSync('/dev/zero').length > 0;"),
  large(
    'derives a key of two gigabytes',
    "return require('crypto').pbkdf2Sync('a', 'b', 1, 2 ** 31 - 1, 'sha512').length > 0;",
  ),
  large(
    'derives a key that needs the memory of the machine',
    "return require('crypto').scryptSync('a', 'b', 64, { N: 2 ** 24, r: 8, maxmem: 2 ** 40 }).length > 0;",
  ),
  large('keeps arrays in a thread', inThread('for (const kept = []; ; ) kept.push(new Array(1e5).fill(1.5))')),
  large(
    'keeps arrays in a thread that sets its own limit',
    "new Worker('for (const kept = []; ; ) kept.push(new Array(1e5).fill(1.5))', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 100_000 } });\nreturn new Promise(() => setInterval(() => {}, 1000));",
  ),
  large('keeps buffers in a thread', inThread('for (const kept = []; ; ) kept.push(Buffer.alloc(1 << 20, 1))')),
  large(
    'keeps buffers in another Node.js',
    "return cp.execFileSync(process.execPath, ['-e', 'for (const kept = []; ; ) kept.push(Buffer.alloc(1 << 20, 1))'], { stdio: 'pipe' }).length > 0;",
  ),
];

const OTHER: readonly HostileProgram[] = [
  loud('prints without end', "for (;;) console.log('x'.repeat(1000));"),
  loud('prints one endless line', "for (;;) process.stdout.write('x'.repeat(5000));"),
  loud('writes errors without end', "for (;;) fs.writeSync(2, 'x'.repeat(1000));"),
  loud('warns without end', "for (;;) console.warn('x'.repeat(1000));"),
  loud('has another program print without end', "cp.spawnSync('yes', { stdio: 'inherit' });"),
  loud('has a thread print without end', inThread("for (;;) require('fs').writeSync(1, 'x'.repeat(1000))")),
  loud(
    'prints from a daemon',
    "cp.spawn('sh', ['-c', 'yes &'], { stdio: 'inherit', detached: true }).unref();\nawait sleep(600_000);",
  ),
  many('starts programs without end', "for (;;) cp.spawn('sleep', ['60']);"),
  many(
    'starts programs that outlive it',
    "for (;;) cp.spawn('sleep', ['60'], { stdio: 'ignore', detached: true }).unref();",
  ),
  program(
    'starts threads without end',
    'start more processes than it may',
    "for (;;) new Worker('setInterval(() => {}, 1000)', { eval: true });",
    struckOrCrashed('processes', 'memory'),
    'it would take the processes of this machine',
  ),
  many(
    'forks itself without end',
    "fs.writeFileSync('/tmp/bomb.js', 'for (;;) require(\"child_process\").fork(__filename)');\nfor (;;) cp.fork('/tmp/bomb.js');",
    'memory',
  ),
  program(
    'has a shell fork without end',
    'start more processes than it may',
    "fs.writeFileSync('/tmp/bomb', 'sh /tmp/bomb & sh /tmp/bomb');\nreturn cp.execFileSync('sh', ['/tmp/bomb'], { stdio: 'ignore' }).length > 0;",
    inVain,
    'it would take the processes of this machine',
    { ...LIMITS, testSeconds: 2 },
  ),
  full(
    'fills its scratch directory with one file',
    "const fd = fs.openSync('/tmp/big', 'w');\nfor (;;) fs.writeSync(fd, Buffer.alloc(1 << 20));",
  ),
  full(
    'fills its scratch directory with many files',
    "for (let n = 0; ; n++) fs.writeFileSync('/tmp/' + n, Buffer.alloc(1 << 20));",
  ),
  full(
    'claims the size of a file that is not written',
    "fs.truncateSync((fs.writeFileSync('/tmp/sparse', ''), '/tmp/sparse'), 2 ** 36);\nfs.writeSync(fs.openSync('/tmp/sparse', 'r+'), 'x', 2 ** 35);\nreturn true;",
  ),
  crowd('makes directories without end', "for (let n = 0; ; n++) fs.mkdirSync('/tmp/d' + n);"),
  crowd('makes empty files without end', "for (let n = 0; ; n++) fs.closeSync(fs.openSync('/tmp/' + n, 'w'));"),
  crowd(
    'gives one file names without end',
    "fs.writeFileSync('/tmp/one', '');\nfor (let n = 0; ; n++) fs.linkSync('/tmp/one', '/tmp/' + n);",
  ),
  crowd(
    'makes files in programs of its own',
    "cp.execFileSync('sh', ['-c', 'a() { n=0; while :; do mkdir -p /tmp/$1/$n/a/b/c/d/e/f/g; n=$((n + 1)); done; }; a 1 & a 2 & wait']);",
  ),
  crowd(
    'makes files in a thread',
    inThread("const fs = require('fs'); for (let n = 0; ; n++) fs.mkdirSync('/tmp/' + n)"),
  ),
  full('makes links without end', "for (let n = 0; ; n++) fs.symlinkSync('x'.repeat(4000), '/tmp/l' + n);"),
  full(
    'keeps what it has deleted',
    "for (const kept = []; ; ) { const fd = fs.openSync('/tmp/gone', 'w'); fs.rmSync('/tmp/gone'); fs.writeSync(fd, Buffer.alloc(1 << 20)); kept.push(fd); }",
  ),
  full('fills shared memory', "for (let n = 0; ; n++) fs.writeFileSync('/dev/shm/' + n, Buffer.alloc(1 << 20));"),
  full('opens files without closing them', "for (;;) fs.openSync('/dev/null');"),
  deep('recurses', 'return attack.call(...(function again() { return again() })());'),
  deep('recurses in a sort', 'const again = () => [2, 1].sort(again);\nreturn again();'),
  deep(
    'recurses with more stack',
    "require('v8').setFlagsFromString('--stack-size=1000000');\nrequire('vm').runInNewContext('(function again() { again() })()');",
  ),
  deep(
    'answers with a deeply nested array',
    'let nested = [];\nfor (let n = 0; n < 5e3; n++) nested = [nested];\nreturn nested;',
  ),
  deep('answers with more than a message may hold', "return 'x'.repeat(33 << 20);"),
  deep('answers with itself in itself', 'const own = {};\nown.own = own;\nreturn own;'),
  deep(
    'answers with thousands of keys',
    'const own = {};\nfor (let n = 0; n < 2e4; n++) own["k" + n] = n;\nreturn own;',
  ),
  deep(
    'throws a chain of causes',
    'let error = new Error("x");\nfor (let n = 0; n < 1e5; n++) error = new Error("x", { cause: error });\nthrow error;',
  ),
  deep('throws an error with an enormous message', "throw new Error('x'.repeat(1 << 26));"),
  deep(
    'throws what cannot be shown',
    'throw { get constructor() { throw 1 }, toString() { throw 2 }, [Symbol.toPrimitive]() { throw 3 } };',
  ),
  deep('reads deeply nested JSON', "return JSON.parse('['.repeat(1e5) + ']'.repeat(1e5)) === null;"),
  deep('compiles a deeply nested expression', "return eval('('.repeat(1e6) + '1' + ')'.repeat(1e6)) === 2;"),
  deep('aborts', 'process.abort();'),
  deep('kills its own process', "process.kill(process.pid, 'SIGKILL');"),
  deep('crashes its process', "process.kill(process.pid, 'SIGSEGV');"),
  deep('causes a fault', "process.binding('util').causeSegfault?.();\nprocess.kill(process.pid, 'SIGBUS');"),
];

/** Programs that use up time, memory, outputs, processes, files or stack. Where either of two limits may strike first, both count. */
export const SCRIPT_EXHAUST: readonly HostileProgram[] = [...ENDLESS, ...LARGE, ...OTHER];
