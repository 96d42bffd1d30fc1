import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleForHost } from '../bundle';
import { activeTab, diffSides, editorActions, editorLines, pressEditorAction } from './editors';
import { eventually } from './eventually';
import { answerDialog, answerNotification, dialogText, notification, notifications } from './messages';
import { openFile, runCommand, selectLines } from './palette';
import { answerInput, pick, readQuickInput } from './quickInput';
import { screenshot } from './screenshot';
import { statusBarItem, statusBarTexts, statusBarTooltip } from './statusBar';
import { terminalLines, terminalNames } from './terminal';
import { openWorkbench, type Workbench } from './workbench';

const COMMANDS = { ask: 'Ask', compare: 'Compare', accept: 'Accept', print: 'Print Selection' };

/** Builds the small extension into a folder of its own. */
async function buildFixture(folder: string): Promise<void> {
  await bundleForHost([resolve('test', 'vscode', 'ui', 'fixture', 'extension.ts')], folder);
  const commands = Object.entries(COMMANDS).map(([id, title]) => ({
    command: `driverFixture.${id}`,
    title,
    category: 'Driver Fixture',
  }));
  const manifest = {
    name: 'driver-fixture',
    publisher: 'tests',
    version: '0.0.1',
    engines: { vscode: '^1.90.0' },
    main: 'extension.js',
    activationEvents: ['onStartupFinished'],
    contributes: {
      commands,
      menus: { 'editor/title': [{ command: 'driverFixture.accept', when: 'isInDiffEditor', group: 'navigation' }] },
    },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}

describe('the driver of the workbench', function () {
  this.timeout(60_000);
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driver-fixture-'));
    await buildFixture(folder);
    workbench = await openWorkbench({
      extension: folder,
      files: { 'src/poem.txt': 'first line\n  second line\nthird line\nfourth line\n' },
    });
  });

  after(async () => {
    await workbench.close();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(workbench.page, 'driver-failure');
  });

  it('reads a status bar item, its tooltip and what a screen reader says', async () => {
    const { page } = workbench;
    assert.deepEqual(await statusBarItem(page, 'meter'), { text: 'meter 0', label: 'The meter stands at 0' });
    assert.equal(await statusBarTooltip(page, 'meter'), 'Spent nothing so far');
  });

  it('answers a quick pick, an input box, a notification and a dialog', async () => {
    const { page } = workbench;
    await runCommand(page, 'Driver Fixture: Ask');
    await eventually(
      'the pick',
      () => readQuickInput(page),
      ({ title }) => title === 'Size',
    );
    const { placeholder, choices } = await readQuickInput(page);
    assert.equal(placeholder, 'Choose a size');
    assert.deepEqual(choices, ['Small, one cent', 'Large']);
    await pick(page, 'Large');
    const box = await eventually(
      'the box',
      () => readQuickInput(page),
      ({ title }) => title === 'Amount',
    );
    assert.equal(box.value, '1');
    assert.match(box.message, /^How much\?/);
    await answerInput(page, '25');
    assert.equal(await notification(page, 'Took'), 'Took Large');
    assert.deepEqual(await notifications(page), ['Took Large']);
    await answerNotification(page, 'Took', 'Keep');
    assert.equal(await dialogText(page), 'Keep it?\nFor good');
    await answerDialog(page, 'Yes');
    assert.ok((await statusBarTexts(page)).includes('meter Large 25'));
  });

  it('opens a file, selects lines and reads a terminal', async () => {
    const { page } = workbench;
    await openFile(page, 'src/poem.txt');
    assert.equal(await activeTab(page), 'poem.txt');
    assert.deepEqual((await editorLines(page)).slice(0, 2), ['first line', '  second line']);
    await selectLines(page, 2, 3);
    await runCommand(page, 'Driver Fixture: Print Selection');
    const lines = await eventually(
      'the terminal',
      () => terminalLines(page),
      (found) => found.length >= 3,
    );
    assert.deepEqual(lines, ['selected:', '  second line', 'third line']);
    assert.deepEqual(await terminalNames(page), ['Fixture']);
  });

  it('tells the two sides of a diff and presses a button of its title', async () => {
    const { page } = workbench;
    assert.equal(await diffSides(page), undefined);
    await runCommand(page, 'Driver Fixture: Compare');
    const sides = await eventually(
      'the diff',
      () => diffSides(page),
      (found) => found?.modified.length === 3,
    );
    assert.deepEqual(sides, { original: ['one', '  two', ''], modified: ['one', '  three', ''] });
    assert.equal(await activeTab(page), 'Before and after');
    assert.ok((await editorActions(page)).includes('Accept'));
    await pressEditorAction(page, 'Accept');
    assert.equal(await notification(page, 'Accepted'), 'Accepted');
    await screenshot(page, 'driver');
  });
});
