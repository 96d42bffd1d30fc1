import assert from 'node:assert/strict';
import { DEFAULT_PROJECT_LIMITS } from '../../../src/core/sandbox/project/limits';
import {
  PROJECT_SETTING,
  type ProjectTestSettings,
  readProjectTests,
  readTestLimits,
} from '../../../src/vscode/projectSettings';

const NONE = { key: 'solvent.testCommand', defaultValue: '' };
const LIST = { key: 'solvent.testExclude', defaultValue: [] };
const read = (command: object, exclude: object = {}): ProjectTestSettings =>
  readProjectTests({ ...NONE, ...command }, { ...LIST, ...exclude }, LIST);

describe("the settings of a project's own tests", () => {
  it('hold no command by default', () => {
    assert.deepEqual(read({}), { command: undefined, exclude: [], include: [] });
    assert.equal(read({ globalValue: '  \t' }).command, undefined);
  });

  it('say whose command it is, the nearest to the document being the one that counts', () => {
    assert.deepEqual(read({ globalValue: 'npm test' }).command, { line: 'npm test', owner: 'user' });
    assert.deepEqual(read({ globalValue: 'npm test', workspaceValue: ' make check ' }).command, {
      line: 'make check',
      owner: 'workspace',
    });
    const folder = { workspaceValue: 'make check', workspaceFolderValue: 'pytest' };
    assert.deepEqual(read(folder).command, { line: 'pytest', owner: 'workspace' });
    assert.equal(read({ globalValue: 'npm test', workspaceValue: '' }).command, undefined, 'a workspace may want none');
  });

  it('take patterns', () => {
    assert.deepEqual(read({}, { workspaceValue: ['data/**'] }).exclude, ['data/**']);
  });

  it('refuse what is no command line, in words that say whose it is', () => {
    for (const workspaceValue of [7, true, ['pytest'], { run: 'pytest' }, 'x'.repeat(2001), 'a\0b']) {
      assert.throws(
        () => read({ workspaceValue }),
        /^SettingError: 'solvent\.testCommand' in the workspace's settings must be a command line of at most 2000/,
      );
    }
    assert.throws(() => read({ globalValue: 7 }), /in your settings must be/);
  });

  it('bound a run as the sandbox does by default, the first one by more', () => {
    const defaults: Readonly<Record<string, unknown>> = {
      [PROJECT_SETTING.seconds]: 120,
      [PROJECT_SETTING.memoryMb]: 2048,
    };
    const { runSeconds, baselineSeconds, memoryMb } = DEFAULT_PROJECT_LIMITS;
    assert.deepEqual(
      readTestLimits((key) => defaults[key]),
      { runSeconds, baselineSeconds, memoryMb },
    );
    for (const value of [0, 4, 3601, 7.5, '60', null, undefined]) {
      const wrong: Readonly<Record<string, unknown>> = { ...defaults, [PROJECT_SETTING.seconds]: value };
      assert.throws(
        () => readTestLimits((key) => wrong[key]),
        /^SettingError: 'solvent\.testSeconds' in your settings must be a whole number from 5 to 3600/,
      );
    }
  });

  it('refuse what is no list of patterns', () => {
    for (const globalValue of ['data/**', [1], { a: true }]) {
      assert.throws(
        () => read({}, { globalValue }),
        /^SettingError: 'solvent\.testExclude' must be a list of patterns/,
      );
    }
  });
});
