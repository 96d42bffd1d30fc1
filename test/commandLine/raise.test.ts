import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from '../../src/cli/exitCode';
import { type ScriptedModels, startScriptedModels } from '../vscode/scripted/models';
import { MEDIAN_BUDGET, MEDIAN_STUB } from '../vscode/scripted/samples';
import { decimalUsd } from '../servers/bill';
import { Bench, ensureBuilt } from './commandLine';
import { Pty } from './pty';

const TASK = {
  ...{ id: 'median', language: 'python', prompt: MEDIAN_STUB, entryPoint: 'median' },
  tests: ['assert median([3, 1, 2]) == 2', 'assert median([7]) == 7', 'assert median([4, 1, 3, 2]) == 2.5'],
};
const BUDGET = String(MEDIAN_BUDGET);
const PROMPT = '[Enter stops]';

describe('an exhausted budget, on a terminal', function () {
  this.timeout(120_000);
  let bench: Bench;
  let models: ScriptedModels;
  let count = 0;
  let ledger: string;
  let start: number;

  before(async function () {
    await ensureBuilt();
    bench = await Bench.create();
    models = await startScriptedModels();
    await bench.write('median.json', JSON.stringify(TASK));
    const { code, stderr } = await bench.run(['check', '--task', 'median.json', '--code', 'median.json']);
    if (code === EXIT.noSandbox && process.env['CI'] !== 'true') {
      console.log(`      skipped: ${stderr.trim()}`);
      this.skip();
    }
  });
  after(async () => {
    await Promise.all([models.stop(), rm(bench.folder, { recursive: true, force: true })]);
  });
  beforeEach(() => {
    ledger = `ledger${++count}`;
    start = models.calls.length;
  });

  const args = (...more: readonly string[]): string[] => [
    ...['solve', '--task', 'median.json', '--budget', BUDGET, '--models', 'models.json'],
    ...['--base-url', models.baseUrl, '--ledger', ledger, '--topology', 'linear', '--mode', 'frugal', ...more],
  ];
  const bill = (): bigint => models.calls.slice(start).reduce((sum, { billed }) => sum + billed, 0n);
  const asked = (): string[] => models.calls.slice(start).map(({ model }) => model);
  /** What the ledger says was spent, to the last digit. */
  const booked = async (): Promise<string> => {
    const { stdout } = await bench.run(['ledger', '--json', '--ledger', ledger]);
    return /"total":\{[^}]*"costUsd":([\d.]+)/.exec(stdout)?.[1] ?? '';
  };

  it('is asked about once, with the reason, and a raise goes on with the same run and pays nothing twice', async () => {
    const terminal = new Pty(bench, args());
    await terminal.see(`A call to demo-cheap as executor can cost`);
    await terminal.see(`The budget of $${BUDGET} is exhausted, 2 of 3 tests pass.`);
    await terminal.see('1  Raise by $0.0000');
    await terminal.see('2  Double the budget to $0.00024');
    await terminal.see(PROMPT);
    const paid = models.calls.length;
    await pause(300);
    assert.equal(models.calls.length, paid, 'nothing is spent until there is an answer');
    terminal.type('0.002\n');
    await terminal.see(`The budget was raised from $${BUDGET} to $0.002.`);
    assert.equal(await terminal.end(), EXIT.ok, terminal.text);
    assert.match(terminal.text, /✓ Solved: 3 of 3 tests pass/);
    assert.deepEqual([asked()[0], asked().at(-1)], ['demo-cheap', 'demo-strong']);
    assert.equal(asked().filter((model) => model === 'demo-strong').length, 1);
    assert.equal(terminal.text.split(PROMPT).length, 2, 'one question');
    assert.equal(await booked(), decimalUsd(bill()));
    const { stdout } = await bench.run(['ledger', '--json', '--ledger', ledger]);
    const [run, ...others] = (JSON.parse(stdout) as { runs: { run: string }[] }).runs;
    assert.ok(run !== undefined && others.length === 0, 'one run');
    const receipt = await bench.run(['ledger', '--run', run.run, '--json', '--ledger', ledger]);
    const { budgetsUsd, status } = JSON.parse(receipt.stdout) as Record<string, unknown>;
    assert.deepEqual([budgetsUsd, status], [[MEDIAN_BUDGET, 0.002], 'solved'], 'the raise is on the ledger');
  });

  it('takes the number of a choice, and says what is wrong with an answer until it is right', async () => {
    const terminal = new Pty(bench, args());
    await terminal.see(PROMPT);
    terminal.type('7\n');
    await terminal.see('There is no choice 7.');
    await terminal.see(PROMPT);
    terminal.type('0.00012\n');
    await terminal.see('The next call needs a budget of at least $0.0001');
    await terminal.see(PROMPT);
    terminal.type('much\n');
    await terminal.see('is not an amount of USD');
    await terminal.see(PROMPT);
    terminal.type('2\n');
    await terminal.see('The budget was raised from $0.00012 to $0.00024.');
    await terminal.end();
  });

  for (const [name, typed, exit] of [
    ['Enter', '\n', EXIT.notSolved],
    ['the end of the input', '\u0004', EXIT.notSolved],
    ['Ctrl+C', '\u0003', EXIT.interrupted],
  ] as const) {
    it(`stops with the best answer so far on ${name}`, async () => {
      const terminal = new Pty(bench, args());
      await terminal.see(PROMPT);
      const paid = models.calls.length;
      terminal.type(typed);
      await terminal.see('Budget exhausted: 2 of 3 tests pass');
      assert.equal(await terminal.end(), exit, terminal.text);
      assert.equal(models.calls.length, paid);
      assert.match(terminal.text, /^def median/m);
      assert.equal(await booked(), decimalUsd(bill()));
    });
  }

  it('takes no key for its answer that was typed before it asked', async () => {
    const hold = models.hold();
    const terminal = new Pty(bench, args());
    await hold.reached;
    terminal.type('\n\n');
    hold.release();
    await terminal.see(PROMPT);
    await pause(500);
    terminal.type('$0.002\n');
    assert.equal(await terminal.end(), EXIT.ok, terminal.text);
  });

  it('is not asked about where a wider cap is in the way: the end names it', async () => {
    const terminal = new Pty(bench, args('--per-day', '0.0001'));
    await terminal.see('Cap');
    await terminal.see('Your cap for today leaves $0.0001.');
    await terminal.see('Stopped by a cap');
    assert.equal(await terminal.end(), EXIT.notSolved);
    assert.ok(!terminal.text.includes(PROMPT));
    assert.match(terminal.text.replace(/\s+/g, ' '), /your cap for today has \$0\.0000\d+ left.* would admit it/);
  });

  it('offers no more than a wider cap leaves, and says which', async () => {
    const terminal = new Pty(bench, args('--per-month', '0.0002'));
    await terminal.see('Your cap for this month leaves');
    await terminal.see('to $0.0002, no more: your cap for this month leaves');
    await terminal.see(PROMPT);
    terminal.type('0.01\n');
    await terminal.see('The budget may be at most $0.0002.');
    await terminal.see(PROMPT);
    terminal.type('\n');
    assert.equal(await terminal.end(), EXIT.notSolved);
  });

  it('is not asked about without a terminal, nor with --json', async () => {
    const { code, stdout } = await bench.run(args(), {}, '0.002\n');
    assert.equal(code, EXIT.notSolved);
    assert.doesNotMatch(stdout, /Enter stops/);
    const terminal = new Pty(bench, args('--json'));
    assert.equal(await terminal.end(), EXIT.notSolved);
    assert.ok(!terminal.text.includes(PROMPT));
    assert.match(terminal.text, /"status":"exhausted"/);
  });
});
