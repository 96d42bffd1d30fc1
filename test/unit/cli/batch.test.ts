import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readJobs } from '../../../src/cli/batch/jobs';
import { OutFile } from '../../../src/cli/batch/outFile';
import { runPool } from '../../../src/cli/batch/pool';
import { Progress } from '../../../src/cli/batch/progress';
import { toJson } from '../../../src/cli/json';
import { errorLine, type ResultLine } from '../../../src/cli/resultLine';
import { NO_COLOURS } from '../../../src/cli/view/paint';
import { widthOf } from '../../../src/cli/view/cells';
import { usd } from '../../../src/core/money';

const ABOUT = { topology: 'auto', profile: 'verified', budget: usd('0.002'), tests: 1 } as const;
const line = (id: string, more: Partial<ResultLine> = {}): ResultLine => ({ ...errorLine(id, 'no', ABOUT), ...more });
const never = new AbortController().signal;

describe('the jobs of a tasks file', () => {
  const task = (id: string, more = {}): string =>
    JSON.stringify({ id, language: 'python', prompt: 'p', entryPoint: 'f', tests: [], ...more });

  it('keep a broken line 3 to itself', () => {
    const jobs = readJobs([task('a'), task('b'), '{"id": "c", "lang', task('d')].join('\n'));
    assert.deepEqual(
      jobs.map(({ id }) => id),
      ['a', 'b', 'line 3', 'd'],
    );
    assert.ok('error' in jobs[2]! && jobs[2].error.includes('line 3'));
  });

  it('name a broken line by its id where it can be read, and its field', () => {
    const [job] = readJobs('{"id": "c", "language": "python", "prompt": 5, "entryPoint": "f", "tests": []}');
    assert.ok(job !== undefined && 'error' in job);
    assert.equal(job.id, 'c');
    assert.match(job.error, /line 1.*'prompt'/);
  });

  it('never give two lines one id, so that no task is taken for done', () => {
    const jobs = readJobs([task('a'), task('a'), '{"id": "a"}'].join('\n'));
    assert.deepEqual(
      jobs.map(({ id }) => id),
      ['a', 'line 2', 'line 3'],
    );
  });

  it('are in any language that a task can be in, and refused in any other', () => {
    const [script, other] = readJobs(
      [task('a', { language: 'javascript' }), task('b', { language: 'perl' })].join('\n'),
    );
    assert.ok(script !== undefined && 'task' in script);
    assert.ok(other !== undefined && 'error' in other);
    assert.match(other.error, /'language'/);
  });
});

describe('the out file of a batch', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'solvent-out-'));
    file = path.join(folder, 'out.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const whole = `${toJson(line('a'))}\n`;

  it('appends whole lines, also when many are written at once', async () => {
    const out = await OutFile.open(file);
    const ids = Array.from({ length: 50 }, (_, index) => `task ${index}`);
    await Promise.all(ids.map((id) => out.append(line(id, { code: 'x'.repeat(5000) }))));
    await out.close();
    const again = await OutFile.open(file);
    assert.deepEqual([...again.done], ids);
    await again.close();
  });

  it('knows what is done, and cuts a torn last line off', async () => {
    const torn = Buffer.from(toJson(line('b', { code: 'naïve 日本' })));
    for (const length of [1, 8, 40, torn.length - 60, torn.length - 1]) {
      await writeFile(file, Buffer.concat([Buffer.from(whole), torn.subarray(0, length)]));
      const out = await OutFile.open(file);
      assert.deepEqual([...out.done], ['a']);
      assert.equal(out.repaired, true);
      await out.append(line('b'));
      await out.close();
      assert.equal(await readFile(file, 'utf8'), `${whole}${toJson(line('b'))}\n`);
    }
  });

  it('keeps a last line that lacks nothing but its line break', async () => {
    await writeFile(file, whole.trimEnd());
    const out = await OutFile.open(file);
    assert.deepEqual([...out.done], ['a']);
    assert.equal(out.repaired, false);
    await out.close();
    assert.equal(await readFile(file, 'utf8'), whole);
  });

  it('leaves a file alone that holds something else', async () => {
    for (const text of ['my notes', 'my notes\n', `${whole}{"id":"x"}\n`, `${whole}notes`]) {
      await writeFile(file, text);
      await assert.rejects(OutFile.open(file), /is not a result line/);
      assert.equal(await readFile(file, 'utf8'), text);
    }
  });

  it('says so where it cannot be written', async () => {
    await assert.rejects(OutFile.open(folder), /cannot be written: it is a folder/);
  });
});

describe('the pool of a batch', () => {
  it('runs so many at once, and everything', async () => {
    let running = 0;
    let most = 0;
    const seen: number[] = [];
    await runPool(
      Array.from({ length: 20 }, (_, index) => index),
      4,
      async (item) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        seen.push(item);
      },
      never,
    );
    assert.equal(most, 4);
    assert.equal(seen.length, 20);
  });

  it('begins nothing after an interrupt', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    await runPool(
      [1, 2, 3],
      1,
      (item) => {
        seen.push(item);
        controller.abort();
        return Promise.resolve();
      },
      controller.signal,
    );
    assert.deepEqual(seen, [1]);
  });

  it('ends with the first error, and leaves nothing running', async () => {
    let ended = 0;
    const work = async (item: number): Promise<void> => {
      if (item === 1) throw new Error('disk full');
      await new Promise((resolve) => setTimeout(resolve, 5));
      ended++;
    };
    await assert.rejects(runPool([1, 2, 3, 4], 2, work, never), /disk full/);
    assert.equal(ended, 1);
  });
});

describe('the progress of a batch', () => {
  it('counts, sums up and never outgrows its line', () => {
    let clock = 0;
    const progress = new Progress(82, () => clock);
    for (let index = 0; index < 40; index++) {
      clock += 1000;
      const status = index % 3 === 0 ? 'unsolved' : 'solved';
      progress.ended(line(`t${index}`, { status, costUsd: usd('0.0001'), unconfirmedUsd: usd('0.00001') }));
    }
    assert.equal(progress.counts(), '26 solved, 14 unsolved');
    assert.equal(progress.plainLine(), '40 of 82 tasks: 26 solved, 14 unsolved; $0.004 spent');
    assert.match(progress.liveLine(NO_COLOURS, 100), /40\/82 {2}\$0\.004.*42 s left/);
    assert.ok(widthOf(progress.liveLine(NO_COLOURS, 80)) <= 80);
    assert.match(progress.summary(NO_COLOURS).join('\n'), /\$0\.004\d* spent, \$0\.0004\d* of it unconfirmed/);
  });

  it('counts the money of an interrupted task, but not the task', () => {
    const progress = new Progress(2, () => 0);
    progress.ended(line('a', { costUsd: usd('0.5') }), true);
    assert.equal(progress.finished, 0);
    assert.match(progress.plainLine(), /0 of 2 tasks; \$0\.50 spent/);
  });
});
