import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope: string }>> };
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown } };
  readonly activationEvents: readonly string[];
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;

describe('the manifest', () => {
  it('lets no workspace redirect the provider, price models or choose an interpreter', () => {
    const { properties } = manifest.contributes.configuration;
    for (const name of ['solvent.provider.baseUrl', 'solvent.models', 'solvent.python.path']) {
      assert.equal(properties[name]?.scope, 'machine', name);
    }
  });

  it('is careful in untrusted workspaces, and activates on nothing but its commands', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(manifest.activationEvents, []);
  });

  it('has a text for every key, and no text too many', () => {
    const texts = Object.keys(JSON.parse(readFileSync('package.nls.json', 'utf8')) as object);
    const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ''));
    assert.deepEqual([...used].sort(), texts.sort());
  });

  it('offers only commands that are registered', () => {
    const source = readFileSync('src/vscode/commands.ts', 'utf8');
    for (const { command } of manifest.contributes.commands) assert.ok(source.includes(`'${command}'`), command);
  });
});
