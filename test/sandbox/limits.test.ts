import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { openSandbox } from '../../src/core/sandbox/open';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import { isSolved, type LimitStruck, type Verdict } from '../../src/core/sandbox/verdict';
import { type Case, HARNESS, judge } from './bench';

/** A case, and the ms that its run took. */
async function timed(test: Case): Promise<{ verdict: Verdict; took: number }> {
  const began = performance.now();
  const verdict = await judge(test);
  return { verdict, took: performance.now() - began };
}

const SHORT = { testSeconds: 2, runSeconds: 12 };

/**
 * Claims that the second of three tests runs into a limit: the first keeps its outcome, the others fail, and the run
 * is over within `within` ms.
 */
async function strikes(limit: LimitStruck, body: string, message: RegExp, within = 6000, head = ''): Promise<void> {
  const code = `import os, sys, time, signal, threading\n${head}\ndef f(x):\n    if x != 2: return x\n    ${body}\n    return x\n`;
  const tests = ['assert f(1) == 1', 'assert f(2) == 2', 'assert f(3) == 3'];
  const { verdict, took } = await timed({ code, tests, limits: SHORT });
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
  if (limit === 'time') assert.ok((verdict.tests[1]?.durationMs ?? 0) >= SHORT.testSeconds * 900, shown);
  assert.ok(took < within, `${body} took ${took} ms`);
}

function processes(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
}

function sandboxed(): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('/harness/judge.py');
    } catch {
      return false;
    }
  });
}

describe('A run is ended', function () {
  this.timeout(30_000);

  it('at the time limit of a test, however the code spends the time', async () => {
    const ways = [
      ['while True: pass'],
      ['sum(range(10**12))'],
      ['time.sleep(600)'],
      ['threading.Event().wait()'],
      ['[signal.signal(n, signal.SIG_IGN) for n in range(1, 32) if n not in (9, 17, 19)]; time.sleep(600)'],
      ['os.kill(os.getpid(), signal.SIGSTOP)'],
      ['spin()', 'def spin():\n    while True:\n        try: time.sleep(9)\n        except BaseException: pass'],
    ] as const;
    await Promise.all(ways.map(([body, head]) => strikes('time', body, /^took longer than 2 s$/, 8000, head)));
  });

  it('at the time limit of the run when many tests take their time', async () => {
    const { verdict, took } = await timed({
      code: 'import time\ndef f(x): time.sleep(0.4)',
      tests: Array.from({ length: 20 }, (_, index) => `assert f(${index}) is None`),
      limits: { testSeconds: 1, runSeconds: 2 },
    });
    assert.equal(verdict.killed, 'time');
    assert.ok(verdict.passed >= 1 && verdict.passed <= 4, String(verdict.passed));
    assert.equal(verdict.total, 20);
    const messages = verdict.tests.map(({ message }) => message);
    assert.ok(messages.includes('the run took longer than 2 s'), JSON.stringify(messages));
    assert.equal(messages.at(-1), 'not run: the run took longer than 2 s');
    assert.ok(took < 4000);
  });

  it('at the time limit when the code loops while it is loaded, or the setup does, or a test', async () => {
    const [load, setup, test] = await Promise.all([
      timed({ code: 'while True: pass', tests: ['assert 1', 'assert 2'], limits: SHORT }),
      timed({ code: '', setup: 'while True: pass', tests: ['assert 1'], limits: SHORT }),
      timed({ code: '', tests: ['assert 1', 'while True: pass', 'assert 3'], limits: SHORT }),
    ]);
    const messages = [load, setup, test].map(({ verdict }) => verdict.tests.map(({ message }) => message));
    assert.deepEqual(messages, [
      Array(2).fill('not run: loading the code took longer than 2 s'),
      ['not run: the setup took longer than 2 s'],
      [undefined, 'took longer than 2 s', 'not run: a test before it took longer than 2 s'],
    ]);
    for (const { verdict, took } of [load, setup, test]) {
      assert.equal(verdict.killed, 'time');
      assert.ok(took < 6000, `${took} ms`);
    }
  });

  for (const [what, body] of [
    ['asks for 10 GB at once', "x = 'x' * 10**10"],
    ['lets a list grow for ever', 'x = []\n    while True: x.append(bytes(1 << 20))'],
    ['lets an int grow for ever', 'x = 7\n    while True: x = x * x'],
  ] as const) {
    it(`at the memory limit when the code ${what}`, async function () {
      const limit = body.includes('x * x') ? /out of memory|took longer/ : /^MemoryError|ran out of memory/;
      if (!body.includes('x * x')) return strikes('memory', body, limit);
      // Arithmetic may be too slow to fill the memory within the time of a test.
      const { verdict } = await timed({ code: `def f():\n    ${body}`, tests: ['f()'], limits: SHORT });
      assert.ok(verdict.killed === 'memory' || verdict.killed === 'time');
      assert.match(verdict.tests[0]?.message ?? '', limit);
    });
  }

  it('at the memory limit when a test uses it up', async () => {
    const verdict = await judge({ code: 'def f(): pass', tests: ['f()', "x = 'x' * 10**10", 'f()'] });
    assert.equal(verdict.killed, 'memory');
    assert.equal(verdict.passed, 1);
  });

  for (const [what, body] of [
    ['prints for ever', 'while True: print("x" * 1000)'],
    ['writes to standard error for ever', 'while True: os.write(2, b"x" * 1000)'],
    ['runs a program that prints for ever', 'os.system("yes")'],
  ] as const) {
    it(`quickly at the output limit when the code ${what}`, async () => {
      await strikes('output', body, /^the code printed more than 1000000 bytes$/, 3000);
    });
  }

  it('at the output limit when a test prints for ever, with what was printed first kept', async () => {
    const tests = ['print("first")', 'while True: print("x" * 1000)'];
    const { verdict, took } = await timed({ code: '', tests });
    assert.equal(verdict.killed, 'output');
    assert.deepEqual(verdict.tests.map((test) => test.ok), [true, false]); // prettier-ignore
    assert.ok(verdict.stdout.startsWith('first\nxxx'));
    assert.match(verdict.stdout, /\n\[\.\.\. \d+ more characters\]$/);
    assert.ok(verdict.stdout.length < 17_000);
    assert.ok(took < 3000);
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
        await strikes('processes', body, /BlockingIOError|can't start new thread|too many processes/, 6000, head);
      } finally {
        clearInterval(watch);
      }
      assert.ok(most < before + 120, `${most} processes, ${before} before`);
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
    const before = sandboxed().length;
    const controller = new AbortController();
    const reason = new Error('stopped by the user');
    const run = judge({ code: 'while True: pass', tests: ['assert 1'], signal: controller.signal });
    setTimeout(() => {
      controller.abort(reason);
    }, 500);
    const began = performance.now();
    await assert.rejects(run, reason);
    assert.ok(performance.now() - began < 1500);
    assert.ok(sandboxed().length <= before);
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
