import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Ledger } from '../../../src/core/budget/ledger';
import { usd } from '../../../src/core/money';
import { SpendingDocuments } from '../../../src/vscode/spending';
import { clearUnconfirmed } from '../../../src/vscode/spendingClear';
import { exportTo } from '../../../src/vscode/spendingExport';
import { Settings } from '../../../src/vscode/settings';
import { aLedger, type LedgerFixture } from '../../unit/report/ledgerFixture';
import { eventually } from '../ui/eventually';
import { textOf } from './solvent';

describe('the ledger, in the extension host', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => (fixture = await aLedger()));
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await fixture.remove();
  });

  const pipeline = () => ({
    ledger: () => Promise.resolve(fixture.ledger),
    ledgerFolder: () => Promise.resolve(fixture.folder),
  });

  it('is shown as a document by its command, with the caps of the settings', async () => {
    await vscode.commands.executeCommand('solvent.showSpending');
    const uri = vscode.Uri.from({ scheme: 'solvent-spending', path: '/Spending.md' });
    assert.match(await textOf(uri), /^# Spending\n\n## Now\n\n[^]*\| Today \| \\\$[\d.\\]+ of \\\$1\\\.00/);
  });

  it('shows what is in it by every group, and follows what happens to it', async () => {
    const documents = new SpendingDocuments(
      { pipeline: pipeline(), settings: new Settings() },
      'solvent-spending-test',
    );
    try {
      const uri = vscode.Uri.from({ scheme: 'solvent-spending-test', path: '/Spending.md' });
      await documents.showSpending();
      const text = await textOf(uri);
      for (const title of [
        'Now',
        'By month',
        'By day',
        'By model',
        'By role',
        'Runs',
        'Estimates',
        'Unconfirmed calls',
      ]) {
        assert.ok(text.includes(`\n## ${title}\n`), title);
      }
      assert.match(text, /\| \*\*Total\*\* \| \*\*3\*\* \|.*\*\*\\\$0\.00630003\*\*/);
      await fixture.call('later', 'cheap', 'executor', { cost: usd('0.1') });
      await documents.showSpending();
      await eventually(
        'the new total',
        () => textOf(uri),
        (now) => now.includes('**\\$0.10630003**'),
      );
    } finally {
      documents.dispose();
    }
  });

  it('has the receipt of a past run, that of the last one first', async () => {
    const documents = new SpendingDocuments(
      { pipeline: pipeline(), settings: new Settings() },
      'solvent-spending-test',
    );
    try {
      await answered(documents.showPastReceipt());
      const uri = vscode.Uri.from({
        ...{ scheme: 'solvent-spending-test', path: '/Receipt aaaaaaaa.md', query: 'aaaaaaaa-2222' },
      });
      assert.match(await textOf(uri), /^# Receipt\\: roman\n[^]*\| Billed \| \\\$0\.00410003 \|/);
      assert.ok(vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString()));
    } finally {
      documents.dispose();
    }
  });

  it('asks for no bill where the choice of a call is given up', async () => {
    await answered(clearUnconfirmed(pipeline()), 'workbench.action.closeQuickOpen');
    assert.equal((await fixture.ledger.unconfirmed()).length, 1);
  });

  it('is exported as CSV or JSON by the ending of the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'solvent-export-'));
    try {
      await exportTo(vscode.Uri.file(join(folder, 'a.csv')), fixture.folder);
      await exportTo(vscode.Uri.file(join(folder, 'a.json')), fixture.folder);
      assert.match(await readFile(join(folder, 'a.csv'), 'utf8'), /^kind,time,day,(?:.*\r\n){4}$/);
      assert.equal((JSON.parse(await readFile(join(folder, 'a.json'), 'utf8')) as unknown[]).length, 3);
      await assert.rejects(
        exportTo(vscode.Uri.file(join(fixture.folder, 'a.csv')), fixture.folder),
        /folder of the ledger/,
      );
      await assert.rejects(exportTo(vscode.Uri.parse('untitled:a.csv'), fixture.folder), /to a disk only/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is shown as far as it can be read where it is damaged', async () => {
    const file = join(fixture.folder, 'ledger.1.jsonl');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"model":"strong"', '"model":"strang"'));
    const damaged = { ...pipeline(), ledger: () => Ledger.open(fixture.folder) };
    const documents = new SpendingDocuments(
      { pipeline: damaged, settings: new Settings() },
      'solvent-spending-damaged',
    );
    try {
      await documents.showSpending();
      const text = await textOf(vscode.Uri.from({ scheme: 'solvent-spending-damaged', path: '/Spending.md' }));
      assert.match(text, /^# Spending\n\n## Damaged\n\n> \*\*The ledger .* is damaged in line/);
      assert.match(text, /1 line of the ledger cannot be read/);
    } finally {
      documents.dispose();
    }
  });
});

/** Gives the list that comes up a command of the editor until `work` is over. */
async function answered(
  work: Promise<unknown>,
  command = 'workbench.action.acceptSelectedQuickOpenItem',
): Promise<void> {
  let over = false;
  const ended = work.finally(() => (over = true));
  await eventually(
    'the end',
    async () => {
      await vscode.commands.executeCommand(command);
      return over;
    },
    (done) => done,
  );
  await ended;
}
