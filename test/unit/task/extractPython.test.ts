import assert from 'node:assert/strict';
import { extractTask, extractWith, LONGEST_SELECTION } from '../../../src/core/task/extract';
import type { Grammar } from '../../../src/core/task/grammar';
import { extracted, grammars, refused, targetText } from './support';

describe('a task from a Python selection', () => {
  let python: Grammar;
  before(async () => {
    python = (await grammars()).python;
  });

  it('is a stub with its docstring, whose doctests are its tests', () => {
    const stub = 'def f(x):\n    """Adds one.\n\n    >>> f(1)\n    2\n    """\n';
    const result = extracted(python, stub);
    assert.deepEqual(result.task, {
      id: 'code.x:f',
      language: 'python',
      prompt: stub,
      entryPoint: 'f',
      tests: ['assert f(1) == 2'],
      setup: '',
    });
    assert.equal(result.testOrigin, 'docstring');
    assert.equal(targetText(result), stub.trimEnd());
  });

  for (const body of [
    'pass',
    '...',
    'raise NotImplementedError',
    'raise NotImplementedError("later")',
    '# to be written',
  ]) {
    it(`takes a function for a stub when its body is "${body}"`, () => {
      const result = extracted(python, `‹def f(x):\n    ${body}›\n\ny = 1\n`);
      assert.equal(result.task.entryPoint, 'f');
      assert.equal(result.task.prompt, `def f(x):\n    ${body}\n`);
      assert.equal(targetText(result), `def f(x):\n    ${body}`);
    });
  }

  it('says that a function with a body is to be mended, and finds the asserts next to it', () => {
    const result = extracted(python, 'def f(x):\n    return¦ x\n\nassert f(1) == 2\nassert g(1) == 2\n');
    assert.match(result.task.prompt, /^# Mend this code.*\n\ndef f\(x\):\n {4}return x\n$/);
    assert.deepEqual(result.task.tests, ['assert f(1) == 2']);
    assert.equal(result.testOrigin, 'file');
  });

  it('takes selected asserts as tests and leaves them out of the prompt', () => {
    const result = extracted(
      python,
      '‹# Doubles.\ndef f(x):\n    pass\n\nassert f(1) == 2, "two"\nassert f(2) == (\n  4)›\n',
    );
    assert.equal(result.task.prompt, '# Doubles.\ndef f(x):\n    pass\n');
    assert.deepEqual(result.task.tests, ['assert f(1) == 2, "two"', 'assert f(2) == (\n  4)']);
    assert.equal(result.testOrigin, 'selection');
    assert.equal(targetText(result), 'def f(x):\n    pass');
  });

  it('is the free text of a comment, with the place below it as target', () => {
    const result = extracted(python, 'x = 1\n\n‹# Write a function `add` that\n# adds two numbers.›\n\ny = 2\n');
    assert.equal(result.task.prompt, 'Write a function `add` that\nadds two numbers.\n');
    assert.equal(result.task.entryPoint, 'add');
    assert.equal(result.target.mode, 'insert');
    assert.equal(
      result.document.slice(0, result.target.start),
      'x = 1\n\n# Write a function `add` that\n# adds two numbers.',
    );
  });

  it('takes the name of what a comment asks for from the asserts below it', () => {
    const result = extracted(python, '# Write a function that doubles.\nassert twice(2) == 4\nassert twice(3) == 6\n');
    assert.equal(result.task.prompt, 'Write a function that doubles.\n');
    assert.equal(result.task.entryPoint, 'twice');
    assert.equal(result.task.tests.length, 2);
  });

  it('is the whole comment that the cursor is in', () => {
    const result = extracted(python, 'x = 1\n# Write a func¦tion\n# named add.\n\n# Something else.\n');
    assert.equal(result.task.prompt, 'Write a function\nnamed add.\n');
  });

  it('is the comment and the stub when the cursor is in the comment right above it', () => {
    const result = extracted(python, '# Doub¦les.\ndef f(x): ...\n');
    assert.equal(result.task.prompt, '# Doubles.\ndef f(x): ...\n');
    assert.equal(targetText(result), 'def f(x): ...');
  });

  it('is the innermost function around the cursor', () => {
    const nested = 'def outer():\n    def inner(a):\n        pa¦ss\n    return inner\n';
    const result = extracted(python, nested);
    assert.equal(result.task.entryPoint, 'inner');
    assert.equal(result.target.indent, '    ');
    assert.equal(result.target.container, 'function');
    assert.equal(
      extracted(python, 'def outer():\n    def inner(a):\n        pass\n    return¦ inner\n').task.entryPoint,
      'outer',
    );
  });

  it('is the function above when the cursor is where its body would go on', () => {
    assert.equal(extracted(python, 'def f(x):\n    """Doc."""\n    ¦').task.entryPoint, 'f');
    assert.equal(extracted(python, 'def f(x):\n    """Doc."""\n¦').task.entryPoint, 'f');
  });

  it('shows a method inside the header of its class, dedented', () => {
    const result = extracted(
      python,
      'class Stack(Base):\n    """A stack."""\n\n    def __init__(self):\n        self.items = []\n\n    def push(self, item):\n        pa¦ss\n\n    def other(self): return 1\n',
    );
    assert.equal(
      result.task.prompt,
      'class Stack(Base):\n    """A stack."""\n\n    def __init__(self):\n        self.items = []\n\n    def push(self, item):\n        pass\n',
    );
    assert.equal(result.task.entryPoint, 'push');
    assert.equal(result.target.container, 'class');
    assert.equal(targetText(result), 'def push(self, item):\n        pass');
  });

  it('shows the fields of the class of a method, and imports what its header needs', () => {
    const result = extracted(
      python,
      'from dataclasses import dataclass\n\n@dataclass\nclass P:\n    x: int\n    y: int = 0\n\n    def norm(self):\n        pa¦ss\n',
    );
    assert.equal(
      result.task.prompt,
      'from dataclasses import dataclass\n\n@dataclass\nclass P:\n    x: int\n    y: int = 0\n\n    def norm(self):\n        pass\n',
    );
  });

  it('may be the comment at the end of a class', () => {
    const result = extracted(
      python,
      '@d\nclass P:\n    def a(self):\n        return 1\n\n    # Write a meth¦od named scale.\n\nx = 1\n',
    );
    assert.equal(result.task.prompt, 'Write a method named scale.\n');
    assert.equal(result.target.indent, '    ');
  });

  it('may be a class, an async function or one with decorators', () => {
    assert.equal(extracted(python, 'class A:\n    def f(self): ...\n').task.entryPoint, 'A');
    const decorated = '@cache\n@other(1)\nasync def f(x):\n    ...';
    const result = extracted(python, `import x\n\n‹${decorated}›\n`);
    assert.equal(result.task.entryPoint, 'f');
    assert.equal(targetText(result), decorated);
  });

  it('brings the imports that the code mentions, and only these names', () => {
    const file =
      'import os, sys\nfrom typing import (List,\n  Dict)\nfrom .near import Thing\nimport numpy as np\n\n‹def f(a: List[int], b: Thing) -> np.array:\n    pass›\n';
    const result = extracted(python, file);
    assert.equal(
      result.task.prompt,
      'from typing import List\n# from .near import Thing\nimport numpy as np\n\ndef f(a: List[int], b: Thing) -> np.array:\n    pass\n',
    );
  });

  it('brings short helpers that the code calls, with what they need, but no long ones', () => {
    const long = `def long(x):\n${'    x += 1\n'.repeat(50)}    return x\n`;
    const file = `import math\nFACTOR = 2\n\ndef helper(x):\n    return math.ceil(x) * FACTOR\n\n${long}\n‹def f(x):\n    return helper(x) + long(x)›\n`;
    const { prompt } = extracted(python, file).task;
    assert.match(prompt, /import math\n\nFACTOR = 2\n\ndef helper\(x\):\n {4}return math.ceil\(x\) \* FACTOR\n\ndef f/);
    assert.doesNotMatch(prompt, /def long/);
  });

  it('asks for the last stub among several definitions', () => {
    const result = extracted(python, 'def helper(x):\n    return x\n\ndef f(x):\n    """Uses helper."""\n');
    assert.equal(result.task.entryPoint, 'f');
    assert.match(result.task.prompt, /^def helper[^#]*def f/);
  });

  it('finds tests in test functions and main blocks of the file, but only self-contained ones', () => {
    const result = extracted(
      python,
      'def f(x):\n    pa¦ss\n\ndef test_f():\n    assert f(1) == 2\n    assert f(2) == 3\n\ndef test_other(tmp_path):\n    assert f(tmp_path) == 3\n\nif __name__ == "__main__":\n    y = 3\n    assert f(3) == 4\n    assert f(y) == 4\n',
    );
    assert.deepEqual(result.task.tests, ['assert f(1) == 2', 'assert f(2) == 3', 'assert f(3) == 4']);
    assert.equal(result.testOrigin, 'file');
  });

  it('puts what the tests of a file need into the setup', () => {
    const result = extracted(
      python,
      'import math\nCASES = [1, 2]\n\ndef f(x):\n    pa¦ss\n\nassert f(CASES) == math.pi\n',
    );
    assert.deepEqual(result.task.tests, ['assert f(CASES) == math.pi']);
    assert.equal(result.task.setup, 'import math\nCASES = [1, 2]\n');
  });

  it('means the tested function when only its asserts are selected', () => {
    const result = extracted(python, 'def f(x):\n    pass\n\n‹assert f(1) == 2›\n');
    assert.equal(targetText(result), 'def f(x):\n    pass');
    assert.deepEqual(result.task.tests, ['assert f(1) == 2']);
    const fresh = extracted(python, 'x = 1\n‹assert g(1) == 2›\n');
    assert.equal(fresh.task.entryPoint, 'g');
    assert.equal(fresh.target.mode, 'insert');
    assert.equal(fresh.target.start, 6);
  });

  it('takes prose that is no comment as it is', () => {
    const result = extracted(python, '‹please write a function called add_all that adds numbers›\n');
    assert.equal(result.task.entryPoint, 'add_all');
    assert.equal(targetText(result), 'please write a function called add_all that adds numbers');
  });

  it('is not disturbed by broken code after the cursor', () => {
    const result = extracted(python, 'def f(x):\n    """Doc."""¦\n\ndef broken(:\n  x = (1,\n"""\nopen\n');
    assert.equal(result.task.entryPoint, 'f');
    assert.equal(result.task.prompt, 'def f(x):\n    """Doc."""\n');
    assert.equal(extracted(python, 'x = (1,\n\ndef f(x):\n    pa¦ss\n').task.entryPoint, 'f');
    assert.equal(extracted(python, 's = """never closed\n\ndef f(x):\n    pa¦ss\n').task.entryPoint, 'f');
  });

  it('reads tabs and unicode names', () => {
    const result = extracted(python, 'class Ä:\n\tdef größe(self):\n\t\tpa¦ss\n');
    assert.equal(result.task.entryPoint, 'größe');
    assert.equal(result.target.indent, '\t');
    assert.equal(result.task.prompt, 'class Ä:\n\tdef größe(self):\n\t\tpass\n');
  });

  it('is refused with a sentence that says what to do', () => {
    assert.equal(refused(python, 'x = 1\n\n¦\n\ny = 2\n').kind, 'nothing-here');
    assert.match(refused(python, 'x =¦ 1\n').message, /Select a function stub/);
    assert.equal(refused(python, '¦').kind, 'nothing-here');
    assert.equal(refused(python, 'x = 1\n‹ \n \t›\n').kind, 'blank');
    assert.equal(refused(python, '‹#›\n').kind, 'blank');
    const long = refused(python, 'x'.repeat(LONGEST_SELECTION + 1));
    assert.equal(long.kind, 'too-large');
    assert.match(long.message, /^Select less: 200,001 characters/);
  });

  it('is refused in another language, by name', async () => {
    const input = { text: 'x', selection: { start: 0, end: 1 }, languageId: 'cobol', fileName: 'x' };
    const result = await extractTask(input);
    assert.ok(!result.ok);
    assert.equal(result.kind, 'language');
    assert.match(result.message, /"cobol"/);
  });

  it('takes a document of a megabyte without reading all of it', () => {
    const filler = Array.from(
      { length: 12_000 },
      (_, i) => `def helper_${i}(x):\n    """Helper."""\n    return [x, "(", ${i}]\n\n`,
    );
    const half = filler.slice(0, 6_000).join('');
    const text = `import os\n${half}def f(x):\n    """Doc."""\n${filler.join('')}assert f(1) == 2\n`;
    assert.ok(text.length > 1_000_000);
    const at = text.indexOf('def f(');
    const input = { text, selection: { start: at, end: at }, languageId: 'python', fileName: 'big.py' };
    const result = extractWith(python, input);
    assert.ok(result.ok);
    assert.equal(result.task.prompt, 'def f(x):\n    """Doc."""\n');
    assert.deepEqual(result.task.tests, ['assert f(1) == 2']);
  });
});
