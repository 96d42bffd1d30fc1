import assert from 'node:assert/strict';
import { ROMAN_STUB } from '../scripted/samples';
import { activeTab, diffSides } from './editors';
import { eventually } from './eventually';
import { notification } from './messages';
import { goToLine, openFile, runCommand } from './palette';
import { screenshot } from './screenshot';
import { openSolvent, plan, runPlan, type SolventWorkbench, tidyUp } from './solvent';
import { statusBarTexts } from './statusBar';
import { followTerminalLink } from './terminal';
import { expandRow, focusRow, openTestExplorer, testExplorerRows } from './testExplorer';
import { resizeWindow } from './windowSize';

const MODULE = `"""Numerals for a clock face."""\n\n\n${ROMAN_STUB}`;
/** The line of the doctest that the first answer fails. */
const FAILING_LINE = 11;
const FAILING = "assert to_roman(1994) == 'MCMXCIV'";

describe('The Test Explorer and the terminal, in the workbench', function () {
  this.timeout(90_000);
  let workbench: SolventWorkbench;

  before(async () => {
    workbench = await openSolvent(
      { 'numerals.py': MODULE },
      { 'editor.minimap.enabled': false, 'workbench.colorTheme': 'Default Dark Modern' },
    );
    await resizeWindow(workbench.page, { width: 1280, height: 860 });
  });

  after(async () => {
    await workbench.close();
  });

  afterEach(async function () {
    await tidyUp(workbench, this.currentTest);
  });

  const cursorIn = (line: number): Promise<string[]> =>
    eventually(
      `the cursor in line ${line}`,
      () => statusBarTexts(workbench.page),
      (texts) => texts.some((text) => text.startsWith(`Ln ${line},`)),
    );

  it('lead from a failing test to its assertion, by keyboard and by a click in the terminal', async () => {
    const { page, models } = workbench;
    await openFile(page, 'numerals.py');
    await goToLine(page, 4);
    await plan(page);
    const critique = models.hold(1);
    await runPlan(page);
    await critique.reached;

    await openTestExplorer(page);
    await expandRow(page);
    const shown = await eventually(
      'the results',
      () => testExplorerRows(page),
      (rows) => rows.some((row) => row.startsWith(`${FAILING} (Failed)`)),
    );
    assert.match(shown[0] ?? '', /^numerals\.py:to_roman \(Failed\)/);
    assert.match(shown[1] ?? '', /^assert to_roman\(3\) == 'III' \(Passed\)/);
    assert.equal(shown.length, 4);
    await focusRow(page, FAILING);
    await screenshot(page, 'test-explorer');
    await page.keyboard.press('Alt+Enter');
    await cursorIn(FAILING_LINE);
    assert.equal(await activeTab(page), 'numerals.py');

    await goToLine(page, 1);
    await followTerminalLink(page, `numerals.py:${FAILING_LINE}`);
    await cursorIn(FAILING_LINE);

    await runCommand(page, 'Preferences: Toggle between Light/Dark Themes');
    await page.locator('.monaco-workbench.vs').waitFor();
    await screenshot(page, 'test-explorer-light');
    critique.release();
    await notification(page, 'Solved: 3 of 3 tests pass');
  });

  it('run the tests again on the document as it is, without a call', async () => {
    const { page, models } = workbench;
    const calls = models.calls.length;
    await rowsBecome('Passed', 'what the last answer came to');
    await runCommand(page, 'Solvent: Discard the Answer');
    await eventually(
      'the diff to close',
      () => diffSides(page),
      (sides) => sides === undefined,
    );
    await runCommand(page, 'Test: Run All Tests');
    await rowsBecome('Failed', 'what the stub comes to');
    assert.equal(models.calls.length, calls);
  });

  async function rowsBecome(state: string, what: string): Promise<void> {
    await eventually(
      what,
      () => testExplorerRows(workbench.page),
      (rows) => rows.length === 4 && rows.every((row) => row.includes(` (${state})`)),
    );
  }
});
