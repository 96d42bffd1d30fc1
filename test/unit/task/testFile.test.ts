import assert from 'node:assert/strict';
import { testsFromFile } from '../../../src/core/task/testFile';

const find = (text: string) => testsFromFile(text, 'f', 'python');

describe('tests from a file that the user picks', () => {
  it('are one for each pytest function, dedented', async () => {
    const found = await find(
      'from mymodule import f\nimport math\n\ndef test_one():\n    """Doc."""\n    x = 1\n    assert f(x) == math.pi\n    assert f(2) == 3\n\ndef test_two():\n    assert f(3) == 4\n\ndef test_other():\n    assert g(3) == 4\n',
    );
    assert.deepEqual(found.tests, ['x = 1\nassert f(x) == math.pi\nassert f(2) == 3', 'assert f(3) == 4']);
    assert.equal(found.setup, 'import math\n');
    assert.deepEqual(found.skipped, []);
  });

  it('leave out functions that take fixtures, and say so', async () => {
    const found = await find('def test_a(tmp_path):\n    assert f(tmp_path)\n\ndef test_b(a, b):\n    assert f(a)\n');
    assert.deepEqual(found.tests, []);
    assert.deepEqual(found.skipped, [
      { name: 'test_a', reason: 'it takes the fixture tmp_path' },
      { name: 'test_b', reason: 'it takes the fixture a, which is not in its file' },
    ]);
  });

  it('are whole functions with their fixtures where pytest can run them', async () => {
    const fixtures =
      '@pytest.fixture\ndef base():\n    return 3\n\n@pytest.fixture\ndef file(tmp_path, base):\n    return tmp_path / str(base)\n';
    const test = '@pytest.mark.parametrize("x", range(3))\ndef test_a(x, file):\n    assert f(file) == x';
    const text = `import pytest\nfrom mymodule import f\n\n${fixtures}\n${test}\n\ndef test_b():\n    assert f(1) == 2\n`;
    const found = await testsFromFile(text, 'f', 'python', true);
    assert.deepEqual(found.tests, [test, 'assert f(1) == 2']);
    assert.deepEqual(found.skipped, []);
    assert.equal(found.setup.replace(/\n+/g, '\n'), `import pytest\n${fixtures.replace(/\n+/g, '\n')}`);
    const without = await testsFromFile(text, 'f', 'python', 'pytest is not installed.');
    assert.deepEqual(without.tests, ['assert f(1) == 2']);
    assert.deepEqual(without.skipped, [
      { name: 'test_a', reason: 'it takes the fixture file, and pytest is not installed' },
    ]);
  });

  it('bring what the decorators of their helpers need', async () => {
    const fixture = '@pytest.fixture\ndef base():\n    return 3\n\n';
    const helper = '@lru_cache\ndef twice(x):\n    return 2 * x\n\n';
    const text = `import pytest\nfrom functools import lru_cache\n\n${fixture}${helper}def test_a(base):\n    assert f(base) == twice(3)\n`;
    const { setup } = await testsFromFile(text, 'f', 'python', true);
    assert.match(setup, /^from functools import lru_cache\nimport pytest\n@pytest\.fixture\ndef base/);
  });

  it('take along what pytest gives to all tests of a file, and classes with fixtures of their own', async () => {
    const text =
      'import pytest\nimport m\n\npytestmark = pytest.mark.usefixtures("calm")\n\n@pytest.fixture\ndef calm():\n    pass\n\n' +
      '@pytest.fixture(autouse=True)\ndef always(monkeypatch):\n    monkeypatch.setenv("A", "1")\n\n' +
      'class TestF:\n    @pytest.fixture\n    def own(self, calm):\n        return 2\n\n    def test_a(self, own, tmp_path):\n        assert m.f(own)\n\n' +
      '    def test_b(self):\n        with pytest.raises(ValueError, match="x"):\n            m.f(0)\n';
    const { tests, setup, skipped } = await testsFromFile(text, 'f', 'python', true);
    assert.deepEqual(skipped, []);
    assert.equal(tests.length, 2);
    for (const part of ['class TestF:', 'def own(self, calm)', 'assert f(own)'])
      assert.ok(tests[0]?.includes(part), part);
    assert.ok(!tests[0]?.includes('test_b') && tests[1]?.includes('match="x"'), tests[1]);
    for (const part of ['import pytest\n', 'pytestmark =', 'def always(monkeypatch)', 'def calm()']) {
      assert.ok(setup.includes(part), part);
    }
  });

  it('leave out by name what cannot be seen from another process, or says nothing of the code', async () => {
    const found = await testsFromFile(
      'import pytest\nimport m\n\ndef test_prints(capsys):\n    m.f(1)\n    assert capsys.readouterr().out == ""\n\n' +
        'def test_warns():\n    with pytest.warns(UserWarning):\n        m.f(1)\n\n' +
        '@pytest.mark.skip(reason="later")\ndef test_later():\n    assert m.f(1)\n\n' +
        '@pytest.mark.xfail\ndef test_fails():\n    assert m.f(1) == 3\n\n' +
        'def test_module(monkeypatch):\n    monkeypatch.setattr(m, "LIMIT", 3)\n    assert m.f(1) == 3\n',
      'f',
      'python',
      true,
    );
    assert.deepEqual(found.tests, []);
    assert.deepEqual(found.skipped, [
      { name: 'test_warns', reason: 'it looks for warnings, and the code runs in a process of its own' },
      { name: 'test_later', reason: "it is marked 'skip'" },
      { name: 'test_fails', reason: "it is marked 'xfail'" },
      {
        name: 'test_prints',
        reason: 'it takes the fixture capsys, which does not see what the code prints in a process of its own',
      },
      { name: 'test_module', reason: 'it needs m, which cannot be taken along' },
    ]);
  });

  it('are one for each case of a parametrized function', async () => {
    const found = await find(
      'import pytest\n\n@pytest.mark.parametrize("a, b", [(1, 2), (3, 4)])\ndef test_a(a, b):\n    assert f(a) == b\n',
    );
    assert.deepEqual(found.tests, ['a, b = (1, 2)\nassert f(a) == b', 'a, b = (3, 4)\nassert f(a) == b']);
  });

  it('are plain asserts where unittest has methods', async () => {
    const body = [
      'self.assertEqual(f(1), 2)',
      'self.assertEqual(f(1) == 2, a or b)',
      'self.assertNotEqual(f(1), 2, "why")',
      'self.assertTrue(f(1))',
      'self.assertFalse(f(1) or f(2))',
      'self.assertIn(1, f(1))',
      'self.assertIsNone(f(1))',
      'self.assertIsInstance(f(1), int)',
      'self.assertAlmostEqual(f(1), 2.5)',
      'self.assertAlmostEqual(f(1), 2.5, delta=0.1)',
      'self.assertGreater(f(1), 2)',
    ];
    const methods = body.map((line, i) => `    def test_${i}(self):\n        a = b = 1\n        ${line}\n`).join('\n');
    const found = await find(`import unittest\nfrom m import f\n\nclass TestF(unittest.TestCase):\n${methods}`);
    assert.deepEqual(found.skipped, []);
    assert.equal(found.setup, '');
    assert.deepEqual(
      found.tests.map((test) => test.replace('a = b = 1\n', '')),
      [
        'assert f(1) == 2',
        'assert (f(1) == 2) == (a or b)',
        'assert f(1) != 2',
        'assert f(1)',
        'assert not (f(1) or f(2))',
        'assert 1 in f(1)',
        'assert f(1) is None',
        'assert isinstance(f(1), int)',
        'assert round(abs((f(1)) - (2.5)), 7) == 0',
        'assert abs((f(1)) - (2.5)) <= 0.1',
        'assert f(1) > 2',
      ],
    );
  });

  it('expect exceptions without unittest and pytest', async () => {
    const expected =
      "try:\n    f(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('f(0) did not raise ValueError')";
    const found = await find(
      'import pytest\nimport unittest\n\ndef test_a():\n    with pytest.raises(ValueError):\n        f(0)\n\nclass T(unittest.TestCase):\n    def test_b(self):\n        with self.assertRaises(ValueError):\n            f(0)\n        x = 1\n    def test_c(self):\n        y = 2\n        self.assertRaises(ValueError, f, 0)\n',
    );
    assert.deepEqual(found.tests, [expected, `${expected}\nx = 1`, `y = 2\n${expected}`]);
  });

  it('compare numbers approximately without pytest', async () => {
    const found = await find('import pytest\n\ndef test_a():\n    assert f(1) == pytest.approx(0.5)\n');
    assert.deepEqual(found.tests, ['assert abs((f(1)) - (0.5)) <= max(1e-6 * abs(0.5), 1e-12)']);
  });

  it('call the function itself where the file calls it through its module', async () => {
    const found = await find('import mymodule\n\ndef test_a():\n    assert mymodule.f(1) == 2\n');
    assert.deepEqual(found.tests, ['assert f(1) == 2']);
  });

  it('leave out what needs a package that the sandbox may not have, or the rest of a test class', async () => {
    const found = await find(
      'import numpy as np\nfrom m import f\nimport unittest\n\ndef test_a():\n    assert f(np.array([1])) == 2\n\nclass T(unittest.TestCase):\n    def test_b(self):\n        self.assertEqual(f(self.x), 1)\n',
    );
    assert.deepEqual(found.tests, []);
    assert.deepEqual(found.skipped.map((s) => s.reason).sort(), [
      'it needs np, which cannot be taken along',
      "it uses 'self' in a way that has no plain form",
    ]);
  });

  it('keep a method that has no plain form in its class, each for itself, with what prepares and helps it', async () => {
    const found = await find(
      `import unittest
import math
from m import f

TOP = 4

class Doubling(unittest.TestCase):
    step = 1

    def setUp(self):
        self.cases = range(0, TOP, self.step)

    def check(self, x):
        self.assertEqual(f(x), 2 * x)

    def test_plain(self):
        self.assertEqual(f(1), 2)

    def test_table(self):
        for x in self.cases:
            with self.subTest(x=x):
                self.check(x)

    @unittest.skipIf(math.pi > 4, 'never')
    def test_message(self):
        with self.assertRaisesRegex(TypeError, 'None'):
            f(None)

    def test_lost(self):
        self.assertEqual(f(self.unknown), 1)

class Later(unittest.IsolatedAsyncioTestCase):
    async def test_later(self):
        self.assertEqual(f(1), 2)
`,
    );
    const head =
      'import unittest\nclass Doubling(unittest.TestCase):\n    step = 1\n\n    def setUp(self):\n        self.cases = range(0, TOP, self.step)\n\n' +
      '    def check(self, x):\n        self.assertEqual(f(x), 2 * x)\n\n';
    assert.deepEqual(found.tests, [
      'assert f(1) == 2',
      `${head}    def test_table(self):\n        for x in self.cases:\n            with self.subTest(x=x):\n                self.check(x)`,
      `${head}    @unittest.skipIf(math.pi > 4, 'never')\n    def test_message(self):\n        with self.assertRaisesRegex(TypeError, 'None'):\n            f(None)`,
      'import unittest\nclass Later(unittest.IsolatedAsyncioTestCase):\n    async def test_later(self):\n        self.assertEqual(f(1), 2)',
    ]);
    assert.equal(found.setup, 'import math\nTOP = 4\n');
    assert.deepEqual(found.skipped, [{ name: 'test_lost', reason: "it uses 'self' in a way that has no plain form" }]);
  });

  it('take the helpers of the test file along', async () => {
    const found = await find(
      'from m import f\n\nCASE = [1]\n\ndef make(n):\n    return CASE * n\n\ndef test_a():\n    assert f(make(2)) == 2\n',
    );
    assert.deepEqual(found.tests, ['assert f(make(2)) == 2']);
    assert.equal(found.setup, 'CASE = [1]\ndef make(n):\n    return CASE * n\n');
  });

  it('never set up an import of the future, which must come first', async () => {
    const found = await find(
      'from __future__ import annotations\nfrom m import f\n\ndef test_a():\n    assert f(1) == 2\n',
    );
    assert.deepEqual([found.tests, found.setup, found.skipped], [['assert f(1) == 2'], '', []]);
  });

  it('may be JavaScript asserts', async () => {
    const found = await testsFromFile(
      "const assert = require('assert');\nit('works', () => {\n  assert.equal(f(1), 2);\n  assert.equal(g(1), 2);\n});\n",
      'f',
      'javascript',
    );
    assert.deepEqual(found.tests, ['assert.equal(f(1), 2);']);
  });

  it('may be tests of node:test, whole where their asserts need what they compute', async () => {
    const text = `import test, { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { f, g } from './f.js';

test('plain', () => {
  assert.equal(f(1), 2);
});
test('computes', async (t) => {
  const got = await f(3);
  assert.equal(got, 6);
});
describe('f', () => {
  it('loops', () => {
    for (const x of [1, 2]) {
      expect(f(x)).toBe(2 * x)
    }
  });
  it('is of another', () => {
    const y = g(5);
    assert.equal(y, 1);
  });
  it('needs more', () => {
    const y = f(helper);
    assert.equal(y, 1);
    assert.equal(f(7), 14);
  });
  it('is told by what has no plain form', () => { const y = f(1); assert.equal(y, 2); expect(y).toBeCloseTo(2); });
});
`;
    const found = await testsFromFile(text, 'f', 'javascript');
    assert.deepEqual(found.tests, [
      'assert.equal(f(1), 2);',
      "test('computes', async (t) => {\n  const got = await f(3);\n  assert.equal(got, 6);\n});",
      "it('loops', () => {\n  for (const x of [1, 2]) {\n    assert.strictEqual(f(x), 2 * x);\n  }\n});",
      'assert.equal(f(7), 14);',
    ]);
    const lines = found.testPlaces.map((place) =>
      place === undefined ? '' : text.slice(place.start, place.end).split('\n')[0],
    );
    assert.deepEqual(lines, [
      'assert.equal(f(1), 2);',
      "test('computes', async (t) => {",
      "it('loops', () => {",
      'assert.equal(f(7), 14);',
    ]);
  });
});
