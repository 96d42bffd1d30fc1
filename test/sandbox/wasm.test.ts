import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import type { WasmSandbox } from '../../src/core/sandbox/wasm';
import { permissionFlag } from '../../src/core/sandbox/wasmProcess';
import { HARNESS, judge, passes } from './bench';
import { NO_BWRAP, openWasm, PYODIDE } from './wasmBench';

describe('Python on WebAssembly', function () {
  this.timeout(300_000);
  let opened: Promise<WasmSandbox>;
  before(async () => {
    opened = openWasm();
    await opened;
  });
  after(async () => {
    (await opened).dispose();
  });

  it('says what it is, and what is around it', async () => {
    const { kind, description, languages } = await opened;
    assert.deepEqual([kind, languages], ['wasm', ['python']]);
    assert.match(description, /^Pyodide [\d.]+, Python 3\.[\d.]+ \(WebAssembly\) in bubblewrap [\d.]+$/);
  });

  it('works without bubblewrap too, and says that there is nothing around it', async () => {
    const alone = await openWasm({ bwrap: NO_BWRAP });
    try {
      assert.match(
        alone.description,
        /\(WebAssembly\) without an OS sandbox around it \(there is no working bubblewrap\)$/,
      );
      await passes({ code: 'def f(x): return x + 1', tests: ['assert f(1) == 2'] }, Promise.resolve(alone));
    } finally {
      alone.dispose();
    }
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

  it('gives every run interpreters of its own', async () => {
    const write = 'import builtins\nopen("/tmp/left", "w").write("x")\nbuiltins.left = 1\ndef f(): return 1';
    const read = 'import builtins, os\ndef f(): return os.path.exists("/tmp/left"), hasattr(builtins, "left")';
    for (let turn = 0; turn < 2; turn++) {
      await passes({ code: write, tests: ['assert f() == 1', 'import builtins\nbuiltins.left = 1'] }, opened);
      await passes(
        { code: read, tests: ['assert f() == (False, False)', 'assert not hasattr(__builtins__, "left")'] },
        opened,
      );
    }
  });

  it('runs asyncio to its end, and sleeps', async () => {
    const code = `
import asyncio, time
async def one(x):
    await asyncio.sleep(0.01)
    return x
async def all():
    async with asyncio.timeout(60):
        return sum(await asyncio.gather(*(one(x) for x in range(5))))
def f(): return asyncio.run(all())
def g(): return asyncio.new_event_loop().run_until_complete(all())
def nap():
    began = time.monotonic()
    time.sleep(0.1)
    return time.monotonic() - began >= 0.1`;
    await passes({ code, tests: ['assert f() == 10', 'assert g() == 10', 'assert nap()'] }, opened);
  });

  it('fails a test that recurses for ever, and goes on', async () => {
    const code = `
import functools, sys
def plain(n): return plain(n + 1)
@functools.lru_cache(None)
def cached(n): return cached(n + 1)
def deep(n): return 0 if n == 0 else 1 + deep(n - 1)
def unbounded(n):
    sys.setrecursionlimit(10 ** 9)
    return sorted([n], key=lambda x: unbounded(x + 1))
def fine(): return deep(900)`;
    const tests = ['plain(0)', 'cached(0)', 'assert fine() == 900', 'unbounded(0)', 'assert fine() == 900'];
    const verdict = await judge({ code, tests }, opened);
    const messages = verdict.tests.map(({ ok, message }) => (ok ? 'ok' : (message ?? '').split(':')[0]));
    assert.deepEqual(
      messages,
      ['RecursionError', 'RecursionError', 'ok', 'RecursionError', 'ok'],
      JSON.stringify(verdict),
    );
  });

  it('is stopped at once when it is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped by the user');
    const run = judge({ code: 'while True: pass', tests: ['assert 1'], signal: controller.signal }, opened);
    setTimeout(() => {
      controller.abort(reason);
    }, 1000);
    await assert.rejects(run, reason);
    await assert.rejects(judge({ code: '', tests: ['1'], signal: AbortSignal.abort(reason) }, opened), reason);
  });

  it('tests Python only', async () => {
    const task = { id: 'x', language: 'javascript', prompt: '', entryPoint: 'f', tests: ['f()'], setup: '' } as const;
    await assert.rejects((await opened).run({ task, code: '' }), /tests Python only, not javascript/);
  });

  it('is refused with what to do where Pyodide is not there', async () => {
    await assert.rejects(openWasm({ pyodide: '/nowhere' }), (error: unknown) => {
      assert.ok(error instanceof SandboxError);
      assert.match(error.message, /There is no Pyodide in \/nowhere\. Install Solvent again/);
      return true;
    });
  });

  it('may call nothing of JavaScript but what is listed, and nothing is listed that is not there', async () => {
    const runner = readFileSync(join(HARNESS, 'pyodide-runner.cjs'), 'utf8');
    const allowed = /ALLOWED = new Set\(\s*`([^`]+)`/.exec(runner)?.[1]?.trim().split(/\s+/) ?? [];
    const names = await functionsImported(join(PYODIDE, 'pyodide.asm.wasm'));
    assert.deepEqual(
      allowed.filter((name) => !names.has(name)),
      [],
    );
    assert.ok(allowed.length > 50 && allowed.length < names.size / 3, `${allowed.length} of ${names.size}`);
    const bridges = allowed.filter((name) =>
      /^(?:Js|hiwire|python2js|js2python|ffi_|raw_)|asm_const|dlopen|socket/.test(name),
    );
    assert.deepEqual(bridges, []);
  });

  it('names the permission model as each version of Node does', () => {
    const names = ['20.20.2', '22.12.0', '22.13.0', '23.4.0', '23.5.0', '24.1.0'].map(permissionFlag);
    const [before, now] = ['--experimental-permission', '--permission'];
    assert.deepEqual(names, [before, before, now, before, now, now]);
  });
});

/** Names of the functions that a WebAssembly module imports. */
async function functionsImported(file: string): Promise<Set<string>> {
  interface Engine {
    readonly compile: (bytes: Uint8Array) => Promise<object>;
    readonly Module: { imports(module: object): readonly { readonly kind: string; readonly name: string }[] };
  }
  const { compile, Module } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
  const imports = Module.imports(await compile(readFileSync(file)));
  return new Set(imports.filter(({ kind }) => kind === 'function').map(({ name }) => name));
}
