import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../src/cli/exitCode';
import { PYTHON_COMMAND, PYTHON_PROJECT } from '../vscode/scripted/project';
import { MODEL_LIST, type ScriptedModels, startScriptedModels } from '../vscode/scripted/models';
import { Bench, type Ended, ensureBuilt } from './commandLine';

const RIGHT = `def to_roman(number: int) -> str:
    values = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
              (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    text = ""
    for value, sign in values:
        while number >= value:
            text += sign
            number -= value
    return text
`;
const WRONG = 'def to_roman(number: int) -> str:\n    return "I" * number\n';

describe("the command line with a project's own tests", function () {
  this.timeout(180_000);
  let bench: Bench;
  let models: ScriptedModels;

  before(async function () {
    await ensureBuilt();
    bench = await Bench.create();
    models = await startScriptedModels();
    await bench.write('models.json', JSON.stringify(MODEL_LIST));
    await bench.write('right.py', RIGHT);
    await bench.write('wrong.py', WRONG);
    const { code, stderr } = await bench.run(['check', ...(await named()), '--code', 'right.py']);
    if (code === EXIT.noSandbox && process.env['CI'] !== 'true') {
      console.log(`      skipped: ${stderr.trim()}`);
      this.skip();
    }
  });
  after(async () => {
    await Promise.all([models.stop(), rm(bench.folder, { recursive: true, force: true })]);
  });

  /** A project on disk, as a fresh folder. */
  async function project(files: Readonly<Record<string, string>> = PYTHON_PROJECT): Promise<string> {
    const folder = await mkdtemp(bench.file('project-'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    return folder;
  }

  /** The options for a fresh project whose stub is named. */
  async function named(folder?: string): Promise<string[]> {
    const where = ['--project', folder ?? (await project()), '--file', 'numerals.py', '--name', 'to_roman'];
    return [...where, '--test-command', PYTHON_COMMAND];
  }

  const spending = (): string[] => [
    ...['--budget', '0.01', '--models', 'models.json', '--base-url', models.baseUrl, '--ledger', 'ledger'],
  ];
  const parsed = ({ stdout }: Ended): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;
  const numerals = (folder: string): Promise<string> => readFile(path.join(folder, 'numerals.py'), 'utf8');

  it('solves what a file leaves open by the tests that fail, and leaves the file as it was', async () => {
    const folder = await project();
    const ended = await bench.run(['solve', ...(await named(folder)), '--json', ...spending()]);
    assert.equal(ended.code, EXIT.ok, ended.stderr);
    const result = parsed(ended);
    assert.equal(result['status'], 'solved');
    assert.equal(result['id'], 'numerals.py:to_roman');
    assert.deepEqual(result['verdict'], { passed: 3, total: 3, ran: true });
    assert.deepEqual(result['project'], {
      ...{ folder, file: 'numerals.py', command: PYTHON_COMMAND, before: '3 tests: 1 pass, 2 fail', applied: false },
    });
    assert.equal(await numerals(folder), PYTHON_PROJECT['numerals.py']);
    assert.deepEqual((await readdir(folder)).sort(), ['numerals.py', 'tests']);
  });

  it('writes a solved answer to its place with --apply, and says what the proof is worth', async () => {
    const folder = await project();
    const { code, stdout, stderr } = await bench.run(['solve', ...(await named(folder)), '--apply', ...spending()]);
    assert.equal(code, EXIT.ok, stderr);
    for (const said of [
      /^Proof +the project's own tests: python3 -m unittest discover -s tests$/m,
      /^Before +3 tests: 1 pass, 2 fail/m,
      /^ +✗ .*test_fours/m,
      /^File +numerals\.py: the answer is written to it$/m,
      /^Note +Proven by the project's own tests/m,
    ]) {
      assert.match(stdout, said);
    }
    const text = await numerals(folder);
    assert.match(text, /^"""Numerals for a clock face\."""$/m);
    assert.match(text, /^def is_numeral/m);
    assert.doesNotMatch(text, /NotImplementedError/);
    const again = await bench.run(['solve', ...(await named(folder)), '--apply', ...spending()]);
    assert.equal(again.code, EXIT.usage);
    assert.match(again.stderr, /All of the project's tests pass already.*Nothing was spent\.$/m);
  });

  it('takes what is asked from a task file, whose entry point names the place', async () => {
    const folder = await project();
    const task = {
      id: 'clock',
      language: 'python',
      prompt: PYTHON_PROJECT['numerals.py'],
      entryPoint: 'to_roman',
      tests: [],
    };
    await bench.write('clock.json', JSON.stringify(task));
    const where = ['--project', folder, '--file', path.join(folder, 'numerals.py'), '--test-command', PYTHON_COMMAND];
    const solved = await bench.run(['solve', '--task', 'clock.json', ...where, '--json', ...spending()]);
    assert.equal(solved.code, EXIT.ok, solved.stderr);
    assert.equal(parsed(solved)['id'], 'clock');
  });

  it('plans for the tests that have to pass, and asks no model', async () => {
    const before = models.calls.length;
    const ended = await bench.run([
      'plan',
      ...(await named()),
      '--json',
      '--budget',
      '0.01',
      '--models',
      'models.json',
    ]);
    assert.equal(ended.code, EXIT.ok, ended.stderr);
    const plan = parsed(ended);
    assert.equal(plan['feasible'], true);
    assert.equal((plan['project'] as Record<string, unknown>)['before'], '3 tests: 1 pass, 2 fail');
    assert.equal(models.calls.length, before);
  });

  it('checks a file of code in its place, by the tests that failed and those that passed', async () => {
    const right = await bench.run(['check', ...(await named()), '--code', 'right.py', '--json']);
    assert.equal(right.code, EXIT.ok, right.stderr);
    const verdict = parsed(right);
    assert.deepEqual([verdict['passed'], verdict['total'], verdict['sandbox']], [3, 3, 'os']);
    const wrong = await bench.run(['check', ...(await named()), '--code', 'wrong.py', '--json']);
    assert.equal(wrong.code, EXIT.notSolved);
    const { passed, total } = parsed(wrong);
    assert.deepEqual([passed, total], [1, 3]);
  });

  it('finds a method of a class in a git repository of JavaScript, and keeps marks and line ends of its file', async () => {
    const account = [
      'class Account {',
      '  constructor() { this.total = 0 }',
      '  add(amount) {',
      "    throw new Error('not written yet')",
      '  }',
      '}',
      'class Other {',
      '  add(amount) { return amount }',
      '}',
      'module.exports = { Account, Other }',
      '',
    ].join('\r\n');
    const tests =
      "const test = require('node:test');\nconst assert = require('node:assert');\nconst { Account, Other } = require('./account.js');\n" +
      "test('adds', () => { const a = new Account(); a.add(2); a.add(3); assert.equal(a.total, 5) });\n" +
      "test('others', () => { assert.equal(new Other().add(2), 2) });\n";
    const folder = await project({ 'account.js': `\uFEFF${account}`, 'account.test.js': tests, '.gitignore': 'out\n' });
    const git = await bench.shell(`git -C '${folder}' init -q && git -C '${folder}' add . && echo done`);
    assert.equal(git.stdout, 'done\n', git.stderr);
    await bench.write('method.js', 'add(amount) {\n  this.total += amount\n}\n');
    const at = ['--project', folder, '--file', 'account.js', '--test-command', 'node --test'];
    const { code, stdout, stderr } = await bench.run(['check', ...at, '--name', 'Account.add', '--code', 'method.js']);
    assert.equal(code, EXIT.ok, stdout + stderr);
    assert.match(stdout, /^Before +2 tests: 1 pass, 1 fail/m);
    assert.match(stdout, /✓ 2 of 2 tests passed/);
    assert.equal(await readFile(path.join(folder, 'account.js'), 'utf8'), `\uFEFF${account}`);
    const vague = await bench.run(['check', ...at, '--name', 'add', '--code', 'method.js']);
    assert.match(vague.stderr, /defines add 2 times/);
  });

  it('lets a test fail that fails for a reason of its own, where that is said', async () => {
    const online = `import unittest\n\nclass Online(unittest.TestCase):\n    def test_online(self):\n        self.fail("no network")\n`;
    const folder = await project({ ...PYTHON_PROJECT, 'tests/test_online.py': online });
    const args = ['check', ...(await named(folder)), '--code', 'right.py', '--json'];
    const strict = await bench.run(args);
    assert.equal(strict.code, EXIT.notSolved);
    const failing =
      (parsed(strict)['tests'] as { name: string; ok: boolean }[])
        .map(({ name }) => name)
        .find((name) => name.includes('test_online')) ?? '';
    assert.notEqual(failing, '');
    const lenient = await bench.run([...args, '--tolerate', failing]);
    assert.equal(lenient.code, EXIT.ok, lenient.stderr);
    const unknown = await bench.run([...args, '--tolerate', 'test_other']);
    assert.equal(unknown.code, EXIT.usage);
    assert.match(unknown.stderr, /no test of that name fails now\. These do: .*test_online/);
  });

  it('proposes commands where none is named, runs none of them, and takes the first with --yes', async () => {
    const folder = await project();
    const args = ['check', '--project', folder, '--file', 'numerals.py', '--name', 'to_roman', '--code', 'right.py'];
    const asked = await bench.run(args);
    assert.equal(asked.code, EXIT.usage);
    assert.equal(asked.stdout, '');
    assert.ok(asked.stderr.includes(`--test-command '${PYTHON_COMMAND}'`), asked.stderr);
    assert.match(asked.stderr, /name it with --test-command, or take the first with --yes/);
    const taken = await bench.run([...args, '--yes', '--json']);
    assert.equal(taken.code, EXIT.ok, taken.stderr);
    assert.equal((parsed(taken)['project'] as Record<string, unknown>)['command'], PYTHON_COMMAND);
  });

  it('spends nothing where the tests prove nothing, and says why', async () => {
    const before = models.calls.length;
    const refused = async (command: string, said: RegExp, files = PYTHON_PROJECT): Promise<void> => {
      const where = ['--project', await project(files), '--file', 'numerals.py', '--name', 'to_roman'];
      const { code, stdout, stderr } = await bench.run([
        ...['solve', ...where, '--test-command', command, '--json', ...spending()],
      ]);
      assert.equal(code, EXIT.usage, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, said);
    };
    await refused('true', /All of the project's tests pass already/);
    await refused('no-such-runner tests', /no-such-runner/);
    await refused('python3 -m unittest discover -s "tests', /has a " that does not close/);
    await refused('python3 -m unittest ${nothing}', /\$\{nothing\}, which does not exist/);
    assert.equal(models.calls.length, before);
  });

  it('refuses what is no place in the project, with exit 2', async () => {
    const folder = await project({
      ...PYTHON_PROJECT,
      'notes.txt': 'x',
      'twice.py': 'class A:\n    def f(self): pass\nclass B:\n    def f(self): pass\n',
    });
    await symlink(bench.file('right.py'), path.join(folder, 'link.py'));
    const refused = async (options: readonly string[], said: RegExp): Promise<void> => {
      const { code, stderr } = await bench.run(['check', '--code', 'right.py', ...options]);
      assert.equal(code, EXIT.usage, stderr);
      assert.match(stderr, said);
    };
    const at = (file: string, name = 'to_roman'): string[] => [
      '--project',
      folder,
      '--file',
      file,
      '--name',
      name,
      '--yes',
    ];
    await refused(at('nothing.py'), /nothing\.py cannot be read .*there is no such file/);
    await refused(at('../right.py'), /is not in the project/);
    await refused(at('link.py'), /is not in the project/);
    await refused(at('notes.txt'), /in none of the languages/);
    await refused(at('numerals.py', 'to_greek'), /numerals\.py defines no to_greek/);
    await refused(at('twice.py', 'f'), /defines f 2 times\. Name it with its class/);
    await refused(['--project', bench.file('nowhere'), '--file', 'a.py', '--name', 'f'], /nowhere cannot be read/);
    await refused(['--project', folder, '--name', 'f'], /--project needs --file/);
    await refused(['--project', folder, '--file', 'numerals.py'], /--name NAME, or a task/);
    await refused(['--file', 'numerals.py', '--task', 'models.json'], /--file is for --project/);
    await refused([...at('numerals.py'), '--sandbox', 'wasm'], /need the system's sandbox/);
    const { code, stderr } = await bench.run(['solve', '--apply', '--task', 'clock.json', '--budget', '1']);
    assert.equal(code, EXIT.usage);
    assert.match(stderr, /--apply is for --project/);
  });

  it('exits 4 where there is no sandbox for it, and runs nothing', async () => {
    const { code, stderr } = await bench.run(['check', ...(await named()), '--code', 'right.py'], {
      PATH: bench.folder,
    });
    assert.equal(code, EXIT.noSandbox, stderr);
    assert.match(stderr, /bwrap|bubblewrap|python3/);
  });
});
