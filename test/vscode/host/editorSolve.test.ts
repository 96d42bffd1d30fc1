import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ROMAN_SOLVED, ROMAN_STUB } from '../scripted/samples';
import { Keys } from '../../../src/vscode/keys';
import { LmModels } from '../../../src/vscode/lmModels';
import { Pipeline } from '../../../src/vscode/pipeline';
import { Settings } from '../../../src/vscode/settings';
import { setUpEditorModels } from '../../../src/vscode/setUpEditorModels';
import { eventually } from '../ui/eventually';
import { type EditorWriter, registerWriter } from './editorWriter';
import { VENDOR } from './modelVendor';
import { bookings, lastReceipt, showFile, solveByEnter, solvent } from './solvent';

/** AI credits per million tokens, and what that is for one, in USD x 10^-18. */
const CREDITS = { input: 1000, output: 4000 };
const ATTO_PER_TOKEN = { input: 10n * 10n ** 12n, output: 40n * 10n ** 12n };

describe('Solve within budget, with the editor’s own models', function () {
  this.timeout(60_000);
  let writer: EditorWriter;

  before(async function () {
    const registered = await registerWriter();
    if (registered === undefined) this.skip();
    writer = registered;
    writer.answer((say) => {
      for (const line of `\`\`\`python\n${ROMAN_SOLVED}\`\`\`\n`.split(/(?<=\n)/)) say(line);
      return Promise.resolve();
    });
    await set('budget.perTask', 0.5);
    await set('mode', 'frugal');
  });
  after(async () => {
    (writer as EditorWriter | undefined)?.dispose();
    for (const name of ['editorModels.use', 'editorModels.prices', 'budget.perTask', 'mode'])
      await set(name, undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are set up in one step, after what they cost was shown, and not with Escape', async () => {
    const settings = new Settings();
    const lm = new LmModels();
    const pipeline = new Pipeline(solvent().extensionPath, settings, new Keys({} as vscode.SecretStorage, {}), lm);
    const answered = async (command: string): Promise<boolean> => {
      const setUp = { over: false, provided: false };
      const provided = (): void => {
        setUp.provided = true;
      };
      const ended = setUpEditorModels({ settings, pipeline, lm, provided }).finally(() => (setUp.over = true));
      await eventually(
        'the end of the set-up',
        async () => {
          await vscode.commands.executeCommand(command);
          return setUp.over;
        },
        (over) => over,
      );
      await ended;
      return setUp.provided;
    };
    assert.equal(await answered('workbench.action.closeQuickOpen'), false);
    assert.equal(settings.editorModels.use, false);
    assert.deepEqual((await pipeline.editorModels()).models, []);
    assert.equal(await answered('workbench.action.acceptSelectedQuickOpenItem'), true);
    assert.equal(settings.editorModels.use, true);
    const { missing, notes } = await pipeline.editorModels();
    assert.deepEqual(missing, [`${VENDOR}/writer`]);
    assert.ok((await pipeline.models()).notes?.join(' ').includes(notes.join(' ')), 'every plan says so');
  });

  it('solves without any key, and books an estimate that the receipt calls one', async () => {
    await set('editorModels.prices', [
      { id: `${VENDOR}/writer`, inputCreditsPerMTok: CREDITS.input, outputCreditsPerMTok: CREDITS.output },
    ]);
    await showFile('by-editor.py', ROMAN_STUB);
    const before = bookings().length;
    await solve();
    const [booked, ...others] = bookings().slice(before);
    assert.deepEqual(others, [], 'its first answer passed');
    assert.ok(booked !== undefined && booked.cost > 0n);
    assert.equal(booked.unconfirmed, booked.cost, 'nobody has confirmed it');
    const receipt = (await lastReceipt()).replaceAll('\\', '');
    assert.match(receipt, /\*\*Solved: 3 of 3 tests pass\*\*/);
    assert.match(receipt, /of it estimated by the count of the editor/);
    const call = /\| 1 \| executor \| vscode:solvent-test\/writer \| ([\d\u202f]+) \| ([\d\u202f]+) \|.*estimated/.exec(
      receipt,
    );
    assert.ok(call, receipt);
    const [input, output] = [call[1], call[2]].map((count = '') => BigInt(count.replaceAll('\u202f', '')));
    assert.equal(booked.cost, (input ?? 0n) * ATTO_PER_TOKEN.input + (output ?? 0n) * ATTO_PER_TOKEN.output);
  });

  async function solve(): Promise<void> {
    const { ended } = await solveByEnter({ calls: writer.asked });
    await ended;
  }
});

async function set(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('solvent').update(name, value, vscode.ConfigurationTarget.Global);
}
