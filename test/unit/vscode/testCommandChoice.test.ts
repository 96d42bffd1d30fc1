import assert from 'node:assert/strict';
import { decide, type Decision, type Remembered, type Situation } from '../../../src/vscode/testCommandChoice';

const workspace = (line: string): Situation['setting'] => ({ line, owner: 'workspace' });

function decided(
  setting: Situation['setting'],
  remembered: Remembered | undefined,
  ...confirmed: readonly string[]
): Decision {
  return decide({ setting, remembered, isConfirmed: (line) => confirmed.includes(line) });
}

describe('whose tests decide', () => {
  it('is looked up in the project where nothing was said before', () => {
    assert.deepEqual(decided(undefined, undefined), { kind: 'look' });
  });

  it('is what the user has chosen before', () => {
    const chosen: Remembered = { kind: 'command', line: 'npm test' };
    const command = { line: 'npm test', origin: 'remembered' } as const;
    assert.deepEqual(decided(undefined, chosen, 'npm test'), { kind: 'run', command });
    assert.deepEqual(decided(undefined, { kind: 'selection' }), { kind: 'own' });
  });

  it('is asked about for a command of the settings that was not confirmed, whoever wrote it', () => {
    for (const owner of ['user', 'workspace'] as const) {
      const command = { line: 'make check', origin: owner };
      assert.deepEqual(decided({ line: 'make check', owner }, undefined), { kind: 'ask', command });
      assert.deepEqual(decided({ line: 'make check', owner }, undefined, 'make check'), { kind: 'run', command });
    }
  });

  it('is asked about anew once the command has changed', () => {
    assert.equal(decided(workspace('make check; curl evil'), undefined, 'make check').kind, 'ask');
    const chosen: Remembered = { kind: 'command', line: 'npm test' };
    assert.deepEqual(decided(workspace('make check'), chosen, 'npm test'), {
      kind: 'ask',
      command: { line: 'make check', origin: 'workspace' },
    });
    assert.equal(decided(undefined, chosen, 'npm run test').kind, 'ask', 'what was not confirmed does not run');
  });

  it('is not asked again about a command that was declined, until it is another one', () => {
    const declined: Remembered = { kind: 'selection', declined: 'make check' };
    assert.deepEqual(decided(workspace('make check'), declined), { kind: 'own' });
    assert.equal(decided(workspace('make test'), declined).kind, 'ask');
    assert.equal(decided(undefined, declined).kind, 'look', 'the command is gone, and so is what was said of it');
  });

  it('lets a command of the settings be asked about where proposals were declined', () => {
    assert.equal(decided(workspace('make check'), { kind: 'selection' }).kind, 'ask');
  });
});
