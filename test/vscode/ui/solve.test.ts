import assert from 'node:assert/strict';
import { ROMAN_SOLVED, ROMAN_STUB, TYPED_ANSWER, TYPED_TASK } from '../scripted/samples';
import { activeTab, diffSides, editorActions, editorLines } from './editors';
import { eventually } from './eventually';
import { notification } from './messages';
import { goToLine, openFile, runCommand, selectLines } from './palette';
import { answerInput, cutChoices, dismissQuickInput, readQuickInput } from './quickInput';
import { screenshot } from './screenshot';
import {
  amountAfter,
  booked,
  clearNotifications,
  fileBecomes,
  onDisk,
  openSolvent,
  plan,
  planShown,
  receiptText,
  runPlan,
  scrollReceipt,
  type SolventWorkbench,
  tidyUp,
} from './solvent';
import { clickStatusBarItem, statusBarItem, statusBarTooltip } from './statusBar';
import { terminalLines, terminalNames } from './terminal';
import { resizeWindow } from './windowSize';

const HEAD = '"""Numerals for a clock face."""\n\n\n';
const TAIL = '\n\ndef clock_face() -> list[str]:\n    return [to_roman(h) for h in range(1, 13)]\n';
const MODULE = `${HEAD}${ROMAN_STUB}${TAIL}`;
/** The lines of the stub in the module. */
const STUB_LINES = [4, 13] as const;

/** Small enough that a screenshot can be read at the width of a page of text. */
const README_SIZE = { width: 1080, height: 860 };
const PLAN_HEIGHT = 500;
/** What is left of 1200 x 800 pixels where everything is half as large again. */
const NARROW_SIZE = { width: 800, height: 533 };

describe('Solve within budget, in the workbench', function () {
  this.timeout(90_000);
  let workbench: SolventWorkbench;

  before(async () => {
    workbench = await openSolvent(
      { 'numerals.py': MODULE, 'discarded.py': MODULE, 'cancelled.py': MODULE },
      { 'editor.minimap.enabled': false },
    );
    await resizeWindow(workbench.page, README_SIZE);
    await runCommand(workbench.page, 'View: Toggle Primary Side Bar Visibility');
  });

  after(async () => {
    await workbench.close();
  });

  afterEach(async function () {
    await tidyUp(workbench, this.currentTest);
  });

  it('shows price, meter, tests and diff, and accepts the answer', async () => {
    const { page, profile, models } = workbench;
    await openFile(page, 'numerals.py');
    await selectLines(page, ...STUB_LINES);

    const shown = await plan(page);
    assert.equal(shown.title, 'Solvent: solve within $0.002');
    assert.match(shown.choices[0] ?? '', /Solve for at most \$0\.002, .*demo-strong.*demo-cheap/);
    assert.match(shown.choices[0] ?? '', /Expected \$0\.000\d+, at worst \$0\.00\d+ · 3 tests from the docstring/);
    assert.deepEqual([models.calls.length, booked(profile).total], [0, 0n], 'the price is shown before it is spent');
    await screenshot(page, 'plan', PLAN_HEIGHT);

    const critique = models.hold(1);
    await runPlan(page);
    await critique.reached;
    const first = models.calls[0]?.billed ?? 0n;
    const running = await statusBarItem(page, ' / $0.002');
    assert.equal(amountAfter(running.text, ''), first);
    assert.match(running.label, /^Solvent\. Solving\. Spent \$0\.0000\d+ of \$0\.002\./);
    const tooltip = await statusBarTooltip(page, ' / $0.002', () => screenshot(page, 'running'));
    assert.match(tooltip, /demo-strong answers as critic/);
    assert.equal(amountAfter(tooltip, 'Spent'), first);
    assert.equal(amountAfter(tooltip, '1 × demo-cheap, executor'), first);
    assert.ok(amountAfter(tooltip, 'Reserved by calls under way') > 0n);
    assert.match(tooltip, /Today\s+\$0\.0000\d+ of \$1\.00/);
    assert.deepEqual(await terminalNames(page), ['Solvent']);
    const failing = await terminalWith(workbench, 'Call 2: demo-strong as critic');
    assert.ok(failing.some((line) => line.includes("✗ assert to_roman(1994) == 'MCMXCIV'")));
    assert.ok(failing.some((line) => line.includes('2 of 3 tests passed')));
    critique.release();

    const sides = await diff(workbench);
    assert.equal(await activeTab(page), 'numerals.py ↔ Solvent, solved: 3 of 3 tests pass');
    assert.ok(sides.modified.includes('        count, number = divmod(number, value)'));
    await eventually(
      'the button',
      () => editorActions(page),
      (actions) => actions.some((action) => action.startsWith('Accept the Answer')),
    );
    const passing = await terminalWith(workbench, 'Solved: 3 of 3 tests pass');
    assert.ok(passing.some((line) => line.includes('3 of 3 tests passed')));
    await notification(page, 'Solved: 3 of 3 tests pass. Spent $0.000');
    await screenshot(page, 'diff');
    assert.equal(await onDisk(profile, 'numerals.py'), MODULE, 'nothing is written before it is accepted');

    await runCommand(page, 'Solvent: Accept the Answer');
    await fileBecomes(profile, 'numerals.py', `${HEAD}${ROMAN_SOLVED}${TAIL}`);
    assert.equal(await activeTab(page), 'numerals.py');
    await clearNotifications(page);
    await runCommand(page, 'View: Toggle Maximized Panel');
    await terminalWith(workbench, 'Answer 1, by demo-cheap');
    await page.locator('.terminal-resize-overlay.visible').waitFor({ state: 'hidden' });
    await screenshot(page, 'terminal');
    await runCommand(page, 'View: Toggle Maximized Panel');
    await runCommand(page, 'View: Hide Panel');

    await runCommand(page, 'Solvent: Show Receipt');
    const receipt = await receiptText(page, 'Solved: 3 of 3 tests pass');
    const billed = models.calls.reduce((sum, call) => sum + call.billed, 0n);
    assert.equal(models.calls.length, 3);
    assert.equal(amountAfter(receipt, 'Spent'), billed);
    assert.deepEqual(booked(profile), { total: billed, unconfirmed: 0n });
    for (const { billed: price } of models.calls) assert.ok(receiptAmounts(receipt).includes(price));
    await scrollReceipt(page, 'Money');
    await screenshot(page, 'receipt');
  });

  it('leaves the file as it was when the answer is discarded', async () => {
    const { page, profile } = workbench;
    await openFile(page, 'discarded.py');
    await selectLines(page, ...STUB_LINES);
    await page.keyboard.press('Control+Alt+Enter');
    await planShown(page);
    await runPlan(page);
    await diff(workbench);
    await runCommand(page, 'Solvent: Discard the Answer');
    await eventually(
      'the diff to close',
      () => diffSides(page),
      (sides) => sides === undefined,
    );
    assert.equal(await onDisk(profile, 'discarded.py'), MODULE);
    await openFile(page, 'discarded.py');
    assert.deepEqual((await editorLines(page)).slice(0, 4), MODULE.split('\n').slice(0, 4));
    assert.equal(await page.locator('.tab.dirty').count(), 0);
  });

  it('cuts no reason for its plan off in a window as narrow as one at 150 %', async () => {
    const { page } = workbench;
    await resizeWindow(page, NARROW_SIZE);
    try {
      await openFile(page, 'cancelled.py');
      await goToLine(page, STUB_LINES[0]);
      const { choices } = await plan(page);
      assert.ok(choices.some((choice) => choice.includes('Why this plan')));
      const cut = await cutChoices(page);
      assert.deepEqual(
        cut.filter((choice) => !choice.includes('Solve for at most')),
        [],
        'of what Enter does the end may be cut off: the models stand among the reasons, too',
      );
    } finally {
      await dismissQuickInput(page);
      await resizeWindow(page, README_SIZE);
    }
  });

  it('is in the context menu of the editor', async () => {
    const { page } = workbench;
    await openFile(page, 'discarded.py');
    await page.keyboard.press('Shift+F10');
    const entry = page.getByRole('menuitem', { name: 'Solve Within Budget' });
    await entry.waitFor();
    await page.keyboard.press('Escape');
    await entry.waitFor({ state: 'hidden' });
  });

  it('stops when it is cancelled and says what was spent', async () => {
    const { page, profile, models } = workbench;
    const before = booked(profile).total;
    await openFile(page, 'cancelled.py');
    await selectLines(page, ...STUB_LINES);
    await runCommand(page, 'View: Hide Panel');
    await plan(page);
    const answer = models.hold();
    await runPlan(page);
    await answer.reached;
    // The panel was hidden after an earlier run, whose end is not to be seen any more.
    await terminalWith(workbench, 'Call 1: demo-cheap as executor');
    await runCommand(page, 'Solvent: Cancel the Run');
    const said = await notification(page, 'Cancelled');
    assert.match(said, /^Cancelled: there is no answer\. Spent \$0\.0000\d+ of \$0\.002\./);
    const { total, unconfirmed } = booked(profile);
    assert.ok(total > before, 'a call that was cut off counts');
    assert.equal(unconfirmed, total - before, 'at its worst case');
    await clickStatusBarItem(page, ' / $0.002');
    const receipt = await receiptText(page, 'Cancelled: there is no answer');
    assert.equal(amountAfter(receipt, 'of it unconfirmed, booked at its worst case'), unconfirmed);
    assert.equal(await onDisk(profile, 'cancelled.py'), MODULE);
  });

  it('takes a typed task where no editor is open and opens the answer in a new document', async () => {
    const { page } = workbench;
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'Solvent: Solve Within Budget');
    const box = await eventually(
      'the box',
      () => readQuickInput(page),
      ({ title }) => title.startsWith('Solvent: what'),
    );
    assert.equal(box.title, 'Solvent: what should be written in Python?');
    await answerInput(page, TYPED_TASK);
    assert.match((await planShown(page)).choices[0] ?? '', /no tests: the result cannot be verified/);
    await runPlan(page);
    await notification(page, 'Not verified: there were no tests');
    const lines = await eventually(
      'the answer',
      () => editorLines(page),
      (found) => found.length > 1,
    );
    assert.equal(lines.join('\n'), TYPED_ANSWER);
    assert.match(await activeTab(page), /^def initials|^Untitled-\d/);
  });
});

/** The diff, once it is drawn. */
async function diff({ page }: SolventWorkbench): Promise<NonNullable<Awaited<ReturnType<typeof diffSides>>>> {
  const sides = await eventually(
    'the diff',
    () => diffSides(page),
    (found) => found !== undefined,
    20_000,
  );
  assert.ok(sides);
  return sides;
}

function terminalWith({ page }: SolventWorkbench, text: string): Promise<string[]> {
  return eventually(
    'the terminal',
    () => terminalLines(page),
    (lines) => lines.some((line) => line.includes(text)),
  );
}

/** Every exact amount that a receipt names. */
function receiptAmounts(receipt: string): bigint[] {
  return [...receipt.matchAll(/\$\d+(?:\.\d+)?/g)].map(([amount]) => amountAfter(amount, ''));
}
