import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { WEAKER_PROOF } from '../../../src/core/sandbox/project/projectSandbox';
import { userCacheFolder } from '../../../src/core/userData';
import { MODEL_LIST, type ScriptedModels, startScriptedModels } from '../scripted/models';
import { PYTHON_COMMAND, PYTHON_PROJECT } from '../scripted/project';
import { ROMAN_SOLVED, ROMAN_STUB } from '../scripted/samples';
import { eventually } from '../ui/eventually';
import { lastReceipt, showFile, solveByEnter, textOf, workspaceUri } from './solvent';

const SCRATCH = join(userCacheFolder({ platform: process.platform, env: process.env, home: homedir() }), 'projects');

describe("The project's own tests, in the extension host", function () {
  this.timeout(90_000);
  let models: ScriptedModels;

  before(async () => {
    models = await startScriptedModels();
    await configure({ 'provider.baseUrl': models.baseUrl, models: MODEL_LIST, 'budget.perTask': 0.002 });
  });

  after(async () => {
    await configure({ 'provider.baseUrl': undefined, models: undefined, 'budget.perTask': undefined });
    await models.stop();
  });

  beforeEach(async () => {
    for (const [name, text] of Object.entries(PYTHON_PROJECT)) await write(name, text);
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('solvent.forgetTestCommand');
    for (const name of ['numerals.py', 'tests']) {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(workspaceUri(), name), { recursive: true });
    }
  });

  it('prove the answer, and the workspace stays as it is until it is accepted', async () => {
    const { document } = await showStub();
    const before = document.getText();
    const { ended } = await solveByEnter(models);
    await ended;
    const modified = await proposal();
    assert.equal(document.getText(), before);
    assert.equal(await textOf(modified), before.replace(ROMAN_STUB, ROMAN_SOLVED));
    const receipt = await lastReceipt();
    assert.match(receipt, /\*\*Solved\\: the project\\'s tests pass\*\*/);
    assert.ok(receipt.includes(`| Command | \`${PYTHON_COMMAND}\` |`), receipt);
    assert.ok(receipt.includes('| Before | 3 tests\\: 1 pass, 2 fail |'), receipt);
    assert.ok(receipt.replaceAll('\\', '').includes(WEAKER_PROOF), receipt);
    assert.match(receipt, /the project\\'s own tests .* over a copy of \d files/);
    await vscode.commands.executeCommand('solvent.accept');
    assert.equal(document.getText(), before.replace(ROMAN_STUB, ROMAN_SOLVED));
    assert.deepEqual(copies(), [], 'no copy is left');
  });
});

function copies(): string[] {
  try {
    return readdirSync(SCRATCH);
  } catch {
    return [];
  }
}

async function configure(values: Readonly<Record<string, unknown>>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('solvent');
  for (const [name, value] of Object.entries(values)) {
    await configuration.update(name, value, vscode.ConfigurationTarget.Global);
  }
}

async function write(name: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(workspaceUri(), name), Buffer.from(text));
}

/** Shows the project's module with the cursor on the stub. */
async function showStub(): Promise<vscode.TextEditor> {
  const text = PYTHON_PROJECT['numerals.py'] ?? '';
  const editor = await showFile('numerals.py', text);
  const at = editor.document.positionAt(text.indexOf('def to_roman'));
  editor.selection = new vscode.Selection(at, at);
  return editor;
}

async function proposal(): Promise<vscode.Uri> {
  const diffs = (): vscode.TabInputTextDiff[] =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs.map(({ input }) => input))
      .filter((input) => input instanceof vscode.TabInputTextDiff);
  const [diff] = await eventually('the diff', diffs, (found) => found.length > 0);
  assert.ok(diff);
  return diff.modified;
}
