import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { ProjectLimits } from '../../src/core/sandbox/project/limits';
import { usageOf } from '../../src/core/sandbox/usage';
import { isSolved, type LimitStruck, type Verdict } from '../../src/core/sandbox/verdict';
import { cleanUp, fingerprint, hostile, NODE_PROJECT, scratch, verdicts, withProject, workspace } from './projectBench';

const FILE = 'src/f.js';

async function judged(source: string, limits: Partial<ProjectLimits>): Promise<Verdict> {
  const folder = workspace(NODE_PROJECT);
  const before = fingerprint(folder);
  const command = 'node --test test/';
  const [verdict] = await withProject({ folder, file: FILE, command, limits }, async (project) => {
    return (await verdicts(project, FILE, [hostile(source)])).verdicts;
  });
  assert.ok(verdict !== undefined);
  assert.equal(isSolved(verdict), false, JSON.stringify(verdict));
  assert.equal(verdict.total, 3);
  assert.equal(fingerprint(folder), before);
  assert.deepEqual(readdirSync(scratch()), []);
  return verdict;
}

async function struck(source: string, limits: Partial<ProjectLimits>, killed: LimitStruck, why: RegExp): Promise<void> {
  const verdict = await judged(source, limits);
  assert.equal(verdict.killed, killed, JSON.stringify(verdict));
  assert.equal(verdict.passed, 0);
  for (const { message } of verdict.tests) assert.match(message ?? '', why);
}

describe("The limits of a project's own tests", function () {
  this.timeout(120_000);
  after(cleanUp);

  it('end a run that takes too long', async () => {
    await struck('while (true);', { runSeconds: 3 }, 'time', /^the tests were ended: they took longer than 3 s$/);
  });

  it('end a run that computes too much in all its processes together', async () => {
    const source = `const cp = require('node:child_process');
for (let i = 0; i < 3; i++) cp.spawn(process.execPath, ['-e', 'while (true);'], { stdio: 'ignore' });
while (true);`;
    await struck(source, { runSeconds: 60, cpuFactor: 0.05 }, 'time', /more than 3 s of processor time$/);
  });

  it('end a run whose memory grows', async () => {
    const source = `const kept = []; const end = Date.now() + 60000;
while (Date.now() < end) { kept.push(Buffer.alloc(8e6, 1)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60); }`;
    await struck(source, { memoryMb: 400 }, 'memory', /more than 400 MiB of memory$/);
  });

  it('refuse memory that is asked for at once', async () => {
    const verdict = await judged('Buffer.alloc(3e9, 1);', { memoryMb: 400 });
    assert.match(JSON.stringify(verdict), /allocation failed/i);
  });

  it('end a run that starts too many processes', async () => {
    const source = `const cp = require('node:child_process');
setInterval(() => { for (let i = 0; i < 20; i++) try { cp.spawn('sleep', ['60']).on('error', () => {}); } catch {} }, 10);
const { resolve } = Promise.withResolvers?.() ?? {}; setTimeout(() => resolve?.(), 60000);`;
    await struck(source, { processes: 150 }, 'processes', /more than 150 processes and threads$/);
  });

  it('end a run that prints too much', async () => {
    const source = `const text = 'x'.repeat(60000); for (;;) try { require('node:fs').writeSync(1, text); } catch {}`;
    const verdict = await judged(source, { outputBytes: 500_000 });
    assert.equal(verdict.killed, 'output');
    assert.match(verdict.tests[0]?.message ?? '', /printed more than 500000 bytes$/);
    assert.ok(verdict.stdout.length < 20_000);
  });

  it('end a run that fills the disk with files, and refuse one that is too large', async () => {
    const many = `const fs = require('node:fs'); const text = Buffer.alloc(5e6, 1);
for (let i = 0; i < 10000; i++) { fs.writeFileSync('x' + i, text); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); }`;
    const verdict = await judged(many, { diskMb: 100 });
    assert.equal(verdict.killed, 'output');
    assert.match(verdict.tests[0]?.message ?? '', /they wrote more than 100 MiB$/);
    const large = `require('node:fs').writeFileSync('x', Buffer.alloc(30e6, 1));`;
    assert.match(JSON.stringify(await judged(large, { fileMb: 10 })), /EFBIG|SIGXFSZ/);
    const scratchFull = `for (let i = 0; i < 10; i++) require('node:fs').writeFileSync('/tmp/x' + i, Buffer.alloc(5e6, 1));`;
    assert.match(JSON.stringify(await judged(scratchFull, { scratchMb: 16 })), /ENOSPC/);
  });

  it('end a run that makes too many files, on the disk or in its own /tmp', async () => {
    for (const where of ['', '/tmp/']) {
      const source = `for (let i = 0; ; i++) require('node:fs').mkdirSync('${where}d' + i);`;
      await struck(
        source,
        { files: 2000 },
        'output',
        /^the tests were ended: they made more than 2000 files and folders$/,
      );
    }
  });

  it('count what a tree of processes uses', () => {
    const usage = usageOf(process.pid);
    assert.ok(usage.memory > 20_000_000 && usage.tasks > 1 && usage.cpuSeconds > 0, JSON.stringify(usage));
    assert.deepEqual(usageOf(2 ** 30), { memory: 0, tasks: 0, cpuSeconds: 0, share: 0 });
  });
});
