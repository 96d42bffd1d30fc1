import assert from 'node:assert/strict';
import { type Page } from 'playwright-core';
import { decimalUsd } from '../../servers/bill';
import { writeSettings } from '../profile';
import { TERSE_MODEL_LIST } from '../scripted/models';
import { MEDIAN_BEST, MEDIAN_BUDGET, MEDIAN_SOLVED, MEDIAN_STUB } from '../scripted/samples';
import { activeTab, diffSides } from './editors';
import { eventually } from './eventually';
import { answerNotification, notification, notifications } from './messages';
import { openFile, runCommand } from './palette';
import { answerInput, dismissQuickInput, pick, type QuickInput, readQuickInput } from './quickInput';
import { screenshot } from './screenshot';
import {
  booked,
  clearNotifications,
  fileBecomes,
  openSolvent,
  plan,
  providerSettings,
  runPlan,
  type SolventWorkbench,
  tidyUp,
} from './solvent';
import { clickStatusBarItem, statusBarItem, statusBarTooltip } from './statusBar';
import { terminalLines } from './terminal';

const SETTINGS = { 'solvent.budget.perTask': MEDIAN_BUDGET, 'solvent.topology': 'linear' };
const ASKING = `/ $${MEDIAN_BUDGET}: raise?`;
const EXHAUSTED = `The budget of $${MEDIAN_BUDGET} is exhausted, 2 of 3 tests pass.`;
const BEST_TAB = '↔ Solvent, not verified: 2 of 3 tests pass';

describe('An exhausted budget, in the workbench', function () {
  this.timeout(90_000);
  let workbench: SolventWorkbench;

  before(async () => {
    const files = { 'raised.py': MEDIAN_STUB, 'stopped.py': MEDIAN_STUB, 'capped.py': MEDIAN_STUB };
    workbench = await openSolvent(files, SETTINGS);
  });

  after(async () => {
    await workbench.close();
  });

  afterEach(async function () {
    await tidyUp(workbench, this.currentTest);
    await runCommand(workbench.page, 'View: Close All Editors');
  });

  /** What the provider has billed for all calls so far. */
  const bill = (): bigint => workbench.models.calls.reduce((sum, { billed }) => sum + billed, 0n);

  it('shows the best answer, asks, and goes on with the same run when the budget is raised', async () => {
    const { page, profile, models } = workbench;
    await openFile(page, 'raised.py');
    await plan(page);
    await runPlan(page);
    const said = await notification(page, EXHAUSTED);
    assert.match(
      said,
      /A call to demo-cheap as executor can cost \$0\.0000\d+, but the task's budget has \$0\.0000\d+/,
    );
    const { label } = await statusBarItem(page, ASKING);
    assert.match(label, /^Solvent\. The budget is exhausted: raise it, or stop\./);
    await bestAnswer(page);
    await terminalWith(page, 'raise it, or stop with the best answer so far');
    await screenshot(page, 'exhausted');
    const tooltip = await statusBarTooltip(page, ASKING);
    assert.match(tooltip, /would admit it[^]*Click to raise the budget or to stop/);

    await clearNotifications(page);
    await clickStatusBarItem(page, ASKING);
    const asked = await question(page);
    assert.equal(asked.title, `Solvent: the budget of $${MEDIAN_BUDGET} is exhausted`);
    assert.match(asked.choices[0] ?? '', /Raise by \$0\.0000\d+, to \$0\.0001\d+: the smallest raise/);
    assert.match(asked.choices[1] ?? '', /Double the budget, to \$0\.00024/);
    assert.match(asked.choices[2] ?? '', /Another amount…, at most \$1\.00/);
    assert.match(asked.choices[3] ?? '', /Stop with the best answer so far, 2 of 3 tests pass/);
    await screenshot(page, 'raise');
    await dismissQuickInput(page);
    const paid = models.calls.length;
    assert.equal(bill(), booked(profile).total);

    await runCommand(page, 'Solvent: Raise the Budget…');
    await question(page);
    await pick(page, 'Another amount');
    const box = await titled(page, 'Solvent: new budget for this task');
    assert.match(box.message, /Your cap for today leaves \$0\.999\d/);
    await answerInput(page, '5');
    const refused = await eventually(
      'the reason',
      () => readQuickInput(page),
      ({ message }) => message.includes('may be at most'),
    );
    assert.match(refused.message, /Your cap for today leaves \$0\.999\d\. The budget may be at most \$1\./);
    await answerInput(page, '0.002');
    await notification(page, 'Solved: 3 of 3 tests pass');
    assert.deepEqual(
      models.calls.slice(paid).map(({ model }) => model),
      ['demo-strong'],
    );
    assert.deepEqual(booked(profile), { total: bill(), unconfirmed: 0n });
    assert.equal(await activeTab(page), 'raised.py ↔ Solvent, solved: 3 of 3 tests pass');
    assert.equal(await page.locator('.tab').filter({ hasText: 'not verified' }).count(), 0, 'no pile of diffs');
    await runCommand(page, 'Solvent: Accept the Answer');
    await fileBecomes(profile, 'raised.py', MEDIAN_SOLVED);
  });

  it('stops with the best answer so far, which can still be accepted, and says why', async () => {
    const { page, profile, models } = workbench;
    const calls = models.calls.length;
    await openFile(page, 'stopped.py');
    await plan(page);
    await runPlan(page);
    await bestAnswer(page);
    await answerNotification(page, EXHAUSTED, 'Stop');
    const said = await notification(page, 'Budget exhausted: 2 of 3 tests pass');
    assert.match(said, /would admit it\./);
    await bestAnswer(page);
    assert.equal(models.calls.length, calls + 3);
    assert.equal(booked(profile).total, bill());
    await runCommand(page, 'Solvent: Why Was This Denied?');
    const why = await titled(page, 'Solvent: why a call to demo-cheap as executor was not admitted');
    assert.match(
      why.choices[0] ?? '',
      /The task's budget, asked \$0\.0000\d+ · left \$0\.0000\d+ · smallest raise \$0\.0000/,
    );
    await screenshot(page, 'denied');
    await dismissQuickInput(page);
    await answerNotification(page, 'Budget exhausted', 'Accept');
    await fileBecomes(profile, 'stopped.py', MEDIAN_BEST);
  });

  it('asks nothing where the cap of the day is in the way, names it, and leads to its setting', async () => {
    const { page, profile, models } = workbench;
    const cap = Number(decimalUsd(booked(profile).total)) + MEDIAN_BUDGET;
    const budgets = { 'solvent.budget.perTask': 1, 'solvent.budget.perDay': cap };
    await writeSettings(profile, 'Machine', { ...providerSettings(models), ...budgets });
    await openFile(page, 'capped.py');
    await eventually(
      'the new settings',
      async () => {
        const shown = await plan(page);
        if (!capped(shown)) await dismissQuickInput(page);
        return shown;
      },
      capped,
    );
    await runPlan(page);
    const said = await notification(page, 'Stopped by a cap');
    assert.match(said, /your cap for today has \$0\.0000\d+ left: a raise by .* would admit it\./);
    assert.ok(!(await notifications(page)).some((text) => text.startsWith('The budget of')));
    await screenshot(page, 'capped');
    await answerNotification(page, 'Stopped by a cap', 'Open Settings');
    const settings = page.locator('.settings-editor');
    await eventually(
      'the setting',
      () => settings.locator('.search-container .view-line').innerText(),
      (text) => text === 'solvent.budget.perDay',
    );
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });
  });
});

describe('A cap of the day that is nearly spent, in the workbench', function () {
  this.timeout(90_000);
  let workbench: SolventWorkbench;

  before(async () => {
    const settings = { ...SETTINGS, 'solvent.budget.perDay': MEDIAN_BUDGET, 'solvent.budget.perTask': 1 };
    workbench = await openSolvent({ 'first.py': MEDIAN_STUB, 'second.py': MEDIAN_STUB }, settings, TERSE_MODEL_LIST);
  });

  after(async () => {
    await workbench.close();
  });

  afterEach(async function () {
    await tidyUp(workbench, this.currentTest);
  });

  const told = async (): Promise<string[]> =>
    (await notifications(workbench.page)).filter((text) => text.includes('of your cap for today is spent'));

  it('is told at 50 and at 80 %, each once, in whatever run', async () => {
    const { page, profile, models } = workbench;
    await openFile(page, 'first.py');
    await plan(page);
    await runPlan(page);
    await notification(page, 'Not solved: 2 of 3 tests pass');
    assert.deepEqual(
      (await told()).map((text) => text.replace(/\$[\d.]+\d/g, '$')).sort(),
      [50, 80].map((percent) => `${percent} % of your cap for today is spent: $ of $.`),
    );
    await screenshot(page, 'warned');
    await clearNotifications(page);
    await runCommand(page, 'View: Close All Editors');

    // Half of the new cap is spent again, and that was told.
    const budgets = { 'solvent.budget.perDay': 2 * MEDIAN_BUDGET };
    const provider = { ...providerSettings(models), 'solvent.models': TERSE_MODEL_LIST };
    await writeSettings(profile, 'Machine', { ...provider, ...budgets });
    await openFile(page, 'second.py');
    await eventually(
      'the new settings',
      async () => {
        const shown = await plan(page);
        if (!shown.title.includes('solve within')) await dismissQuickInput(page);
        return shown;
      },
      ({ title }) => title.includes('solve within'),
    );
    await runPlan(page);
    await notification(page, 'of 3 tests pass');
    assert.ok(!(await told()).some((text) => /^[58]0 %/.test(text)), (await told()).join());
  });
});

const capped = ({ choices }: QuickInput): boolean => choices.some((choice) => choice.includes('Your cap for today'));

/** The best answer so far as a diff, once it is drawn. */
async function bestAnswer(page: Page): Promise<void> {
  await eventually(
    'the best answer',
    async () => ((await diffSides(page)) === undefined ? '' : activeTab(page)),
    (title) => title.endsWith(BEST_TAB),
    20_000,
  );
}

function question(page: Page): Promise<QuickInput> {
  return eventually(
    'the question',
    () => readQuickInput(page),
    ({ title, choices }) => title.startsWith('Solvent: the budget of') && choices.length > 3,
  );
}

function titled(page: Page, title: string): Promise<QuickInput> {
  return eventually(
    'the box',
    () => readQuickInput(page),
    (shown) => shown.title === title,
  );
}

function terminalWith(page: Page, text: string): Promise<string[]> {
  return eventually(
    'the terminal',
    () => terminalLines(page),
    (lines) => lines.join(' ').includes(text),
  );
}
