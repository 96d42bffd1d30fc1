import assert from 'node:assert/strict';
import { AutoSandbox, type Backend } from '../../src/core/sandbox/autoSandbox';
import { type Sandbox, SandboxError } from '../../src/core/sandbox/sandbox';
import { DEFAULT_LIMITS, type Verdict } from '../../src/core/sandbox/verdict';
import { emptyVerdict } from '../../src/core/sandbox/testRun';
import type { Language, Task } from '../../src/core/task/task';

const task = (language: Language): Task => ({ id: 'x', language, prompt: '', entryPoint: 'f', tests: [], setup: '' });

/** A backend that works, or lacks something, as the test says at the time. */
class Fake implements Backend {
  lacks: Partial<Record<Language, string>> = {};
  breaks: string | undefined;
  throws: Error | undefined;
  opens = 0;
  disposed = 0;
  private known: Partial<Record<Language, string>> = {};

  constructor(
    readonly kind: Sandbox['kind'],
    readonly languages: readonly Language[],
  ) {}

  missing(language: Language): string | undefined {
    return this.known[language];
  }

  failed(): void {
    this.sandbox = undefined;
  }

  private sandbox: Sandbox | undefined;

  async open(language: Language | undefined): Promise<Sandbox> {
    await Promise.resolve();
    this.opens++;
    const wanted = language === undefined ? this.languages : [language];
    const reason = wanted.map((one) => this.lacks[one]).find((one) => one !== undefined);
    for (const one of wanted) this.known = { ...this.known, [one]: this.lacks[one] };
    if (reason !== undefined) throw new SandboxError(reason);
    this.sandbox ??= this.make();
    return this.sandbox;
  }

  private make(): Sandbox {
    const { kind, languages } = this;
    return {
      ...{ kind, languages, description: `the ${kind} sandbox` },
      run: (): Promise<Verdict> => {
        const error = this.breaks === undefined ? this.throws : new SandboxError(this.breaks);
        return error === undefined ? Promise.resolve(emptyVerdict(kind, DEFAULT_LIMITS)) : Promise.reject(error);
      },
      dispose: () => {
        this.disposed++;
      },
    };
  }
}

function setting(): { os: Fake; wasm: Fake; auto: AutoSandbox } {
  const os = new Fake('os', ['python', 'javascript']);
  const wasm = new Fake('wasm', ['python']);
  return { os, wasm, auto: new AutoSandbox([os, wasm]) };
}

const run = async (sandbox: Sandbox, language: Language): Promise<string> =>
  (await sandbox.run({ task: task(language), code: '' })).sandbox;

describe('The sandbox `auto`', () => {
  it('takes the strongest that works, says why, and looks once', async () => {
    const { os, wasm, auto } = setting();
    await auto.open('python');
    assert.equal(auto.kind, 'os');
    assert.equal(auto.description, 'the os sandbox, because it is the strongest that works here');
    assert.deepEqual([await run(auto, 'python'), await run(auto, 'python')], ['os', 'os']);
    assert.deepEqual([os.opens, wasm.opens], [1, 0]);
  });

  it('takes the next one where the strongest does not work, with what to install', async () => {
    const { os, auto } = setting();
    os.lacks = {
      python: 'There is no bwrap on PATH. Install it.',
      javascript: 'There is no bwrap on PATH. Install it.',
    };
    await auto.open('python');
    assert.equal(auto.kind, 'wasm');
    assert.equal(auto.description, 'the wasm sandbox, because there is no bwrap on PATH. Install it');
    assert.equal(await run(auto, 'python'), 'wasm');
  });

  it('chooses for each language by itself', async () => {
    const { os, auto } = setting();
    os.lacks = { python: 'There is no python3 on PATH.' };
    await auto.open('javascript');
    assert.deepEqual([await run(auto, 'javascript'), await run(auto, 'python')], ['os', 'wasm']);
    assert.match(
      auto.description,
      /^the os sandbox, because it is .*; the wasm sandbox, because there is no python3 on PATH$/,
    );
    assert.deepEqual(auto.languages, ['python', 'javascript']);
  });

  it('opens any that works where no language is named', async () => {
    const { os, auto } = setting();
    os.lacks = { python: 'no', javascript: 'no' };
    await auto.open(undefined);
    assert.equal(auto.kind, 'wasm');
  });

  it('refuses with every reason where nothing works, and works once something was installed', async () => {
    const { os, wasm, auto } = setting();
    os.lacks = { python: 'Install bubblewrap.', javascript: 'Install bubblewrap.' };
    wasm.lacks = { python: 'Install Pyodide.' };
    await assert.rejects(auto.open('python'), (error: unknown) => {
      return error instanceof SandboxError && error.message === 'Install bubblewrap. Install Pyodide.';
    });
    assert.equal(auto.missing('python'), 'Install bubblewrap. Install Pyodide.');
    assert.equal(auto.missing('typescript'), 'There is no sandbox for typescript.');
    await assert.rejects(run(auto, 'javascript'), /^SandboxError: Install bubblewrap\.$/);
    assert.deepEqual(auto.languages, []);
    os.lacks = {};
    assert.equal(await run(auto, 'python'), 'os');
    assert.equal(auto.missing('python'), undefined);
  });

  it('looks again after a failure', async () => {
    const { os, auto } = setting();
    await auto.open('python');
    os.breaks = 'the kernel was replaced';
    await assert.rejects(run(auto, 'python'), /the kernel was replaced/);
    os.lacks = { python: 'Start this machine again.' };
    assert.equal(await run(auto, 'python'), 'wasm');
    assert.match(auto.description, /^the wasm sandbox, because start this machine again$/);
  });

  it('looks once, however many ask at the same time', async () => {
    const { os, wasm, auto } = setting();
    const all = await Promise.all(Array.from({ length: 8 }, () => run(auto, 'python')));
    assert.deepEqual([new Set(all), os.opens, wasm.opens], [new Set(['os']), 1, 0]);
    os.lacks = { python: 'It is gone.' };
    assert.equal(await run(auto, 'python'), 'os', 'what was found is kept as long as it works');
    assert.equal(os.opens, 1);
  });

  it('does not keep that there was none: the next run looks again', async () => {
    const { os, wasm, auto } = setting();
    os.lacks = { python: 'Install bubblewrap.' };
    wasm.lacks = { python: 'Install Pyodide.' };
    await assert.rejects(
      Promise.all([run(auto, 'python'), run(auto, 'python')]),
      /Install bubblewrap\. Install Pyodide\./,
    );
    assert.deepEqual([os.opens, wasm.opens], [1, 1]);
    wasm.lacks = {};
    assert.equal(await run(auto, 'python'), 'wasm');
    assert.deepEqual([os.opens, wasm.opens], [2, 2]);
  });

  it('goes back to the strongest once that works again, when the weaker one has failed', async () => {
    const { os, wasm, auto } = setting();
    os.lacks = { python: 'Start the machine again.' };
    assert.equal(await run(auto, 'python'), 'wasm');
    os.lacks = {};
    assert.equal(await run(auto, 'python'), 'wasm');
    wasm.breaks = 'Pyodide does not start';
    await assert.rejects(run(auto, 'python'), /Pyodide does not start/);
    assert.equal(await run(auto, 'python'), 'os');
    assert.equal(await auto.describe('python'), 'the os sandbox, because it is the strongest that works here');
  });

  it('takes neither an abort nor a fault of its own for a failure of the sandbox', async () => {
    const { os, auto } = setting();
    await auto.open('python');
    os.throws = new DOMException('stopped', 'AbortError');
    await assert.rejects(run(auto, 'python'), { name: 'AbortError' });
    os.throws = undefined;
    assert.equal(await run(auto, 'python'), 'os');
    assert.equal(os.opens, 1);
  });

  it('lets the other language go on in a sandbox that one of them keeps', async () => {
    const { os, auto } = setting();
    assert.deepEqual([await run(auto, 'javascript'), await run(auto, 'python')], ['os', 'os']);
    os.breaks = 'the kernel was replaced';
    await assert.rejects(run(auto, 'javascript'), /the kernel was replaced/);
    os.breaks = undefined;
    assert.deepEqual([await run(auto, 'python'), await run(auto, 'javascript')], ['os', 'os']);
  });

  it('says of each language where it is tested, and looks for that before a run', async () => {
    const { os, auto } = setting();
    os.lacks = { python: 'There is no python3 on PATH.' };
    assert.equal(await auto.describe('python'), 'the wasm sandbox, because there is no python3 on PATH');
    assert.equal(await auto.describe('javascript'), 'the os sandbox, because it is the strongest that works here');
    await assert.rejects(auto.describe('typescript'), /There is no sandbox for typescript/);
  });

  it('disposes of what it has opened', async () => {
    const { os, wasm, auto } = setting();
    await auto.open('python');
    auto.dispose();
    assert.deepEqual([os.disposed, wasm.disposed], [1, 0]);
  });
});
