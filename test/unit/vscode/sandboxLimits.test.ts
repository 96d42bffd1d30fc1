import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DEFAULT_LIMITS, type Limits } from '../../../src/core/sandbox/verdict';
import { LIMIT_SETTINGS, readLimits } from '../../../src/vscode/sandboxLimits';
import { SettingError } from '../../../src/vscode/settingValues';

interface Property {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly scope: string;
}

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, Property>> } };
};
const { properties } = contributes.configuration;

describe('the settings of the sandbox', () => {
  it('are the defaults where the user says nothing', () => {
    assert.deepEqual(readLimits((key) => properties[key]?.default), DEFAULT_LIMITS); // prettier-ignore
  });

  it('have the bounds that are checked while they are typed, and are no workspace’s', () => {
    for (const { key, minimum, maximum } of Object.values(LIMIT_SETTINGS)) {
      const property = properties[key];
      assert.deepEqual([property?.minimum, property?.maximum, property?.scope], [minimum, maximum, 'machine'], key);
    }
  });

  it('are taken as they stand, from the least to the most', () => {
    for (const bound of ['minimum', 'maximum'] as const) {
      const limits = readLimits((key) => properties[key]?.[bound]);
      for (const name of Object.keys(limits) as (keyof Limits)[]) {
        assert.equal(limits[name], LIMIT_SETTINGS[name][bound] * LIMIT_SETTINGS[name].factor);
      }
    }
  });

  it('are errors that name the setting and its bounds where they make no sense', () => {
    const { key, minimum, maximum } = LIMIT_SETTINGS.memoryMb;
    for (const value of [minimum - 1, maximum + 1, 512.5, '512', null, Number.NaN]) {
      assert.throws(
        () => readLimits((name) => (name === key ? value : properties[name]?.default)),
        (error: unknown) =>
          error instanceof SettingError &&
          error.setting === key &&
          error.message.includes(`a whole number from ${minimum} to ${maximum}`),
      );
    }
  });
});
