import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { readCapsFile } from '../../../src/core/budget/capsFile';
import { usd } from '../../../src/core/money';
import { decimalUsd } from '../../servers/bill';
import { CLOSE_MODEL_LIST, type ScriptedModels, startScriptedModels } from '../scripted/models';
import { MEDIAN_BEST, MEDIAN_BUDGET, MEDIAN_SOLVED, MEDIAN_STUB } from '../scripted/samples';
import { eventually } from '../ui/eventually';
import { bookings, dataFolder, lastReceipt, showFile, solveByEnter, textOf } from './solvent';

const RUN_TIMEOUT_MS = 30_000;
const { Global, Workspace } = vscode.ConfigurationTarget;

describe('an exhausted budget, in the extension host', function () {
  this.timeout(60_000);
  let models: ScriptedModels;
  let calls: number;
  let booked: number;

  before(async () => {
    models = await startScriptedModels(CLOSE_MODEL_LIST);
    await set('provider.baseUrl', models.baseUrl);
    await set('models', CLOSE_MODEL_LIST);
    await set('mode', 'frugal');
  });
  after(async () => {
    for (const name of ['provider.baseUrl', 'models', 'mode']) await set(name, undefined);
    await models.stop();
  });
  beforeEach(async () => {
    await set('budget.perTask', MEDIAN_BUDGET);
    calls = models.calls.length;
    booked = bookings().length;
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('solvent.cancel');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of ['budget.perTask', 'budget.perDay']) await set(name, undefined);
    await set('budget.perTask', undefined, Workspace);
  });

  /** What the provider has billed since the test began, call by call. */
  const bill = (): bigint[] => models.calls.slice(calls).map(({ billed }) => billed);
  const ofLedger = (): bigint[] =>
    bookings()
      .slice(booked)
      .map(({ cost }) => cost);

  it('shows the best answer and waits; a raise goes on with the same run, is solved, and pays nothing twice', async () => {
    const { document } = await showFile('raised.py', MEDIAN_STUB);
    const { ended } = await solveByEnter(models);
    const best = await proposal();
    assert.match(best.label, /not verified: 2 of 3 tests pass/);
    assert.equal(bill().length, 3);
    await question(1);
    await ended;
    assert.equal(bill().length, 4);
    assert.equal(models.calls.at(-1)?.model, 'demo-strong');
    assert.deepEqual(ofLedger(), bill(), 'every call is on the ledger once');
    const [solved, ...others] = diffs();
    assert.ok(solved);
    assert.deepEqual(others, [], 'the better answer took the place of the other');
    assert.match(solved.label, /solved: 3 of 3 tests pass/);
    assert.equal(await textOf(inputOf(solved).modified), MEDIAN_SOLVED);
    await vscode.commands.executeCommand('solvent.accept');
    assert.equal(document.getText(), MEDIAN_SOLVED);
    const receipt = (await lastReceipt()).replaceAll('\\', '');
    assert.match(receipt, /The budget was raised from/);
    assert.match(receipt, /\| Cap \| Asked \| Left \| Smallest raise \|/);
  });

  it('stopping keeps the best answer so far, where it is', async () => {
    await showFile('stopped.py', MEDIAN_STUB);
    const { ended } = await solveByEnter(models);
    const best = await proposal();
    await question(3);
    await ended;
    assert.deepEqual(
      diffs().map(({ label }) => label),
      [best.label],
    );
    assert.equal(await textOf(inputOf(best).modified), MEDIAN_BEST);
    assert.deepEqual(ofLedger(), bill());
    assert.equal(bill().length, 3);
    assert.match((await lastReceipt()).replaceAll('\\', ''), /Budget exhausted/);
  });

  it('spends nothing while it waits, whatever is closed, and can be cancelled', async () => {
    await showFile('waiting.py', MEDIAN_STUB);
    const { ended } = await solveByEnter(models);
    await proposal();
    await vscode.commands.executeCommand('solvent.raiseBudget');
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await new Promise((go) => setTimeout(go, 500));
    assert.equal(bill().length, 3);
    await vscode.commands.executeCommand('solvent.cancel');
    await ended;
    assert.deepEqual(ofLedger(), bill());
  });

  it('takes accepting the best answer for stopping with it', async () => {
    const { document } = await showFile('taken.py', MEDIAN_STUB);
    const { ended } = await solveByEnter(models);
    await proposal();
    await vscode.commands.executeCommand('solvent.accept');
    await ended;
    assert.equal(document.getText(), MEDIAN_BEST);
    assert.deepEqual(diffs(), []);
    assert.equal(bill().length, 3);
  });

  it('asks nothing where the cap of the day is in the way', async () => {
    const spent = bookings().reduce((sum, { cost }) => sum + cost, 0n);
    await set('budget.perDay', Number(decimalUsd(spent)) + MEDIAN_BUDGET);
    await set('budget.perTask', 1);
    await showFile('capped.py', MEDIAN_STUB);
    const { ended } = await solveByEnter(models);
    await ended;
    assert.equal(bill().length, 3);
    assert.match((await lastReceipt()).replaceAll('\\', ''), /your cap for today has/);
  });

  it('raised after the cap of the day was lowered, spends nothing above that cap', async () => {
    await showFile('late.py', MEDIAN_STUB);
    const { ended } = await solveByEnter(models);
    await proposal();
    const spent = bookings().reduce((sum, { cost }) => sum + cost, 0n);
    await set('budget.perDay', Number(decimalUsd(spent)));
    await question(1);
    await ended;
    assert.equal(bill().length, 3);
    const receipt = (await lastReceipt()).replaceAll('\\', '');
    assert.match(receipt, /Budget exhausted/);
    assert.doesNotMatch(receipt, /was raised/);
  });

  it('asks nothing where the workspace allows the task no more', async () => {
    await set('budget.perTask', 1);
    await set('budget.perTask', MEDIAN_BUDGET, Workspace);
    await showFile('lowered.py', MEDIAN_STUB);
    const { ended } = await solveByEnter(models);
    await ended;
    assert.equal(bill().length, 3);
    assert.match((await lastReceipt()).replaceAll('\\', ''), /Budget exhausted/);
  });

  it("keeps the user's caps beside the ledger, not the workspace's, when they change", async () => {
    const kept = () => readCapsFile(join(dataFolder(), 'ledger'));
    await set('budget.perDay', 0.75);
    await eventually('the caps', kept, ({ day }) => day === usd('0.75'));
    await set('budget.perDay', 0.25, Workspace);
    await set('budget.perDay', 0.5);
    await eventually('the caps', kept, ({ day }) => day === usd('0.5'));
    await set('budget.perDay', undefined, Workspace);
    await set('budget.perDay', null);
    const { day, month } = await eventually('the caps', kept, (caps) => caps.day === undefined);
    assert.deepEqual([day, month], [undefined, usd(10)]);
  });
});

async function set(name: string, value: unknown, target = Global): Promise<void> {
  await vscode.workspace.getConfiguration('solvent').update(name, value, target);
}

/** Opens the question and takes its choice of this number; 0 is the first. */
async function question(choice: number): Promise<void> {
  await vscode.commands.executeCommand('solvent.raiseBudget');
  // Nothing tells an extension that a list is shown.
  await new Promise((go) => setTimeout(go, 2000));
  for (let at = 0; at < choice; at++) {
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
  }
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
}

function diffs(): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputTextDiff);
}

function inputOf(tab: vscode.Tab): vscode.TabInputTextDiff {
  assert.ok(tab.input instanceof vscode.TabInputTextDiff);
  return tab.input;
}

async function proposal(): Promise<vscode.Tab> {
  const [tab] = await eventually('the diff', diffs, (found) => found.length > 0, RUN_TIMEOUT_MS);
  assert.ok(tab);
  return tab;
}
