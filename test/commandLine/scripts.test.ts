import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { EXIT } from '../../src/cli/exitCode';
import type { Task } from '../../src/core/task/task';
import type { Sample } from '../../src/demo/sample';
import { type DemoServer, startDemoServer } from '../../src/demo/server';
import { Bench, ensureBuilt } from './commandLine';

/** A task that the cheap model gets wrong and the strong one right. */
function sample(task: Pick<Task, 'language' | 'tests'>, wrong: string, right: string): Sample {
  const { language } = task;
  const prompt = `Write a function chunk in ${language} that cuts an array into arrays of at most n elements.\n`;
  const revised = { 'demo-cheap': 'right', 'demo-strong': 'right' };
  return {
    task: { id: `chunk-${language}`, entryPoint: 'chunk', prompt, setup: '', ...task },
    script: {
      first: { 'demo-cheap': 'wrong', 'demo-strong': 'right' },
      drafts: {
        wrong: { code: wrong, critique: 'The last part is lost.', revised },
        right: { code: right, critique: 'I see nothing to mend.', revised },
      },
    },
  };
}

const TESTS = [
  'assert.deepStrictEqual(chunk([1, 2, 3], 2), [[1, 2], [3]]);',
  'assert.deepStrictEqual(chunk([], 2), []);',
];
const SAMPLES = [
  sample(
    { language: 'javascript', tests: TESTS },
    'export function chunk(xs, n) {\n  return xs.length === 0 ? [] : [xs.slice(0, n)];\n}\n',
    'export function chunk(xs, n) {\n  return xs.length === 0 ? [] : [xs.slice(0, n), ...chunk(xs.slice(n), n)];\n}\n',
  ),
  sample(
    {
      language: 'typescript',
      tests: [...TESTS, 'const words: string[][] = chunk<string>(["a"], 1);\nassert.equal(words.length, 1);'],
    },
    'export function chunk<T>(xs: readonly T[], n: number): T[][] {\n  return xs.length === 0 ? [] : [xs.slice(0, n)];\n}\n',
    'export function chunk<T>(xs: readonly T[], n: number): T[][] {\n  return xs.length === 0 ? [] : [xs.slice(0, n), ...chunk(xs.slice(n), n)];\n}\n',
  ),
];

describe('the built command line, on scripts', function () {
  this.timeout(120_000);
  let bench: Bench;
  let server: DemoServer;
  const common = (): string[] => ['--models', 'models.json', '--base-url', server.baseUrl, '--ledger', 'ledger'];

  before(async () => {
    await ensureBuilt();
    bench = await Bench.create();
    server = await startDemoServer(SAMPLES, 0);
    for (const { task } of SAMPLES) await bench.write(`${task.id}.json`, JSON.stringify(task));
    await bench.write('tasks.jsonl', SAMPLES.map(({ task }) => `${JSON.stringify(task)}\n`).join(''));
  });
  after(async () => {
    await Promise.all([server.close(), rm(bench.folder, { recursive: true, force: true })]);
  });

  for (const { task } of SAMPLES) {
    it(`solves a task in ${task.language}: a wrong answer is seen, and the next one passes`, async () => {
      const solve = ['solve', '--task', `${task.id}.json`, '--budget', '0.002', '--json'];
      const { code, stdout, stderr } = await bench.run([...solve, ...common()]);
      assert.equal(code, EXIT.ok, stderr);
      const { status, verdict, calls } = JSON.parse(stdout) as Record<string, unknown>;
      assert.equal(status, 'solved');
      assert.deepEqual(verdict, { passed: task.tests.length, total: task.tests.length, ran: true });
      assert.ok(Number(calls) >= 2, stdout);
    });
  }

  it('solves a batch of both languages', async () => {
    const batch = ['batch', '--tasks', 'tasks.jsonl', '--budget', '0.002', '--out', 'out.jsonl'];
    const { code, stderr } = await bench.run([...batch, ...common()]);
    assert.equal(code, EXIT.ok, stderr);
    const lines = (await readFile(bench.file('out.jsonl'), 'utf8')).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { status: string }).status),
      ['solved', 'solved'],
    );
  });
});
