import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../src/cli/exitCode';
import { writeCapsFile } from '../../src/core/budget/capsFile';
import { usd, ZERO } from '../../src/core/money';
import { SAMPLES } from '../../src/demo/samples';
import { type DemoServer, startDemoServer } from '../../src/demo/server';
import { startFaultServer, stream } from '../servers/faultServer';
import { delta, DONE, event, usageChunk } from '../servers/sse';
import { Bench, ensureBuilt } from './commandLine';

describe('caps of day and month, on the command line', function () {
  this.timeout(120_000);
  let bench: Bench;
  let server: DemoServer;
  let count = 0;
  let ledger: string;

  before(async function () {
    await ensureBuilt();
    bench = await Bench.create();
    server = await startDemoServer(SAMPLES, 0);
    await bench.write(
      'tasks.jsonl',
      SAMPLES.slice(0, 6)
        .map(({ task }) => `${JSON.stringify(task)}\n`)
        .join(''),
    );
    const { code, stderr } = await bench.run(['check', '--task', 'roman-numerals.json', '--code', 'models.json']);
    if (code === EXIT.noSandbox && process.env['CI'] !== 'true') {
      console.log(`      skipped: ${stderr.trim()}`);
      this.skip();
    }
  });
  after(async () => {
    await Promise.all([server.close(), rm(bench.folder, { recursive: true, force: true })]);
  });
  beforeEach(() => (ledger = `ledger${++count}`));

  const common = (...more: readonly string[]): string[] => [
    ...['--models', 'models.json', '--base-url', server.baseUrl, '--ledger', ledger, ...more],
  ];
  const solve = (...more: readonly string[]) =>
    bench.run(['solve', '--task', 'roman-numerals.json', '--budget', '0.002', '--json', ...common(...more)]);
  const plan = async (...more: readonly string[]): Promise<Record<string, unknown>> => {
    const args = ['plan', '--task', 'roman-numerals.json', '--budget', '0.002', '--json', ...common(...more)];
    return JSON.parse((await bench.run(args)).stdout) as Record<string, unknown>;
  };
  const keep = (text: string) => bench.write(path.join(ledger, 'caps.json'), text);
  const spent = async (): Promise<number> => {
    const { stdout } = await bench.run(['ledger', '--json', '--ledger', ledger]);
    return (JSON.parse(stdout) as { total: { costUsd: number } }).total.costUsd;
  };

  it('stop a run with an error that names the cap, and are held by every run on the same ledger', async () => {
    const { code, stdout } = await solve('--per-day', '0.00008');
    assert.equal(code, EXIT.notSolved);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(result['status'], 'exhausted');
    assert.match(
      String(result['error']),
      /your cap for today has \$0\.0+\d+ left: a raise by \$0\.0+\d+ would admit it/,
    );
    assert.ok(Number(result['worstReservedUsd']) <= 0.00008);
    const before = await spent();
    const again = JSON.parse((await solve('--per-day', String(before))).stdout) as Record<string, unknown>;
    assert.deepEqual([again['status'], again['calls']], ['exhausted', 0]);
    assert.match(String(again['error']), /has \$0\.00 left/);
    assert.equal(await spent(), before);
  });

  it('that the user keeps beside the ledger count where no option is given; of both, the smaller', async () => {
    await writeCapsFile(bench.file(ledger), { day: usd('0.00008'), month: usd('0.0002') });
    for (const options of [[], ['--per-day', '5'], ['--per-month', '5']]) {
      const planned = await plan(...options);
      assert.equal(planned['budgetUsd'], 0.00008, options.join(' '));
    }
    assert.equal((await plan('--per-month', '0.00005'))['budgetUsd'], 0.00005);
    const { stdout } = await solve('--per-day', '5');
    assert.match((JSON.parse(stdout) as { error: string }).error, /your cap for today/);
    assert.ok((await spent()) <= 0.00008);
  });

  it('lower the budget of a plan, which says so, and cost no ledger where there are none', async () => {
    const free = await plan();
    assert.equal(free['budgetUsd'], 0.002);
    await assert.rejects(readFile(bench.file(ledger)), { code: 'ENOENT' });
    const planned = await plan('--per-day', '0.0004');
    assert.deepEqual([planned['budgetUsd'], planned['feasible']], [0.0004, true]);
    const [first] = planned['explanation'] as string[];
    assert.equal(first, 'Your cap for today leaves $0.0004. So the plan is for $0.0004, not for $0.002.');
    const none = await plan('--per-month', '0');
    assert.deepEqual([none['budgetUsd'], none['feasible']], [0, false]);
  });

  it('that are damaged stop everything that could spend, with exit 2, and are never taken for none', async () => {
    await writeCapsFile(bench.file(ledger), {});
    await keep('{"perDayUsd": 1,');
    for (const args of [
      ['solve', '--task', 'roman-numerals.json', '--budget', '0.002', '--json'],
      ['batch', '--tasks', 'tasks.jsonl', '--budget', '0.002', '--out', 'damaged.jsonl'],
      ['plan', '--task', 'roman-numerals.json', '--budget', '0.002', '--json'],
    ]) {
      const { code, stdout, stderr } = await bench.run([...args, ...common()]);
      assert.deepEqual([code, stdout], [EXIT.usage, ''], args[0]);
      assert.match(stderr, /caps\.json are damaged: it is not JSON\. Nothing is spent until it reads like/);
    }
    assert.equal(await spent(), 0);
  });

  it('end the tasks of a batch one by one, each with the cap in its line, and tell each threshold once', async () => {
    const args = ['batch', '--tasks', 'tasks.jsonl', '--budget', '0.002', '--out', 'capped.jsonl'];
    const { code, stdout } = await bench.run([...args, ...common('--per-month', '0.0004')]);
    assert.equal(code, EXIT.ok);
    const lines = (await readFile(bench.file('capped.jsonl'), 'utf8')).trimEnd().split('\n');
    assert.equal(lines.length, 6);
    const results = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const capped = results.filter(({ status }) => status === 'exhausted');
    assert.ok(capped.length > 0);
    for (const { error } of capped) assert.match(String(error), /your cap for this month has/);
    assert.ok((await spent()) <= 0.0004);
    const told = [...stdout.matchAll(/(\d+) % of your cap for this month is spent/g)].map(([, percent]) => percent);
    assert.ok(told.length > 0);
    assert.equal(new Set(told).size, told.length, 'none twice');
    assert.doesNotMatch(stdout, /Enter stops/);
  });

  it('lowered while a run is under way hold from its next call on', async () => {
    const provider = await startFaultServer();
    try {
      provider.script(async (response) => {
        await writeCapsFile(bench.file(ledger), { day: ZERO });
        const answer = [delta('I do not know.', 'stop'), usageChunk({ prompt_tokens: 9, completion_tokens: 5 })];
        await stream([...answer.map(event), DONE])(response);
      });
      const args = ['solve', '--task', 'roman-numerals.json', '--budget', '0.002', '--json', '--models', 'models.json'];
      const { stdout } = await bench.run([...args, '--base-url', provider.baseUrl, '--ledger', ledger]);
      const result = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual([result['status'], result['calls']], ['exhausted', 1]);
      assert.match(String(result['error']), /your cap for today is passed by/);
      assert.equal(provider.received.length, 1);
    } finally {
      await provider.stop();
    }
  });

  it('are told on standard error where nothing else is shown', async () => {
    const { stdout, stderr } = await solve('--per-day', '0.00009');
    assert.equal(stdout.trimEnd().split('\n').length, 1);
    assert.match(stderr, /^solvent: \d+ % of your cap for today is spent: \$0\.0000\d+ of \$0\.00009\.$/m);
  });
});
