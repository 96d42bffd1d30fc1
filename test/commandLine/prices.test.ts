import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../src/cli/exitCode';
import { bundledCatalogue } from '../../src/core/catalogue/bundled';
import { parseModelList } from '../../src/core/catalogue/modelList';
import { perToken } from '../../src/core/money';
import { type FaultServer, silence, startFaultServer, status } from '../servers/faultServer';
import { changedEntry, modelsDevAnswer } from '../servers/modelsDev';
import { Bench, ended, ensureBuilt } from './commandLine';

describe('prices, by the built command line', function () {
  this.timeout(120_000);
  let bench: Bench;
  let server: FaultServer;

  before(async () => {
    await ensureBuilt();
    bench = await Bench.create();
    server = await startFaultServer();
  });
  after(async () => {
    await Promise.all([server.stop(), rm(bench.folder, { recursive: true, force: true })]);
  });

  /** A folder of the user's data that no other test has. */
  let count = 0;
  let env: Readonly<Record<string, string>>;
  let file: string;
  beforeEach(async () => {
    const data = bench.file(`data${++count}`);
    await mkdir(data);
    env = { XDG_DATA_HOME: data };
    file = path.join(data, 'solvent', 'prices.json');
  });

  const prices = (...args: readonly string[]) => bench.run(['prices', ...args], env);
  const refresh = (...args: readonly string[]) => prices('--refresh', '--from', `${server.baseUrl}/api.json`, ...args);
  const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
  const cheaper = status(
    200,
    modelsDevAnswer({
      'gpt-4o': changedEntry('gpt-4o', { input: 2 }),
      'gpt-4.1': changedEntry('gpt-4.1', { input: 0, output: 7 }),
      'codestral-latest': undefined,
    }),
  );

  it('are shown as a table with their day and source, without network', async () => {
    const { code, stdout, stderr } = await prices();
    assert.deepEqual([code, stderr], [EXIT.ok, '']);
    assert.match(stdout, /^Prices as of 2026-07-01 \(bundled\), in USD per million tokens\.\nSource: models\.dev/);
    for (const { id } of bundledCatalogue().models) assert.match(stdout, new RegExp(`^${id} +\\$\\d`, 'm'));
  });

  it('come with --json as a list that --models takes', async () => {
    const { code, stdout } = await prices('--json');
    assert.equal(code, EXIT.ok);
    assert.deepEqual(parseModelList(stdout, 'x').models, bundledCatalogue().models);
    assert.deepEqual([parsed(stdout)['origin'], parsed(stdout)['file']], ['bundled', file]);
  });

  it('are refreshed after what changed was shown, and then used by plans', async () => {
    server.script(cheaper);
    const { code, stdout, stderr } = await refresh();
    assert.deepEqual([code, stderr], [EXIT.ok, '']);
    const [first = '', second = '', third = ''] = stdout.split('\n').slice(3);
    assert.match(first, /^gpt-4\.1 +input +\$2\.00 +→ +\$0\.00 +× 0 +unusual$/);
    assert.match(second, /^gpt-4\.1 +output +\$8\.00 +→ +\$7\.00 +× 0\.875$/);
    assert.match(third, /^gpt-4o +input +\$2\.50 +→ +\$2\.00 +× 0\.8$/);
    assert.match(stdout, /codestral-latest is not listed there: it keeps its price\./);
    assert.ok(stdout.replace(/\n/g, ' ').includes(file));
    assert.match(stdout, /What is on the ledger keeps its cost\./);

    const stored = parseModelList(await readFile(file, 'utf8'), file);
    assert.equal(stored.models.find(({ id }) => id === 'gpt-4o')?.price.input, perToken(2));
    const shown = parsed((await prices('--json')).stdout);
    assert.deepEqual([shown['origin'], shown['asOf']], ['refreshed', new Date().toISOString().slice(0, 10)]);

    const plan = async (): Promise<unknown> => {
      const args = ['plan', '--task', 'top-words.json', '--budget', '0.02', '--json'];
      const { stdout: text } = await bench.run(args, { ...env, OPENAI_API_KEY: 'k' });
      return parsed(text)['expectedCostUsd'];
    };
    const refreshed = await plan();
    await rm(file);
    assert.notEqual(refreshed, await plan(), 'deleting the file brings the bundled prices back');
  });

  it('tell changes as JSON, and that there are none', async () => {
    server.script(cheaper, cheaper);
    const first = parsed((await refresh('--json')).stdout);
    assert.deepEqual((first['changes'] as object[])[2], {
      ...{ model: 'gpt-4o', kind: 'input', beforeUsdPerMTok: 2.5, afterUsdPerMTok: 2, factor: 0.8, unusual: false },
    });
    assert.deepEqual(first['notes'], ['codestral-latest is not listed there: it keeps its price.']);
    const again = await refresh();
    assert.equal(again.code, EXIT.ok);
    assert.match(again.stdout, /^No price changed\.$/m);
  });

  it('stay as they were where the refresh comes to nothing, which exits 2 and says what to do', async () => {
    for (const reply of [
      status(503),
      status(200, '{"half": '),
      status(302, '', { location: 'https://evil.example/' }),
    ]) {
      server.script(reply);
      const { code, stdout, stderr } = await refresh();
      assert.deepEqual([code, stdout], [EXIT.usage, '']);
      assert.match(stderr, /^solvent: .+ The prices as of 2026-07-01 stay in use\.\n$/);
    }
    await assert.rejects(readFile(file));
  });

  it('exit 2 where they cannot be stored, after they were shown', async () => {
    await mkdir(file, { recursive: true });
    server.script(cheaper);
    const { code, stdout, stderr } = await refresh();
    assert.equal(code, EXIT.usage);
    assert.match(stdout, /gpt-4o +input/);
    assert.doesNotMatch(stdout, /hold from now on/);
    assert.match(stderr, /cannot be stored, and the old ones stay in use/);
  });

  it('touch nothing but their own file: what is on the ledger keeps its cost', async () => {
    await mkdir(path.dirname(file), { recursive: true });
    const ledger = path.join(path.dirname(file), 'ledger.jsonl');
    await writeFile(ledger, '{"kept": true}\n');
    server.script(cheaper);
    assert.equal((await refresh()).code, EXIT.ok);
    assert.deepEqual((await readdir(path.dirname(file))).sort(), ['ledger.jsonl', 'prices.json']);
    assert.equal(await readFile(ledger, 'utf8'), '{"kept": true}\n');
  });

  it('can be given up with SIGINT while they are fetched, and nothing is stored', async () => {
    server.script(silence);
    const child = bench.start(['prices', '--refresh', '--from', `${server.baseUrl}/api.json`], env);
    const asked = server.received.length;
    const end = ended(child);
    while (server.received.length === asked) await new Promise((go) => setTimeout(go, 20));
    child.kill('SIGINT');
    assert.equal((await end).code, EXIT.interrupted);
    await assert.rejects(readFile(file));
  });

  it('are the bundled ones where the refreshed ones are damaged, and plans say so', async () => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '{"asOf": "2026-11-21", "mod');
    const { code, stdout } = await prices();
    assert.equal(code, EXIT.ok);
    assert.match(stdout, /prices\.json is not JSON/);
    const { stdout: planned } = await bench.run(['plan', '--task', 'top-words.json', '--budget', '1', '--json'], env);
    assert.match((parsed(planned)['explanation'] as string[]).at(-1) ?? '', /prices\.json is not JSON.*bundled prices/);
    assert.equal(await readFile(file, 'utf8'), '{"asOf": "2026-11-21", "mod');
  });

  it('that are over leave a model out of the plan, and exit 2 where none is left', async () => {
    const entry = { tier: 1, inputUsdPerMTok: 1, outputUsdPerMTok: 2, contextWindow: 8192, maxOutputTokens: 4096 };
    const over = { ...entry, id: 'promotion', priceValidUntil: '2020-06-30' };
    const plan = async (...models: readonly object[]) => {
      const list = await bench.write('over.json', JSON.stringify({ asOf: '2020-01-01', models }));
      return bench.run(['plan', '--task', 'top-words.json', '--budget', '1', '--json', '--models', list], env);
    };
    const { code, stdout } = await plan(over, { ...entry, id: 'plain' });
    assert.equal(code, EXIT.ok);
    const [left, age] = (parsed(stdout)['explanation'] as string[]).slice(-2);
    assert.equal(left, "Left out: promotion's price was valid until 2020-06-30; update the model list.");
    assert.match(age!, /^Prices are as of 2020-01-01, \d+ months old: update the model list\.$/);
    const none = await plan(over);
    assert.equal(none.code, EXIT.usage);
    assert.match(none.stderr, /No model has a price that is valid today.*update the model list/);
    const bad = await plan({ ...over, priceValidUntil: 'June' });
    assert.deepEqual(
      [bad.code, bad.stderr.includes("model 1 ('promotion'): 'priceValidUntil' must be a day")],
      [EXIT.usage, true],
    );
  });
});
