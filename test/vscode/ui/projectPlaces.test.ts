import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_LIST } from '../scripted/models';
import { NUMERALS, PYTHON_COMMAND, PYTHON_PROJECT } from '../scripted/project';
import { ROMAN_SOLVED, ROMAN_STUB } from '../scripted/samples';
import { eventually } from './eventually';
import { notification } from './messages';
import { goToLine, openFile, runCommand } from './palette';
import { acceptQuickInput, dismissQuickInput, pick, type QuickInput, readQuickInput } from './quickInput';
import { screenshot } from './screenshot';
import { fileBecomes, openSolvent, planShown, runPlan, type SolventWorkbench, tidyUp } from './solvent';

const STUB_LINE = 4;
const READY_MS = 60_000;

/** The files of the project in a folder, its module by another name. */
const inFolder = (folder: string, module: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(PYTHON_PROJECT).map(([path, text]) => [
      `${folder}/${path.replace('numerals', module)}`,
      text.replace('from numerals', `from ${module}`),
    ]),
  );

/** The copies of projects that there are. */
const copies = ({ profile }: SolventWorkbench): Promise<readonly string[]> =>
  readdir(join(profile.home, '.cache', 'solvent', 'projects')).catch(() => []);

async function titled({ page }: SolventWorkbench, start: string): Promise<QuickInput> {
  return eventually(
    start,
    () => readQuickInput(page),
    ({ title, choices }) => title.startsWith(start) && choices.length > 0,
    READY_MS,
  );
}

describe("The project's own tests, in a workspace that is not trusted", function () {
  this.timeout(120_000);
  let workbench: SolventWorkbench;

  before(async () => {
    const settings = JSON.stringify({ 'solvent.testCommand': PYTHON_COMMAND });
    workbench = await openSolvent(
      { ...PYTHON_PROJECT, '.vscode/settings.json': settings },
      {
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'never',
        'security.workspace.trust.banner': 'never',
      },
      MODEL_LIST,
      true,
    );
  });

  after(async () => {
    await workbench.close();
  });

  it('are neither run nor asked about', async () => {
    const { page, models } = workbench;
    await openFile(page, 'numerals.py');
    await goToLine(page, STUB_LINE);
    await runCommand(page, 'Solvent: Solve Within Budget');
    await notification(page, 'Solving is off in Restricted Mode');
    assert.equal(await page.locator('.quick-input-widget:not([inert]):visible').count(), 0);
    assert.deepEqual([await copies(workbench), models.calls.length], [[], 0]);
  });
});

describe("The project's own tests, where some fail for a reason of their own", function () {
  this.timeout(120_000);
  let workbench: SolventWorkbench;

  before(async () => {
    const broken =
      'import unittest\n\n\nclass T(unittest.TestCase):\n    def test_network(self):\n        open("/no/network")\n';
    workbench = await openSolvent({ ...PYTHON_PROJECT, 'tests/test_network.py': broken });
  });

  after(async () => {
    await workbench.close();
  });

  it('need not all pass: the user says which ones do', async () => {
    const { page, profile } = workbench;
    await openFile(page, 'numerals.py');
    await goToLine(page, STUB_LINE);
    await runCommand(page, 'Solvent: Solve Within Budget');
    await titled(workbench, "Solvent: prove it by the project's own tests?");
    await acceptQuickInput(page);
    await titled(workbench, 'Solvent: solve within');
    assert.match((await planShown(page)).choices[0] ?? '', /3 failing tests of the project must pass/);
    await pick(page, 'Choose which failing tests have to pass');
    await titled(workbench, 'Solvent: which failing tests have to pass?');
    await page.keyboard.type('test_network');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await screenshot(page, 'project-required');
    await acceptQuickInput(page);
    await eventually(
      'the plan',
      () => planShown(page),
      ({ choices }) => choices[0]?.includes('2 failing tests of the project must pass') === true,
    );
    await runPlan(page);
    await notification(page, "Solved: the project's tests pass", READY_MS);
    await runCommand(page, 'Solvent: Accept the Answer');
    await fileBecomes(profile, 'numerals.py', NUMERALS.replace(ROMAN_STUB, ROMAN_SOLVED));
  });
});

describe("The project's own tests, in a workspace of two folders", function () {
  this.timeout(180_000);
  let workbench: SolventWorkbench;

  before(async () => {
    const folders = { folders: [{ path: 'a' }, { path: 'b' }] };
    workbench = await openSolvent({
      ...inFolder('a', 'numerals'),
      ...inFolder('b', 'roman'),
      'b/extra.py': '',
      'two.code-workspace': JSON.stringify(folders),
    });
    const { page, profile } = workbench;
    const address = new URL(page.url());
    address.search = new URLSearchParams({ workspace: join(profile.workspace, 'two.code-workspace') }).toString();
    // A workbench that is left while it starts can have the next one open without its folders.
    await eventually(
      'the two folders',
      async () => {
        await page.goto(address.href);
        await page.locator('.explorer-folders-view .monaco-list-row').nth(1).waitFor();
        return true;
      },
      Boolean,
      READY_MS,
    );
  });

  after(async () => {
    await workbench.close();
  });

  afterEach(async function () {
    await tidyUp(workbench, this.currentTest);
  });

  for (const [file, files] of [
    ['numerals.py', 2],
    ['roman.py', 3],
  ] as const) {
    it(`are those of the folder that the file is in, and are asked about for each: ${file}`, async () => {
      const { page } = workbench;
      await openFile(page, file);
      await goToLine(page, STUB_LINE);
      await runCommand(page, 'Solvent: Solve Within Budget');
      const offer = await titled(workbench, "Solvent: prove it by the project's own tests?");
      assert.ok(offer.choices[0]?.includes(PYTHON_COMMAND), offer.choices[0]);
      await acceptQuickInput(page);
      await titled(workbench, 'Solvent: solve within');
      const { choices } = await planShown(page);
      assert.ok(
        choices.some((choice) => choice.includes(`over a copy of ${files} files`)),
        choices.join('\n'),
      );
      await dismissQuickInput(page);
      await eventually(
        'the copies',
        () => copies(workbench),
        (found) => found.length === 0,
      );
      await runCommand(page, 'View: Close All Editors');
    });
  }
});
