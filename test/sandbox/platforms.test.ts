import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChosenOptions, openChosenSandbox } from '../../src/core/sandbox/chosenSandbox';
import type { Sandbox } from '../../src/core/sandbox/sandbox';
import { HARNESS } from './bench';
import { faithful, faithless, type SandboxExec } from './seatbelt/sandboxExec';
import { CACHE, PYODIDE } from './wasmBench';

const CODE = { python: 'def f(x): return 2 * x', javascript: 'function f(x) { return 2 * x }' };
const TESTS = { python: 'assert f(2) == 4', javascript: 'assert.equal(f(2), 4)' };

describe('The sandbox `auto` with its real backends, on each platform', function () {
  this.timeout(120_000);
  const opened: Sandbox[] = [];
  let good: SandboxExec;
  let bad: SandboxExec;

  before(() => {
    good = faithful();
    bad = faithless();
  });

  afterEach(() => {
    for (const sandbox of opened.splice(0)) sandbox.dispose?.();
  });

  after(() => {
    for (const program of [good, bad]) program.remove();
  });

  async function auto(options: Partial<ChosenOptions>): Promise<Sandbox> {
    const sandbox = await openChosenSandbox({
      choice: 'auto',
      harness: HARNESS,
      pyodide: PYODIDE,
      cache: CACHE,
      ...options,
    });
    opened.push(sandbox);
    return sandbox;
  }

  async function judged(sandbox: Sandbox, language: 'python' | 'javascript'): Promise<string> {
    const task = { id: 'x', language, prompt: '', entryPoint: 'f', tests: [TESTS[language]], setup: '' };
    const verdict = await sandbox.run({ task, code: CODE[language] });
    assert.equal(verdict.passed, 1);
    return verdict.sandbox;
  }

  it('is looked for again when bubblewrap has gone in the middle, and is the strongest of what is left', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sv-bwrap-'));
    const bwrap = join(folder, 'bwrap');
    try {
      symlinkSync('/usr/bin/bwrap', bwrap);
      const sandbox = await auto({ platform: 'linux', bwrap, language: 'python' });
      assert.equal(await judged(sandbox, 'python'), 'os');
      rmSync(bwrap);
      await assert.rejects(judged(sandbox, 'python'), /^SandboxError: the sandbox did not start: .*ENOENT/);
      assert.equal(await judged(sandbox, 'python'), 'wasm');
      assert.match(
        (await sandbox.describe?.('python')) ?? '',
        /, because generated code runs only in a sandbox, and there is no/,
      );
      symlinkSync('/usr/bin/bwrap', bwrap);
      assert.equal(
        await judged(sandbox, 'javascript'),
        'os',
        'what was installed is found for a language that has none',
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is WebAssembly for Python on a Mac, and says that Seatbelt is unproved', async () => {
    const sandbox = await auto({ platform: 'darwin', seatbelt: good.path, language: 'python' });
    assert.equal(await judged(sandbox, 'python'), 'wasm');
    const told = await sandbox.describe?.('python');
    assert.match(
      told ?? '',
      /^Pyodide .*, because WebAssembly holds it the same way on every system, while Seatbelt has not/,
    );
  });

  it('is Seatbelt for scripts on a Mac, where it holds', async () => {
    const sandbox = await auto({ platform: 'darwin', seatbelt: good.path });
    assert.equal(await judged(sandbox, 'javascript'), 'os');
    assert.equal(await judged(sandbox, 'python'), 'wasm');
    const told = await sandbox.describe?.('javascript');
    assert.match(
      told ?? '',
      /^Seatbelt .*, Node\.js .*, because nothing else here tests it, and it held when it was tried$/,
    );
  });

  it('is none for scripts on a Mac where Seatbelt does not hold, and Python goes on', async () => {
    const sandbox = await auto({ platform: 'darwin', seatbelt: bad.path });
    await assert.rejects(
      judged(sandbox, 'javascript'),
      /when it was tried, a program in it could read a file in the home folder/,
    );
    assert.match(sandbox.missing?.('javascript') ?? '', /could read a file in the home folder/);
    assert.deepEqual(sandbox.languages, ['python']);
    assert.equal(await judged(sandbox, 'python'), 'wasm');
  });

  it('is the one that the user asks for by name, also on a Mac', async () => {
    const sandbox = await auto({ choice: 'os', platform: 'darwin', seatbelt: good.path, language: 'python' });
    assert.equal(await judged(sandbox, 'python'), 'os');
  });

  for (const platform of ['win32', 'freebsd'] as const) {
    it(`is WebAssembly for Python on ${platform}, and none for scripts, which is known before anything is spent`, async () => {
      const sandbox = await auto({ platform });
      assert.equal(await judged(sandbox, 'python'), 'wasm');
      assert.match(
        (await sandbox.describe?.('python')) ?? '',
        /, because there is no sandbox of the system here that could be/,
      );
      assert.deepEqual(sandbox.languages, ['python']);
      assert.match(sandbox.missing?.('typescript') ?? '', /^Generated code runs only in a sandbox, and .* has none/);
      await assert.rejects(
        judged(sandbox, 'javascript'),
        /^SandboxError: Generated code runs only in a sandbox, and .* has none/,
      );
      await assert.rejects(auto({ platform, choice: 'os', language: 'python' }), /has none/);
    });
  }

  it('says that a Python of the user is not used where only WebAssembly tests it', async () => {
    const sandbox = await auto({ platform: 'win32', python: 'python3', language: 'python' });
    assert.match((await sandbox.describe?.('python')) ?? '', /\(the Python that you have set is used by 'os' only\)$/);
  });

  it('refuses with what to do on each, where there is no WebAssembly either', async () => {
    for (const [platform, words] of [
      [
        'darwin',
        /There is no Pyodide in \/nowhere.* no \/nowhere\/sandbox-exec on this Mac\. Open the folder over Remote-SSH/,
      ],
      ['win32', /There is no Pyodide in \/nowhere.*Windows has none .*Open the folder in WSL/],
      ['linux', /no bwrap at \/nowhere\/bwrap\. Install bubblewrap .*There is no Pyodide in \/nowhere/],
    ] as const) {
      const missing = { bwrap: '/nowhere/bwrap', seatbelt: '/nowhere/sandbox-exec', pyodide: '/nowhere' };
      await assert.rejects(auto({ platform, ...missing, language: 'python' }), words);
      await assert.rejects(auto({ platform, ...missing }), words);
    }
  });
});
