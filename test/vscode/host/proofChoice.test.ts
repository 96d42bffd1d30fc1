import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { userCacheFolder } from '../../../src/core/userData';
import { ProofChoice, type ProofTools } from '../../../src/vscode/proofChoice';
import { ProjectTests } from '../../../src/vscode/projectTests';
import { askQuestion, type Question } from '../../../src/vscode/question';
import { Settings } from '../../../src/vscode/settings';
import { TestCommandMemory } from '../../../src/vscode/testCommandMemory';
import { TestExplorer } from '../../../src/vscode/testExplorer';
import { openRecord } from '../../../src/report/record';
import { usd } from '../../../src/core/money';
import { memento } from '../../support/memento';
import { PYTHON_COMMAND, PYTHON_PROJECT } from '../scripted/project';
import { ROMAN_SOLVED } from '../scripted/samples';
import { eventually } from '../ui/eventually';
import { showFile, workspaceUri } from './solvent';
import { readableController } from './testRuns';

const SCRATCH = join(userCacheFolder({ platform: process.platform, env: process.env, home: homedir() }), 'projects');
const RIGHT = ROMAN_SOLVED;
const WRONG = 'def to_roman(number):\n    return "I" * number\n';
const JS_STUB = `/** Twice x. */
function twice(x) {
  throw new Error('to be written');
}

module.exports = { twice };
`;
const SETTINGS_FILE = '.vscode/settings.json';
/** What these tests put into the workspace, all of it. */
const MADE = ['numerals.py', 'tests', 'package.json', 'twice.js', 'twice.test.js', '.vscode', 'rates.py'];

describe('Whose tests decide, in the extension host', function () {
  this.timeout(90_000);
  const folder = (): string => workspaceUri().toString();
  let memory: TestCommandMemory;
  let projectTests: ProjectTests;
  let told: string[];
  let tools: ProofTools;

  beforeEach(async () => {
    const settings = new Settings();
    memory = new TestCommandMemory(memento());
    projectTests = new ProjectTests(settings, memory);
    told = [];
    const terminal = { write: (lines: readonly string[]) => told.push(...lines), show: () => undefined };
    tools = { settings, memory, projectTests, terminal, platform: process.platform };
    for (const [name, text] of Object.entries(PYTHON_PROJECT)) await write(name, text);
  });

  afterEach(async () => {
    projectTests.dispose();
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of MADE) await remove(name);
    // The editor takes a moment to see that a file of settings has gone.
    await settled(({ command }) => command === undefined);
    await eventually('the copies to be gone', copies, (found) => found.length === 0);
  });

  /** The choice for what is at the stub of a file. */
  async function choiceAt(name: string, text: string, at: string): Promise<ProofChoice> {
    return new ProofChoice(await questionAt(name, text, at), tools);
  }
  const forStub = (): Promise<ProofChoice> =>
    choiceAt('numerals.py', PYTHON_PROJECT['numerals.py'] ?? '', 'def to_roman');

  /** What comes of a choice without any answer; where there is a question, it fails with what the tests have said. */
  async function outcomeOf(choice: ProofChoice): Promise<unknown> {
    let outcome: unknown;
    void choice.open().then((is) => (outcome = is));
    await eventually(
      `the decision, after ${told.join('\n')}`,
      () => outcome ?? told,
      () => outcome !== undefined,
      40_000,
    );
    return outcome;
  }

  async function confirmed(line: string): Promise<void> {
    await memory.choose(folder(), { kind: 'command', line });
    await memory.confirm(folder(), line);
  }

  it('is the project by a command that was confirmed: it runs without a question, and judges answers', async () => {
    await confirmed(PYTHON_COMMAND);
    const choice = await forStub();
    assert.equal(await outcomeOf(choice), 'decided');
    const { proof, task, tests } = await choice.question;
    assert.ok(proof);
    assert.deepEqual(task.tests, [
      'test_numerals.TestNumerals.test_fours',
      'test_numerals.TestNumerals.test_hours',
      'the other test passes',
    ]);
    assert.equal(tests, '2 failing tests of the project must pass');
    assert.deepEqual(choice.facts, { used: true, failing: 2 });
    assert.ok(
      told.some((line) => line.includes('3 tests: 1 pass, 2 fail')),
      told.join('\n'),
    );
    const judged = [await proof.sandbox.run({ task, code: RIGHT }), await proof.sandbox.run({ task, code: WRONG })];
    assert.deepEqual(
      judged.map(({ passed, total }) => [passed, total]),
      [
        [3, 3],
        [1, 3],
      ],
    );
    assert.equal(copies().length, 1);
    await choice.close();
    assert.deepEqual(copies(), [], 'the copy goes with the run');
    assert.equal((await choice.question).proof, undefined);
  });

  it('is the project by its npm test, too', async () => {
    await write('package.json', JSON.stringify({ scripts: { test: 'node --test' } }));
    await write(
      'twice.test.js',
      `const test = require('node:test');\nconst assert = require('node:assert');\nconst { twice } = require('./twice.js');\n` +
        `test('twice', () => assert.equal(twice(3), 6));\ntest('arithmetic', () => assert.equal(1 + 1, 2));\n`,
    );
    await confirmed('npm test');
    const choice = await choiceAt('twice.js', JS_STUB, 'function twice');
    assert.equal(await outcomeOf(choice), 'decided');
    const { proof, task } = await choice.question;
    assert.ok(proof);
    const right = 'function twice(x) {\n  return 2 * x;\n}\n';
    const verdict = await proof.sandbox.run({ task, code: right });
    assert.deepEqual([verdict.passed, verdict.total], [2, 2], JSON.stringify(verdict.tests));
    await choice.close();
  });

  it('is asked where a project was found: Enter runs the command and remembers it', async () => {
    const choice = await forStub();
    const opened = choice.open();
    await accept(() => told.length > 0);
    assert.equal(await opened, 'decided');
    assert.deepEqual(memory.choice(folder()), { kind: 'command', line: PYTHON_COMMAND });
    assert.equal(await memory.isConfirmed(folder(), PYTHON_COMMAND), true);
    await choice.close();
  });

  it('is not decided by Escape: the task is given up, and nothing was run', async () => {
    const choice = await forStub();
    await dismissed(choice.open());
    assert.deepEqual([told, copies(), memory.choice(folder())], [[], [], undefined]);
  });

  it('is not for a command that a cloned repository brings: it is asked about, and Enter does not run it', async () => {
    await write(SETTINGS_FILE, JSON.stringify({ 'solvent.testCommand': "python3 -c \"open('pwned', 'w')\"" }));
    await settled(({ command }) => command?.owner === 'workspace');
    const asked = await forStub();
    await dismissed(asked.open());
    assert.deepEqual([told, copies(), memory.choice(folder())], [[], [], undefined]);

    let open = true;
    const opened = (await forStub()).open().finally(() => (open = false));
    await accept(() => !open);
    assert.equal(await opened, 'decided');
    assert.deepEqual([told, copies(), memory.choice(folder())?.kind], [[], [], 'selection']);
    const again = await forStub();
    assert.equal(await again.open(), 'decided', 'it is asked once');
    assert.equal((await again.question).proof, undefined);
  });

  it('is asked again where a repository changes a command that was confirmed', async () => {
    await write(SETTINGS_FILE, JSON.stringify({ 'solvent.testCommand': PYTHON_COMMAND }));
    await settled(({ command }) => command?.line === PYTHON_COMMAND);
    await memory.confirm(folder(), PYTHON_COMMAND);
    const first = await forStub();
    assert.equal(await first.open(), 'decided');
    assert.ok((await first.question).proof);
    await first.close();
    told.length = 0;
    await write(SETTINGS_FILE, JSON.stringify({ 'solvent.testCommand': `${PYTHON_COMMAND} -v` }));
    await settled(({ command }) => command?.line === `${PYTHON_COMMAND} -v`);
    await dismissed((await forStub()).open());
    assert.deepEqual([told, copies()], [[], []]);
  });

  it('is refused where a command was never confirmed, whoever asks to run it', async () => {
    const question = await questionAt('numerals.py', PYTHON_PROJECT['numerals.py'] ?? '', 'def to_roman');
    const { destination } = question;
    assert.ok(destination);
    const place = { folder: workspaceUri(), file: 'numerals.py' };
    await assert.rejects(
      projectTests.try({ ...question, destination }, place, PYTHON_COMMAND),
      /^SandboxError: The test command of this workspace is not confirmed/,
    );
    assert.deepEqual(copies(), []);
  });

  for (const [what, command, problem] of [
    [
      'prove nothing because all of them pass',
      'python3 -m unittest tests.test_numerals.TestNumerals.test_is_numeral',
      /pass already/,
    ],
    ['cannot be started', 'no-such-runner --all', /does not run: .*no-such-runner/],
    ['are not there', 'python3 -m unittest discover -s tests -p nothing.py', /finds no tests/],
    ['are named by a command that cannot be read', "python3 -m 'unittest", /does not close/],
    ['refer to what does not exist', 'python3 ${files}', /\$\{files\}, which does not exist/],
  ] as const) {
    it(`is asked where the tests ${what}: nothing is spent, and no copy stays`, async () => {
      await confirmed(command);
      const choice = await forStub();
      await dismissed(choice.open());
      assert.deepEqual([copies(), (await choice.question).proof], [[], undefined]);
      if (!what.startsWith('are named') && !what.startsWith('refer')) assert.match(told.join('\n'), problem);
    });
  }

  it('is given up where the run on the workspace is ended', async () => {
    await confirmed('sleep 300');
    const choice = await forStub();
    const opened = choice.open();
    await eventually('the copy', copies, (found) => found.length === 1);
    projectTests.dispose();
    assert.equal(await opened, 'cancelled');
    await eventually('the copy to go', copies, (found) => found.length === 0);
  });

  it('is the task itself for a file outside of the workspace, and the plan says so where a command is set', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'sv-out-'));
    try {
      const uri = vscode.Uri.file(join(outside, 'numerals.py'));
      await vscode.workspace.fs.writeFile(uri, Buffer.from(PYTHON_PROJECT['numerals.py'] ?? ''));
      await vscode.workspace.fs.writeFile(
        vscode.Uri.file(join(outside, 'test_a.py')),
        Buffer.from('def test_a(): pass\n'),
      );
      const choice = new ProofChoice(await questionIn(uri, 'def to_roman'), tools);
      assert.equal(await outcomeOf(choice), 'decided');
      assert.deepEqual([choice.facts, choice.note], [undefined, undefined]);
      await configure('testCommand', PYTHON_COMMAND);
      assert.equal(await outcomeOf(choice), 'decided');
      assert.match(choice.note ?? '', /^'solvent\.testCommand' is not used: numerals\.py is no file in a folder/);
      assert.deepEqual(told, []);
    } finally {
      await configure('testCommand', undefined);
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('is the task itself on systems whose sandbox this version does not have, and the plan says so', async () => {
    tools = { ...tools, platform: 'darwin' };
    await configure('testCommand', PYTHON_COMMAND);
    try {
      const choice = await forStub();
      assert.equal(await outcomeOf(choice), 'decided');
      assert.match(choice.note ?? '', /on Linux only/);
    } finally {
      await configure('testCommand', undefined);
    }
  });

  it('sees what is unsaved in other editors', async () => {
    await write('rates.py', 'HOURS = [1]\n');
    await write(
      'tests/test_numerals.py',
      'import unittest\nfrom numerals import to_roman\nfrom rates import HOURS\n\n\nclass T(unittest.TestCase):\n' +
        '    def test_hours(self):\n        self.assertEqual([to_roman(h) for h in HOURS], ["I", "II"])\n',
    );
    const helper = await showFile('rates.py', 'HOURS = [1]\n');
    await helper.edit((edit) => {
      edit.replace(new vscode.Range(0, 0, 1, 0), 'HOURS = [1, 2]\n');
    });
    await confirmed(PYTHON_COMMAND);
    const choice = await forStub();
    assert.equal(await outcomeOf(choice), 'decided');
    const { proof, task } = await choice.question;
    const verdict = await proof?.sandbox.run({ task, code: RIGHT });
    assert.equal(verdict?.passed, verdict?.total, JSON.stringify(verdict?.tests));
    await choice.close();
    await helper.document.save();
  });

  it('can be run again by the Test Explorer, on the document as it is and over a new copy', async () => {
    await confirmed(PYTHON_COMMAND);
    const choice = await forStub();
    assert.equal(await outcomeOf(choice), 'decided');
    const question = await choice.question;
    await choice.close();
    const readable = readableController('solvent-project');
    const explorer = new TestExplorer(
      () => readable.controller,
      { sandbox: () => Promise.reject(new Error()) },
      projectTests,
    );
    try {
      const { task, tests, proof } = question;
      assert.ok(proof);
      const heading = { run: '1', task: task.id, language: task.language, tests, proof: proof.note };
      explorer.begun(openRecord({ ...heading, sandbox: 's', startedAt: 0 }, usd('0.01')), question);
      const states = async (): Promise<(string | undefined)[]> => {
        await explorer.run(new vscode.TestRunRequest(), new vscode.CancellationTokenSource().token);
        return [...(readable.runs.at(-1)?.results.values() ?? [])].map(({ state }) => state);
      };
      assert.deepEqual(await states(), ['failed', 'failed', 'passed']);
      const edit = new vscode.WorkspaceEdit();
      const [document] = vscode.workspace.textDocuments.filter(({ uri }) => uri.path.endsWith('/numerals.py'));
      assert.ok(document);
      const at = document.getText().indexOf('def to_roman');
      const end = document.getText().indexOf('\n\ndef is_numeral');
      edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(end)), RIGHT);
      await vscode.workspace.applyEdit(edit);
      assert.deepEqual(await states(), ['passed', 'passed', 'passed'], 'what was not saved counts');
      assert.deepEqual(copies(), []);
      await memory.forget();
      assert.deepEqual(await states(), ['errored', 'skipped', 'skipped', 'skipped'].slice(1).concat('errored'));
      await document.save();
    } finally {
      explorer.dispose();
    }
  });
});

/** The copies of projects that there are. */
function copies(): string[] {
  try {
    return readdirSync(SCRATCH);
  } catch {
    return [];
  }
}

async function questionAt(name: string, text: string, at: string): Promise<Question> {
  const { document } = await showFile(name, text);
  // A document that was open before takes up what was written in its own time.
  await eventually(
    'the document',
    () => document.getText(),
    (is) => is === text,
  );
  return questionIn(document.uri, at);
}

async function questionIn(uri: vscode.Uri, at: string): Promise<Question> {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
  const position = editor.document.positionAt(editor.document.getText().indexOf(at));
  editor.selection = new vscode.Selection(position, position);
  const question = await askQuestion();
  assert.ok(question);
  return question;
}

/** Presses Enter in whatever is asked until something has come of it. */
async function accept(done: () => boolean): Promise<void> {
  await eventually(
    'the answer to have its effect',
    async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return done();
    },
    Boolean,
    30_000,
  );
}

/** Presses Escape until the question is given up. */
async function dismissed(opened: Promise<unknown>): Promise<void> {
  let outcome: unknown;
  void opened.then((is) => (outcome = is));
  await eventually(
    'the question to be given up',
    async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return outcome;
    },
    (is) => is !== undefined,
    30_000,
  );
  assert.equal(outcome, 'cancelled');
}

/** Waits until the editor has taken up what a file of settings says. */
async function settled(wanted: (read: ReturnType<Settings['projectTests']>) => boolean): Promise<void> {
  await eventually('the settings', () => new Settings().projectTests(workspaceUri()), wanted);
}

async function configure(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('solvent').update(name, value, vscode.ConfigurationTarget.Global);
}

async function write(name: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(workspaceUri(), name), Buffer.from(text));
}

async function remove(name: string): Promise<void> {
  const uri = vscode.Uri.joinPath(workspaceUri(), name);
  await vscode.workspace.fs.delete(uri, { recursive: true }).then(undefined, () => undefined);
}
