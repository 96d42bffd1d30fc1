import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { toDecimal, type Money } from '../../../src/core/money';
import { DEFAULT_LIMITS } from '../../../src/core/sandbox/verdict';
import { LIMIT_SETTINGS } from '../../../src/vscode/sandboxLimits';
import { writeSettings } from '../../../src/vscode/providerSettings';
import { Settings } from '../../../src/vscode/settings';
import { eventually } from '../ui/eventually';
import { solvent, workspaceUri } from './solvent';

/** A setting of the manifest. */
interface Property {
  readonly scope: string;
  readonly default: unknown;
}

interface Manifest {
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, Property>> } };
}

const { Global, Workspace } = vscode.ConfigurationTarget;
const LIMITS = Object.values(LIMIT_SETTINGS).map(({ key }) => key);
const PROGRAMS = ['solvent.python.path', 'solvent.node.path', 'solvent.sandbox.backend'];
const EDITOR = ['use', 'prices', 'unpricedRequests'].map((name) => `solvent.editorModels.${name}`);
const MODELS = ['solvent.provider.baseUrl', 'solvent.models', 'solvent.localModels', ...EDITOR];
const TEST_LIMITS = ['solvent.testSeconds', 'solvent.testMemoryMb'];
const USER_ONLY = [...MODELS, ...PROGRAMS, ...LIMITS, ...TEST_LIMITS];
/** What the sandbox is where the user says nothing of it. */
const AUTO = { choice: 'auto' };
const DEFAULT_URL = 'https://api.openai.com/v1';

/** What has to be put back: each setting that was changed, with whose it is. */
const changed = new Map<string, [string, vscode.ConfigurationTarget]>();

async function set(name: string, value: unknown, target: vscode.ConfigurationTarget): Promise<void> {
  changed.set(`${name} ${target}`, [name, target]);
  await vscode.workspace.getConfiguration().update(name, value, target);
}

const usd = (amount: Money | undefined): string | undefined => (amount === undefined ? undefined : toDecimal(amount));

describe('settings', () => {
  const settings = new Settings();

  afterEach(async () => {
    for (const [name, target] of changed.values()) {
      await vscode.workspace.getConfiguration().update(name, undefined, target);
    }
    changed.clear();
  });

  it('have the defaults and scopes that the manifest promises', () => {
    const found = Object.entries(properties()).map(([name, { scope, default: value }]) => [name, scope, value]);
    assert.deepEqual(found, [
      ['solvent.budget.perTask', 'resource', 0.01],
      ['solvent.budget.perDay', 'resource', 1],
      ['solvent.budget.perMonth', 'resource', 10],
      ['solvent.topology', 'window', 'auto'],
      ['solvent.mode', 'window', 'balanced'],
      ['solvent.testCommand', 'resource', ''],
      ['solvent.testExclude', 'resource', []],
      ['solvent.testInclude', 'resource', []],
      ['solvent.testSeconds', 'machine', 120],
      ['solvent.testMemoryMb', 'machine', 2048],
      ['solvent.provider.baseUrl', 'machine', DEFAULT_URL],
      ['solvent.python.path', 'machine', ''],
      ['solvent.node.path', 'machine', ''],
      ['solvent.sandbox.backend', 'machine', 'auto'],
      ['solvent.sandbox.testSeconds', 'machine', 10],
      ['solvent.sandbox.runSeconds', 'machine', 30],
      ['solvent.sandbox.cpuSeconds', 'machine', 30],
      ['solvent.sandbox.memoryMb', 'machine', 512],
      ['solvent.sandbox.processes', 'machine', 32],
      ['solvent.sandbox.outputKb', 'machine', 1000],
      ['solvent.sandbox.scratchMb', 'machine', 64],
      ['solvent.sandbox.scratchFiles', 'machine', 10_000],
      ['solvent.sandbox.fileMb', 'machine', 64],
      ['solvent.models', 'machine', null],
      ['solvent.localModels', 'machine', []],
      ['solvent.editorModels.use', 'machine', false],
      ['solvent.editorModels.prices', 'machine', []],
      ['solvent.editorModels.unpricedRequests', 'machine', 0],
    ]);
    const { perTask, workspacePerTask, caps } = settings.budgets(undefined);
    assert.deepEqual([usd(perTask), usd(workspacePerTask)], ['0.01', undefined]);
    assert.deepEqual([usd(caps.user.day), usd(caps.user.month), caps.workspace], ['1', '10', {}]);
    assert.deepEqual([settings.baseUrl, settings.models, settings.sandbox], [DEFAULT_URL, undefined, AUTO]);
    assert.deepEqual(settings.limits, DEFAULT_LIMITS);
  });

  it("take the user's limits of the sandbox", async () => {
    await set('solvent.sandbox.memoryMb', 256, Global);
    await set('solvent.sandbox.outputKb', 20, Global);
    assert.deepEqual(settings.limits, { ...DEFAULT_LIMITS, memoryMb: 256, outputBytes: 20_000 });
    await set('solvent.sandbox.memoryMb', 1, Global);
    assert.throws(() => settings.limits, /^SettingError: 'solvent\.sandbox\.memoryMb' in your settings must be/);
  });

  it("take the user's sandbox and interpreters", async () => {
    await set('solvent.sandbox.backend', 'os', Global);
    await set('solvent.python.path', 'python3.12', Global);
    await set('solvent.node.path', '/opt/node/bin/node', Global);
    assert.deepEqual(settings.sandbox, { choice: 'os', python: 'python3.12', node: '/opt/node/bin/node' });
  });

  it('have no place for a key', () => {
    for (const name of Object.keys(properties())) assert.doesNotMatch(name, /key|secret|token|password/i);
  });

  it('take a lower budget of the workspace, and no higher one', async () => {
    await set('solvent.budget.perTask', 0.05, Global);
    await set('solvent.budget.perTask', 0.2, Workspace);
    assert.equal(usd(settings.budgets(workspaceUri()).perTask), '0.05');
    await set('solvent.budget.perTask', 0.002, Workspace);
    const { perTask, workspacePerTask } = settings.budgets(workspaceUri());
    assert.deepEqual([usd(perTask), usd(workspacePerTask)], ['0.002', '0.002']);
  });

  it("count a workspace's caps besides the user's, never in their place", async () => {
    await set('solvent.budget.perDay', 0.5, Global);
    await set('solvent.budget.perDay', 100, Workspace);
    await set('solvent.budget.perMonth', 0.3, Workspace);
    const { user, workspace } = settings.budgets(workspaceUri()).caps;
    assert.deepEqual([usd(user.day), usd(user.month)], ['0.5', '10']);
    assert.deepEqual([usd(workspace.day), usd(workspace.month)], ['100', '0.3']);
  });

  it('let only the user lift a cap', async () => {
    await set('solvent.budget.perDay', null, Workspace);
    assert.equal(usd(settings.budgets(workspaceUri()).caps.user.day), '1');
    await set('solvent.budget.perDay', null, Global);
    assert.equal(settings.budgets(workspaceUri()).caps.user.day, undefined);
  });

  it('let a workspace choose how agents work together and how much evidence is bought, from what there is', async () => {
    assert.deepEqual([settings.topology, settings.mode], ['auto', 'balanced']);
    for (const topology of ['linear', 'star', 'feedback', 'planner']) {
      await set('solvent.topology', topology, Workspace);
      assert.equal(settings.topology, topology);
    }
    await set('solvent.mode', 'thorough', Workspace);
    assert.equal(settings.mode, 'thorough');
    await set('solvent.mode', 'wild', Workspace);
    assert.throws(() => settings.mode, /^SettingError: 'solvent\.mode' must be one of frugal, balanced, thorough/);
  });

  it('refuse what is no amount, in words that name the setting', async () => {
    await set('solvent.budget.perTask', -1, Workspace);
    assert.throws(
      () => settings.budgets(workspaceUri()),
      /^SettingError: 'solvent\.budget\.perTask' in the workspace's settings must be a number of USD from 0 on/,
    );
  });

  for (const name of USER_ONLY) {
    it(`do not let a workspace set ${name}`, async () => {
      await assert.rejects(async () => {
        await vscode.workspace.getConfiguration().update(name, 'http://127.0.0.1:9/v1', Workspace);
      });
    });
  }

  it('are written all or none', async () => {
    changed.set('local', ['solvent.localModels', Global]);
    const models = [{ id: 'a' }];
    await writeSettings({ 'solvent.localModels': models });
    assert.deepEqual(settings.localModels, models);
    await assert.rejects(writeSettings({ 'solvent.localModels': [{ id: 'b' }], 'solvent.noSuchSetting': 1 }));
    assert.deepEqual(settings.localModels, models);
  });

  it('ignore an address, models, a sandbox, interpreters and limits that a cloned repository brings', async () => {
    const file = vscode.Uri.joinPath(workspaceUri(), '.vscode', 'settings.json');
    const brought = {
      'solvent.budget.perTask': 0.003,
      'solvent.provider.baseUrl': 'http://127.0.0.1:9/v1',
      'solvent.models': { asOf: '2026-01-01', models: [] },
      'solvent.localModels': [{ id: 'x', baseUrl: 'http://127.0.0.1:9/v1' }],
      'solvent.editorModels.use': true,
      'solvent.editorModels.prices': [{ id: 'copilot/x', inputCreditsPerMTok: 0, outputCreditsPerMTok: 0 }],
      'solvent.editorModels.unpricedRequests': 99,
      'solvent.python.path': '/tmp/python',
      'solvent.node.path': '/tmp/node',
      'solvent.sandbox.backend': 'wasm',
      'solvent.sandbox.memoryMb': 8192,
    };
    await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(brought)));
    try {
      await eventually(
        'the settings of the repository',
        () => usd(settings.budgets(workspaceUri()).perTask),
        (perTask) => perTask === '0.003',
      );
      assert.deepEqual([settings.baseUrl, settings.models, settings.sandbox], [DEFAULT_URL, undefined, AUTO]);
      assert.deepEqual([settings.localModels, settings.limits], [[], DEFAULT_LIMITS]);
      assert.deepEqual(settings.editorModels, { use: false, prices: [], unpricedRequests: 0 });
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });
});

function properties(): Readonly<Record<string, Property>> {
  return (solvent().packageJSON as Manifest).contributes.configuration.properties;
}
