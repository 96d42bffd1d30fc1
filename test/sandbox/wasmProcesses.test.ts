import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxError } from '../../src/core/sandbox/sandbox';
import { judge, passes } from './bench';
import { descendants, NO_BWRAP, openWasm, runs, until } from './wasmBench';

const HONEST = { code: 'def f(x): return x + 1', tests: ['assert f(1) == 2'] };
const AROUND = [
  ['in bubblewrap', {}],
  ['without bubblewrap', { bwrap: NO_BWRAP }],
] as const;

/** Whether any code of a process could still run. */
function hasMemory(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/statm`, 'utf8').startsWith('0 ');
  } catch {
    return false;
  }
}

/** Whether a process is one of an interpreter, or one that encloses it; not where it has ended since it was listed. */
function isInterpreter(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).includes('pyodide');
  } catch {
    return false;
  }
}

/** Starts a program that owns a sandbox, and waits until it says that it is as far as it gets. */
async function owner(what: 'loop' | 'once', options: object): Promise<{ child: ChildProcess; processes: number[] }> {
  const args = ['--import', 'tsx', join('test', 'sandbox', 'wasmOwner.ts'), what, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`the owner has ended with status ${code ?? '?'}`));
    });
  });
  return { child, processes: descendants(child.pid!) };
}

describe('The processes of Python on WebAssembly', function () {
  this.timeout(300_000);

  for (const [where, options] of AROUND) {
    it(`end with the program that owns them, killed as it may be, ${where}`, async () => {
      const { child, processes } = await owner('loop', options);
      assert.ok(processes.length >= 4, `${processes.length} processes`);
      child.kill('SIGKILL');
      await until(() => !processes.some(runs), 'all processes have ended');
    });

    it(`do not keep the program that owns them alive, ${where}`, async () => {
      const { child, processes } = await owner('once', options);
      const [code] = child.exitCode === null ? ((await once(child, 'exit')) as [number | null]) : [child.exitCode];
      assert.equal(code, 0);
      await until(() => !processes.some(runs), 'all processes have ended');
    });
  }

  it('have let go of all their memory, and all that they printed was read, when the verdict is out', async () => {
    const sandbox = await openWasm();
    try {
      const processes = sandbox.waitingProcesses.flatMap((pid) => [pid, ...descendants(pid)]);
      assert.ok(processes.length >= 4 && processes.every(hasMemory));
      const code = 'def f(): print("x" * 299_999)';
      const { stdout, passed } = await judge({ code, tests: ['assert f() is None'] }, Promise.resolve(sandbox));
      assert.deepEqual(processes.filter(hasMemory), []);
      const [, left] = /^x{16384}\n\[\.\.\. (\d+) more characters\]$/.exec(stdout) ?? [];
      assert.deepEqual([passed, Number(left)], [1, 300_000 - 16_384]);
    } finally {
      sandbox.dispose();
    }
  });

  it('are ready ahead of need, end when nobody needs them for a while, and come again', async () => {
    const sandbox = await openWasm({ pool: { idleMs: 1500 } });
    try {
      const [first] = sandbox.waitingProcesses;
      assert.ok(first !== undefined && runs(first));
      await until(() => !runs(first), 'the waiting process has ended');
      assert.deepEqual(sandbox.waitingProcesses, []);
      await passes(HONEST, Promise.resolve(sandbox));
      sandbox.warmUp();
      await until(() => sandbox.waitingProcesses.length === 2, 'a pair is ready again');
    } finally {
      sandbox.dispose();
    }
  });

  it('end when the sandbox is disposed of, and a run that is going on with them', async () => {
    const sandbox = await openWasm();
    const [first] = sandbox.waitingProcesses;
    const limits = { testSeconds: 600, runSeconds: 600 };
    const run = judge({ code: 'while True: pass', tests: ['1'], limits }, Promise.resolve(sandbox));
    await until(() => ![first, undefined].includes(sandbox.waitingProcesses[0]), 'the next pair is ready');
    const processes = descendants(process.pid).filter(isInterpreter);
    assert.ok(processes.length >= 4);
    sandbox.dispose();
    await assert.rejects(run, SandboxError);
    await until(() => !processes.some(runs), 'all processes have ended');
    await assert.rejects(judge(HONEST, Promise.resolve(sandbox)), SandboxError);
  });
});

describe('The snapshot that interpreters start from', function () {
  this.timeout(300_000);
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'sv-cache-'));
    folders.push(made);
    return made;
  }
  async function works(cache: string): Promise<void> {
    const sandbox = await openWasm({ cache });
    try {
      await passes(HONEST, Promise.resolve(sandbox));
    } finally {
      sandbox.dispose();
    }
  }

  it('is made once and kept for the user alone', async () => {
    const cache = join(folder(), 'deep', 'er');
    await works(cache);
    const [file = '', ...others] = readdirSync(cache);
    assert.deepEqual(others, []);
    const path = join(cache, file);
    const { ino, mode } = statSync(path);
    assert.equal(mode & 0o777, 0o600);
    await works(cache);
    assert.deepEqual([readdirSync(cache), statSync(path).ino], [[file], ino]);
  });

  it('is made again when it is cut off, changed, or writable for others', async () => {
    const cache = folder();
    await works(cache);
    const path = join(cache, readdirSync(cache)[0] ?? '');
    const changed = Buffer.from(readFileSync(path));
    changed[changed.length / 2] = (changed[changed.length / 2] ?? 0) ^ 1;
    for (const content of [changed.subarray(0, changed.length - 100), changed, Buffer.alloc(0)]) {
      writeFileSync(path, content);
      await works(cache);
      assert.notDeepEqual(readFileSync(path), content);
    }
    const { ino } = statSync(path);
    chmodSync(path, 0o666);
    await works(cache);
    assert.notEqual(statSync(path).ino, ino);
  });

  it('needs no folder: where none can be written it lies in a file without a name', async () => {
    const blocked = join(folder(), 'file');
    writeFileSync(blocked, '');
    const before = new Set(readdirSync(tmpdir()));
    await works(join(blocked, 'cache'));
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('solvent-python-') && !before.has(name));
    assert.deepEqual(left, []);
  });

  it('is removed when nobody has used it for a month', async () => {
    const cache = folder();
    mkdirSync(cache, { recursive: true });
    const old = join(cache, `python-${'0'.repeat(32)}.bin`);
    const young = join(cache, `python-${'1'.repeat(32)}.bin`);
    for (const file of [old, young, join(cache, 'mine.txt')]) writeFileSync(file, 'x');
    utimesSync(old, 0, 0);
    utimesSync(join(cache, 'mine.txt'), 0, 0);
    await works(cache);
    const names = readdirSync(cache);
    assert.equal(names.length, 3);
    assert.ok(!names.includes(`python-${'0'.repeat(32)}.bin`));
    assert.ok(names.includes('mine.txt'));
  });
});
