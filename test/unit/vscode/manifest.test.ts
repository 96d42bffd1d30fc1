import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

interface Property {
  readonly scope: string;
  readonly type: unknown;
  readonly minimum?: number;
  readonly errorMessage?: string;
  readonly order: number;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly completionEvents: readonly string[] }[] }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] };
  };
  readonly activationEvents: readonly string[];
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;

describe('the manifest', () => {
  it('lets no workspace redirect the provider, price models, or choose an interpreter or the sandbox', () => {
    const { properties } = manifest.contributes.configuration;
    const editor = ['use', 'prices', 'unpricedRequests'].map((name) => `editorModels.${name}`);
    const own = ['provider.baseUrl', 'models', 'localModels', 'python.path', 'node.path', 'sandbox.backend'];
    for (const name of [...own, ...editor].map((one) => `solvent.${one}`)) {
      assert.equal(properties[name]?.scope, 'machine', name);
    }
  });

  it('lets workspaces name budgets, trusted or not, because theirs only lower, and checks them where they are typed', () => {
    const { properties } = manifest.contributes.configuration;
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    for (const [name, type] of [
      ['solvent.budget.perTask', 'number'],
      ['solvent.budget.perDay', ['number', 'null']],
      ['solvent.budget.perMonth', ['number', 'null']],
    ] as const) {
      const property = properties[name];
      assert.deepEqual([property?.scope, property?.type, property?.minimum], ['resource', type, 0], name);
      assert.ok(property?.errorMessage, name);
      assert.ok(!restrictedConfigurations.includes(name), name);
    }
  });

  it('takes everything else from nobody in a workspace that is not trusted', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const others = Object.keys(manifest.contributes.configuration.properties).filter(
      (name) => !name.startsWith('solvent.budget.'),
    );
    assert.deepEqual(restrictedConfigurations.toSorted(), others.toSorted());
  });

  it('is careful in untrusted workspaces, and activates on nothing but its commands', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(manifest.activationEvents, []);
  });

  it('shows its settings in one order: money first, then what spends it, then how it is tested', () => {
    const { properties } = manifest.contributes.configuration;
    const names = Object.keys(properties).sort((a, b) => (properties[a]?.order ?? 0) - (properties[b]?.order ?? 0));
    const groups = names.map((name) => /^solvent\.(budget|provider|models|test|sandbox)/.exec(name)?.[1] ?? '');
    const runs = groups.filter((group, index) => group !== '' && group !== groups[index - 1]);
    assert.deepEqual(runs, ['budget', 'provider', 'models', 'test', 'sandbox']);
  });

  it('has a text for every key, and no text too many', () => {
    const texts = Object.keys(JSON.parse(readFileSync('package.nls.json', 'utf8')) as object);
    const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ''));
    assert.deepEqual([...used].sort(), texts.sort());
  });

  it('writes the titles of its commands as the editor writes its own', () => {
    const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
    const titles = Object.entries(texts).filter(([key]) => key.startsWith('command.'));
    const small = /^(?:a|an|and|of|or|the|to)$/;
    for (const [key, title] of titles) {
      for (const [index, word] of title.split(' ').entries()) {
        assert.ok(/^[A-Z]/.test(word) || (index > 0 && small.test(word)), `${key}: ${title}`);
      }
    }
  });

  it('ticks a step of the walkthrough by what was done, and not because a button was pressed', () => {
    const source = readFileSync('src/extension.ts', 'utf8');
    const events = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map((step) => step.completionEvents));
    for (const [, key] of events.flat().map((event) => /^onContext:(.*)$/.exec(event) ?? [])) {
      if (key !== undefined) assert.ok(source.includes(`'${key}'`), key);
    }
    assert.ok(!events.flat().some((event) => event.startsWith('onCommand:solvent.')));
  });

  it('offers only commands that are registered', () => {
    const source = readFileSync('src/vscode/commands.ts', 'utf8');
    for (const { command } of manifest.contributes.commands) assert.ok(source.includes(`'${command}'`), command);
  });
});
