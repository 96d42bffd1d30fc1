import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { EXIT } from '../../src/cli/exitCode';
import { add, toDecimal, usd, ZERO } from '../../src/core/money';
import { SAMPLES } from '../../src/demo/samples';
import { type DemoServer, startDemoServer } from '../../src/demo/server';
import { startLookout } from '../servers/lookout';
import { Bench, type Ended, ended, ensureBuilt } from './commandLine';

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

const RESULT_FIELDS = [
  ...['id', 'status', 'code', 'verdict', 'strategy', 'topology', 'profile', 'pool', 'calls', 'promptTokens'],
  ...['completionTokens', 'costUsd', 'budgetUsd', 'unconfirmedUsd', 'worstReservedUsd', 'seconds'],
];

/** A provider that answers every request with one status, and keeps the headers that it was sent. */
async function refusing(status: number): Promise<{ server: Server; url: string; headers: IncomingHttpHeaders[] }> {
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    headers.push(request.headers);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'Incorrect API key provided' } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, headers };
}

describe('the built command line', function () {
  this.timeout(120_000);
  let bench: Bench;
  let server: DemoServer;
  let slow: DemoServer;

  before(async function () {
    await ensureBuilt();
    bench = await Bench.create();
    server = await startDemoServer(SAMPLES, 0);
    slow = await startDemoServer(SAMPLES, 250);
    await bench.write('right.py', 'def is_balanced(text):\n    raise NotImplementedError\n');
    const { code, stderr } = await bench.run(['check', '--task', 'balanced-brackets.json', '--code', 'right.py']);
    if (code === EXIT.noSandbox && process.env['CI'] !== 'true') {
      console.log(`      skipped: ${stderr.trim()}`);
      this.skip();
    }
  });
  after(async () => {
    await Promise.all([server.close(), slow.close(), rm(bench.folder, { recursive: true, force: true })]);
  });

  const common = (url = server.baseUrl): string[] => [
    '--models',
    'models.json',
    '--base-url',
    url,
    '--ledger',
    'ledger',
  ];
  const solve = (id: string, budget = '0.002'): string[] => ['solve', '--task', `${id}.json`, '--budget', budget];
  const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

  /** Runs a command line against the slow models, and interrupts it in its first call. */
  async function interrupted(args: (url: string) => string[]): Promise<Ended> {
    const front = await startLookout(slow.baseUrl);
    try {
      const child = bench.start(args(front.baseUrl));
      const end = ended(child);
      await Promise.race([front.asked, end]);
      child.kill('SIGINT');
      return await end;
    } finally {
      await front.stop();
    }
  }

  describe('solve', () => {
    it('prints nothing but the result line with --json, and exits 0 when solved', async () => {
      const { code, stdout, stderr } = await bench.run([...solve('merge-intervals'), '--json', ...common()]);
      assert.equal(code, EXIT.ok, stderr);
      assert.equal(stderr, '');
      assert.equal(stdout.trimEnd().split('\n').length, 1);
      const result = parsed(stdout);
      assert.deepEqual(Object.keys(result), RESULT_FIELDS);
      assert.equal(result['status'], 'solved');
      assert.deepEqual(result['verdict'], { passed: 5, total: 5, ran: true });
      assert.deepEqual(Object.keys((result['pool'] as object[])[0] ?? {}), ['model', 'count']);
      assert.ok(Number(result['costUsd']) > 0 && Number(result['worstReservedUsd']) <= 0.002);
    });

    it('shows plan, test runs, code and receipt to people, without control codes in a pipe', async () => {
      const { code, stdout } = await bench.run([...solve('roman-numerals'), ...common()]);
      assert.equal(code, EXIT.ok);
      assert.doesNotMatch(stdout, CONTROLS);
      for (const said of [
        /^Models /m,
        /^Topology /m,
        /✗ assert to_roman\(9\)/,
        /✓ 5 of 5/,
        /^def to_roman/m,
        /^Receipt/m,
      ]) {
        assert.match(stdout, said);
      }
    });

    it('reads the task from standard input', async () => {
      const task = JSON.stringify(SAMPLES[0]!.task);
      const { code, stdout } = await bench.run(
        ['solve', '--task', '-', '--budget', '0.002', '--json', ...common()],
        {},
        task,
      );
      assert.equal(code, EXIT.ok);
      assert.equal(parsed(stdout)['id'], SAMPLES[0]!.task.id);
    });

    it('exits 1 when not solved, with the best answer so far', async () => {
      const { code, stdout } = await bench.run([...solve('justify-text'), '--json', ...common()]);
      assert.equal(code, EXIT.notSolved);
      const result = parsed(stdout);
      assert.notEqual(result['status'], 'solved');
      assert.match(String(result['code']), /def justify/);
    });

    it('exits 3 where the budget admits no pool', async () => {
      const { code, stdout } = await bench.run([...solve('run-length', '0.0000001'), '--json', ...common()]);
      assert.equal(code, EXIT.infeasible);
      const result = parsed(stdout);
      assert.equal(result['status'], 'infeasible');
      assert.equal(result['calls'], 0);
      assert.match(String(result['error']), /smallest/);
    });

    it('says what to set where there is no key, and exits 2', async () => {
      const { code, stdout, stderr } = await bench.run([...solve('run-length'), '--ledger', 'ledger']);
      assert.equal(code, EXIT.usage);
      assert.equal(stdout, '');
      assert.match(stderr, /OPENAI_API_KEY.*npm start/);
    });

    it('exits 1 for a wrong key, and never shows it', async () => {
      const { server: strict, url, headers } = await refusing(401);
      const env = { MY_KEY: 'sk-very-secret' };
      const args = [...solve('run-length'), '--json', '--api-key-env', 'MY_KEY', '--header', 'x-task: {runId} {role}'];
      const { code, stdout, stderr } = await bench.run([...args, ...common(url)], env);
      strict.close();
      assert.equal(code, EXIT.notSolved);
      const result = parsed(stdout);
      assert.equal(result['status'], 'error');
      assert.equal(result['costUsd'], 0);
      assert.match(String(result['error']), /key/i);
      assert.doesNotMatch(stdout + stderr, /very-secret/);
      assert.equal(headers[0]?.authorization, 'Bearer sk-very-secret');
      assert.equal(headers[0]['x-task'], 'run-length executor');
    });

    it('exits 4 where there is no sandbox, and says what to install', async () => {
      const bin = bench.file('bin');
      await mkdir(bin, { recursive: true });
      await symlink(process.execPath, path.join(bin, 'node'));
      const args = [...solve('run-length'), ...common(), '--sandbox', 'os'];
      const { code, stderr } = await bench.run(args, { PATH: bin });
      assert.equal(code, EXIT.noSandbox);
      assert.match(stderr, /bubblewrap|sandbox/i);
    });

    it('solves where there is neither bubblewrap nor Python, and says so', async function () {
      this.timeout(60_000);
      const bin = bench.file('bin');
      await mkdir(bin, { recursive: true });
      await symlink(process.execPath, path.join(bin, 'node')).catch(() => undefined);
      const { code, stdout, stderr } = await bench.run([...solve('run-length'), ...common()], { PATH: bin });
      assert.equal(code, EXIT.ok, stderr);
      assert.match(stdout, /Pyodide.*without an OS sandbox/);
    });

    it('ends with --max-seconds, with what was spent', async () => {
      const args = [...solve('matrix-spiral'), '--json', '--max-seconds', '4', ...common(slow.baseUrl)];
      const { code, stdout } = await bench.run(args);
      assert.equal(code, EXIT.notSolved);
      const result = parsed(stdout);
      assert.equal(result['status'], 'unsolved');
      assert.match(String(result['error']), /--max-seconds/);
      assert.equal(result['calls'], 1);
      assert.ok(Number(result['unconfirmedUsd']) > 0, 'a call that was cut off counts at its worst case');
    });

    it('cancels on SIGINT, still says what was spent, and exits 130', async () => {
      const { code, stdout } = await interrupted((url) => [...solve('matrix-spiral'), ...common(url)]);
      assert.equal(code, EXIT.interrupted);
      assert.match(stdout, /Cancelled/);
      assert.match(stdout, /\$0\.0000\d+ spent of \$0\.002: \$0\.00 confirmed/);
    });

    it('does not crash when its reader goes away', async () => {
      const line = `$CLI ${solve('roman-numerals').join(' ')} ${common().join(' ')} | head -1; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await bench.shell(line);
      assert.equal(stdout.trimEnd().split('\n').at(-1), '0');
      assert.equal(stderr, '');
    });
  });

  describe('plan', () => {
    it('prints the plan alone, without key, sandbox or call', async () => {
      const { code, stdout, stderr } = await bench.run(
        ['plan', '--task', 'top-words.json', '--budget', '0.01', '--json'],
        { PATH: '' },
      );
      assert.equal(code, EXIT.ok, stderr);
      const plan = parsed(stdout);
      const fields = [
        'feasible',
        'strategy',
        'profile',
        'pool',
        'topology',
        'policy',
        'expectedCostUsd',
        'worstCostUsd',
      ];
      assert.deepEqual(Object.keys(plan), [...fields, 'budgetUsd', 'explanation']);
      assert.equal(plan['feasible'], true);
      assert.ok(Number(plan['worstCostUsd']) <= 0.01);
      assert.ok((plan['explanation'] as string[]).length > 0);
    });

    it('names the smallest budget that would do, which then does', async () => {
      const plan = (budget: string): ReturnType<Bench['run']> =>
        bench.run(['plan', '--task', 'top-words.json', '--budget', budget, '--json', '--models', 'models.json']);
      const small = await plan('0.0000001');
      assert.equal(small.code, EXIT.infeasible);
      assert.equal(parsed(small.stdout)['feasible'], false);
      const smallest = /"smallestFeasibleUsd":([\d.]+)/.exec(small.stdout)?.[1] ?? '';
      assert.equal((await plan(smallest)).code, EXIT.ok);
      const less = toDecimal((usd(smallest) - 1n) as ReturnType<typeof usd>);
      assert.equal((await plan(less)).code, EXIT.infeasible);
    });

    it('exits 2 for a broken task, naming file and field', async () => {
      await bench.write('broken.json', '{"id": "x", "language": "python", "prompt": "p", "entryPoint": "f"}');
      const { code, stderr } = await bench.run(['plan', '--task', 'broken.json', '--budget', '1', '--json']);
      assert.equal(code, EXIT.usage);
      assert.match(stderr, /broken\.json.*'tests'/);
    });
  });

  describe('check', () => {
    const check = (name: string): string[] => ['check', '--task', 'balanced-brackets.json', '--code', name, '--json'];

    it('exits 0 when all tests passed and 1 when not, with the verdict', async () => {
      const draft = SAMPLES[0]!.script.drafts['stack']!.code;
      await bench.write('right.py', draft);
      await bench.write('wrong.py', draft.replace('return not stack', 'return True'));
      const right = await bench.run(check('right.py'));
      assert.equal(right.code, EXIT.ok);
      const verdict = parsed(right.stdout);
      const fields = ['passed', 'total', 'ran', 'sandbox', 'tests', 'limits', 'stdout', 'stderr'];
      assert.deepEqual(
        fields.filter((field) => !(field in verdict)),
        [],
      );
      const wrong = await bench.run(check('wrong.py'));
      assert.equal(wrong.code, EXIT.notSolved);
      assert.equal(parsed(wrong.stdout)['total'], 5);
      assert.equal(parsed(wrong.stdout)['passed'], 4);
    });

    it('exits 2 for a file that is not there', async () => {
      const { code, stderr } = await bench.run(check('none.py'));
      assert.equal(code, EXIT.usage);
      assert.match(stderr, /none\.py cannot be read/);
    });

    for (const [language, code] of [
      ['javascript', 'export const double = (x) => x * 2;\n'],
      ['typescript', 'export function double(x: number): number {\n  return x * 2;\n}\n'],
    ] as const) {
      it(`tests ${language} with the same verdict and exit codes`, async () => {
        const tests = ['assert.equal(double(2), 4);', 'assert.deepStrictEqual([double(0)], [0])'];
        const task = { id: 'double', language, prompt: 'Write double.', entryPoint: 'double' };
        await bench.write('script.json', JSON.stringify({ ...task, tests }));
        await bench.write('script.txt', code);
        const right = await bench.run(['check', '--task', 'script.json', '--code', 'script.txt', '--json']);
        assert.equal(right.code, EXIT.ok, right.stderr);
        const { passed, total, ran, sandbox } = parsed(right.stdout);
        assert.deepEqual({ passed, total, ran, sandbox }, { passed: 2, total: 2, ran: true, sandbox: 'os' });
        await bench.write('script.json', JSON.stringify({ ...task, tests: [...tests, 'assert.equal(double(1), 3)'] }));
        const wrong = await bench.run(['check', '--task', 'script.json', '--code', 'script.txt']);
        assert.equal(wrong.code, EXIT.notSolved);
        assert.match(wrong.stdout, /assert\.equal\(double\(1\), 3\) +\d+ ms\n +got 2\n/);
      });
    }

    it('exits 4 with what to do when the Node.js that was named for a script is not there', async () => {
      await bench.write('js.json', JSON.stringify({ ...SAMPLES[0]!.task, language: 'javascript' }));
      const named = ['--node', '/nowhere/node'];
      const { code, stderr } = await bench.run(['check', '--task', 'js.json', '--code', 'right.py', ...named]);
      assert.equal(code, EXIT.noSandbox);
      assert.match(stderr, /no Node\.js at \/nowhere\/node/);
    });
  });

  describe('batch', () => {
    const batch = (out: string, url?: string): string[] => [
      ...['batch', '--tasks', 'tasks.jsonl', '--budget', '0.002', '--out', out],
      ...common(url).slice(0, 4),
      ...['--ledger', 'batch-ledger'],
    ];
    const lines = async (out: string): Promise<Record<string, unknown>[]> =>
      (await readFile(bench.file(out), 'utf8')).trimEnd().split('\n').map(parsed);

    before(async () => {
      const tasks = SAMPLES.slice(0, 5).map(({ task }) => JSON.stringify(task));
      tasks.splice(2, 0, '{"id": "broken", "language": "python"');
      await bench.write('tasks.jsonl', `${tasks.join('\n')}\n`);
    });

    it('gives every task its line, a broken one too, and exits 0', async () => {
      const { code, stdout, stderr } = await bench.run(batch('out.jsonl'));
      assert.equal(code, EXIT.ok, stderr);
      assert.doesNotMatch(stdout, CONTROLS);
      assert.match(stdout, /6 tasks: 5 solved, 1 failed/);
      assert.match(stdout, /^✗ line 3: this is not JSON/m);
      assert.match(stdout, /^The results are in .*out\.jsonl\.$/m);
      const results = await lines('out.jsonl');
      assert.equal(results.length, 6);
      const broken = results.find(({ status }) => status === 'error');
      assert.equal(broken?.['id'], 'line 3');
      assert.match(String(broken['error']), /line 3/);
      assert.deepEqual(Object.keys(broken), [...RESULT_FIELDS, 'error']);
    });

    it('books exactly what the lines say, to the last digit', async () => {
      const text = await readFile(bench.file('out.jsonl'), 'utf8');
      const costs = [...text.matchAll(/"costUsd":([\d.]+)/g)].map(([, cost = '']) => usd(cost));
      const { stdout, code } = await bench.run(['ledger', '--json', '--ledger', 'batch-ledger']);
      assert.equal(code, EXIT.ok);
      const total = /"total":\{[^}]*"costUsd":([\d.]+)/.exec(stdout)?.[1] ?? '';
      assert.equal(total, toDecimal(costs.reduce((sum, cost) => add(sum, cost), ZERO)));
      const report = parsed(stdout);
      for (const key of ['total', 'days', 'models', 'runs']) assert.ok(key in report, key);
      assert.equal((report['runs'] as unknown[]).length, 5);
    });

    it('keeps every run beside the ledger, without its words, and the next plan is learned from them', async () => {
      const journal = await readFile(bench.file('batch-ledger/journal.jsonl'), 'utf8');
      assert.equal(journal.trimEnd().split('\n').length, 5);
      assert.doesNotMatch(journal, /is_balanced|merge|def |assert/);
      const plan = ['plan', '--task', 'merge-intervals.json', '--budget', '0.002', '--models', 'models.json', '--json'];
      const explained = async (ledger: string): Promise<string> =>
        String(parsed((await bench.run([...plan, '--ledger', ledger])).stdout)['explanation']);
      assert.match(await explained('batch-ledger'), /learned from|few runs|in your own runs/);
      assert.match(await explained('no-ledger'), /not yet learned from your runs/);
    });

    it('skips what is done, and does a torn last line again', async () => {
      const before = await lines('out.jsonl');
      const { length } = await readFile(bench.file('out.jsonl'));
      await truncate(bench.file('out.jsonl'), length - 50);
      const { code, stdout } = await bench.run(batch('out.jsonl'));
      assert.equal(code, EXIT.ok);
      assert.match(stdout, /torn/);
      assert.match(stdout, /5 skipped/);
      const after = await lines('out.jsonl');
      assert.deepEqual(
        after.map(({ id, status, code: answer }) => [id, status, answer]),
        before.map(({ id, status, code: answer }) => [id, status, answer]),
      );
    });

    it('keeps its file whole on SIGINT, and goes on from there', async () => {
      const { code, stdout } = await interrupted((url) => batch('stopped.jsonl', url));
      assert.equal(code, EXIT.interrupted);
      assert.match(stdout, /Interrupted: \d tasks? left/);
      const { code: again } = await bench.run(batch('stopped.jsonl'));
      assert.equal(again, EXIT.ok);
      const ids = (await lines('stopped.jsonl')).map(({ id }) => id);
      assert.deepEqual(ids.toSorted(), ['line 3', ...SAMPLES.slice(0, 5).map(({ task }) => task.id)].toSorted());
    });

    it('never appends results to the tasks', async () => {
      const { code, stderr } = await bench.run(batch('tasks.jsonl'));
      assert.equal(code, EXIT.usage);
      assert.match(stderr, /another file/);
    });
  });

  describe('ledger', () => {
    it("is in the user's data folder unless told otherwise", async () => {
      const { code, stdout } = await bench.run(['ledger'], { XDG_DATA_HOME: bench.file('data') });
      assert.equal(code, EXIT.ok);
      assert.match(stdout, /Nothing was spent yet/);
    });

    it('says so where its folder cannot be used', async () => {
      await writeFile(bench.file('a-file'), '');
      await chmod(bench.file('a-file'), 0o400);
      const { code, stderr } = await bench.run(['ledger', '--ledger', 'a-file']);
      assert.equal(code, EXIT.usage);
      assert.match(stderr, /a-file/);
    });
  });

  describe('demo', () => {
    it('solves the samples with scripted answers, says so, and leaves no trace on the ledger', async () => {
      const { code, stdout, stderr } = await bench.run(['demo'], { XDG_DATA_HOME: bench.file('demo-data') });
      assert.equal(code, EXIT.ok, stderr);
      assert.match(stdout.split('\n').slice(0, 4).join(' '), /answers below are scripted.*made-up prices/);
      assert.match(stdout, /✗/);
      assert.match(stdout, /9 of 10 tasks solved/);
      assert.doesNotMatch(stdout, CONTROLS);
      await assert.rejects(readdir(bench.file('demo-data/solvent/ledger')));
    });

    it('asks the real provider where an address is given, and books it', async () => {
      const { code, stdout } = await bench.run(['demo', ...common(), '--ledger', 'real', '--budget', '0.001']);
      assert.equal(code, EXIT.ok);
      assert.match(stdout, /real money/);
      assert.doesNotMatch(stdout, /scripted: two made-up/);
      assert.ok((await readFile(bench.file('real/ledger.1.jsonl'), 'utf8')).includes('balanced-brackets'));
    });
  });
});
