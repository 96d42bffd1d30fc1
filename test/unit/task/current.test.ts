import assert from 'node:assert/strict';
import { currentWith } from '../../../src/core/task/current';
import type { Grammar } from '../../../src/core/task/grammar';
import { extracted, grammars } from './support';

describe('the code that now stands where an answer was asked for', () => {
  let python: Grammar;
  let javascript: Grammar;
  before(async () => ({ python, javascript } = await grammars()));

  /** The code in `now`, of what was asked for in `marked`. */
  function current(grammar: Grammar, marked: string, now: string): string | undefined {
    const { document, target, task } = extracted(grammar, marked);
    return currentWith(grammar, now, { snapshot: document, target, entryPoint: task.entryPoint });
  }

  it('is the definition with the imports and helpers that it needs now', () => {
    const now =
      'import re\r\nimport os\r\n\r\ndef half(x):\r\n    return x / 2\r\n\r\ndef f(x):\r\n    return half(len(re.findall("a", x)))\r\n\r\nassert f("a") == 1\r\n';
    const code = current(python, 'def f(x):\n    pass¦\n', now);
    assert.match(code ?? '', /^# Mend this code.*\n\nimport re\n\ndef half\(x\):\n {4}return x \/ 2\n\ndef f\(x\):\n/);
    assert.doesNotMatch(code ?? '', /import os|assert/);
  });

  it('is the stub itself where nothing was written yet', () => {
    assert.equal(current(python, 'def f(x):\n    pass¦\n', 'def f(x):\n    pass\n'), 'def f(x):\n    pass\n');
  });

  it('is the function that now stands below the comment which asked for it', () => {
    const asked = '# Write a function `add` that adds.¦\n';
    assert.equal(current(python, asked, '# Write a function `add` that adds.\n'), undefined);
    const code = current(python, asked, '# Write a function `add` that adds.\n\n\ndef add(a, b):\n    return a + b\n');
    assert.match(code ?? '', /def add\(a, b\):\n {4}return a \+ b\n$/);
  });

  it('is the method of the same class, among others of its name', () => {
    const file = (circle: string) =>
      `class Square:\n    def area(self):\n        return 1\n\n\nclass Circle:\n    def area(self):\n        ${circle}\n`;
    const code = current(python, file('pass¦'), file('return 3'));
    assert.match(code ?? '', /class Circle:\n {4}def area\(self\):\n {8}return 3\n$/);
  });

  it('is not told where one of several definitions of its name went away, or it was renamed', () => {
    const asked = 'class A:\n    def f(self):\n        pass¦\n\n\nclass B:\n    def f(self):\n        return 1\n';
    assert.equal(current(python, asked, 'class B:\n    def f(self):\n        return 1\n'), undefined);
    assert.equal(current(python, 'def f(x):\n    pass¦\n', 'def g(x):\n    pass\n'), undefined);
    assert.equal(current(python, 'def f(x):\n    pass¦\n', ''), undefined);
  });

  it('is the function of a script', () => {
    const code = current(javascript, 'function f(x) {¦}\n', 'const a = 1;\n\nexport function f(x) {\n  return x;\n}\n');
    assert.match(code ?? '', /function f\(x\) \{\n {2}return x;\n\}\n$/);
  });
});
