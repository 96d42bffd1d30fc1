import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { bundledCatalogue } from '../../../src/core/catalogue/bundled';
import { currentPrices, storePrices } from '../../../src/core/catalogue/current';
import { perToken } from '../../../src/core/money';
import { Keys } from '../../../src/vscode/keys';
import { LmModels } from '../../../src/vscode/lmModels';
import { Pipeline } from '../../../src/vscode/pipeline';
import { PriceRefresh } from '../../../src/vscode/prices';
import { Settings } from '../../../src/vscode/settings';
import { type FaultServer, startFaultServer, status } from '../../servers/faultServer';
import { changedEntry, modelsDevAnswer } from '../../servers/modelsDev';
import { MODEL_LIST } from '../scripted/models';
import { eventually } from '../ui/eventually';
import { solvent } from './solvent';

const DEARER = modelsDevAnswer({ 'gpt-4o': changedEntry('gpt-4o', { input: 3 }) });
const FREE = modelsDevAnswer({ 'gpt-4o': changedEntry('gpt-4o', { input: 0 }) });

describe('Refresh Prices, in the extension host', () => {
  let server: FaultServer;
  let folder: string;

  before(async () => (server = await startFaultServer()));
  after(() => server.stop());
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'solvent-prices-'))));
  afterEach(() => rm(folder, { recursive: true }));

  /** Refreshes from a server that answers so, and gives the list of changes a command of the editor until it is closed. */
  async function refreshed(answer: object, command: string): Promise<void> {
    server.script(status(200, answer));
    const pipeline = { dataFolder: () => Promise.resolve(folder), prices: () => currentPrices(folder) };
    const refresh = new PriceRefresh({ pipeline, settings: { models: undefined } }, `${server.baseUrl}/api.json`);
    let over = false;
    const ended = refresh.run().finally(() => (over = true));
    await eventually(
      'the end of the refresh',
      async () => {
        await vscode.commands.executeCommand(command);
        return over;
      },
      (done) => done,
    );
    await ended;
  }

  it('stores the prices that the user chose to use', async () => {
    await refreshed(DEARER, 'workbench.action.acceptSelectedQuickOpenItem');
    const { catalogue, origin } = await currentPrices(folder);
    assert.equal(origin, 'refreshed');
    assert.equal(catalogue.models.find(({ id }) => id === 'gpt-4o')?.price.input, perToken(3));
  });

  it('stores nothing where the list is closed', async () => {
    await refreshed(DEARER, 'workbench.action.closeQuickOpen');
    assert.equal((await currentPrices(folder)).origin, 'bundled');
  });

  it('keeps the old prices with Enter where a new one is unusual', async () => {
    await refreshed(FREE, 'workbench.action.acceptSelectedQuickOpenItem');
    assert.equal((await currentPrices(folder)).origin, 'bundled');
  });

  it('makes the plans of the editor with what was stored, unless the user has models of their own', async () => {
    const settings = new Settings();
    const keys = new Keys({} as vscode.SecretStorage, {});
    const pipeline = new Pipeline(solvent().extensionPath, settings, keys, new LmModels());
    const data = await pipeline.dataFolder();
    const bundled = bundledCatalogue();
    const models = bundled.models.map((model) => ({ ...model, price: { ...model.price, input: perToken(9) } }));
    await storePrices(data, { ...bundled, asOf: '2026-11-01', models });
    try {
      const { asOf, models: used } = await pipeline.models();
      assert.deepEqual([asOf, used[0]?.price.input], ['2026-11-01', perToken(9)]);
      await setModels(MODEL_LIST);
      assert.equal((await pipeline.models()).asOf, MODEL_LIST.asOf);
    } finally {
      await setModels(undefined);
      await rm(join(data, 'prices.json'));
    }
    assert.deepEqual(await pipeline.models(), bundled);
  });

  it('rejects in a sentence where there are no new prices, for the command to show', async () => {
    server.script(status(500));
    const pipeline = { dataFolder: () => Promise.resolve(folder), prices: () => currentPrices(folder) };
    const refresh = new PriceRefresh({ pipeline, settings: { models: undefined } }, `${server.baseUrl}/api.json`);
    await assert.rejects(refresh.run(), /answered with status 500: try again later\. The prices as of 2026-07-01 stay/);
  });
});

async function setModels(list: object | undefined): Promise<void> {
  await vscode.workspace.getConfiguration().update('solvent.models', list, vscode.ConfigurationTarget.Global);
}
