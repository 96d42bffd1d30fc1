import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BACKENDS, readBackend, readProgram } from '../../../src/vscode/sandboxChoice';
import { SettingError } from '../../../src/vscode/settingValues';

interface Property {
  readonly default: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly scope: string;
}

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, Property>> } };
};
const { properties } = contributes.configuration;
const BACKEND = 'solvent.sandbox.backend';
const NODE = 'solvent.node.path';

/** That a value is refused with words that name the setting and hold all of the given ones. */
function refused(read: () => unknown, key: string, ...words: readonly string[]): void {
  assert.throws(read, (error: unknown) => {
    assert.ok(error instanceof SettingError);
    assert.equal(error.setting, key);
    for (const word of [`'${key}' in your settings`, ...words]) assert.ok(error.message.includes(word), error.message);
    return true;
  });
}

describe('the choice of the sandbox', () => {
  it('is among those that the manifest offers, each with what it means, and is no workspace’s', () => {
    const property = properties[BACKEND];
    assert.deepEqual([property?.enum, property?.default, property?.scope], [BACKENDS, 'auto', 'machine']);
    assert.equal(property?.enumDescriptions?.length, BACKENDS.length);
    for (const name of BACKENDS) assert.equal(readBackend(BACKEND, name), name);
  });

  it('is never guessed, and never none', () => {
    for (const value of ['none', 'off', '', 'OS', null, false, 0, ['os'], undefined]) {
      refused(() => readBackend(BACKEND, value), BACKEND, 'one of auto, os, wasm', 'No test runs');
    }
  });
});

describe('the path of an interpreter', () => {
  it('is absolute, or a name to be looked up on the PATH, or none', () => {
    for (const path of ['/usr/bin/node', '/opt/my node/bin/node', 'node', 'node22', 'python3.12', 'pypy3 nightly']) {
      assert.equal(readProgram(NODE, path, 'Node.js'), path);
    }
    for (const none of ['', undefined]) assert.equal(readProgram(NODE, none, 'Node.js'), undefined);
  });

  it('is refused where the folder that the editor runs in would decide on it, or where it is no path at all', () => {
    for (const value of ['./node', 'bin/node', '../node', '~/bin/node', '~', 'bin\\node', ' node', 5, {}, null]) {
      refused(() => readProgram(NODE, value, 'a Node.js executable'), NODE, 'absolute path of a Node.js executable');
    }
  });
});
