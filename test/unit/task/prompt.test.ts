import assert from 'node:assert/strict';
import fc from 'fast-check';
import { promptTask, taskFromPrompt } from '../../../src/core/task/prompt';
import { grammars, type Grammars } from './support';

describe('a task from a typed prompt', () => {
  let loaded: Grammars;
  before(async () => {
    loaded = await grammars();
  });
  const named = (text: string): string | undefined => promptTask(loaded.python, text).entryPoint;

  it('has the entry point that the text names', () => {
    assert.equal(named('Write `add` that adds two numbers.'), 'add');
    assert.equal(named('Write a function called add_two, please.'), 'add_two');
    assert.equal(named('a function named "größe"'), 'größe');
    assert.equal(named('Complete def twice(x): so that it doubles'), 'twice');
    assert.equal(named('Write `solve(x, y)` which returns `None` or a `list`'), 'solve');
    assert.equal(named('Fix the class `Stack`'), 'Stack');
    assert.equal(named('def a(x):\n    return x\n\ndef b(x):\n    """Doc."""\n'), 'b');
  });

  it('has none where the text names none, or several', () => {
    assert.equal(named('Sort a list of numbers.'), undefined);
    assert.equal(named('Write `add` and `sub`.'), undefined);
    assert.equal(named('Return `None`.'), undefined);
  });

  it('takes assert lines as tests and the function from them', async () => {
    const task = await taskFromPrompt(
      'Add two numbers.\n\nassert add(1, 2) == 3\nassert add(len([1]),\n           5) == 6\n',
      'python',
    );
    assert.deepEqual(task.tests, ['assert add(1, 2) == 3', 'assert add(len([1]),\n           5) == 6']);
    assert.equal(task.entryPoint, 'add');
    assert.equal(task.prompt, 'Add two numbers.');
  });

  it('takes asserts out of the one line that an input box has', () => {
    const task = promptTask(loaded.python, 'Add two numbers. assert add(1, 2) == 3; assert add(0, 0) == 0');
    assert.deepEqual(task.tests, ['assert add(1, 2) == 3', 'assert add(0, 0) == 0']);
    assert.equal(task.entryPoint, 'add');
    assert.deepEqual(promptTask(loaded.python, 'A function that must assert its input is sorted').tests, []);
  });

  it('takes doctests and examples', () => {
    const task = promptTask(loaded.python, 'Write `twice`.\n>>> twice(2)\n4\n\ntwice(3) -> 6');
    assert.deepEqual(task.tests, ['assert twice(2) == 4', 'assert twice(3) == 6']);
  });

  it('asks for what passes the tests when there is nothing else', () => {
    const task = promptTask(loaded.python, 'assert f(1) == 2');
    assert.equal(task.prompt, 'Write a function `f` that passes its tests.');
  });

  it('reads JavaScript asserts', () => {
    const task = promptTask(
      loaded.javascript,
      'Write `twice`.\nassert.equal(twice(2), 4);\nconsole.assert(twice(1) === 2)',
    );
    assert.deepEqual(task.tests, ['assert.equal(twice(2), 4);', 'assert(twice(1) === 2);']);
    assert.equal(task.prompt, 'Write `twice`.');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('python' as const, 'typescript' as const),
        (text, language) => void promptTask(loaded[language], text),
      ),
    );
  });
});
