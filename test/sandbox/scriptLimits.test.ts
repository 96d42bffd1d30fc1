import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { openSandbox } from '../../src/core/sandbox/open';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import type { Verdict } from '../../src/core/sandbox/verdict';
import { type Case, HARNESS, judge } from './bench';
import { descendants } from './wasmBench';

const SHORT = { testSeconds: 2, runSeconds: 20 };
/** For limits that the code reaches at its own pace, on a machine that has other things to do. */
const PATIENT = { testSeconds: 15, runSeconds: 25 };

const script = (test: Case): Promise<Verdict> => judge({ language: 'javascript', ...test });

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

  it('at the time limit when the code loops while it is loaded, or the setup does, or a test', async () => {
    const [load, setup, test] = await Promise.all([
      script({ code: 'for (;;);', tests: ['assert(1)', 'assert(2)'], limits: SHORT }),
      script({ code: '', setup: 'for (;;);', tests: ['assert(1)'], limits: SHORT }),
      script({ code: '', tests: ['assert(1)', 'for (;;);', 'assert(3)'], limits: SHORT }),
    ]);
    const messages = [load, setup, test].map(({ tests }) => tests.map(({ message }) => message));
    assert.deepEqual(messages, [
      Array(2).fill('not run: loading the code took longer than 2 s'),
      ['not run: the setup took longer than 2 s'],
      [undefined, 'took longer than 2 s', 'not run: a test before it took longer than 2 s'],
    ]);
    for (const { killed } of [load, setup, test]) assert.equal(killed, 'time');
  });

  it('without waiting for the limit when nothing can happen any more', async () => {
    const verdict = await script({ code: 'const f = () => new Promise(() => {});', tests: ['await f()'] });
    assert.match(verdict.tests[0]?.message ?? '', /waits for something that never happens/);
    assert.equal(verdict.killed, undefined);
  });

  it('at the memory limit when a test uses it up', async () => {
    const verdict = await script({
      code: 'function f() {}',
      tests: ['f()', 'for (const kept = []; ; ) kept.push(new Array(1e5).fill(1.5))', 'f()'],
      limits: { ...PATIENT, memoryMb: 128 },
    });
    assert.equal(verdict.killed, 'memory');
    assert.equal(verdict.passed, 1);
  });

  it('at the output limit when a test prints for ever, with what was printed first kept', async () => {
    const tests = ['console.log("first")', 'for (;;) console.log("x".repeat(1000))'];
    const verdict = await script({ code: '', tests });
    assert.equal(verdict.killed, 'output');
    assert.deepEqual(verdict.tests.map((test) => test.ok), [true, false]); // prettier-ignore
    assert.ok(verdict.stdout.startsWith('first\nxxx'));
    assert.match(verdict.stdout, /\n\[\.\.\. \d+ more characters\]$/);
  });

  it('by nothing when a shell of its own forks for ever: that call fails, and the machine does not feel it', async () => {
    const before = descendants(process.pid).length;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, descendants(process.pid).length)), 50);
    const code = `const fs = require('fs'), { execFileSync } = require('child_process');
function f() { fs.writeFileSync('/tmp/bomb', 'sh /tmp/bomb & sh /tmp/bomb'); execFileSync('sh', ['/tmp/bomb'], { stdio: 'ignore' }) }`;
    const verdict = await script({ code, tests: ['f()'], limits: SHORT });
    clearInterval(watch);
    assert.equal(verdict.passed, 0);
    assert.ok(most < before + 150, `${most} processes, ${before} before`);
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
    const verdict = await script({ code, tests: ['assert.equal(f(), 1)'], limits: PATIENT });
    assert.equal(verdict.passed, 1, JSON.stringify(verdict));
    assert.equal(verdict.killed, undefined);
    assert.deepEqual(running(marker), []);
  });

  it('at once when it is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped by the user');
    const run = script({ code: 'for (;;);', tests: ['assert(1)'], signal: controller.signal });
    setTimeout(() => {
      controller.abort(reason);
    }, 500);
    await assert.rejects(run, reason);
  });

  it('without harm to runs beside it', async () => {
    const bombs = ["for (;;) require('child_process').spawn('sleep', ['9'])", "for (;;) console.log('x'.repeat(1000))"];
    const honest = { code: 'function f(x) { return x + 1 }', tests: ['assert.equal(f(1), 2)'], limits: PATIENT };
    const runs = bombs.flatMap((body) => [
      script({ code: `function f() { ${body} }`, tests: ['f(1)'], limits: SHORT }),
      script(honest),
    ]);
    const verdicts = await Promise.all(runs);
    assert.deepEqual(verdicts.map(({ passed }) => passed), [0, 1, 0, 1]); // prettier-ignore
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
