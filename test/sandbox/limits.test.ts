import assert from 'node:assert/strict';
import { openSandbox } from '../../src/core/sandbox/open';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import { HARNESS, judge } from './bench';
import { struck } from './escapes/hostileProgram';
import { descendants } from './wasmBench';

const SHORT = { testSeconds: 2, runSeconds: 12 };
/** For limits that the code reaches at its own pace, on a machine that has other things to do. */
const PATIENT = { testSeconds: 15, runSeconds: 25 };

const processes = (): number => descendants(process.pid).length;

describe('A run is ended', function () {
  this.timeout(60_000);

  it('at the time limit of the run when many tests take their time', async () => {
    const verdict = await judge({
      code: 'import time\ndef f(x): time.sleep(0.4)',
      tests: Array.from({ length: 20 }, (_, index) => `assert f(${index}) is None`),
      limits: { testSeconds: 3, runSeconds: 4 },
    });
    assert.equal(verdict.killed, 'time');
    assert.ok(verdict.passed >= 1 && verdict.passed <= 9, String(verdict.passed));
    assert.equal(verdict.total, 20);
    const messages = verdict.tests.map(({ message }) => message);
    assert.ok(messages.includes('the run took longer than 4 s'), JSON.stringify(messages));
    assert.equal(messages.at(-1), 'not run: the run took longer than 4 s');
  });

  it('at the time limit when the code loops while it is loaded, or the setup does, or a test', async () => {
    const [load, setup, test] = await Promise.all([
      judge({ code: 'while True: pass', tests: ['assert 1', 'assert 2'], limits: SHORT }),
      judge({ code: '', setup: 'while True: pass', tests: ['assert 1'], limits: SHORT }),
      judge({ code: '', tests: ['assert 1', 'while True: pass', 'assert 3'], limits: SHORT }),
    ]);
    const messages = [load, setup, test].map(({ tests }) => tests.map(({ message }) => message));
    assert.deepEqual(messages, [
      Array(2).fill('not run: loading the code took longer than 2 s'),
      ['not run: the setup took longer than 2 s'],
      [undefined, 'took longer than 2 s', 'not run: a test before it took longer than 2 s'],
    ]);
    for (const { killed } of [load, setup, test]) assert.equal(killed, 'time');
  });

  it('at the memory limit when a test uses it up', async () => {
    const verdict = await judge({ code: 'def f(): pass', tests: ['f()', "x = 'x' * 10**10", 'f()'] });
    assert.equal(verdict.killed, 'memory');
    assert.equal(verdict.passed, 1);
  });

  it('at the output limit when a test prints for ever, with what was printed first kept', async () => {
    const tests = ['print("first")', 'while True: print("x" * 1000)'];
    const verdict = await judge({ code: '', tests });
    assert.equal(verdict.killed, 'output');
    assert.deepEqual(verdict.tests.map((test) => test.ok), [true, false]); // prettier-ignore
    assert.ok(verdict.stdout.startsWith('first\nxxx'));
    assert.match(verdict.stdout, /\n\[\.\.\. \d+ more characters\]$/);
    assert.ok(verdict.stdout.length < 17_000);
  });

  for (const [what, body, head] of [
    ['forks for ever', 'bomb()', 'def bomb():\n    while True: os.fork()'],
    ['forks children that wait', 'for _ in range(1000):\n        if os.fork() == 0: time.sleep(60); os._exit(0)'],
    ['starts threads for ever', 'while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()'],
  ] as const) {
    it(`at the limit of processes when the code ${what}, and the machine does not feel it`, async () => {
      const before = processes();
      let most = 0;
      const watch = setInterval(() => (most = Math.max(most, processes())), 50);
      try {
        const code = `import os, time, threading\n${head ?? ''}\ndef f(x):\n    if x != 2: return x\n    ${body}\n    return x\n`;
        const tests = ['assert f(1) == 1', 'assert f(2) == 2', 'assert f(3) == 3'];
        struck('processes')(await judge({ code, tests, limits: PATIENT }));
      } finally {
        clearInterval(watch);
      }
      assert.ok(most < before + 120, `${most} processes of this program, ${before} before`);
    });
  }

  it('by nothing when the code fills its scratch directory: that test fails, the next one passes', async () => {
    const verdict = await judge({
      code: [
        'import os',
        'def one():',
        '    with open("/tmp/big", "wb") as file:',
        '        while True: file.write(bytes(1 << 20))',
        'def many():',
        '    for n in range(100000):',
        '        with open("/tmp/%d" % n, "wb") as file: file.write(bytes(1 << 20))',
        'def clean():',
        '    for name in os.listdir("/tmp"): os.remove("/tmp/" + name)',
        '    return 1',
      ].join('\n'),
      tests: ['one()', 'assert clean() == 1', 'many()', 'assert clean() == 1'],
    });
    assert.deepEqual(
      verdict.tests.map(({ ok }) => ok),
      [false, true, false, true],
      JSON.stringify(verdict.tests),
    );
    assert.match(verdict.tests[0]?.message ?? '', /OSError: \[Errno (27|28)\]/);
    const full = /OSError: \[Errno 28\].*\(the scratch folder may hold 64 MiB in 10000 files\)$/;
    assert.match(verdict.tests[2]?.message ?? '', full);
    assert.equal(verdict.killed, undefined);
  });

  it('at once when it is aborted, and nothing stays behind', async () => {
    const before = processes();
    const controller = new AbortController();
    const reason = new Error('stopped by the user');
    const run = judge({ code: 'while True: pass', tests: ['assert 1'], signal: controller.signal });
    setTimeout(() => {
      controller.abort(reason);
    }, 500);
    await assert.rejects(run, reason);
    assert.ok(processes() <= before);
    await assert.rejects(judge({ code: '', tests: ['1'], signal: AbortSignal.abort(reason) }), reason);
  });

  it('without harm to runs beside it', async () => {
    const bombs = ['while True: os.fork()', "x = 'x' * 10**10", 'while True: print("x" * 1000)', 'os.kill(-1, 9)'];
    const honest = { code: 'def f(x): return x + 1', tests: ['assert f(1) == 2'] };
    const runs = bombs.flatMap((body) => [
      judge({ code: `import os\ndef f(x):\n    ${body}`, tests: ['f(1)'], limits: SHORT }),
      judge(honest),
    ]);
    const verdicts = await Promise.all(runs);
    assert.deepEqual(verdicts.map(({ passed }) => passed), [0, 1, 0, 1, 0, 1, 0, 1]); // prettier-ignore
  });
});

describe('A sandbox that cannot be had', () => {
  const refused = (options: object, message: RegExp): Promise<void> =>
    assert.rejects(openSandbox({ choice: 'auto', language: 'python', harness: HARNESS, ...options }), (error) => {
      assert.ok(error instanceof SandboxError);
      assert.match(error.message, message);
      return true;
    });

  it('is refused with what to do when the interpreter is not there or is none', async () => {
    await refused({ python: '/nowhere/python3' }, /no Python interpreter at \/nowhere\/python3\. Set the path of an/);
    await refused({ python: 'no-such-python' }, /no Python interpreter at no-such-python/);
    await refused({ python: '/bin/true' }, /^\/bin\/true does not answer like a Python interpreter/);
    await refused({ python: '/bin/false' }, /^\/bin\/false does not run as a Python interpreter/);
  });

  it('is refused with how to install it when bubblewrap is not there or is another program', async () => {
    await refused({ bwrap: '/nowhere/bwrap' }, /no bwrap at \/nowhere\/bwrap\. Install bubblewrap .*sudo apt install/);
    await refused({ bwrap: '/bin/false' }, /\/bin\/false is no working bubblewrap.*Install bubblewrap/);
  });

  it('is refused on other systems, with a way to go', async () => {
    await refused(
      { platform: 'darwin', seatbelt: '/nowhere/sandbox-exec' },
      /no \/nowhere\/sandbox-exec on this Mac\. Open the folder over Remote-SSH/,
    );
    await refused({ platform: 'win32' }, /Windows has none .*\. Open the folder in WSL, over .* tested by 'wasm'\.$/);
    await refused({ platform: 'freebsd' }, /freebsd has none .*\. Open the folder over Remote-SSH/);
  });
});
