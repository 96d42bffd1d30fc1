import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { type PairResult, runPair } from '../../src/core/sandbox/pair';
import { DEFAULT_LIMITS } from '../../src/core/sandbox/verdict';

/** Waits until the other end of the channel is closed, and reports that the code's process is gone. */
const JUDGE = `
const { readSync, writeSync } = require('node:fs');
const say = (event) => writeSync(4, JSON.stringify(event) + '\\n');
say({ phase: 'load' });
say({ phase: 'setup' });
say({ start: 0 });
while (readSync(3, Buffer.alloc(64)) > 0);
say({ done: 0, ok: false, message: 'the code ended its own process', ms: 1, gone: true });
say({ end: true });
`;

/** A process that lets go of its channel long before it ends. */
async function judged(end: string): Promise<PairResult> {
  const env = { PATH: '/usr/bin:/bin' };
  return runPair({
    candidate: { path: '/bin/sh', args: ['-c', `exec 3>&-; sleep 1; ${end}`], env },
    judge: { path: process.execPath, args: ['-e', JUDGE], env },
    ...{ job: {}, tests: ['f()'], limits: DEFAULT_LIMITS },
  });
}

describe('A process that has let go of its channel', () => {
  it('is waited for, though the judge has ended: how it ended names the limit that struck', async () => {
    const starved = await judged('exit 76');
    assert.equal(starved.killed, 'memory');
    assert.equal(starved.tests[0]?.message, 'the code ended its own process (out of memory)');
  });

  it('that said before its end that it has no memory was struck by that limit', async () => {
    const crashed = await judged('echo JavaScript heap out of memory >&2; kill -6 $$');
    assert.equal(crashed.killed, 'memory');
  });

  it('and ended of itself was struck by none', async () => {
    const ended = await judged('exit 3');
    assert.equal(ended.killed, undefined);
    assert.equal(ended.tests[0]?.message, 'the code ended its own process (status 3)');
  });
});

/** Says all that is left to say half a second after its first word, and by files how far it is. */
const PROMPT_JUDGE = `
const { writeFileSync, writeSync } = require('node:fs');
const say = (event) => writeSync(4, JSON.stringify(event) + '\\n');
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
say({ phase: 'load' });
pause(200);
writeFileSync(process.argv[1] + '/begun', '');
pause(300);
say({ phase: 'setup' });
say({ start: 0 });
say({ done: 0, ok: true, ms: 1 });
say({ end: true });
writeFileSync(process.argv[1] + '/over', '');
`;

describe('A test that was over in time', () => {
  it('has not taken too long where nobody came to hear of it before its time was up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sv-pair-'));
    try {
      const env = { PATH: '/usr/bin:/bin' };
      const limits = { ...DEFAULT_LIMITS, testSeconds: 1 };
      const run = runPair({
        candidate: { path: '/bin/sleep', args: ['60'], env },
        judge: { path: process.execPath, args: ['-e', PROMPT_JUDGE, folder], env },
        ...{ job: {}, tests: ['f()'], limits },
      });
      while (!existsSync(join(folder, 'begun'))) await delay(5);
      // From here on timers come before what is to be read.
      await setImmediate();
      // This process does nothing else for longer than a test may take, and until the judge has ended.
      const began = performance.now();
      const sleeper = new Int32Array(new SharedArrayBuffer(4));
      while (!existsSync(join(folder, 'over')) || performance.now() - began < 1200) Atomics.wait(sleeper, 0, 0, 10);
      const { killed, tests } = await run;
      assert.deepEqual([killed, tests.map(({ ok }) => ok)], [undefined, [true]]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
