import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import * as vscode from 'vscode';
import { extractTask } from '../../../src/core/task';
import { solvent } from './solvent';

const load = createRequire(__filename);

/** The manifest, as far as it is looked at here. */
interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
}

describe('activation', () => {
  it('is quick and loads nothing that is not needed yet', async function () {
    const extension = solvent();
    assert.equal(extension.isActive, false, 'nothing activates it before it is used');
    const took = timed(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
    assert.ok(took.activate > 0, 'the activation was measured');
    this.test!.title += `: loaded in ${took.load.toFixed(1)} ms, activated in ${took.activate.toFixed(1)} ms`;
    assert.deepEqual(loadedBy(extension), [mainOf(extension)]);
  });

  it('opens an example, and the task at its cursor is a stub with three tests', async () => {
    await vscode.commands.executeCommand('solvent.openExample');
    const { document, selection } = vscode.window.activeTextEditor ?? assert.fail('nothing was opened');
    assert.equal(document.languageId, 'python');
    const extraction = await extractTask({
      text: document.getText(),
      selection: { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) },
      languageId: document.languageId,
      fileName: document.fileName,
    });
    assert.ok(extraction.ok);
    assert.deepEqual([extraction.task.entryPoint, extraction.task.tests.length], ['slugify', 3]);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('registers every command of the manifest', async () => {
    const { contributes } = solvent().packageJSON as Manifest;
    const registered = await vscode.commands.getCommands(true);
    for (const { command, title } of contributes.commands) {
      assert.ok(registered.includes(command), command);
      assert.doesNotMatch(title, /^%/, 'its title is there in words');
    }
  });
});

/** Loads the extension as the host will, and has the time of its `activate()` taken; both in ms. */
function timed(extension: vscode.Extension<unknown>): { readonly load: number; activate: number } {
  const main = mainOf(extension);
  const started = performance.now();
  const { activate, ...rest } = load(main) as { activate: (context: vscode.ExtensionContext) => void };
  const took = { load: performance.now() - started, activate: 0 };
  const measured = (context: vscode.ExtensionContext): void => {
    const before = performance.now();
    activate(context);
    took.activate = performance.now() - before;
  };
  // The host takes what is loaded already.
  const cached = load.cache[main];
  assert.ok(cached);
  cached.exports = { ...rest, activate: measured };
  return took;
}

function mainOf({ extensionPath }: vscode.Extension<unknown>): string {
  return load.resolve(join(extensionPath, 'dist', 'extension.js'));
}

/** The files of the extension that this process has loaded, its first one and those of `dist/vendor` among them. */
function loadedBy({ extensionPath }: vscode.Extension<unknown>): string[] {
  const dist = join(realpathSync(extensionPath), 'dist') + sep;
  return Object.keys(load.cache).filter((file) => file.startsWith(dist));
}
