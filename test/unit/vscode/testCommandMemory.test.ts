import assert from 'node:assert/strict';
import { TestCommandMemory } from '../../../src/vscode/testCommandMemory';
import { memento } from '../../support/memento';

const A = 'file:///work/a';
const B = 'file:///work/b';

describe('what is remembered of test commands', () => {
  it('is by folder, and lasts as long as the state of the workspace', async () => {
    const state = memento();
    const memory = new TestCommandMemory(state);
    await memory.choose(A, { kind: 'command', line: 'npm test' });
    await memory.choose(B, { kind: 'selection', declined: 'make' });
    const later = new TestCommandMemory(state);
    assert.deepEqual(later.choice(A), { kind: 'command', line: 'npm test' });
    assert.deepEqual(later.choice(B), { kind: 'selection', declined: 'make' });
    assert.equal(later.choice('file:///work/c'), undefined);
    assert.equal(later.choice('constructor'), undefined);
  });

  it('is confirmed for exactly one line in exactly one folder', async () => {
    const memory = new TestCommandMemory(memento());
    await memory.confirm(A, 'npm test');
    assert.equal(await memory.isConfirmed(A, 'npm test'), true);
    for (const line of ['npm  test', 'npm test -- --fast', 'NPM test', 'npm test;', '']) {
      assert.equal(await memory.isConfirmed(A, line), false, line);
    }
    assert.equal(await memory.isConfirmed(B, 'npm test'), false);
    await memory.confirm(A, 'make check');
    assert.equal(await memory.isConfirmed(A, 'npm test'), true, 'going back to a command is no change');
  });

  it('is forgotten as a whole', async () => {
    const memory = new TestCommandMemory(memento());
    assert.equal(await memory.forget(), false);
    await memory.choose(A, { kind: 'command', line: 'npm test' });
    await memory.confirm(A, 'npm test');
    assert.equal(await memory.forget(), true);
    assert.equal(memory.choice(A), undefined);
    assert.equal(await memory.isConfirmed(A, 'npm test'), false);
  });

  it('is nothing where the state cannot be understood', async () => {
    for (const value of [7, 'npm test', [A], { [A]: 'npm test' }, { [A]: { kind: 'command' } }, { [A]: null }]) {
      const state = memento();
      await state.update('solvent.testCommand.choices', value);
      await state.update('solvent.testCommand.confirmed', value);
      const memory = new TestCommandMemory(state);
      assert.equal(memory.choice(A), undefined);
      assert.equal(await memory.isConfirmed(A, 'npm test'), false);
    }
  });
});
