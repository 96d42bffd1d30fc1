import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { usd } from '../../../src/core/money';
import type { Verdict } from '../../../src/core/sandbox/verdict';
import { openRecord, type RunHeading, type RunRecord } from '../../../src/report/record';
import { Keys } from '../../../src/vscode/keys';
import { LmModels } from '../../../src/vscode/lmModels';
import { Pipeline } from '../../../src/vscode/pipeline';
import { ProjectTests } from '../../../src/vscode/projectTests';
import { askQuestion, type Question } from '../../../src/vscode/question';
import { Settings } from '../../../src/vscode/settings';
import { TestCommandMemory } from '../../../src/vscode/testCommandMemory';
import { TestExplorer } from '../../../src/vscode/testExplorer';
import { account, result } from '../../unit/vscode/support';
import { ROMAN_SOLVED, ROMAN_STUB } from '../scripted/samples';
import { eventually } from '../ui/eventually';
import { memento } from '../../support/memento';
import { showFile, solvent } from './solvent';
import { readableController, type ReadableController, type ToldResult, type ToldRun } from './testRuns';

const HEAD = '"""Numerals."""\n\n\n';
const LABELS = ["assert to_roman(3) == 'III'", "assert to_roman(58) == 'LVIII'", "assert to_roman(1994) == 'MCMXCIV'"];
const NEVER: vscode.CancellationToken = new vscode.CancellationTokenSource().token;

const heading = (question: Question): RunHeading => ({
  ...{ run: '1', task: question.task.id, language: question.task.language, tests: question.tests },
  ...{ sandbox: 'bubblewrap 0.8.0', startedAt: Date.now() },
});

function verdictOf(messages: readonly (string | undefined)[]): Verdict {
  const tests = messages.map((message, index) => ({
    ...{ name: LABELS[index] ?? '', ok: message === undefined, durationMs: index + 1 },
    ...(message === undefined ? {} : { message }),
  }));
  const passed = tests.filter(({ ok }) => ok).length;
  const limits = { seconds: 30, memoryMb: 512 };
  return { passed, total: tests.length, ran: true, sandbox: 'os', tests, limits, stdout: '', stderr: '' };
}

function messageOf(result: ToldResult | undefined): string {
  const message = result?.message?.message ?? '';
  return typeof message === 'string' ? message : message.value;
}

describe('The Test Explorer, in the extension host', () => {
  let readable: ReadableController;
  let explorer: TestExplorer;
  let projectTests: ProjectTests;
  let count = 0;

  beforeEach(() => {
    readable = readableController(`solvent-test-${++count}`);
    const settings = new Settings();
    const keys = new Keys({} as vscode.SecretStorage, {});
    const pipeline = new Pipeline(solvent().extensionPath, settings, keys, new LmModels());
    projectTests = new ProjectTests(settings, new TestCommandMemory(memento()));
    explorer = new TestExplorer(() => readable.controller, pipeline, projectTests);
  });

  afterEach(async () => {
    explorer.dispose();
    projectTests.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  /** The question that the stub in a file asks, in a folder where no other suite has files. */
  async function ask(
    name: string,
    text = HEAD + ROMAN_STUB,
    head = 'def to_roman',
  ): Promise<{ question: Question; document: vscode.TextDocument }> {
    const editor = await showFile(`explorer/${name}`, text);
    const at = editor.document.positionAt(text.indexOf(head));
    editor.selection = new vscode.Selection(at, at);
    const question = await askQuestion();
    assert.ok(question);
    return { question, document: editor.document };
  }

  function begin(question: Question): RunRecord {
    const record = openRecord(heading(question), usd('0.01'));
    explorer.begun(record, question);
    return record;
  }

  const onlyTask = (): vscode.TestItem => {
    const [[, item] = [], ...others] = [...readable.controller.items];
    assert.deepEqual(others, []);
    assert.ok(item);
    return item;
  };
  const children = (item: vscode.TestItem): vscode.TestItem[] => [...item.children].map(([, child]) => child);
  const textsOf = (items: readonly vscode.TestItem[], document: vscode.TextDocument): string[] =>
    items.map(({ range }) => (range === undefined ? '' : document.getText(range)));
  const ended = (index: number): Promise<ToldRun | undefined> =>
    eventually(
      'the end of the run',
      () => readable.runs[index],
      (run) => run?.ended === true,
    );
  const replace = async (document: vscode.TextDocument, text: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };

  it('shows a task with its tests, where they stand', async () => {
    const { question, document } = await ask('shown.py');
    begin(question);
    const item = onlyTask();
    await eventually('the places', () => children(item).every(({ range }) => range !== undefined), Boolean);
    assert.deepEqual([item.label, item.uri?.toString()], ['shown.py:to_roman', document.uri.toString()]);
    assert.equal(item.range?.start.line, 3);
    assert.deepEqual(
      children(item).map(({ label }) => label),
      LABELS,
    );
    assert.deepEqual(textsOf(children(item), document), [
      ">>> to_roman(3)\n    'III'",
      ">>> to_roman(58)\n    'LVIII'",
      ">>> to_roman(1994)\n    'MCMXCIV'",
    ]);
  });

  it('makes each answer that is tested a run, with its results at the failing assertions', async () => {
    const { question, document } = await ask('answers.py');
    const record = begin(question);
    explorer.happened({ type: 'testing', attempt: 1, call: 1, model: 'demo-cheap', code: '' }, record);
    const failing = verdictOf([undefined, "assert to_roman(58) == 'LVIII': got 'LIIIIIIII'", 'KeyError: 4']);
    explorer.happened({ type: 'verdict', attempt: 1, call: 1, model: 'demo-cheap', verdict: failing }, record);
    const run = await ended(0);
    assert.ok(run);
    assert.deepEqual([run.name, run.persisted, run.request.preserveFocus], ['Answer 1, by demo-cheap', false, true]);
    assert.deepEqual(run.results.get(LABELS[0] ?? ''), { state: 'passed', duration: 1 });
    const failed = run.results.get(LABELS[1] ?? '');
    assert.deepEqual([failed?.state, failed?.duration], ['failed', 2]);
    assert.deepEqual([failed?.message?.expectedOutput, failed?.message?.actualOutput], ["'LVIII'", "'LIIIIIIII'"]);
    const location = failed?.message?.location;
    assert.equal(location?.uri.toString(), document.uri.toString());
    assert.equal(document.getText(location.range), ">>> to_roman(58)\n    'LVIII'");
    assert.equal(run.results.get(LABELS[2] ?? '')?.state, 'errored');
    assert.match(
      run.output,
      /1 of 3 tests passed.*limits: 30 s, 512 MiB, no network.*\r\n {2}Sandbox: bubblewrap 0\.8\.0/,
    );
    assert.equal(run.output.replaceAll('\r\n', '').includes('\n'), false);
  });

  it('ends the run of an answer whose verdict never came', async () => {
    const { question } = await ask('cancelled.py');
    const record = begin(question);
    explorer.happened({ type: 'testing', attempt: 1, call: 1, model: 'demo-cheap', code: '' }, record);
    explorer.happened({ type: 'finished', result: result({ account: account() }) }, record);
    await ended(0);
  });

  it('shows a task once, however often it is solved, and none without tests', async () => {
    const { question } = await ask('again.py');
    begin(question);
    const first = onlyTask();
    begin(question);
    assert.notEqual(onlyTask(), first);
    begin({ ...question, task: { ...question.task, id: 'untested', tests: [] }, places: [] });
    assert.equal(readable.controller.items.size, 1);
  });

  it('keeps the last fifty tasks', async () => {
    const { question } = await ask('many.py');
    for (let n = 0; n < 52; n++) begin({ ...question, task: { ...question.task, id: `task ${n}` } });
    assert.equal(readable.controller.items.size, 50);
    assert.ok([...readable.controller.items].every(([, { label }]) => !['task 0', 'task 1'].includes(label)));
  });

  it('follows the tests as the document is edited, and shows no place for one that is gone', async () => {
    const { question, document } = await ask('followed.py');
    begin(question);
    const item = onlyTask();
    await replace(document, `# new\n\n${document.getText().replace('58', '59')}`);
    await eventually(
      'the places',
      () => textsOf(children(item), document),
      (texts) => texts.join('|') === ">>> to_roman(3)\n    'III'||>>> to_roman(1994)\n    'MCMXCIV'",
    );
  });

  it('runs the tests again on what the document holds now, in the sandbox and without a model', async () => {
    const { question, document } = await ask('rerun.py');
    begin(question);
    await explorer.run(new vscode.TestRunRequest(), NEVER);
    const [before] = readable.runs;
    assert.deepEqual(
      [...(before?.results.values() ?? [])].map(({ state }) => state),
      ['failed', 'failed', 'failed'],
    );

    await replace(document, HEAD + ROMAN_SOLVED);
    assert.equal(document.isDirty, true, 'what was not saved counts');
    await explorer.run(new vscode.TestRunRequest(), NEVER);
    const after = readable.runs[1];
    assert.deepEqual(
      [...(after?.results.values() ?? [])].map(({ state }) => state),
      ['passed', 'passed', 'passed'],
    );
    assert.match(after?.output ?? '', /rerun\.py:to_roman · rerun\.py as it is now\r\n[^]*3 of 3 tests passed/);

    const [, second] = children(onlyTask());
    await explorer.run(new vscode.TestRunRequest([second!]), NEVER);
    assert.deepEqual([...(readable.runs[2]?.results.keys() ?? [])], [LABELS[1]]);
    await explorer.run(new vscode.TestRunRequest([onlyTask()], [second!]), NEVER);
    assert.deepEqual([...(readable.runs[3]?.results.keys() ?? [])], [LABELS[0], LABELS[2]]);
    assert.ok(readable.runs.every((run) => run.ended));
  });

  it('runs them in the sandbox that the user chooses, and says why where that cannot', async function () {
    this.timeout(120_000);
    const configuration = vscode.workspace.getConfiguration('solvent');
    await configuration.update('sandbox.backend', 'wasm', vscode.ConfigurationTarget.Global);
    try {
      const { question } = await ask('chosen.py', HEAD + ROMAN_SOLVED);
      begin(question);
      await explorer.run(new vscode.TestRunRequest(), NEVER);
      assert.match(readable.runs[0]?.output ?? '', /3 of 3 tests passed.*\r\n {2}Sandbox: Pyodide /);
      const script = 'function double(x) {\n  return 2 * x;\n}\nassert.equal(double(2), 4);\n';
      begin((await ask('chosen.js', script, 'function double')).question);
      await explorer.run(new vscode.TestRunRequest(), NEVER);
      const told = messageOf(readable.runs[1]?.results.get('chosen.js:double'));
      assert.match(told, /The sandbox 'wasm' tests Python only, not javascript\. Choose 'auto' or 'os'\./);
    } finally {
      await configuration.update('sandbox.backend', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('says why it cannot run them where the function is not in the document any more', async () => {
    const { question, document } = await ask('renamed.py');
    begin(question);
    await replace(document, HEAD + ROMAN_STUB.replace('def to_roman', 'def to_latin'));
    await explorer.run(new vscode.TestRunRequest(), NEVER);
    const [run] = readable.runs;
    const task = run?.results.get('renamed.py:to_roman');
    assert.equal(task?.state, 'errored');
    assert.match(messageOf(task), /^to_roman is not in renamed\.py, or more than once/);
    assert.equal(run?.results.get(LABELS[0] ?? '')?.state, 'skipped');
  });

  it('says so where the task has no document', async () => {
    const { question } = await ask('typed.py');
    begin({ ...question, destination: undefined, places: question.places.map(() => undefined) });
    await explorer.run(new vscode.TestRunRequest(), NEVER);
    const task = readable.runs[0]?.results.get('typed.py:to_roman');
    assert.match(messageOf(task), /^This task was typed/);
  });

  it('skips the tests of a run that is cancelled', async () => {
    const { question } = await ask(
      'stopped.py',
      HEAD + ROMAN_SOLVED.replace('    symbols', '    while True: pass\n    symbols'),
    );
    begin(question);
    const source = new vscode.CancellationTokenSource();
    const run = explorer.run(new vscode.TestRunRequest(), source.token);
    setTimeout(() => {
      source.cancel();
    }, 1000);
    await run;
    assert.deepEqual(
      [...(readable.runs[0]?.results.values() ?? [])].map(({ state }) => state),
      ['skipped', 'skipped', 'skipped'],
    );
  });
});
