import assert from 'node:assert/strict';
import { openSandbox } from '../../src/core/sandbox/open';
import { pythonsWithPytest } from '../setup/pytest';
import { type Case, HARNESS, judge } from './bench';
import { LIAR } from './liar';

/** The tests that every forger below tries to pass without computing anything. */
const TESTS = [
  'import pytest\ndef test_near(): assert f(3) == pytest.approx(2.5)',
  'import pytest\ndef test_near_too(): assert pytest.approx(2.5) == f(3)',
  'import pytest\ndef test_list(): assert pytest.approx([2.5]) == f(3)',
  'import pytest\ndef test_list_too(): assert pytest.approx(f(3)) == [2.5]',
  'import pytest\ndef test_not(): assert not f(3) != pytest.approx(2.5)',
  'import pytest\ndef test_map(): assert pytest.approx({"a": 2.5}) == f(3)',
  'import pytest\n@pytest.mark.parametrize("x, y", [(3, 2.5), (4, 3.5)])\ndef test_table(x, y): assert f(x) == y',
  'def test_fixture(answer): assert f(3) == answer',
  'import pytest\ndef test_raises():\n    with pytest.raises(KeyError, match="gone"):\n        f(3)',
];
const SETUP = 'import pytest\n@pytest.fixture\ndef answer(): return 2.5\n';

/** Beside its operators, it lies of what it holds. */
const HOLLOW_LIAR = `${LIAR}    def __len__(self): return 1
    def __iter__(self): return iter(())
    def keys(self): return {'a'}
    def items(self): return ()
`;

/** Programs that know of pytest, by how they try. */
const FORGERS: Readonly<Record<string, string>> = {
  'an object that lies in every operator, has a length and nothing in it': `class Liar:${HOLLOW_LIAR}\ndef f(x): return Liar()`,
  'a list that lies': `class Liar(list):${HOLLOW_LIAR}\ndef f(x): return Liar([1])`,
  'a dict that lies': `class Liar(dict):${HOLLOW_LIAR}\ndef f(x): return Liar(a=1)`,
  'a float that lies': `class Liar(float):${HOLLOW_LIAR}\ndef f(x): return Liar(1)`,
  'the exception that skips': 'import pytest\ndef f(x): pytest.skip("not today")',
  'a class that is called as that which skips':
    'class Skipped(BaseException):\n    msg = "later"\n    allow_module_level = True\nSkipped.__module__ = "builtins"\ndef f(x): raise Skipped()',
  "unittest's exception that skips": 'import unittest\ndef f(x): raise unittest.SkipTest("later")',
  'the exception that expects a failure': 'import pytest\ndef f(x): pytest.xfail("as it should")',
  'the exception that ends the session': 'import pytest\ndef f(x): pytest.exit("done", returncode=0)',
  KeyboardInterrupt: 'def f(x): raise KeyboardInterrupt',
  'SystemExit(0)': 'import sys\ndef f(x): sys.exit(0)',
  GeneratorExit: 'def f(x): raise GeneratorExit',
  'os._exit(0)': 'import os\ndef f(x): os._exit(0)',
  "pytest's own exit": 'import os, pytest\ndef f(x): os._exit(pytest.main(["--version"]))',
  'patches of the pytest in its own process':
    'import pytest, _pytest.outcomes, _pytest.python_api\npytest.approx = lambda *a, **k: f(0)\npytest.raises = lambda *a, **k: open("/dev/null")\n_pytest.outcomes.Failed = ValueError\n_pytest.python_api.ApproxBase.__eq__ = lambda *a: True\ndef f(x): return 0',
  'a fixture and tests of its own':
    'import pytest\n@pytest.fixture(autouse=True)\ndef answer(): return 0\n@pytest.fixture\ndef request(): return 0\ndef test_near(): pass\npytestmark = pytest.mark.skip\ndef pytest_runtest_makereport(item, call): pass\ndef f(x): return 0',
  'plugins and settings that lie about':
    'import os\nfor folder in (".", "/tmp", "/tmp/files"):\n    os.makedirs(folder, exist_ok=True)\n    for name in ("conftest.py", "pytest.py", "pytest.ini", "sitecustomize.py"):\n        open(os.path.join(folder, name), "w").write("import os; os._exit(0)")\nos.environ["PYTEST_ADDOPTS"] = "--collect-only"\nos.environ["PYTEST_PLUGINS"] = "conftest"\ndef f(x): return 0',
  'what pytest prints when all is well':
    'import os\ndef f(x):\n    for fd in range(1, 20):\n        for text in ("1 passed in 0.01s", "PASSED", \'{"done": 0, "ok": true, "ms": 1}\', \'{"end": true}\'):\n            try: os.write(fd, text.encode() + b"\\n")\n            except OSError: pass\n    return 0',
};

/** Tests with files, and programs that attack by what they write. None of them may pass. */
const FILES: Readonly<Record<string, { readonly code: string; readonly tests: readonly string[] }>> = {
  'a module that the tests import': {
    code: 'def f(folder):\n    (folder / "made.py").write_text("import builtins, os\\nvalue = 5\\nfor fd in range(3, 9):\\n    try: os.write(fd, b\'{}\\\\n\')\\n    except OSError: pass\\n")',
    tests: [
      'import sys\ndef test_it(tmp_path):\n    f(tmp_path)\n    sys.path.insert(0, str(tmp_path))\n    import made\n    assert made.value == 5',
    ],
  },
  'a program that the tests run': {
    code: 'def f(folder): (folder / "made.py").write_text("print(5)")',
    tests: [
      'import runpy\ndef test_it(tmp_path):\n    f(tmp_path)\n    assert "x" not in runpy.run_path(str(tmp_path / "made.py"))',
      'import subprocess, sys\ndef test_it(tmp_path):\n    f(tmp_path)\n    assert subprocess.run([sys.executable, str(tmp_path / "made.py")], capture_output=True).stdout == b"5\\n"',
      'import os, sys\ndef test_it(tmp_path):\n    f(tmp_path)\n    assert os.system(sys.executable + " " + str(tmp_path / "made.py")) == 0',
    ],
  },
  'a pickle that builds what it likes': {
    code: 'def f(folder): (folder / "made").write_bytes(b"cos\\nsystem\\n(S\'true\'\\ntR.")',
    tests: [
      'import pickle\ndef test_it(tmp_path):\n    f(tmp_path)\n    assert pickle.loads((tmp_path / "made").read_bytes()) == 0',
    ],
  },
  'a link out of the folder': {
    code: 'import os\ndef f(folder): os.symlink("/etc", folder / "made")',
    tests: ['def test_it(tmp_path):\n    f(tmp_path)\n    assert (tmp_path / "made").exists()'],
  },
  'files with names that lead out of the folder': {
    code: `
import mirror
real = mirror.Mirror.changes
def f(folder):
    mirror.Mirror.changes = lambda self: [(NAME, 'file', 0o644, 1, b'here')]
    return 1
`,
    tests: ['../out', '/tmp/out', 'a/../../out', '', '/'.concat('../'.repeat(3), 'tmp/out')].map(
      (name) => `def test_it(tmp_path):\n    f(tmp_path)\n    assert 1 == 1 # ${name}`,
    ),
  },
  'files that make no sense': {
    code: 'import mirror\ndef f(folder):\n    mirror.Mirror.changes = lambda self: [("a", "file", "mode", 1, b"")]\n    return 1',
    tests: ['def test_it(tmp_path):\n    f(tmp_path)\n    assert 1 == 1'],
  },
  'more than a test may have': {
    code: 'def f(folder): (folder / "big").write_bytes(bytes(9 << 20))',
    tests: ['def test_it(tmp_path):\n    f(tmp_path)\n    assert (tmp_path / "big").exists()'],
  },
};

describe('The verdict on tests of pytest cannot be forged', function () {
  this.timeout(120_000);

  for (const python of pythonsWithPytest()) {
    describe(`by ${python}`, () => {
      const where = openSandbox({ choice: 'os', language: 'python', harness: HARNESS, python });

      /** Claims that no test of the case passes, and that each says why. */
      const fails = async (test: Case): Promise<void> => {
        const verdict = await judge(test, where);
        assert.equal(verdict.passed, 0, JSON.stringify(verdict.tests));
        assert.equal(verdict.total, test.tests.length);
        for (const { message } of verdict.tests) assert.ok(message !== undefined && message !== '');
      };

      for (const [how, code] of Object.entries(FORGERS)) {
        it(`by ${how}`, () => fails({ code, setup: SETUP, tests: TESTS }));
      }

      for (const [how, { code, tests }] of Object.entries(FILES)) {
        it(`by ${how}`, async () => {
          for (const test of tests) {
            const name = /# (.*)$/.exec(test)?.[1] ?? '';
            await fails({ code: code.replace('NAME', JSON.stringify(name)), tests: [test] });
          }
        });
      }

      it('by a decorator of the code that takes a test away', async () => {
        const code = 'def f(x): return x\ndef once(test): return f';
        await fails({
          code,
          tests: ['@once\ndef test_a(): assert f(1) == 2', '@once\ndef test_b(tmp_path): assert f(1) == 2'],
        });
      });

      it('by what one test has left for the next', async () => {
        const code =
          'import pytest\ncalls = []\ndef f(x):\n    calls.append(x)\n    if len(calls) > 1: raise KeyboardInterrupt\n    return x';
        const verdict = await judge(
          {
            code,
            tests: [
              'def test_a(tmp_path): assert f(1) == 1',
              'def test_b(tmp_path): assert f(1) == 2',
              'def test_c(tmp_path): assert f(1) == 2',
            ],
          },
          where,
        );
        assert.deepEqual(
          verdict.tests.map(({ ok }) => ok),
          [true, false, false],
        );
      });

      it('while the honest answer passes', async () => {
        const tests = TESTS.filter((test) => !/test_(?:list|map|raises)/.test(test));
        const verdict = await judge({ code: 'def f(x): return x - 0.5', setup: SETUP, tests }, where);
        assert.deepEqual(
          verdict.tests.flatMap(({ message }) => message ?? []),
          [],
        );
      });
    });
  }
});
