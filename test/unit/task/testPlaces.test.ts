import assert from 'node:assert/strict';
import type { Extracted, Range } from '../../../src/core/task/extraction';
import type { Grammar } from '../../../src/core/task/grammar';
import { testsFromFile } from '../../../src/core/task/testFile';
import { extracted, grammars } from './support';

/** Each test with what stands at its place. */
function placed(found: Extracted & { readonly document: string }): (readonly [string, string | undefined])[] {
  const { task, testPlaces, document } = found;
  assert.equal(testPlaces.length, task.tests.length, 'the lists go side by side');
  return task.tests.map((test, index) => [test, textAt(document, testPlaces[index])]);
}

function textAt(document: string, place: Range | undefined): string | undefined {
  return place && document.slice(place.start, place.end);
}

describe('the place of a test', () => {
  let python: Grammar;
  let javascript: Grammar;
  let typescript: Grammar;
  before(async () => ({ python, javascript, typescript } = await grammars()));

  it('is its doctest, from the prompt to what should be printed', () => {
    const found = extracted(
      python,
      'x = 1\n\n\ndef f(x):\n    """Adds one. ¦\n\n    >>> f(1)\n    2\n    >>> f(\n    ...     [1],\n    ... )\n    [1,\n     2]\n\n    Done.\n    """\n',
    );
    assert.deepEqual(placed(found), [
      ['assert f(1) == 2', '>>> f(1)\n    2'],
      ['assert f(\n    [1],\n) == [1,\n 2]', '>>> f(\n    ...     [1],\n    ... )\n    [1,\n     2]'],
    ]);
  });

  it('is found behind escapes in the docstring', () => {
    const stub = String.raw`def f(x):
    """Caf\u00e9\tand \\ more.

    >>> f("a\\n")
    'b'
    >>> f("\x41")
    'c'
    """
`;
    assert.deepEqual(
      placed(extracted(python, stub)).map(([, place]) => place),
      [
        String.raw`>>> f("a\\n")
    'b'`,
        String.raw`>>> f("\x41")
    'c'`,
      ],
    );
  });

  it('is the example in the prose of a docstring', () => {
    const found = extracted(
      python,
      'def f(a, b):\n    """Adds.\n\n    Example: f(1, 2) == 3.\n    For a = 3, b = 4, the output should be 7\n    Input: a = 1, b = 1\n    Output: 2\n    """\n',
    );
    assert.deepEqual(placed(found), [
      ['assert f(1, 2) == 3', 'f(1, 2) == 3.'],
      ['assert f(3, 4) == 7', 'For a = 3, b = 4, the output should be 7'],
      ['assert f(1, 1) == 2', 'Input: a = 1, b = 1\n    Output: 2'],
    ]);
  });

  it('is the docstring of the method that has it', () => {
    const found = extracted(
      python,
      'class Stack:\n    """A stack."""\n\n    def push(self, x):\n        """Puts x on top.\n\n        >>> Stack().push(1)\n        1\n        """¦\n',
    );
    assert.deepEqual(placed(found), [['assert Stack().push(1) == 1', '>>> Stack().push(1)\n        1']]);
  });

  it('is the selected assert, where the same one comes twice the first', () => {
    const found = extracted(
      python,
      '‹def f(x):\n    pass\n\nassert f(1) == 2\nassert f(2) == (\n    3\n)\nassert f(1) == 2›\n',
    );
    assert.deepEqual(placed(found), [
      ['assert f(1) == 2', 'assert f(1) == 2'],
      ['assert f(2) == (\n    3\n)', 'assert f(2) == (\n    3\n)'],
    ]);
    assert.equal(found.testPlaces[0]?.start, found.document.indexOf('assert'));
  });

  it('is the assert elsewhere in the file, in a test function or under a main guard', () => {
    const found = extracted(
      python,
      'def f(x):\n    ¦pass\n\n\ndef test_f():\n    """Says what."""\n    assert f(1) == 2  # so\n    assert f(2) == 3\n\n\nif __name__ == "__main__":\n    assert f(3) == 4\n',
    );
    assert.deepEqual(
      placed(found).map(([, place]) => place),
      ['assert f(1) == 2', 'assert f(2) == 3', 'assert f(3) == 4'],
    );
  });

  it('is the line of the comment that asks', () => {
    const found = extracted(
      python,
      '‹# Write f(x) that adds one.\n# ff(1) == 22 is another.\n#  f(1) == 2\n# >>> f(2)\n# 3\nassert f(4) == 5›\n',
    );
    assert.deepEqual(placed(found), [
      ['assert f(4) == 5', 'assert f(4) == 5'],
      ['assert f(2) == 3', '>>> f(2)'],
      ['assert f(1) == 2', 'f(1) == 2'],
    ]);
  });

  it('counts in a document whose lines end in CRLF', () => {
    const found = extracted(
      python,
      '\ufeffx = 1\r\n\r\ndef f(x):\r\n    """Adds.¦\r\n\r\n    >>> f(1)\r\n    2\r\n    """\r\n',
    );
    assert.deepEqual(placed(found), [['assert f(1) == 2', '>>> f(1)\r\n    2']]);
  });

  it('is the statement of a script, also where that is written in another way', () => {
    const found = extracted(
      javascript,
      'const a = 1;\n\n‹function f(x) {}\n\nassert.equal(f(1), 2);\nconsole.assert(f(2) === 3)\nexpect(f(3)).toBe(4);›\n',
    );
    assert.deepEqual(placed(found), [
      ['assert.equal(f(1), 2);', 'assert.equal(f(1), 2);'],
      ['assert(f(2) === 3);', 'console.assert(f(2) === 3)'],
      ['assert.strictEqual(f(3), 4);', 'expect(f(3)).toBe(4);'],
    ]);
  });

  it('is the example in the comment above a function, or a statement elsewhere in the script', () => {
    const documented = extracted(
      typescript,
      'let a = 1;\n\n/**\n * Adds one.\n * f(1) => 2\n */\nfunction f(x: number): number {¦}\n',
    );
    assert.deepEqual(placed(documented), [['assert.deepStrictEqual(f(1), 2);', 'f(1) => 2']]);
    const elsewhere = extracted(
      typescript,
      "import assert from 'node:assert';\n\nfunction f(x: number): number {¦}\n\nit('adds', () => {\n  assert.equal(f(1), 2);\n});\n",
    );
    assert.deepEqual(placed(elsewhere), [['assert.equal(f(1), 2);', 'assert.equal(f(1), 2);']]);
  });

  it('is a line of a script that is too long to be read as a whole', () => {
    const filler = 'const filler = 1;\n'.repeat(5_000);
    const found = extracted(javascript, `function f(x) {¦}\n\n${filler}\n  assert.equal(f(1), 2);\n`);
    assert.deepEqual(placed(found), [['assert.equal(f(1), 2);', 'assert.equal(f(1), 2);']]);
  });

  it('is the body of a test function in another file, for every case of it', async () => {
    const text =
      'import pytest\r\n\r\n@pytest.mark.parametrize("a, b", [(1, 2), (3, 4)])\r\ndef test_a(a, b):\r\n    c = a\r\n    assert f(c) == b\r\n\r\ndef test_b():\r\n    assert f(5) == 6\r\n';
    const { tests, testPlaces } = await testsFromFile(text, 'f', 'python');
    assert.equal(tests.length, 3);
    const body = 'c = a\r\n    assert f(c) == b';
    assert.deepEqual(
      testPlaces.map((place) => textAt(text, place)),
      [body, body, 'assert f(5) == 6'],
    );
  });

  it('is the statement in another file of a script', async () => {
    const text = "it('works', () => {\n  assert.equal(g(1), 2);\n  assert.equal(f(1), 2);\n});\n";
    const { testPlaces } = await testsFromFile(text, 'f', 'javascript');
    assert.deepEqual(
      testPlaces.map((place) => textAt(text, place)),
      ['assert.equal(f(1), 2);'],
    );
  });
});
