import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { attoUsd } from '../../servers/bill';
import { MODEL_LIST, type ScriptedModels, startScriptedModels } from '../scripted/models';
import { ROMAN_SOLVED, ROMAN_STUB } from '../scripted/samples';
import { eventually } from '../ui/eventually';
import { bookings, forgetRuns, lastReceipt, showFile, solveByEnter, textOf } from './solvent';

describe('Solve within budget, in the extension host', function () {
  this.timeout(60_000);
  let models: ScriptedModels;

  before(async () => {
    models = await startScriptedModels();
    await setProvider(models.baseUrl, MODEL_LIST);
  });

  after(async () => {
    await setProvider(undefined, undefined);
    await models.stop();
  });

  beforeEach(forgetRuns);

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('proposes the answer, puts it into the file when it is accepted, and leaves a receipt', async () => {
    const { document } = await showFile('roman.py', ROMAN_STUB);
    const before = bookings().length;
    const { ended } = await solveByEnter(models);
    await ended;

    const { original, modified } = await proposal();
    assert.equal(original.toString(), document.uri.toString());
    assert.equal(await textOf(modified), ROMAN_SOLVED);
    assert.equal(document.getText(), ROMAN_STUB, 'nothing is written before it is accepted');

    await vscode.commands.executeCommand('solvent.accept');
    assert.equal(document.getText(), ROMAN_SOLVED);
    assert.equal(document.isDirty, false);
    assert.equal(openDiff(), undefined);

    const billed = models.calls.map((call) => call.billed);
    assert.equal(billed.length, 3);
    assert.deepEqual(
      bookings().slice(before),
      billed.map((cost) => ({ cost, unconfirmed: 0n })),
    );
    const receipt = await lastReceipt();
    assert.match(receipt, /^# Receipt: roman\\\.py\\:to\\_roman\n\n\*\*Solved\\: 3 of 3 tests pass\*\*/);
    // Amounts of a column have the same number of decimals.
    const amounts = [...receipt.matchAll(/\\\$([\d.]+)/g)].map(([, amount = '']) => attoUsd(amount));
    for (const amount of [...billed, sum(billed)]) assert.ok(amounts.includes(amount), decimal(amount));
  });

  it('forgets a proposal that is discarded', async () => {
    const { document } = await showFile('discarded.py', ROMAN_STUB);
    const { ended } = await solveByEnter(models);
    await ended;
    const { modified } = await proposal();
    await vscode.commands.executeCommand('solvent.discard', modified);
    assert.equal(openDiff(), undefined);
    await vscode.commands.executeCommand('solvent.accept', modified);
    assert.equal(document.getText(), ROMAN_STUB);
  });

  it('follows edits of the document in what it proposes', async () => {
    const { document } = await showFile('followed.py', ROMAN_STUB);
    const { ended } = await solveByEnter(models);
    await ended;
    const { modified } = await proposal();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# added later\n\n');
    await vscode.workspace.applyEdit(edit);
    await eventually(
      'the proposal',
      () => textOf(modified),
      (text) => text === `# added later\n\n${ROMAN_SOLVED}`,
    );
    await vscode.commands.executeCommand('solvent.accept', modified);
    assert.equal(document.getText(), `# added later\n\n${ROMAN_SOLVED}`);
    assert.equal(document.isDirty, true, 'unsaved changes stay unsaved');
    await document.save();
  });

  it('stops at once when it is cancelled, and books the call that was cut off', async () => {
    const { document } = await showFile('cancelled.py', ROMAN_STUB);
    const before = bookings().length;
    const hold = models.hold();
    const { ended } = await solveByEnter(models);
    await hold.reached;
    await vscode.commands.executeCommand('solvent.cancel');
    await ended;
    assert.equal(openDiff(), undefined);
    assert.equal(document.getText(), ROMAN_STUB);
    const [cut, ...others] = bookings().slice(before);
    assert.deepEqual(others, []);
    assert.ok(cut !== undefined && cut.cost > 0n);
    assert.equal(cut.unconfirmed, cut.cost);
  });

  it('runs one task at a time', async () => {
    await showFile('busy.py', ROMAN_STUB);
    const hold = models.hold();
    const { ended } = await solveByEnter(models);
    await hold.reached;
    const calls = models.calls.length;
    // It waits for an answer to its message, which nobody gives.
    void vscode.commands.executeCommand('solvent.solve');
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    hold.release();
    await ended;
    assert.equal(models.calls.length, calls + 2, 'the run that was under way goes on alone');
    await vscode.commands.executeCommand('solvent.discard');
  });
});

/** Where the models are, in the user's settings. */
async function setProvider(baseUrl: string | undefined, list: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('solvent');
  await configuration.update('provider.baseUrl', baseUrl, vscode.ConfigurationTarget.Global);
  await configuration.update('models', list, vscode.ConfigurationTarget.Global);
  await configuration.update('budget.perTask', list && 0.002, vscode.ConfigurationTarget.Global);
  await configuration.update('mode', list && 'frugal', vscode.ConfigurationTarget.Global);
  await configuration.update('topology', list && 'feedback', vscode.ConfigurationTarget.Global);
}

/** The diff that is in front. */
function openDiff(): vscode.TabInputTextDiff | undefined {
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  return inputs.find((input) => input instanceof vscode.TabInputTextDiff);
}

async function proposal(): Promise<vscode.TabInputTextDiff> {
  const diff = await eventually('the diff', openDiff, (found) => found !== undefined);
  assert.ok(diff);
  assert.equal(diff.modified.scheme, 'solvent-proposal');
  return diff;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

/** USD x 10^-18 below a dollar as exact decimal USD. */
function decimal(atto: bigint): string {
  return `0.${atto.toString().padStart(18, '0').replace(/0+$/, '')}`;
}
