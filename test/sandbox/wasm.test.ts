import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SandboxError, type Sandbox } from '../../src/core/sandbox/sandbox';
import type { Verdict } from '../../src/core/sandbox/verdict';
import { openWasmSandbox, permissionFlag } from '../../src/core/sandbox/wasm';
import { type Case, HARNESS, judge } from './bench';
import { concurrently } from './datasets';

const PYODIDE = join(process.cwd(), 'node_modules/pyodide');

describe('Python on WebAssembly', function () {
  this.timeout(120_000);
  let opened: Promise<Sandbox>;
  before(async () => {
    opened = openWasmSandbox({ harness: HARNESS, pyodide: PYODIDE });
    await opened;
  });

  async function verdicts(cases: readonly Case[]): Promise<Verdict[]> {
    return concurrently(cases, 2, async (test) => judge(test, opened));
  }

  it('says what it is', async () => {
    const { kind, description, languages } = await opened;
    assert.deepEqual([kind, languages], ['wasm', ['python']]);
    assert.match(description, /^Pyodide [\d.]+, Python 3\.[\d.]+ \(WebAssembly\)$/);
  });

  it('tells right from wrong, and code that ends or lies does not pass', async () => {
    const verdict = await judge(
      {
        code: [
          'import os',
          'def f(x):',
          '    print("é", x)',
          '    return g(x) + 1',
          'def wrong(x): return x',
          'def leave(x): exit(0)',
          'class L(int):',
          '    __eq__ = lambda *a: True',
          '    __hash__ = int.__hash__',
          'def lie(x): return L()',
          'def end(x): os._exit(0)',
        ].join('\n'),
        setup: 'def g(x): return x',
        tests: [
          'assert f(1) == 2',
          'assert sorted([f(2)]) == [3]',
          'assert wrong(1) == 2',
          'assert leave(1) == 2',
          'assert lie(1) == 2',
          'assert f(3) == 4',
          'assert end(1) == 2',
          'assert f(4) == 5',
        ],
      },
      opened,
    );
    const outcomes = verdict.tests.map(({ ok }) => ok);
    assert.deepEqual(outcomes, [true, true, false, false, false, true, false, false], JSON.stringify(verdict));
    assert.match(verdict.tests[6]?.message ?? '', /^the code ended its own process/);
    const { passed, total, killed, stdout, stderr, sandbox } = verdict;
    assert.deepEqual(
      { passed, total, killed, stdout, stderr, sandbox },
      { passed: 3, total: 8, killed: undefined, stdout: 'é 1\né 2\né 3\n', stderr: '', sandbox: 'wasm' },
    );
  });

  it('has no way to JavaScript, to files, to the network or to other programs', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    let reached = 0;
    server.on('connection', () => reached++);
    const { port } = server.address() as AddressInfo;
    const attempts = [
      'import js; assert js.process',
      'import pyodide_js; pyodide_js._module',
      'from pyodide.code import run_js; run_js("1")',
      'import pyodide.ffi, sys; del sys.modules["js"]; import js; assert js.process',
      'import importlib, sys; sys.modules.clear(); importlib.import_module("js").process',
      `open(${JSON.stringify(join(process.cwd(), 'package.json'))})`,
      `import os; os.listdir(${JSON.stringify(homedir())})`,
      'import os; assert os.environ["PATH"].count(":") > 3',
      `import socket; socket.create_connection(("127.0.0.1", ${port}), 1).send(b"x")`,
      'import subprocess; subprocess.run(["true"])',
      'import os; os.fork()',
    ];
    // This ends the interpreter: what it calls would make code of a string.
    attempts.push('import ctypes; ctypes.CDLL(None).emscripten_run_script(b"1")');
    const code = 'def f(source):\n    exec(source, {})\n    return 1';
    const tests = attempts.map((source) => `assert f(${JSON.stringify(source)}) == 1`);
    const found = await verdicts([
      { code, tests },
      { code: '', setup: `def f(source):\n    exec(source, {})\n    return 1`, tests },
    ]);
    server.close();
    for (const verdict of found) {
      const succeeded = verdict.tests.filter(({ ok }) => ok).map(({ name }) => name);
      assert.deepEqual(succeeded, []);
    }
    assert.equal(reached, 0);
  });

  it('ends what loops and what takes all the memory', async () => {
    const limits = { testSeconds: 2, memoryMb: 32 };
    const tests = ['assert f(1) == 1', 'f(2)'];
    const body = (what: string): string => `def f(x):\n    if x == 1: return 1\n    ${what}`;
    const found = await verdicts([
      { code: body('while True: pass'), tests, limits },
      { code: body('y = []\n    while True: y.append(bytes(1 << 20))'), tests, limits },
    ]);
    assert.deepEqual(
      found.map(({ killed, passed }) => [killed, passed]),
      [
        ['time', 1],
        ['memory', 1],
      ],
    );
  });

  it('is refused with what to do where Pyodide is not there', async () => {
    await assert.rejects(openWasmSandbox({ harness: HARNESS, pyodide: '/nowhere' }), (error: unknown) => {
      assert.ok(error instanceof SandboxError);
      assert.match(error.message, /There is no Pyodide in \/nowhere\. Install it/);
      return true;
    });
  });

  it('names the permission model as each version of Node does', () => {
    const names = ['20.20.2', '22.12.0', '22.13.0', '23.4.0', '23.5.0', '24.1.0'].map(permissionFlag);
    const [before, now] = ['--experimental-permission', '--permission'];
    assert.deepEqual(names, [before, before, now, before, now, now]);
  });
});
