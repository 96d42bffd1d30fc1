import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Page } from 'playwright-core';
import { apiError, type FaultServer, type Reply, startFaultServer, status } from '../../servers/faultServer';
import { ROMAN_STUB } from '../scripted/samples';
import { eventually } from './eventually';
import { answerNotification, notification } from './messages';
import { openFile, runCommand } from './palette';
import { acceptQuickInput, answerInput, dismissQuickInput, pick, type QuickInput, readQuickInput } from './quickInput';
import { clearNotifications, openSolvent, plan, type SolventWorkbench, tidyUp } from './solvent';

const WRONG = 'sk-test-of-nobody';
const KEY = 'sk-test-1234567890';
/** LM Studio's own port. */
const LM_STUDIO_PORT = 1234;
const SERVED: Reply = status(200, { data: [{ id: 'demo-cheap' }, { id: 'unpriced-model' }] });

describe('Set Up Provider', function () {
  this.timeout(60_000);
  let workbench: SolventWorkbench;
  let page: Page;
  let server: FaultServer;
  let initial: Record<string, unknown>;

  before(async () => {
    workbench = await openSolvent({ 'local.py': ROMAN_STUB });
    page = workbench.page;
    await openFile(page, 'local.py');
    server = await startFaultServer();
    initial = await machineSettings();
  });
  after(async () => {
    await workbench.close();
    await server.stop();
  });
  afterEach(async function () {
    await tidyUp(workbench, this.currentTest);
  });

  /** The user's settings of scope `machine`, as they are on the disk. */
  async function machineSettings(): Promise<Record<string, unknown>> {
    const file = join(workbench.profile.userData, 'Machine', 'settings.json');
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  }

  /** Chooses the server of the test by its address, typed as documentation shows it. */
  async function chooseServer(): Promise<void> {
    await runCommand(page, 'Solvent: Set Up Provider…');
    await titled('Solvent: set up a provider');
    await pick(page, 'Another address…');
    await titled('Solvent: address of the API');
    await answerInput(page, `${server.baseUrl}/chat/completions`);
  }

  const titled = (title: string): Promise<QuickInput> =>
    eventually(
      `"${title}"`,
      () => readQuickInput(page),
      (box) => box.title.startsWith(title),
    );
  const host = (): string => new URL(server.baseUrl).host;
  const keys = (): (string | undefined)[] => server.received.map(({ headers }) => headers.authorization);

  it('shows what is wrong with an address before it is asked', async () => {
    await runCommand(page, 'Solvent: Set Up Provider…');
    await titled('Solvent: set up a provider');
    await pick(page, 'Another address…');
    await titled('Solvent: address of the API');
    await answerInput(page, 'https://me:secret@gateway.example/v1');
    const { message } = await eventually(
      'what is wrong',
      () => readQuickInput(page),
      (box) => box.message.includes('must not hold'),
    );
    assert.match(message, /must not hold a name or password/);
    await dismissQuickInput(page);
    assert.deepEqual(server.received, []);
  });

  it('tries keys until one is accepted, says which models have a price, and changes nothing with Escape', async () => {
    server.script(apiError(401, 'Who are you?'), apiError(401, `No such key: ${WRONG}`), SERVED);
    await chooseServer();
    const first = await titled(`Solvent: API key for ${host()}`);
    assert.match(first.message, /wants an API key \(HTTP 401\)\. Enter one\./);
    await answerInput(page, WRONG);
    const second = await eventually(
      'the next question',
      () => readQuickInput(page),
      ({ message }) => message.includes('rejected'),
    );
    assert.ok(!second.message.includes(WRONG));
    await answerInput(page, KEY);
    const consent = await titled(`Solvent: use ${host()}`);
    const [, ...rest] = consent.choices;
    assert.match(rest.join(' '), /Stores the key.*Sets 'solvent\.provider\.baseUrl' in your settings to/);
    assert.match(rest.join(' '), /1 model can be used: demo-cheap.*Without a price.*unpriced-model.*solvent\.models/);
    assert.deepEqual(keys(), [undefined, `Bearer ${WRONG}`, `Bearer ${KEY}`]);
    await dismissQuickInput(page);
    assert.deepEqual(await machineSettings(), initial);
    server.script(SERVED);
    await chooseServer();
    await titled(`Solvent: use ${host()}`);
    assert.equal(keys().at(-1), undefined, 'no key was kept');
    await dismissQuickInput(page);
  });

  it('asks again where a network answers for the server, and then stores key and address', async () => {
    server.script(status(200, '<!DOCTYPE html><p>Sign in to the hotel'));
    await chooseServer();
    const said = await notification(page, 'answered with a web page');
    assert.match(said, /Nothing was changed/);
    await answerNotification(page, 'answered with a web page', 'Change Address…');
    assert.equal((await titled('Solvent: address of the API')).value, server.baseUrl, 'typed once, to be mended');
    await page.keyboard.press('Escape');
    await clearNotifications(page);
    server.script(status(200, '<!DOCTYPE html><p>Sign in to the hotel'), apiError(401, 'Who are you?'), SERVED);
    await chooseServer();
    await answerNotification(page, 'answered with a web page', 'Try Again');
    await titled(`Solvent: API key for ${host()}`);
    await answerInput(page, KEY);
    const consent = await titled(`Solvent: use ${host()}`);
    // A box that was only just shown may not hear the first Enter.
    await eventually(
      'the consent to be heard',
      async () => {
        const open = await page.locator('.quick-input-widget:not([inert]):visible .quick-input-title').allInnerTexts();
        if (open.includes(consent.title)) await page.keyboard.press('Enter');
        return open;
      },
      (open) => !open.includes(consent.title),
    );
    const after = await eventually(
      'the new address',
      machineSettings,
      (now) => now['solvent.provider.baseUrl'] === server.baseUrl,
    );
    assert.deepEqual(after, { ...initial, 'solvent.provider.baseUrl': server.baseUrl });
    assert.ok(!JSON.stringify(after).includes(KEY), 'no key is in the settings');
    server.script(SERVED);
    await chooseServer();
    const again = await titled(`Solvent: use ${host()}`);
    assert.equal(keys().at(-1), `Bearer ${KEY}`, 'the key is stored for that server');
    assert.match(again.choices[0] ?? '', /in use already/);
    await dismissQuickInput(page);
  });

  it('finds a server of this machine, whose models cost nothing, and plans with them', async function () {
    let local: FaultServer;
    try {
      local = await startFaultServer(LM_STUDIO_PORT);
    } catch {
      this.skip();
    }
    try {
      const models = status(200, { data: [{ id: 'local-coder', max_model_len: 16384 }, { id: 'text-embedding-x' }] });
      local.script(models, models);
      await runCommand(page, 'Solvent: Set Up Provider…');
      await eventually(
        'the server of this machine',
        () => readQuickInput(page),
        ({ choices }) => choices[0]?.includes('running, serves 2 models') === true,
      );
      await pick(page, 'LM Studio');
      const { choices } = await titled('Solvent: models of this machine');
      assert.equal(choices.length, 1, 'what embeds text cannot write any');
      await acceptQuickInput(page);
      await titled('Solvent: use LM Studio');
      await acceptQuickInput(page);
      const after = await eventually('the models', machineSettings, (now) => now['solvent.localModels'] !== undefined);
      assert.deepEqual(after['solvent.localModels'], [
        { id: 'local-coder', baseUrl: local.baseUrl, tier: 6, contextWindow: 16384, maxOutputTokens: 8192 },
      ]);
      await clearNotifications(page);
      await openFile(page, 'local.py');
      const shown = await plan(page);
      assert.ok(
        shown.choices.some((choice) => choice.includes('local-coder')),
        shown.choices.join('\n'),
      );
      await dismissQuickInput(page);
      assert.deepEqual(new Set(local.received.map(({ headers }) => headers.authorization)), new Set([undefined]));
    } finally {
      await local.stop();
    }
  });
});
