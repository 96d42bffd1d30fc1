import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Language, Task } from '../../../src/core/task/task';
import { Keys } from '../../../src/vscode/keys';
import { LmModels } from '../../../src/vscode/lmModels';
import { Pipeline } from '../../../src/vscode/pipeline';
import { askQuestion } from '../../../src/vscode/question';
import { Settings } from '../../../src/vscode/settings';
import { pythonsWithPytest } from '../../setup/pytest';
import { showFile, solvent } from './solvent';

const NAMES = ['sandbox.backend', 'python.path', 'node.path'] as const;

async function set(name: (typeof NAMES)[number], value: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('solvent').update(name, value, vscode.ConfigurationTarget.Global);
}

const TASKS: Readonly<Record<'python' | 'javascript', { readonly task: Task; readonly code: string }>> = {
  python: { task: doubling('python', 'assert double(2) == 4'), code: 'def double(x):\n    return 2 * x\n' },
  javascript: {
    task: doubling('javascript', 'assert.equal(double(2), 4)'),
    code: 'function double(x) { return 2 * x; }\n',
  },
};

function doubling(language: Language, test: string): Task {
  return { id: 'double', language, prompt: '', entryPoint: 'double', tests: [test], setup: '' };
}

describe('The choice of the sandbox, in the extension host', function () {
  this.timeout(120_000);
  const pipeline = new Pipeline(
    solvent().extensionPath,
    new Settings(),
    new Keys({} as vscode.SecretStorage, {}),
    new LmModels(),
  );

  const passes = async (language: keyof typeof TASKS): Promise<string> => {
    const sandbox = await pipeline.sandbox();
    const { passed, sandbox: kind } = await sandbox.run(TASKS[language]);
    assert.equal(passed, 1);
    return kind;
  };

  afterEach(async () => {
    for (const name of NAMES) await set(name, undefined);
  });

  it('is the strongest that works where the user says nothing, and says why', async () => {
    assert.equal(await passes('python'), 'os');
    assert.match(
      (await pipeline.sandbox()).description,
      /^bubblewrap .*, because it is the strongest that works here$/,
    );
  });

  it('takes effect at the next run, and is kept until it changes', async () => {
    await set('sandbox.backend', 'wasm');
    assert.equal(await passes('python'), 'wasm');
    const wasm = await pipeline.sandbox();
    assert.match(wasm.description, /^Pyodide /);
    assert.match(wasm.missing('javascript') ?? '', /^The sandbox 'wasm' tests Python only, not javascript\. Choose/);
    assert.deepEqual(wasm.languages, ['python']);

    await set('sandbox.backend', 'os');
    assert.deepEqual([await passes('python'), await passes('javascript')], ['os', 'os']);
    const os = await pipeline.sandbox();
    assert.match(os.description, /^bubblewrap [\d.]+, Python [\d.]+, Node\.js [\d.]+$/);
    assert.match(await os.describe('typescript'), /^bubblewrap [\d.]+, Node\.js [\d.]+$/);
  });

  it('takes tests with fixtures along where the chosen interpreter has pytest, and not on WebAssembly', async () => {
    const [python] = pythonsWithPytest();
    assert.ok(python, 'install pytest: sudo apt install python3-pytest');
    const test = 'def test_double(base, tmp_path):\n    assert double(base) == 6';
    const head = 'import pytest\n\ndef double(x):\n    raise NotImplementedError\n\n';
    const text = `${head}@pytest.fixture\ndef base():\n    return 3\n\n${test}\n`;
    const editor = await showFile('choice/pytested.py', text);
    const at = editor.document.positionAt(text.indexOf('def double'));
    editor.selection = new vscode.Selection(at, at);
    await set('python.path', python);
    const taken = await askQuestion(() => pipeline.pytest());
    assert.deepEqual(taken?.task.tests, [test]);
    const verdict = await (await pipeline.sandbox()).run({ task: taken.task, code: TASKS.python.code });
    assert.deepEqual([verdict.passed, verdict.total], [1, 1]);
    await set('python.path', undefined);
    await set('sandbox.backend', 'wasm');
    assert.match(String(await pipeline.pytest()), /^There is no pytest on WebAssembly/);
    assert.deepEqual((await askQuestion(() => pipeline.pytest()))?.task.tests, []);
  });

  it('runs scripts with the Node.js that the user names, and finds out about it anew when that changes', async () => {
    await set('node.path', process.execPath);
    assert.equal(await passes('javascript'), 'os');
    assert.ok((await pipeline.sandbox()).description.includes(`, Node.js ${process.versions.node},`));

    await set('node.path', '/nowhere/node');
    const without = await pipeline.sandbox();
    assert.match(without.missing('javascript') ?? '', /^There is no Node\.js at \/nowhere\/node\. Set the path/);
    assert.deepEqual(without.languages, ['python']);

    await set('node.path', undefined);
    assert.equal(await passes('javascript'), 'os');
  });

  it('runs no other Python than the one that the user names', async () => {
    await set('python.path', '/nowhere/python3');
    const sandbox = await pipeline.sandbox();
    assert.match(sandbox.missing('python') ?? '', /^There is no Python interpreter at \/nowhere\/python3\. Set the/);
    await assert.rejects(sandbox.run(TASKS.python), /no Python interpreter at \/nowhere\/python3/);
    await set('python.path', undefined);
    assert.equal(await passes('python'), 'os');
  });

  it('runs nothing where it cannot be understood', async () => {
    await set('sandbox.backend', 'none');
    await assert.rejects(
      pipeline.sandbox(),
      /^SettingError: 'solvent\.sandbox\.backend' in your settings must be one of/,
    );
    await set('sandbox.backend', 'auto');
    await set('node.path', './node');
    await assert.rejects(
      pipeline.sandbox(),
      /^SettingError: 'solvent\.node\.path' in your settings must be the absolute/,
    );
  });
});
