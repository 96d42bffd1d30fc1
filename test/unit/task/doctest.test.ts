import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Grammar } from '../../../src/core/task/grammar';
import { callExamples } from '../../../src/core/task/examples';
import { doctests } from '../../../src/core/task/python/doctest';
import { extracted, grammars } from './support';

describe('doctests as tests', () => {
  let python: Grammar;
  before(async () => {
    python = (await grammars()).python;
  });
  const tests = (docstring: string, returns?: string): string[] =>
    doctests(python, docstring, { entryPoint: 'f', returns });

  it('compare with plain data, floats and collections over several lines among it', () => {
    assert.deepEqual(tests('>>> f(1)\n2'), ['assert f(1) == 2']);
    assert.deepEqual(tests('text\n   >>> f(1) # why\n   -0.5\n\n   >>> f([])\n   [1,\n    2]\n'), [
      'assert f(1) == -0.5',
      'assert f([]) == [1,\n 2]',
    ]);
    assert.deepEqual(tests(">>> f('a')\n{'b': (1, None, True)}"), ["assert f('a') == {'b': (1, None, True)}"]);
  });

  it('compare the repr of anything else that is a value', () => {
    assert.deepEqual(tests('>>> f(1)\nPoint(x=1)'), ["assert repr(f(1)) == 'Point(x=1)'"]);
    assert.deepEqual(tests('>>> f(1)\nset()\n>>> f(2)\nnan'), [
      "assert repr(f(1)) == 'set()'",
      "assert repr(f(2)) == 'nan'",
    ]);
  });

  it('are not made of output that is printed or cut', () => {
    assert.deepEqual(tests('>>> print(f(1))\n2\n>>> f(1)\nHello there\n>>> f(1)\nhello\n>>> f(1)\n[1, ..., 9]'), []);
    assert.deepEqual(tests('>>> f(1)\n2', 'None'), []);
    assert.deepEqual(tests('>>> f(1) # doctest: +SKIP\n2'), []);
    assert.deepEqual(tests('>>> f(1)\n<object at 0x7f>'), []);
  });

  it('take no output for None only where the function may return it', () => {
    assert.deepEqual(tests('>>> f(1)\n', 'Optional[int]'), ['assert f(1) == None']);
    assert.deepEqual(tests('>>> f(1)\n', 'int'), []);
    assert.deepEqual(tests('>>> f(1)\n'), []);
  });

  it('assert comparisons as they stand', () => {
    assert.deepEqual(tests('>>> f(1) == 2\n>>> f(2) == 3\nTrue\n>>> f(3) == 4\nFalse'), [
      'assert f(1) == 2',
      'assert f(2) == 3',
      'assert (f(3) == 4) == False',
    ]);
  });

  it('expect an exception with a try statement', () => {
    assert.deepEqual(tests('>>> f(0)\nTraceback (most recent call last):\n    ...\nValueError: no'), [
      "try:\n    f(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('f(0) did not raise ValueError')",
    ]);
  });

  it('carry along the earlier lines that they build on, and no others', () => {
    const docstring = '>>> x = [1,\n...      2]\n>>> y = 5\n>>> x.append(3)\n>>> f(x)\n6\n>>> f(y)\n7\n>>> f(0)\n0';
    assert.deepEqual(tests(docstring), [
      'x = [1,\n     2]\nx.append(3)\nassert f(x) == 6',
      'y = 5\nassert f(y) == 7',
      'assert f(0) == 0',
    ]);
  });

  it('repeat what earlier examples did to an object', () => {
    const found = doctests(python, '>>> s = Stack()\n>>> s.push(1)\n>>> s.pop()\n1\n>>> s.size()\n0', {
      entryPoint: 'Stack',
    });
    assert.deepEqual(found.at(-1), 's = Stack()\ns.push(1)\ns.pop()\nassert s.size() == 0');
  });

  it('are left out when they do not mention the entry point', () => {
    assert.deepEqual(tests('>>> 1 + 1\n2'), []);
  });

  it('are read with the escapes of the docstring', () => {
    const { task } = extracted(python, 'def f(s):\n    """\n    >>> f(\'a\\\\n\')\n    \'b\'\n    """\n');
    assert.deepEqual(task.tests, ["assert f('a\\n') == 'b'"]);
    const raw = extracted(python, 'def f(s):\n    r"""\n    >>> f(\'a\\n\')\n    \'b\'\n    """\n');
    assert.deepEqual(raw.task.tests, ["assert f('a\\n') == 'b'"]);
  });

  it('have the same sides as the example, for any plain data', () => {
    const atom = fc.oneof(
      fc.integer().map(String),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((n) => (Number.isInteger(n) ? `${n}.0`.replace(/(e[^.]*)\.0$/, '$1') : String(n))),
      fc.constantFrom('True', 'False', 'None'),
      fc.stringMatching(/^[a-zA-Z0-9 ()[\],:>#-]*$/).map((s) => `'${s}'`),
    );
    const { literal } = fc.letrec<{ literal: string }>((tie) => ({
      literal: fc.oneof(
        { maxDepth: 3 },
        atom,
        fc.array(tie('literal'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
        fc.array(tie('literal'), { minLength: 2, maxLength: 4 }).map((items) => `(${items.join(', ')})`),
        fc.tuple(atom, tie('literal')).map(([key, value]) => `{${key}: ${value}}`),
      ),
    }));
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, literal), { minLength: 1, maxLength: 4 }), (pairs) => {
        const unambiguous = pairs.filter(([, right]) => !right.includes('...'));
        const docstring = unambiguous.map(([left, right]) => `    >>> f(${left})\n    ${right}`).join('\n');
        assert.deepEqual(
          tests(docstring),
          unambiguous.map(([left, right]) => `assert f(${left}) == ${right}`),
        );
      }),
    );
  });
});

describe('examples in prose', () => {
  let python: Grammar;
  before(async () => {
    python = (await grammars()).python;
  });
  const found = (text: string): string[] => callExamples(python, text, 'f').map((e) => `${e.call} ${e.result}`);

  it('count in the usual notations', () => {
    const lines = [
      'f(1) == 2',
      '* f([1]) => 3.',
      'f(2) -> 4',
      'f(2) ➞ [4]',
      "f('a') returns 'b'",
      'for f(1) ==> true',
      '  `f(3)` -> `9`',
    ];
    assert.deepEqual(found(lines.join('\n')), [
      'f(1) 2',
      'f([1]) 3',
      'f(2) 4',
      'f(2) [4]',
      "f('a') 'b'",
      'f(1) True',
      'f(3) 9',
    ]);
  });

  it('count only with plain data on both sides, and the call at the start', () => {
    assert.deepEqual(
      found('f(n) -> 4\nf(1) -> f(0) + 1\nf(1) -> a list\nhalf(2) -> 1\nnever f(1) == 2\nx.f(1) == 2\nf(1) == ""2"'),
      [],
    );
  });

  it('count as equations only where no function of mathematics is being defined', () => {
    assert.deepEqual(found('f(1, 2) = 3\nf(2, 2) = -4'), ['f(1, 2) 3', 'f(2, 2) -4']);
    assert.deepEqual(found('f(1) = 3\nf(3) = [1, 3, 2, 8]'), []);
  });

  it('count with the arguments by name, as long as every parameter has its value', () => {
    const stub = (text: string): readonly string[] =>
      extracted(python, `def f(a, b, c=1):\n    """\n${text}\n    """\n`).task.tests;
    assert.deepEqual(stub('    Input: b = [1], a = "x, y"\n    Output: 24 # because'), ['assert f("x, y", [1]) == 24']);
    assert.deepEqual(stub('    For a = 1, b = 2, the result should be (1, 2)'), ['assert f(1, 2) == (1, 2)']);
    assert.deepEqual(
      stub(
        '    For a = 1 the output should be 2\n    Input: [1]\n    Output: 2\n    Input: a = x, b = 2\n    Output: 2',
      ),
      [],
    );
    assert.deepEqual(
      extracted(python, 'def f(x):\n    """\n    Input: [4, 2]\n    Output: [2, 1]\n    """\n').task.tests,
      ['assert f([4, 2]) == [2, 1]'],
    );
  });
});
