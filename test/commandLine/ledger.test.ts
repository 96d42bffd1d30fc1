import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../src/cli/exitCode';
import { add, toDecimal, usd, ZERO } from '../../src/core/money';
import { SAMPLES } from '../../src/demo/samples';
import { type DemoServer, startDemoServer } from '../../src/demo/server';
import { aLedger, type LedgerFixture } from '../unit/report/ledgerFixture';
import { parseCsv } from '../unit/report/parseCsv';
import { Bench, type Ended, ensureBuilt } from './commandLine';

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
/** Exact decimals of a JSON text, which numbers would round. */
const amounts = (json: string, name: string): string[] =>
  [...json.matchAll(new RegExp(`"${name}":(-?[\\d.]+)`, 'g'))].map(([, amount = '']) => amount);

describe('ledger, by the built command line', function () {
  this.timeout(120_000);
  let bench: Bench;
  let fixture: LedgerFixture;

  before(async () => {
    await ensureBuilt();
    bench = await Bench.create();
  });
  after(() => rm(bench.folder, { recursive: true, force: true }));
  beforeEach(async () => {
    fixture = await aLedger();
    await fixture.ledger.close();
  });
  afterEach(() => fixture.remove());

  const ledger = (...args: readonly string[]): Promise<Ended> =>
    bench.run(['ledger', '--ledger', fixture.folder, ...args]);
  const said = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await ledger(...args);
    assert.deepEqual([code, stderr], [EXIT.ok, '']);
    return stdout;
  };
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await ledger(...args);
    assert.deepEqual([code, stdout], [EXIT.usage, '']);
    return stderr;
  };
  const content = async (): Promise<string[]> =>
    Promise.all((await readdir(fixture.folder)).map((name) => readFile(path.join(fixture.folder, name), 'utf8')));

  it('shows sections for month, day, model, role and run, estimates, and what needs the user', async () => {
    const text = await said();
    assert.doesNotMatch(text, CONTROLS);
    for (const line of [
      /^month +calls +in +out +reserved +billed +unconfirmed$/m,
      /^2026-11 +3 +1.800 +4.336 +\$0\.00600000 +\$0\.00630003 +\$0\.00200000$/m,
      /^total +3 /m,
      /^2026-11-21 +1 /m,
      /^strong +1 /m,
      /^executor +2 /m,
      /^aaaaaaaa-2 +2026-11-21 +roman +unsolved +1 /m,
      /^Runs cost 2\.2 times what their plans expected: the median of 2 runs\.$/m,
      /^cheap ignored its limit in 1 call, the longest answer had 4.096 tokens:/m,
      /^cheap +billed above reserved +1$/m,
      /^[0-9a-f]{8} +2026-11-20 12:00:02 +median +strong +critic +\$0\.002$/m,
    ]) {
      assert.match(text, line);
    }
  });

  it('fits a terminal of 80 columns, and of 40', async () => {
    for (const columns of [80, 40]) {
      const line = `script -qec "stty cols ${columns}; $CLI ledger --ledger ${fixture.folder}" /dev/null </dev/null`;
      const { stdout } = await bench.shell(line);
      // eslint-disable-next-line no-control-regex -- colours are control sequences
      const lines = stdout.replace(/\u001b\[[0-9;]*[mK]|\r/g, '').split('\n');
      assert.ok(lines.some((text) => text.startsWith('month')));
      // Paths, and commands to be typed, stay whole.
      const long = lines.filter((text) => text.length > columns && !text.includes('/') && !text.includes('--'));
      assert.deepEqual(long, []);
    }
  });

  it('prints one JSON object, whose total, days, models and runs stay what they were', async () => {
    const text = await said('--json');
    const report = parsed(text);
    for (const key of ['total', 'days', 'models', 'runs', 'months', 'roles', 'estimates', 'learned', 'unconfirmed']) {
      assert.ok(key in report, key);
    }
    const total = amounts(text, 'costUsd')[0] ?? '';
    assert.equal(total, '0.00630003');
    const runs = report['runs'] as Record<string, unknown>[];
    assert.deepEqual(
      runs.map(({ run, status }) => [run, status]),
      [
        ['aaaaaaaa-1111', 'solved'],
        ['aaaaaaaa-2222', 'unsolved'],
      ],
    );
    assert.match(String(runs[0]?.['at']), /^2026-11-20T12:00:00\.000[+-]/);
  });

  describe('--run', () => {
    it('shows the receipt of one run, found by the beginning of its id', async () => {
      const text = await said('--run', 'aaaaaaaa-1');
      assert.match(text, /^Receipt: median$/m);
      assert.match(text, /^Run +aaaaaaaa-1111$/m);
      assert.match(text, /^Expected by the plan +\$0\.0010$/m);
      assert.match(text, /^The budget was raised from \$0\.01 to \$0\.02\.$/m);
      assert.match(text, /^2 +critic +strong +600 +650 +120 +384 +\$0\.0020 +\$0\.0020 +\$0\.0020$/m);
      assert.match(text, /^total +2 calls +1.200 +240 +\$0\.0040 +\$0\.0022 +\$0\.0020$/m);
      assert.match(text, /^Call 2: Its bill is unknown, so it is booked at its worst case\.$/m);
    });

    it('is JSON whose calls add up to its total', async () => {
      const text = await said('--run', 'aaaaaaaa-1', '--json');
      const [total = '', ...calls] = amounts(text, 'costUsd');
      assert.equal(total, toDecimal(add(ZERO, ...calls.map(usd))));
      assert.equal((parsed(text)['calls'] as unknown[]).length, 2);
    });

    it('says so where no run or several have such an id', async () => {
      assert.match(await refused('--run', 'b'), /No run on the ledger has an id that begins with 'b'/);
      assert.match(await refused('--run', 'aaaa'), /The ids of 2 runs begin with 'aaaa': aaaaaaaa-1, aaaaaaaa-2\./);
    });
  });

  describe('--export', () => {
    it('prints every call as CSV or JSON', async () => {
      const [head, ...rows] = parseCsv(await said('--export', 'csv'));
      assert.deepEqual([head?.[0], rows.length], ['kind', 3]);
      assert.equal((JSON.parse(await said('--export', 'json')) as unknown[]).length, 3);
    });

    it('writes a file, and says where', async () => {
      const out = bench.file('calls.csv');
      assert.match(await said('--export', 'csv', '--out', out), /exported to .*calls\.csv/);
      assert.equal(await readFile(out, 'utf8'), await said('--export', 'csv'));
      assert.match(await refused('--export', 'csv', '--out', bench.file('no/such/folder.csv')), /no such folder/);
      const inside = path.join(fixture.folder, 'ledger.1.jsonl');
      assert.match(await refused('--export', 'csv', '--out', inside), /in the folder of the ledger/);
    });

    it('ends quietly where its reader has read enough', async () => {
      const { stdout, stderr } = await bench.shell(`$CLI ledger --ledger ${fixture.folder} --export csv | head -n 1`);
      assert.match(stdout, /^kind,time,/);
      assert.equal(stderr, '');
    });

    it('is an empty array where nothing was spent', async () => {
      const { stdout } = await bench.run(['ledger', '--ledger', bench.file('empty'), '--export', 'json']);
      assert.deepEqual(JSON.parse(stdout), []);
    });
  });

  describe('--clear', () => {
    const unconfirmed = async (): Promise<string> =>
      (parsed(await said('--json'))['unconfirmed'] as { readonly id: string }[])[0]?.id ?? '';

    it("books a call at the provider's own figure, and says before and after", async () => {
      const text = (await said('--clear', (await unconfirmed()).slice(0, 8), '--billed', '0.0003')).replace(
        /\s+/g,
        ' ',
      );
      assert.match(text, /^Cleared: the call to strong as critic of 2026-11-20 12:00:02, for median\./);
      assert.match(text, /Before: \$0\.002, all of it unconfirmed\. Now: \$0\.0003, confirmed by your account\./);
      const report = await said('--json');
      assert.deepEqual([amounts(report, 'costUsd')[0], amounts(report, 'unconfirmedUsd')[0]], ['0.00460003', '0']);
    });

    it('says when the figure is above what was reserved', async () => {
      assert.match(await said('--clear', await unconfirmed(), '--billed', '3'), /more than the \$0\.002 that were/);
    });

    it('is refused for ids that are unknown, confirmed or awaited, and changes nothing', async () => {
      const calls = JSON.parse(await said('--export', 'json')) as { readonly id: string }[];
      const again = await aLedgerWithOpenCall();
      const before = await content();
      assert.match(await refused('--clear', 'zzz', '--billed', '1'), /No call on the ledger has an id .* 'zzz'/);
      assert.match(await refused('--clear', calls[0]?.id ?? '', '--billed', '1'), /is not unconfirmed/);
      const { code, stderr } = await bench.run([
        ...['ledger', '--ledger', again.fixture.folder, '--clear', again.id, '--billed', '1'],
      ]);
      assert.equal(code, EXIT.usage);
      assert.match(stderr, /is still awaited\. It can be cleared from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d on\./);
      assert.deepEqual(await content(), before);
      await again.fixture.remove();
    });
  });

  it('--forget forgets what was learned of a model, and says so where there was nothing', async () => {
    assert.match(await said('--forget', 'cheap'), /^What was learned of cheap is forgotten/);
    assert.doesNotMatch(await said(), /ignored its limit/);
    assert.match(await refused('--forget', 'cheap'), /Nothing was learned of 'cheap'\./);
    assert.match(await refused('--forget', 'strang'), /Did you mean strong\?/);
  });

  it('--repair says of a whole ledger that there is nothing to repair, and changes nothing', async () => {
    const before = await content();
    assert.match(await said('--repair', '--assume', '1'), /is not damaged: there is nothing to repair/);
    assert.deepEqual(await content(), before);
  });

  describe('where it is damaged', () => {
    let server: DemoServer;
    before(async function () {
      server = await startDemoServer(SAMPLES, 0);
      await bench.write('wrong.py', 'x = 1\n');
      const { code, stderr } = await bench.run(['check', '--task', 'balanced-brackets.json', '--code', 'wrong.py']);
      if (code === EXIT.noSandbox && process.env['CI'] !== 'true') {
        console.log(`      skipped: ${stderr.trim()}`);
        this.skip();
      }
    });
    after(() => server.close());

    const solve = (id: string): Promise<Ended> =>
      bench.run([
        ...['solve', '--task', `${id}.json`, '--budget', '0.002', '--json', '--models', 'models.json'],
        ...['--base-url', server.baseUrl, '--ledger', 'damaged'],
      ]);
    const report = (...args: readonly string[]): Promise<Ended> =>
      bench.run(['ledger', '--ledger', 'damaged', ...args]);

    it('nothing is spent until the user has set it aside, and all that can be read still counts', async () => {
      const spent = [await solve('merge-intervals'), await solve('roman-numerals')];
      assert.deepEqual(
        spent.map(({ code }) => code),
        [EXIT.ok, EXIT.ok],
      );
      const costs = spent.map(({ stdout }) => usd(amounts(stdout, 'costUsd')[0] ?? ''));
      const whole = parseCsv((await report('--export', 'csv')).stdout).slice(1);

      const file = bench.file('damaged/ledger.1.jsonl');
      const lines = (await readFile(file, 'utf8')).split('\n');
      const settled = lines.findIndex((line) => line.startsWith('{"type":"settle"'));
      assert.ok(settled > 0 && settled < lines.length / 2);
      const hurt = Buffer.from(lines.join('\n'));
      const at = Buffer.byteLength(lines.slice(0, settled).join('\n')) + 60;
      hurt.writeUInt8(hurt.readUInt8(at) ^ 1, at);
      await writeFile(file, hurt);

      for (const { code, stdout, stderr } of [
        await solve('top-words'),
        await bench.run([
          ...[
            'batch',
            '--tasks',
            'top-words.json',
            '--budget',
            '0.002',
            '--out',
            'out.jsonl',
            '--models',
            'models.json',
          ],
          ...['--base-url', server.baseUrl, '--ledger', 'damaged'],
        ]),
      ]) {
        assert.deepEqual([code, stdout], [EXIT.usage, '']);
        assert.match(stderr, new RegExp(`is damaged in line ${settled + 1}: .*Nothing is spent`));
        assert.match(stderr, /Run solvent ledger --repair --ledger \/\S*damaged to set it aside and go on\.$/m);
      }
      assert.deepEqual(await readFile(file), hurt, 'nothing of it was changed');

      const shown = await report();
      assert.equal(shown.code, EXIT.ok);
      assert.match(shown.stdout, /^damaged\n/m);
      assert.match(shown.stdout, /solvent ledger --repair/);
      assert.match(shown.stdout, /^1 line of the ledger cannot be read/m);
      const json = parsed((await report('--json')).stdout);
      assert.match(String(json['damage']), /is damaged in line/);
      assert.equal((json['unreadable'] as unknown[]).length, 1);
      const exported = await report('--export', 'csv');
      assert.match(exported.stderr, /^solvent: 1 line of the ledger cannot be read: missing in the export\.$/m);

      const repaired = await report('--repair', '--assume', '0.0001');
      assert.equal(repaired.code, EXIT.ok, repaired.stderr);
      assert.match(repaired.stdout, new RegExp(`Line ${settled + 1} cannot be read`));
      assert.match(repaired.stdout.replace(/\s+/g, ' '), /is kept as \S+ledger\.1\.damaged\.jsonl/);
      assert.deepEqual(
        await readFile(bench.file('damaged/ledger.1.damaged.jsonl')).then((b) => b.includes(hurt)),
        true,
      );

      const after = await solve('top-words');
      assert.equal(after.code, EXIT.ok, after.stderr);
      costs.push(usd(amounts(after.stdout, 'costUsd')[0] ?? ''), usd('0.0001'));
      // The call whose end cannot be read counts at its worst case, which is what it had reserved.
      const lost = whole.find((row) => row.includes(/"id":"([^"]+)"/.exec(lines[settled] ?? '')?.[1] ?? 'none'));
      assert.ok(lost);
      const [reserved, cost] = [usd(lost[17] ?? ''), usd(lost[18] ?? '')];
      const expected = add(ZERO, ...costs, reserved) - cost;
      const { stdout } = await report('--json');
      assert.equal(amounts(stdout, 'costUsd')[0], toDecimal(expected as typeof ZERO));
      assert.equal(parsed(stdout)['damage'], undefined);
      assert.match((await report('--repair')).stdout, /nothing to repair/);
    });
  });
});

async function aLedgerWithOpenCall(): Promise<{ readonly fixture: LedgerFixture; readonly id: string }> {
  const fixture = await aLedger();
  fixture.now = Date.now();
  const id = await fixture.call('open', 'cheap', 'executor', undefined);
  return { fixture, id };
}
