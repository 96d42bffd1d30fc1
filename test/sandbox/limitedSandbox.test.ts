import assert from 'node:assert/strict';
import { LimitedSandbox } from '../../src/core/sandbox/limitedSandbox';
import type { LimitStruck, Limits } from '../../src/core/sandbox/verdict';
import type { Language } from '../../src/core/task/task';
import { LIMIT_SETTINGS } from '../../src/vscode/sandboxLimits';
import { judge, passes, sandbox } from './bench';

const limited = async (limits: Partial<Limits>): Promise<LimitedSandbox> => new LimitedSandbox(await sandbox(), limits);

/** A run that takes 150 MB, prints 40 kB, makes 200 files and takes a quarter of a second. */
const GREEDY = `import os, time
def f():
    for number in range(200): os.mkdir('/tmp/%d' % number)
    kept = bytearray(150_000_000)
    print('x' * 40_000)
    time.sleep(0.25)
    return len(kept)`;

describe('Limits of the user', function () {
  this.timeout(120_000);

  it('are those of every run, and the verdict names the one that struck', async () => {
    const test = { code: GREEDY, tests: ['assert f() == 150_000_000'] };
    await passes(test, limited({}));
    const strikes: readonly (readonly [Partial<Limits>, LimitStruck])[] = [
      [{ testSeconds: 0.1 }, 'time'],
      [{ runSeconds: 0.2 }, 'time'],
      [{ memoryMb: 128 }, 'memory'],
      [{ outputBytes: 10_000 }, 'output'],
      [{ scratchFiles: 100 }, 'output'],
    ];
    // Files are counted now and then only: it must still be there.
    const patient = { ...test, code: GREEDY.replace('sleep(0.25)', 'sleep(8)') };
    for (const [limits, struck] of strikes) {
      const verdict = await judge(patient, limited(limits));
      assert.deepEqual([verdict.killed, verdict.passed, verdict.total], [struck, 0, 1], JSON.stringify(limits));
    }
  });

  it('give way to what a run asks for itself', async () => {
    const test = { code: GREEDY, tests: ['assert f() == 150_000_000'], limits: { memoryMb: 512 } };
    await passes(test, limited({ memoryMb: 128 }));
  });

  it('leave every language room to run in, also where they are the least that can be set', async () => {
    const least: Partial<Limits> = {
      memoryMb: LIMIT_SETTINGS.memoryMb.minimum,
      processes: LIMIT_SETTINGS.processes.minimum,
      scratchMb: LIMIT_SETTINGS.scratchMb.minimum,
      scratchFiles: LIMIT_SETTINGS.scratchFiles.minimum,
      outputBytes: LIMIT_SETTINGS.outputBytes.minimum * LIMIT_SETTINGS.outputBytes.factor,
    };
    const programs: readonly (readonly [Language, string, string])[] = [
      ['python', 'def f(x): return x + 1', 'assert f(1) == 2'],
      ['javascript', 'function f(x) { return x + 1 }', 'assert.equal(f(1), 2)'],
      ['typescript', 'function f(x: number): number { return x + 1 }', 'assert.equal(f(1), 2)'],
    ];
    for (const [language, code, test] of programs) await passes({ language, code, tests: [test] }, limited(least));
  });
});
