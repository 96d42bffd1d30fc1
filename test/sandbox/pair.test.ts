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
const judgeThatSays = (events: readonly object[]): string => `
const { writeFileSync, writeSync } = require('node:fs');
const say = (event) => writeSync(4, JSON.stringify(event) + '\\n');
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
say({ phase: 'load' });
pause(200);
writeFileSync(process.argv[1] + '/begun', '');
pause(300);
for (const event of ${JSON.stringify(events)}) say(event);
writeFileSync(process.argv[1] + '/over', '');
pause(60_000);
`;

/** Prints 150 kB when it sees that the judge has begun. */
const LOUD = 'while [ ! -e "$0/begun" ]; do sleep 0.05; done; head -c 150000 /dev/zero; exec sleep 60';

/** A run of which nobody hears from when the judge has begun until it is over, and a test's second too. */
async function heardLate(candidate: string, events: readonly object[]): Promise<PairResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sv-pair-'));
  try {
    const env = { PATH: '/usr/bin:/bin' };
    const run = runPair({
      candidate: { path: '/bin/sh', args: ['-c', candidate, folder], env },
      judge: { path: process.execPath, args: ['-e', judgeThatSays(events), folder], env },
      ...{ job: {}, tests: ['f()', 'g()'], limits: { ...DEFAULT_LIMITS, testSeconds: 1, outputBytes: 100_000 } },
    });
    while (!existsSync(join(folder, 'begun'))) await delay(5);
    // From here on timers come before what is to be read.
    await setImmediate();
    const began = performance.now();
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(join(folder, 'over')) || performance.now() - began < 1200) Atomics.wait(sleeper, 0, 0, 10);
    return await run;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('A test that was over before a limit struck', () => {
  const first = [{ phase: 'setup' }, { start: 0 }, { done: 0, ok: true, ms: 1 }, { start: 1 }];

  it('has not taken too long where nobody came to hear of it before its time was up', async () => {
    const all = [...first, { done: 1, ok: true, ms: 1 }, { end: true }];
    const { killed, tests } = await heardLate('exec sleep 60', all);
    assert.deepEqual([killed, tests.map(({ ok }) => ok)], [undefined, [true, true]]);
  });

  it('counts where nobody came to hear of it before that limit', async () => {
    const { killed, tests } = await heardLate(LOUD, first);
    assert.deepEqual([killed, tests.map(({ ok }) => ok)], ['output', [true, false]]);
    assert.equal(tests[1]?.message, 'the code printed more than 100000 bytes');
  });
});
