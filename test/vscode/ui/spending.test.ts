import assert from 'node:assert/strict';
import { appendFile, cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aLedger } from '../../unit/report/ledgerFixture';
import { ROMAN_STUB } from '../scripted/samples';
import { eventually } from './eventually';
import { answerDialog, answerNotification, dialogText, notification } from './messages';
import { openFile, runCommand } from './palette';
import { answerInput, pick, readQuickInput } from './quickInput';
import { screenshot } from './screenshot';
import { amountAfter, booked, dataFolder, openSolvent, receiptText, type SolventWorkbench, tidyUp } from './solvent';
import { resizeWindow } from './windowSize';

describe('the ledger, in the workbench', function () {
  this.timeout(90_000);
  let workbench: SolventWorkbench;
  let ledger: string;

  before(async () => {
    workbench = await openSolvent({ 'numerals.py': ROMAN_STUB });
    ledger = join(dataFolder(workbench.profile), 'ledger');
    const fixture = await aLedger();
    await fixture.ledger.close();
    await cp(fixture.folder, ledger, { recursive: true });
    await fixture.remove();
    await resizeWindow(workbench.page, { width: 1080, height: 860 });
    await runCommand(workbench.page, 'View: Toggle Primary Side Bar Visibility');
  });

  after(async () => {
    await workbench.close();
  });

  afterEach(async function () {
    await tidyUp(workbench, this.currentTest);
  });

  it('is shown as a page', async () => {
    const { page } = workbench;
    await runCommand(page, 'Solvent: Show Spending');
    const text = await receiptText(page, 'Unconfirmed calls');
    for (const said of [
      /Today\s+\$[\d.]+ of \$1\.00/,
      /Runs cost 2\.2 times what their plans expected/,
      /aaaaaaaa-2/,
    ]) {
      assert.match(text, said);
    }
    await screenshot(page, 'spending');
  });

  it('has unconfirmed calls cleared at what was billed', async () => {
    const { page, profile } = workbench;
    const before = booked(profile);
    await runCommand(page, 'Solvent: Clear Unconfirmed Calls…');
    await eventually(
      'the calls',
      () => readQuickInput(page),
      ({ choices }) => choices.some((choice) => /strong as critic.*\$0\.002.*median/.test(choice)),
    );
    await screenshot(page, 'clear-call', 400);
    await pick(page, 'strong');
    const asked = await eventually(
      'the question',
      () => readQuickInput(page),
      ({ title }) => title.includes('what did the provider bill'),
    );
    assert.match(asked.message, /It is booked at \$0\.002\./);
    await answerInput(page, 'a lot');
    await eventually(
      'what is wrong',
      () => readQuickInput(page),
      ({ message }) => message.startsWith('Write an amount of USD'),
    );
    await answerInput(page, '0.0003');
    assert.equal(
      await notification(page, 'Cleared'),
      'Cleared: the call to strong is booked at $0.0003 now, and was at $0.002.',
    );
    const { total, unconfirmed } = booked(profile);
    assert.deepEqual([before.total - total, unconfirmed], [17n * 10n ** 14n, 0n]);
  });

  it('has a receipt for every past run', async () => {
    const { page } = workbench;
    await runCommand(page, 'Solvent: Show Receipt of a Past Run…');
    await eventually(
      'the runs',
      () => readQuickInput(page),
      ({ choices }) => choices.length === 2 && /roman.*unsolved/.test(choices[0] ?? ''),
    );
    await screenshot(page, 'past-runs', 400);
    await pick(page, 'median');
    const text = await receiptText(page, 'Receipt: median');
    assert.equal(amountAfter(text, 'Billed'), 5n * 10n ** 14n);
    assert.match(text, /The budget was raised from \$0\.01 to \$0\.02\./);
    await screenshot(page, 'past-receipt');
  });

  it('is exported to a file of the user’s choice', async () => {
    const { page, profile } = workbench;
    await runCommand(page, 'Solvent: Export Ledger…');
    await eventually(
      'the dialog',
      () => readQuickInput(page),
      ({ value }) => value.includes('solvent-ledger-'),
    );
    await answerInput(page, join(profile.workspace, 'calls.json'));
    await notification(page, '3 rows were exported to');
    const rows = JSON.parse(await readFile(join(profile.workspace, 'calls.json'), 'utf8')) as unknown[];
    assert.equal(rows.length, 3);
  });

  it('stops spending where it is damaged, until the user sets the damaged part aside', async () => {
    const { page, profile, models } = workbench;
    const file = join(ledger, 'ledger.1.jsonl');
    await appendFile(file, '{"type":"settle" and what a failing disk made of it}\n');
    await openFile(page, 'numerals.py');
    await runCommand(page, 'Solvent: Solve Within Budget');
    assert.match(await notification(page, 'is damaged'), /Nothing is spent until you decide/);
    await screenshot(page, 'damaged');
    await answerNotification(page, 'is damaged', 'Set Aside and Go On…');
    const said = await dialogText(page);
    assert.match(said, /^The ledger is damaged\. Set the damaged part aside and go on\?/);
    assert.match(said, /1 line of ledger\.1\.jsonl cannot be read\..*no longer counts against your caps/);
    await screenshot(page, 'damaged-dialog');
    await answerDialog(page, 'Set Aside and Go On…');
    await eventually(
      'the question',
      () => readQuickInput(page),
      ({ title }) => title.includes('unreadable part have cost today'),
    );
    await screenshot(page, 'damaged-cost', 400);
    await answerInput(page, '0.5');
    assert.match(await notification(page, 'Spending goes on'), /\$0\.50 were booked today as unconfirmed\./);
    assert.equal(models.calls.length, 0);
    assert.ok((await readdir(ledger)).includes('ledger.1.damaged.jsonl'));
    assert.equal(booked(profile).unconfirmed, 5n * 10n ** 17n);
    await answerNotification(page, 'Spending goes on', 'Show Spending');
    await receiptText(page, '$0.50');
  });
});
