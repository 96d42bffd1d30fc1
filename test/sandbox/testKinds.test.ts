import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../../src/core/sandbox/open';
import type { Sandbox } from '../../src/core/sandbox/sandbox';
import type { TestOutcome } from '../../src/core/sandbox/verdict';
import { openWasmSandbox } from '../../src/core/sandbox/wasm';
import type { Language } from '../../src/core/task/task';
import { HARNESS } from './bench';
import { PYODIDE } from './wasmBench';

/** A kind of test, with what it says of an answer that is wrong for 3 only. */
interface Kind {
  readonly name: string;
  readonly test: string;
  readonly fails: RegExp;
}

const PYTHON = { right: 'def f(x): return 2 * x', wrong: 'def f(x): return 2 * x if x != 3 else 5' };
const SCRIPT = { right: 'function f(x) { return 2 * x }', wrong: 'function f(x) { return x === 3 ? 5 : 2 * x }' };

const PYTHON_KINDS: readonly Kind[] = [
  {
    name: 'a function of asserts',
    test: 'def test_doubles():\n    """Doc."""\n    for x in range(5):\n        assert f(x) == x + x',
    fails: /^test_doubles: assert f\(x\) == x \+ x: left is 5, right is 6$/,
  },
  {
    name: 'an asynchronous function',
    test: 'import asyncio\nasync def test_later():\n    await asyncio.sleep(0)\n    assert f(3) == 6',
    fails: /^test_later: assert f\(3\) == 6: got 5$/,
  },
  {
    name: 'a class with methods and a preparation',
    test: 'class TestF:\n    def setup_method(self):\n        self.x = 3\n    def test_one(self):\n        assert f(self.x) == 6',
    fails: /^TestF\.test_one: assert f\(self\.x\) == 6: got 5$/,
  },
  {
    name: 'a unittest.TestCase with setUp, subtests and expected exceptions',
    test: `import unittest
class Doubling(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.limit = 5
    def setUp(self):
        self.cases = {x: 2 * x for x in range(self.limit)}
    def test_raises(self):
        with self.assertRaisesRegex(TypeError, 'NoneType'):
            f(None)
    def test_table(self):
        for x, y in self.cases.items():
            with self.subTest(x=x):
                self.assertEqual(f(x), y)

if __name__ == '__main__':
    unittest.main()`,
    fails: /test_table.*: 5 != 6, at `self\.assertEqual\(f\(x\), y\)`$/,
  },
  {
    name: 'a TestCase that unittest.main is to run',
    test: 'import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertIn(f(3), [6])\nunittest.main()',
    fails: /^test_a: 5 not found in \[6\], at/,
  },
  {
    name: 'an asynchronous TestCase',
    test: 'import unittest\nclass T(unittest.IsolatedAsyncioTestCase):\n    async def test_a(self):\n        self.assertEqual(f(3), 6)',
    fails: /^test_a: 5 != 6/,
  },
  {
    name: 'a doctest',
    test: '>>> f(2)\n4\n>>> y = f(3)\n>>> [y, y]\n[6, 6]\n>>> f(None)\nTraceback (most recent call last):\n    ...\nTypeError: unsupported',
    fails: /^assert \[y, y\] == \[6, 6\]: got \[5, 5\]$/,
  },
];

const SCRIPT_KINDS: readonly Kind[] = [
  {
    name: 'node:test, imported',
    test: "import test from 'node:test';\nimport assert from 'node:assert/strict';\ntest('doubles', () => {\n  for (const x of [1, 2, 3]) assert.equal(f(x), 2 * x);\n});",
    fails: /^doubles: assert\.equal\(f\(x\), 2 \* x\).*got 5/,
  },
  {
    name: 'node:test with suites, hooks and promises',
    test: "const { describe, it, beforeEach } = require('node:test');\ndescribe('f', () => {\n  let x;\n  beforeEach(() => { x = 3; });\n  it('waits', async () => {\n    await new Promise((go) => setTimeout(go, 1));\n    assert.equal(f(x), 6);\n  });\n});",
    fails: /^f > waits: assert\.equal\(f\(x\), 6\): got 5$/,
  },
  {
    name: 'node:test with tests in a test',
    test: "const test = require('node:test');\ntest('outer', async (t) => {\n  await t.test('inner', () => assert.strictEqual(f(3), 6));\n});",
    fails: /inner.*got 5/,
  },
];

describe('A kind of test', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await openSandbox({ choice: 'os', harness: HARNESS });
  });

  const outcomes = async (
    language: Language,
    code: string,
    tests: readonly string[],
    where = sandbox,
  ): Promise<readonly TestOutcome[]> => {
    const { tests: told } = await where.run({
      task: { id: 'x', language, prompt: '', entryPoint: 'f', tests, setup: '' },
      code,
    });
    assert.equal(told.length, tests.length);
    return told;
  };
  const shown = (told: readonly TestOutcome[]): (string | undefined)[] =>
    told.map(({ ok, message }) => (ok ? 'ok' : message));

  for (const [language, kinds, { right, wrong }] of [
    ['python', PYTHON_KINDS, PYTHON],
    ['javascript', SCRIPT_KINDS, SCRIPT],
    ['typescript', SCRIPT_KINDS, SCRIPT],
  ] as const) {
    for (const { name, test, fails } of kinds) {
      it(`in ${language}: ${name} passes what is right and says what is wrong, beside others`, async () => {
        const [first, last] =
          language === 'python'
            ? ['assert f(1) == 2', 'assert f(4) == 8']
            : ['assert.equal(f(1), 2)', 'assert.equal(f(4), 8)'];
        assert.deepEqual(shown(await outcomes(language, right, [first, test, last])), ['ok', 'ok', 'ok']);
        const [before, told, after] = shown(await outcomes(language, wrong, [first, test, last]));
        assert.deepEqual([before, after], ['ok', 'ok']);
        assert.match(told ?? '', fails);
      });
    }
  }

  it('that needs what is not there, or checks nothing, does not pass', async () => {
    const told = shown(
      await outcomes('python', PYTHON.right, [
        'import unittest\nclass T(unittest.TestCase):\n    pass',
        'import unittest\nclass T(unittest.TestCase):\n    @unittest.skip("later")\n    def test_a(self):\n        self.fail()',
        'import unittest\nclass T(unittest.TestCase):\n    @unittest.expectedFailure\n    def test_a(self):\n        self.assertEqual(f(1), 2)',
        '>>> print(f(1))\n2',
        '>>> f(1)\n<object>',
      ]),
    );
    assert.deepEqual(told, [
      'T: the test checks nothing: it has no test methods',
      'T: the test checks nothing: all of it is skipped',
      'test_a: it was expected to fail',
      'the test itself cannot be read: `print(f(1))` is to print `2`, and only values can be compared',
      'the test itself cannot be read: `f(1)` is to print `<object>`, and only values can be compared',
    ]);
  });

  it('that is skipped in a script does not pass, unless another of its text has run', async () => {
    const told = shown(
      await outcomes('javascript', SCRIPT.right, [
        "test.skip('later', () => { assert.equal(f(1), 3) })",
        "const { describe, it } = require('node:test'); describe('f', () => { it('later', { skip: true }, () => {}) })",
        "test.skip('later', () => {}); test('now', () => assert.equal(f(1), 2))",
      ]),
    );
    for (const message of told.slice(0, 2))
      assert.match(message ?? '', /: the test checks nothing: all of it is skipped$/);
    assert.equal(told[2], 'ok');
  });

  it('is run once where it runs itself, and helpers are not tests', async () => {
    const told = await outcomes('python', 'calls = []\ndef f(x):\n    calls.append(x)\n    return len(calls)', [
      'def test_a():\n    assert f(1) == 1\ntest_a()',
      'def helper():\n    assert False',
      'assert f(1) == 2',
    ]);
    assert.deepEqual(shown(told), ['ok', 'ok', 'ok']);
  });

  it('names the code that ended itself or ran out of memory within it', async () => {
    const test =
      'import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(f(1), 2)';
    const [left] = await outcomes('python', 'import os\ndef f(x): os._exit(0)', [test]);
    assert.match(left?.message ?? '', /the code ended its own process/);
    const [lying] = await outcomes(
      'python',
      'class E:\n    def __eq__(self, other): return True\n    def __repr__(self): return "2"\ndef f(x): return E()',
      ['>>> f(1)\n2'],
    );
    assert.equal(lying?.ok, false);
    const [equal] = await outcomes(
      'python',
      'class E(int):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    __hash__ = int.__hash__\ndef f(x): return E(9)',
      [test],
    );
    assert.equal(equal?.ok, false);
  });

  it('is the same on WebAssembly', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'sv-cache-'));
    const wasm = await openWasmSandbox({ harness: HARNESS, pyodide: PYODIDE, cache });
    try {
      const kinds = PYTHON_KINDS.filter(({ name }) => !name.includes('asynchronous'));
      const tests = kinds.map(({ test }) => test);
      assert.deepEqual(
        shown(await outcomes('python', PYTHON.right, tests, wasm)),
        tests.map(() => 'ok'),
      );
      const [fixture] = shown(
        await outcomes('python', PYTHON.right, ['def test_a(tmp_path):\n    assert f(1) == 2'], wasm),
      );
      assert.equal(fixture, `test_a takes tmp_path, which is a fixture of pytest. ${await wasm.withoutPytest()}`);
      const told = shown(await outcomes('python', PYTHON.wrong, tests, wasm));
      told.forEach((message, index) => {
        assert.match(message ?? '', kinds[index]!.fails);
      });
    } finally {
      wasm.dispose();
      rmSync(cache, { recursive: true, force: true });
    }
  });
});
