import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { openSandbox } from '../../src/core/sandbox/open';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import { isSolved, type LimitStruck, type Verdict } from '../../src/core/sandbox/verdict';
import { type Case, HARNESS, judge } from './bench';

const SHORT = { testSeconds: 2, runSeconds: 20 };
/** For limits that the code reaches at its own pace, on a machine that has other things to do. */
const PATIENT = { testSeconds: 15, runSeconds: 25 };

/** A case in JavaScript, and the ms that its run took. */
async function timed(test: Case): Promise<{ verdict: Verdict; took: number }> {
  const began = performance.now();
  const verdict = await judge({ language: 'javascript', ...test });
  return { verdict, took: performance.now() - began };
}

/** Claims that the second of three tests runs into a limit: the first keeps its outcome, the others fail. */
async function strikes(limit: LimitStruck, body: string, message: RegExp, limits = PATIENT): Promise<number> {
  const code = `const fs = require('fs'), cp = require('child_process'), { Worker } = require('worker_threads');
function f(x) {
  if (x !== 2) return x;
  ${body}
  return x;
}`;
  const tests = ['assert.equal(f(1), 1)', 'assert.equal(await f(2), 2)', 'assert.equal(f(3), 3)'];
  const { verdict, took } = await timed({ code, tests, limits });
  const shown = `${body}: ${JSON.stringify({ ...verdict, stdout: verdict.stdout.slice(0, 200) })}`;
  assert.equal(verdict.killed, limit, shown);
  assert.deepEqual(
    verdict.tests.map((test) => test.ok),
    [true, false, false],
    shown,
  );
  assert.equal(verdict.total, 3);
  assert.equal(isSolved(verdict), false);
  assert.match(verdict.tests[1]?.message ?? '', message, shown);
  assert.match(verdict.tests[2]?.message ?? '', /^not run: /, shown);
  return took;
}

function running(marker: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(marker);
    } catch {
      return false;
    }
  });
}

describe('A run of a script is ended', function () {
  this.timeout(60_000);

  for (const [what, body] of [
    ['loops', 'for (;;);'],
    ['loops through promises', 'return (async () => { for (;;) await null })();'],
    [
      'fills the queue of microtasks',
      'const again = () => queueMicrotask(again); again(); return new Promise(() => {});',
    ],
    ['waits without end', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
    ['sleeps', 'return new Promise((resolve) => setTimeout(resolve, 600_000));'],
    ['backtracks in a pattern', '/^(a+)+$/.test("a".repeat(40) + "b");'],
    ['ignores signals', "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => {}); for (;;);"],
    ['stops its own process', "process.kill(process.pid, 'SIGSTOP');"],
    ['catches everything', 'for (;;) { try { throw 1 } catch {} }'],
    ['iterates without end', 'return { then() { for (;;); } };'],
  ] as const) {
    it(`at the time limit of a test when the code ${what}`, async () => {
      const took = await strikes('time', body, /^took longer than 2 s$/, SHORT);
      assert.ok(took < 12_000, `${took} ms`);
    });
  }

  it('at the time limit when the code loops while it is loaded, or the setup does, or a test', async () => {
    const [load, setup, test] = await Promise.all([
      timed({ code: 'for (;;);', tests: ['assert(1)', 'assert(2)'], limits: SHORT }),
      timed({ code: '', setup: 'for (;;);', tests: ['assert(1)'], limits: SHORT }),
      timed({ code: '', tests: ['assert(1)', 'for (;;);', 'assert(3)'], limits: SHORT }),
    ]);
    const messages = [load, setup, test].map(({ verdict }) => verdict.tests.map(({ message }) => message));
    assert.deepEqual(messages, [
      Array(2).fill('not run: loading the code took longer than 2 s'),
      ['not run: the setup took longer than 2 s'],
      [undefined, 'took longer than 2 s', 'not run: a test before it took longer than 2 s'],
    ]);
    for (const { verdict } of [load, setup, test]) assert.equal(verdict.killed, 'time');
  });

  it('without waiting for the limit when nothing can happen any more', async () => {
    const { verdict, took } = await timed({ code: 'const f = () => new Promise(() => {});', tests: ['await f()'] });
    assert.match(verdict.tests[0]?.message ?? '', /waits for something that never happens/);
    assert.equal(verdict.killed, undefined);
    assert.ok(took < 8_000, `${took} ms`);
  });

  for (const [what, body] of [
    ['asks for 10 GB at once', 'new ArrayBuffer(10e9);'],
    ['keeps buffers', 'for (const kept = []; ; ) kept.push(Buffer.alloc(1 << 20, 1));'],
    ['keeps large arrays', 'for (const kept = []; ; ) kept.push(new Array(1e5).fill(1.5));'],
    [
      'starts a thread that keeps large arrays',
      'new Worker("for (const kept = []; ; ) kept.push(new Array(1e5).fill(1.5))", { eval: true }); return new Promise(() => {});',
    ],
  ] as const) {
    it(`at the memory limit when the code ${what}`, async () => {
      const limits = { ...PATIENT, memoryMb: 128 };
      await strikes('memory', body, /out of memory|Array buffer allocation failed|memory limit|heap/, limits);
    });
  }

  it('at the memory limit when a test uses it up', async () => {
    const { verdict } = await timed({
      code: 'function f() {}',
      tests: ['f()', 'for (const kept = []; ; ) kept.push(new Array(1e5).fill(1.5))', 'f()'],
      limits: { ...PATIENT, memoryMb: 128 },
    });
    assert.equal(verdict.killed, 'memory');
    assert.equal(verdict.passed, 1);
  });

  for (const [what, body] of [
    ['prints for ever', 'for (;;) console.log("x".repeat(1000));'],
    ['writes to standard error for ever', 'for (;;) fs.writeSync(2, "x".repeat(1000));'],
    ['runs a program that prints for ever', "cp.spawnSync('yes', { stdio: 'inherit' });"],
  ] as const) {
    it(`at the output limit when the code ${what}`, async () => {
      await strikes('output', body, /^the code printed more than 1000000 bytes$/);
    });
  }

  it('at the output limit when a test prints for ever, with what was printed first kept', async () => {
    const tests = ['console.log("first")', 'for (;;) console.log("x".repeat(1000))'];
    const { verdict } = await timed({ code: '', tests });
    assert.equal(verdict.killed, 'output');
    assert.deepEqual(verdict.tests.map((test) => test.ok), [true, false]); // prettier-ignore
    assert.ok(verdict.stdout.startsWith('first\nxxx'));
    assert.match(verdict.stdout, /\n\[\.\.\. \d+ more characters\]$/);
  });

  for (const [what, body] of [
    ['starts programs for ever', "for (;;) cp.spawn('sleep', ['60']);"],
    [
      'starts programs that outlive it',
      "for (;;) cp.spawn('sleep', ['60'], { stdio: 'ignore', detached: true }).unref();",
    ],
    ['starts threads for ever', "for (;;) new Worker('setInterval(() => {}, 1000)', { eval: true });"],
  ] as const) {
    it(`at the limit of processes when the code ${what}`, async () => {
      await strikes('processes', body, /too many processes|EAGAIN|ERR_WORKER/);
    });
  }

  it('by nothing when a shell of its own forks for ever: that call fails, and the machine does not feel it', async () => {
    const before = running('').length;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, running('').length)), 50);
    const code = `const fs = require('fs'), { execFileSync } = require('child_process');
function f() { fs.writeFileSync('/tmp/bomb', 'sh /tmp/bomb & sh /tmp/bomb'); execFileSync('sh', ['/tmp/bomb'], { stdio: 'ignore' }) }`;
    const { verdict } = await timed({ code, tests: ['f()'], limits: SHORT });
    clearInterval(watch);
    assert.equal(verdict.passed, 0);
    assert.ok(most < before + 150, `${most} processes, ${before} before`);
  });

  it('by nothing when the code fills its scratch directory: that test fails, the next one passes', async () => {
    const code = `const fs = require('fs');
function one() { const d = fs.openSync('/tmp/big', 'w'); for (;;) fs.writeSync(d, Buffer.alloc(1 << 20)) }
function many() { for (let n = 0; ; n++) fs.writeFileSync('/tmp/' + n, Buffer.alloc(1 << 20)) }
function clean() { for (const name of fs.readdirSync('/tmp')) fs.rmSync('/tmp/' + name); return 1 }`;
    const { verdict } = await timed({
      code,
      tests: ['one()', 'assert.equal(clean(), 1)', 'many()', 'assert.equal(clean(), 1)'],
      limits: PATIENT,
    });
    assert.deepEqual(
      verdict.tests.map(({ ok }) => ok),
      [false, true, false, true],
      JSON.stringify(verdict.tests),
    );
    assert.match(verdict.tests[0]?.message ?? '', /EFBIG|ENOSPC/);
    assert.match(verdict.tests[2]?.message ?? '', /ENOSPC/);
    assert.equal(verdict.killed, undefined);
  });

  it('with its verdict when timers, threads and programs are left behind, and nothing stays', async () => {
    const marker = `solvent-left-${process.pid}-${Date.now()}`;
    const code = `
const { Worker } = require('worker_threads'), { spawn } = require('child_process');
setInterval(() => {}, 10);
new Worker('for (;;);', { eval: true });
process.on('SIGTERM', () => {});
const script = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)';
spawn(process.execPath, ['-e', script, '${marker}'], { detached: true, stdio: 'ignore' }).unref();
function f() { return 1 }`;
    const { verdict, took } = await timed({ code, tests: ['assert.equal(f(), 1)'], limits: PATIENT });
    assert.equal(verdict.passed, 1, JSON.stringify(verdict));
    assert.ok(took < 12_000, `${took} ms`);
    assert.deepEqual(running(marker), []);
  });

  it('at once when it is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped by the user');
    const run = timed({ code: 'for (;;);', tests: ['assert(1)'], signal: controller.signal });
    setTimeout(() => {
      controller.abort(reason);
    }, 500);
    await assert.rejects(run, reason);
  });

  it('without harm to runs beside it', async () => {
    const bombs = ["for (;;) require('child_process').spawn('sleep', ['9'])", "for (;;) console.log('x'.repeat(1000))"];
    const honest = { code: 'function f(x) { return x + 1 }', tests: ['assert.equal(f(1), 2)'], limits: PATIENT };
    const runs = bombs.flatMap((body) => [
      timed({ code: `function f() { ${body} }`, tests: ['f(1)'], limits: SHORT }),
      timed(honest),
    ]);
    const verdicts = await Promise.all(runs);
    assert.deepEqual(verdicts.map(({ verdict }) => verdict.passed), [0, 1, 0, 1]); // prettier-ignore
  });
});

describe('A sandbox for scripts', () => {
  const task = (language: 'javascript' | 'python') => ({
    ...{ id: 'x', language, prompt: '', entryPoint: 'f', setup: '' },
    tests: [language === 'python' ? 'assert f() == 1' : 'assert.equal(f(), 1)'],
  });

  it('opens without Python, and says what to install when a Python task comes', async () => {
    const opened = await openSandbox({ choice: 'auto', harness: HARNESS, python: '/nowhere/python3' });
    assert.deepEqual(opened.languages, ['javascript', 'typescript']);
    assert.match(opened.missing?.('python') ?? '', /no Python interpreter at \/nowhere/);
    const { passed } = await opened.run({ task: task('javascript'), code: 'function f() { return 1 }' });
    assert.equal(passed, 1);
    await assert.rejects(opened.run({ task: task('python'), code: '' }), /no Python interpreter at \/nowhere/);
  });

  it('opens without Node.js, and says what to install when a script comes', async () => {
    const opened = await openSandbox({ choice: 'auto', harness: HARNESS, node: '/nowhere/node' });
    assert.deepEqual(opened.languages, ['python']);
    assert.match(opened.missing?.('typescript') ?? '', /no Node\.js at \/nowhere/);
    const { passed } = await opened.run({ task: task('python'), code: 'def f(): return 1' });
    assert.equal(passed, 1);
    await assert.rejects(opened.run({ task: task('javascript'), code: '' }), /no Node\.js at \/nowhere\/node/);
  });

  it('is refused when what was named is no Node.js', async () => {
    for (const [node, message] of [
      ['/bin/true', /^\/bin\/true does not answer like Node\.js: .*Install Node\.js/],
      ['/bin/false', /^\/bin\/false does not run as Node\.js: .*Install Node\.js/],
      ['no-such-node', /no Node\.js at no-such-node/],
    ] as const) {
      await assert.rejects(openSandbox({ choice: 'auto', language: 'javascript', harness: HARNESS, node }), (error) => {
        assert.ok(error instanceof SandboxError);
        assert.match(error.message, message);
        return true;
      });
    }
  });
});
