import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { type Page } from 'playwright-core';
import { writeSettings } from '../profile';
import { ROMAN_SOLVED, ROMAN_STUB, SHOUT_SOLVED, SHOUT_STUB } from '../scripted/samples';
import { activeTab, diffSides, editorLines, pressEditorAction } from './editors';
import { eventually } from './eventually';
import { answerDialog, answerNotification, dialogText, notification, notifications } from './messages';
import { goToLine, openFile, runCommand, selectLines } from './palette';
import { acceptQuickInput, answerInput, dismissQuickInput, pick, type QuickInput, readQuickInput } from './quickInput';
import {
  booked,
  clearNotifications,
  fileBecomes,
  onDisk,
  openSolvent,
  plan,
  planShown,
  providerSettings,
  runPlan,
  type SolventWorkbench,
  tidyUp,
} from './solvent';
import { resizeWindow } from './windowSize';

const KEY = 'sk-test-1234567890';
/** High enough that a solved file is in view as a whole, above the terminal: lines out of view are not drawn. */
const WHOLE_FILES = { width: 1280, height: 1100 };
const CRLF_MODULE = `# Numerals.\n\n${ROMAN_STUB}`.replaceAll('\n', '\r\n');

const FILES = {
  'empty.py': '',
  'notes.txt': 'Roman numerals for the clock face.\n',
  'untested.py': SHOUT_STUB,
  'small.py': ROMAN_STUB,
  'moved.py': ROMAN_STUB,
  'edited.py': ROMAN_STUB,
  'windows.py': CRLF_MODULE,
  'locked.py': ROMAN_STUB,
  'dirty.py': ROMAN_STUB,
  'key.py': ROMAN_STUB,
};

describe('Solve within budget, with input that is not as it should be', function () {
  this.timeout(60_000);
  let workbench: SolventWorkbench;

  before(async () => {
    workbench = await openSolvent(FILES, { 'files.defaultLanguage': 'python', 'editor.autoIndent': 'none' });
    await resizeWindow(workbench.page, WHOLE_FILES);
  });

  after(async () => {
    await workbench.close();
  });

  afterEach(async function () {
    await tidyUp(workbench, this.currentTest);
  });

  it('asks for a task where the file is empty', async () => {
    const { page } = workbench;
    await openFile(page, 'empty.py');
    await runCommand(page, 'Solvent: Solve Within Budget');
    const box = await inputTitled(page, 'Solvent: what should be written in Python?');
    assert.match(box.message, /Type the task instead/);
    await dismissQuickInput(page);
  });

  it('says which languages it solves tasks in', async () => {
    const { page } = workbench;
    await openFile(page, 'notes.txt');
    await runCommand(page, 'Solvent: Solve Within Budget');
    const box = await inputTitled(page, 'Solvent: what should be written in Python?');
    assert.match(box.message, /Python, JavaScript or TypeScript, not in "plaintext"/);
    await dismissQuickInput(page);
  });

  it('says before and after that an answer without tests is not verified', async () => {
    const { page } = workbench;
    await openFile(page, 'untested.py');
    const { choices } = await plan(page);
    assert.match(choices[0] ?? '', /unverified, .* · no tests: the result cannot be verified/);
    await runPlan(page);
    await notification(page, 'Not verified: there were no tests. Spent $0.000');
    assert.equal(await diffTitle(page), 'untested.py ↔ Solvent, not verified: there were no tests');
    await runCommand(page, 'Solvent: Accept the Answer');
    await fileBecomes(workbench.profile, 'untested.py', SHOUT_SOLVED);
  });

  it('says the smallest budget that would do, and takes it', async () => {
    const { page, models } = workbench;
    const calls = models.calls.length;
    await openFile(page, 'small.py');
    await plan(page);
    await pick(page, 'Change the budget');
    const box = await inputTitled(page, 'Solvent: budget for this task');
    assert.equal(box.value, '0.002');
    await answerInput(page, '0.00005');
    const small = await planTitled(page, 'Solvent: $0.00005 is too small');
    const raise = /Raise to (\$0\.0001\d*) for this task/.exec(small.choices[0] ?? '');
    assert.ok(raise, small.choices[0]);
    const why = small.choices.join(' ').replaceAll(',', '');
    assert.ok(why.includes(`The smallest that would do is ${raise[1] ?? ''}`), why);
    assert.equal(models.calls.length, calls);
    await acceptQuickInput(page);
    const raised = await planTitled(page, `Solvent: solve within ${raise[1] ?? ''}`);
    assert.match(raised.choices[0] ?? '', /2 × demo-cheap/);
    await dismissQuickInput(page);
  });

  it('keeps what was typed elsewhere in the file while the agents ran', async () => {
    const { page, models } = workbench;
    await openFile(page, 'moved.py');
    await plan(page);
    const answer = models.hold();
    await runPlan(page);
    await answer.reached;
    await goToLine(page, 1);
    await page.keyboard.insertText('# typed meanwhile\n');
    await eventually(
      'the typed line',
      () => editorLines(page),
      ([first]) => first === '# typed meanwhile',
    );
    answer.release();
    await diffTitle(page);
    await acceptAnswer(page);
    await page.keyboard.press('Control+S');
    await fileBecomes(workbench.profile, 'moved.py', `# typed meanwhile\n${ROMAN_SOLVED}`);
  });

  it('overwrites nothing where the stub itself was edited while the agents ran', async () => {
    const { page, profile, models } = workbench;
    await openFile(page, 'edited.py');
    await plan(page);
    const answer = models.hold();
    await runPlan(page);
    await answer.reached;
    await goToLine(page, 2);
    await page.keyboard.insertText('    # my own idea\n');
    await eventually(
      'the typed line',
      () => editorLines(page),
      (lines) => lines[1] === '    # my own idea',
    );
    answer.release();
    await notification(page, 'The place of the answer in edited.py was edited meanwhile.');
    const lines = await eventually(
      'the answer',
      () => editorLines(page),
      (found) => found.includes('    return result'),
    );
    assert.ok(!lines.includes('    # my own idea'));
    await revert(page);
    await openFile(page, 'edited.py');
    assert.equal((await editorLines(page))[1], '    # my own idea');
    assert.equal(await onDisk(profile, 'edited.py'), ROMAN_STUB);
    await revert(page);
  });

  it('keeps the line ends of a CRLF file', async () => {
    const { page } = workbench;
    await openFile(page, 'windows.py');
    await selectLines(page, 3, 12);
    await plan(page);
    await runPlan(page);
    await diffTitle(page);
    await pressEditorAction(page, 'Accept the Answer');
    await fileBecomes(workbench.profile, 'windows.py', `# Numerals.\n\n${ROMAN_SOLVED}`.replaceAll('\n', '\r\n'));
  });

  it('leaves a read-only file alone and opens the answer beside it', async () => {
    const { page, profile } = workbench;
    await chmod(join(profile.workspace, 'locked.py'), 0o444);
    await openFile(page, 'locked.py');
    await plan(page);
    await runPlan(page);
    await notification(page, 'locked.py is read-only. The answer is in a new document instead.');
    await eventually(
      'the answer',
      () => editorLines(page),
      (lines) => lines.includes('    return result'),
    );
    assert.notEqual(await activeTab(page), 'locked.py');
    assert.equal(await onDisk(profile, 'locked.py'), ROMAN_STUB);
    await revert(page);
  });

  it('leaves a file with unsaved changes unsaved', async () => {
    const { page, profile } = workbench;
    await openFile(page, 'dirty.py');
    await goToLine(page, 1);
    await page.keyboard.insertText('# not saved yet\n');
    await page.locator('.tab.active.dirty').waitFor();
    await selectLines(page, 2, 11);
    await plan(page);
    await runPlan(page);
    await diffTitle(page);
    const lines = await acceptAnswer(page);
    assert.equal(lines.join('\n'), `# not saved yet\n${ROMAN_SOLVED}`);
    assert.equal(await onDisk(profile, 'dirty.py'), ROMAN_STUB);
    await revert(page);
  });

  it('solves in a document that was never saved', async () => {
    const { page } = workbench;
    await runCommand(page, 'File: New Untitled Text File');
    await page.keyboard.insertText(ROMAN_STUB);
    await eventually(
      'the stub',
      () => editorLines(page),
      (lines) => lines[0]?.startsWith('def to_roman') === true,
    );
    await plan(page);
    await runPlan(page);
    await diffTitle(page);
    const lines = await acceptAnswer(page);
    assert.equal(lines.join('\n'), ROMAN_SOLVED);
    await runCommand(page, 'View: Close Editor');
    assert.match(await dialogText(page), /save the changes/);
    await answerDialog(page, "Don't Save");
  });

  it('offers to set the key that the provider refused, and sends it to that provider', async () => {
    const { page, profile, models } = workbench;
    models.requireKey(KEY);
    await openFile(page, 'key.py');
    const before = booked(profile).total;
    await plan(page);
    await runPlan(page);
    const said = await notification(page, 'Failed');
    assert.match(said, /key/i);
    assert.equal(booked(profile).total, before, 'a refused call costs nothing');
    await answerNotification(page, 'Failed', 'Set API Key');
    await inputTitled(page, `Solvent: API key for ${new URL(models.baseUrl).host}`);
    await answerInput(page, KEY);
    await notification(page, 'is stored');
    await clearNotifications(page);
    await plan(page);
    await runPlan(page);
    await notification(page, 'Solved: 3 of 3 tests pass');
    assert.equal(models.calls.at(-1)?.key, KEY);
    await runCommand(page, 'Solvent: Discard the Answer');
    await eventually(
      'the diff to close',
      () => diffSides(page),
      (sides) => sides === undefined,
    );
  });

  it('says which price is missing', async () => {
    const { page, profile, models } = workbench;
    const [model] = [{ id: 'unpriced', tier: 1, outputUsdPerMTok: 1, contextWindow: 8192, maxOutputTokens: 2048 }];
    const unpriced = { ...providerSettings(models), 'solvent.models': { asOf: '2026-01-01', models: [model] } };
    await writeSettings(profile, 'Machine', unpriced);
    await openFile(page, 'key.py');
    const said = await eventually(
      'the new settings',
      () => planOrMessage(page),
      (text) => text !== '',
      20_000,
    );
    assert.match(said, /inputUsdPerMTok/);
    await answerNotification(page, 'unpriced', 'Open Settings');
    const settings = page.locator('.settings-editor');
    await eventually(
      'the settings',
      () => settings.locator('.search-container .view-line').innerText(),
      (text) => text === 'solvent.models',
    );
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });
  });

  it('says where a key is missing before anything is sent', async () => {
    const { page, profile, models } = workbench;
    const calls = models.calls.length;
    await writeSettings(profile, 'Machine', {});
    await openFile(page, 'key.py');
    const isMissing = ({ choices }: QuickInput): boolean =>
      choices.some((choice) => choice.includes('no API key for api.openai.com yet'));
    await eventually(
      'the new settings',
      async () => {
        const shown = await plan(page);
        if (!isMissing(shown)) await dismissQuickInput(page);
        return shown;
      },
      isMissing,
    );
    await pick(page, 'Set up a provider…');
    await inputTitled(page, 'Solvent: set up a provider');
    await dismissQuickInput(page);
    await eventually('the plan again', () => planShown(page), isMissing);
    await acceptQuickInput(page);
    await inputTitled(page, 'Solvent: API key for api.openai.com');
    await dismissQuickInput(page);
    await notification(page, 'There is no API key for api.openai.com. Nothing was sent or spent.');
    await answerNotification(page, 'There is no API key', 'Set API Key');
    await eventually(
      'a way to set it',
      () => readQuickInput(page),
      ({ title }) => /API key (of|for)/.test(title),
    );
    await dismissQuickInput(page);
    assert.equal(models.calls.length, calls);
  });
});

function inputTitled(page: Page, title: string): Promise<QuickInput> {
  return eventually(
    'the input box',
    () => readQuickInput(page),
    (box) => box.title === title,
  );
}

function planTitled(page: Page, title: string): Promise<QuickInput> {
  return eventually(
    'the plan',
    () => planShown(page),
    (shown) => shown.title === title,
  );
}

/** The title of the diff, once it is drawn. */
async function diffTitle(page: Page): Promise<string> {
  await eventually(
    'the diff',
    () => diffSides(page),
    (sides) => sides !== undefined,
    20_000,
  );
  return activeTab(page);
}

/** Accepts the answer. Resolves with the lines of the file once they are in view in place of the diff. */
async function acceptAnswer(page: Page): Promise<string[]> {
  await runCommand(page, 'Solvent: Accept the Answer');
  return eventually(
    'the answer in the file',
    async () => ((await diffSides(page)) === undefined ? await editorLines(page) : []),
    (lines) => lines.includes('    return result'),
  );
}

/** Asks for a plan: the message that comes in its place, or nothing where it comes, which is then put away. */
async function planOrMessage(page: Page): Promise<string> {
  await runCommand(page, 'Solvent: Solve Within Budget');
  const [message] = await eventually(
    'a plan or a message',
    async () => [...(await notifications(page)), ...(await quickInputTitle(page))],
    (found) => found.length > 0,
  );
  if (message?.startsWith('Solvent: solve within') !== true) return message ?? '';
  await dismissQuickInput(page);
  return '';
}

async function quickInputTitle(page: Page): Promise<string[]> {
  return page.locator('.quick-input-title:visible').allInnerTexts();
}

/** Closes the active editor without what was not saved. */
async function revert(page: Page): Promise<void> {
  const title = await activeTab(page);
  await runCommand(page, 'View: Revert and Close Editor');
  await eventually(
    'the editor to close',
    () => activeTab(page),
    (now) => now !== title,
  );
}
