import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../../src/core/sandbox/open';
import type { Sandbox } from '../../src/core/sandbox/sandbox';
import { testsFromFile } from '../../src/core/task/testFile';
import { pythonsWithPytest } from '../setup/pytest';
import { type Case, HARNESS, judge } from './bench';

const open = (python: string): Promise<Sandbox> =>
  openSandbox({ choice: 'os', language: 'python', harness: HARNESS, python });

/** What became of each test: "ok", or why it failed. */
async function told(test: Case, where: Promise<Sandbox>): Promise<readonly (string | undefined)[]> {
  const { tests, total } = await judge(test, where);
  assert.equal(total, test.tests.length);
  return tests.map(({ ok, message }) => (ok ? 'ok' : message));
}

const DOUBLE = 'def f(x): return 2 * x';
const FIXTURES = `
import pytest
log = []
@pytest.fixture
def base():
    log.append('begin')
    yield 3
    log.append('end')
@pytest.fixture(params=[1, 2])
def each(request, base):
    return request.param * base
@pytest.fixture(scope='module')
def once():
    log.append('once')
    return 5
`;

const pythons = pythonsWithPytest();

describe('Tests of pytest', function () {
  this.timeout(120_000);

  it('have an interpreter with pytest to be tried with', () => {
    assert.notDeepEqual(pythons, [], 'install it: sudo apt install python3-pytest');
  });

  for (const python of pythons) {
    describe(`by ${python}`, () => {
      const where = open(python);

      it('take fixtures: their own, those of their class, those with parameters, once for a module, and cleared away', async () => {
        const tests = [
          'def test_base(base):\n    assert f(base) == 6 and log == ["begin"]',
          'assert log == ["begin", "end"]',
          'def test_each(each):\n    assert f(each) in (6, 12)',
          'assert log.count("begin") == 3',
          'def test_one(once): assert f(once) == 10\ndef test_two(once): assert f(once) == 10',
          'assert log.count("once") == 1',
          'class TestF:\n    @pytest.fixture\n    def own(self, base): return base + 1\n    def test_own(self, own): assert f(own) == 8',
          'async def test_later(base):\n    assert f(base) == 6',
          'def test_named(request): assert request.node.name == "test_named" and f(1) == 2',
        ];
        assert.deepEqual(
          await told({ code: DOUBLE, setup: FIXTURES, tests }, where),
          tests.map(() => 'ok'),
        );
      });

      it('are one test for each function, whatever its cases, and name the case that fails', async () => {
        const table = '@pytest.mark.parametrize("x, y", [(1, 2), pytest.param(3, 6, id="three"), (4, 8)])\n';
        const tests = [
          `import pytest\n${table}def test_table(x, y):\n    assert f(x) == y`,
          'import pytest\n@pytest.mark.parametrize("x", [1, 3])\n@pytest.mark.parametrize("y", [0, 1])\ndef test_product(x, y): assert f(x) > y',
          'import pytest\nclass TestIt:\n    @pytest.mark.parametrize("x", [2, 3])\n    def test_twice(self, x):\n            assert f(x) == x + x',
        ];
        assert.deepEqual(await told({ code: DOUBLE, tests }, where), ['ok', 'ok', 'ok']);
        const wrong = { code: 'def f(x): return 2 * x if x != 3 else 5', tests };
        assert.deepEqual(await told(wrong, where), [
          'test_table[three]: assert f(x) == y: left is 5, right is 6',
          'ok',
          'TestIt.test_twice[3]: assert f(x) == x + x: left is 5, right is 6',
        ]);
      });

      it('expect exceptions and compare nearly, and say what was wrong', async () => {
        const tests = [
          'import pytest\ndef test_about():\n    with pytest.raises(TypeError, match="NoneType") as caught:\n        f(None)\n    assert caught.type is TypeError',
          'import pytest\ndef test_near():\n    assert f(0.1) == pytest.approx(0.2)\n    assert [f(0.1)] == pytest.approx([0.2])',
          'import pytest\ndef test_none():\n    with pytest.raises(ValueError):\n        f(1)',
          'import pytest\ndef test_far():\n    assert f(0.1) == pytest.approx(0.3)',
          'import pytest\ndef test_given_up(): pytest.fail("not like this")',
        ];
        const [about, near, none, far, givenUp] = await told({ code: DOUBLE, tests }, where);
        assert.deepEqual([about, near], ['ok', 'ok']);
        assert.match(none ?? '', /^test_none: Failed: DID NOT RAISE <class 'ValueError'>, at `with pytest\.raises/);
        assert.match(far ?? '', /^test_far: assert f\(0\.1\) == pytest\.approx\(0\.3\): left is 0\.2, right is 0\.3/);
        assert.match(givenUp ?? '', /^test_given_up: Failed: not like this/);
      });

      it('pass only by what was seen to pass: not by a skip, an expected failure or nothing at all', async () => {
        const tests = [
          'import pytest\n@pytest.mark.skip\ndef test_a(): assert f(1) == 2',
          'import pytest\ndef test_b():\n    pytest.skip("later")',
          'import pytest\n@pytest.mark.xfail\ndef test_c(): assert f(1) == 2',
          'import pytest\n@pytest.mark.xfail(strict=True)\ndef test_d(): assert f(1) == 2',
          'import pytest\n@pytest.mark.xfail\ndef test_e(): assert f(1) == 3',
          'import pytest\nclass TestG:\n    def __init__(self): pass\n    def test_g(self): pass',
          'import pytest\n@pytest.mark.parametrize("x", [])\ndef test_h(x): assert f(x)',
          'import pytest\n@pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.skip)])\ndef test_i(x): assert f(x) == 2',
          'import pytest\n@pytest.mark.skipif(False, reason="never")\ndef test_j(): assert f(1) == 2',
          'import pytest\nraise pytest.skip.Exception("all of it", allow_module_level=True)',
        ];
        const [a, b, c, d, e, g, h, i, j, k] = await told({ code: DOUBLE, tests }, where);
        for (const message of [a, b, h]) assert.match(message ?? '', /the test checks nothing: all of it is skipped$/);
        for (const message of [c, e]) assert.match(message ?? '', /the test checks nothing: .*it is marked xfail$/);
        assert.match(d ?? '', /^test_d: \[XPASS\(strict\)\]/);
        assert.match(g ?? '', /the test checks nothing/);
        assert.deepEqual([i, j], ['ok', 'ok']);
        assert.match(k ?? '', /^Skipped: all of it/);
      });

      it('that fail before or after the test itself do not pass', async () => {
        const tests = [
          'def test_before(broken): assert f(1) == 2',
          'def test_after(leaves): assert f(1) == 2',
          'def test_unknown(nobody): assert f(1) == 2',
          'import pytest\n@pytest.mark.parametrize("y", [1])\ndef test_table(x): assert f(x)',
        ];
        const setup =
          'import pytest\n@pytest.fixture\ndef broken():\n    assert f(2) == 5\n@pytest.fixture\ndef leaves():\n    yield\n    assert f(3) == 7\n';
        const [before, after, unknown, table] = await told({ code: DOUBLE, setup, tests }, where);
        assert.match(before ?? '', /^test_before: assert f\(2\) == 5: got 4/);
        assert.match(after ?? '', /^test_after: assert f\(3\) == 7: got 6/);
        assert.equal(unknown, 'test_unknown: there is no fixture nobody');
        assert.match(table ?? '', /test_table/);
      });

      it('share files with the code, which reads and writes them in a process of its own', async () => {
        const code = `
import os, shutil
def f(folder):
    text = ' '.join(sorted(os.listdir(folder))) + open(folder / 'a.txt').read()
    (folder / 'made').mkdir(exist_ok=True)
    (folder / 'made' / 'out.txt').write_text(text)
    os.chmod(folder / 'made' / 'out.txt', 0o640)
    return folder / 'made'
def g(path): return open(path).read()
def h(path): shutil.rmtree(path)
`;
        const tests = [
          'def test_written(tmp_path):\n    (tmp_path / "a.txt").write_text("x")\n    (tmp_path / "d").mkdir()\n    made = f(tmp_path)\n    assert made == tmp_path / "made"\n    assert (made / "out.txt").read_text() == "a.txt dx"\n    assert (made / "out.txt").stat().st_mode & 0o777 == 0o640',
          'def test_again(tmp_path):\n    path = tmp_path / "one"\n    for text in ("1", "22", "1"):\n        path.write_text(text)\n        assert g(str(path)) == text\n    path.unlink()\n    try: g(path)\n    except FileNotFoundError: return\n    assert False',
          'def test_gone(tmp_path):\n    (tmp_path / "a" / "b").mkdir(parents=True)\n    (tmp_path / "a" / "b" / "c").write_bytes(bytes(range(256)))\n    h(tmp_path / "a")\n    assert list(tmp_path.iterdir()) == []',
          'def test_bytes(tmp_path_factory):\n    folder = tmp_path_factory.mktemp("data")\n    (folder / "a.txt").write_text("y")\n    assert (f(folder) / "out.txt").exists()',
        ];
        assert.deepEqual(await told({ code, tests }, where), ['ok', 'ok', 'ok', 'ok']);
        const lazy = await told(
          { code: 'def f(folder): return folder / "made"\ndef g(path): return "1"\ndef h(path): pass', tests },
          where,
        );
        for (const message of lazy) assert.notEqual(message, 'ok');
      });

      it('change environment, folder, library and objects of the code, and change them back', async () => {
        const code = `
import os, time
class Box:
    size = 1
def env(): return os.environ.get('A')
def now(): return time.time()
def ask(): return int(input('?')) + Box.size
def here(): return os.getcwd()
`;
        const tests = [
          'def test_env(monkeypatch):\n    monkeypatch.setenv("A", "1")\n    assert env() == "1"\n    monkeypatch.delenv("A")\n    assert env() is None\n    monkeypatch.setitem(os.environ, "A", "2")\n    assert env() == "2"',
          'def test_time(monkeypatch):\n    monkeypatch.setattr("time.time", lambda: 5)\n    assert now() == 5',
          'def test_input(monkeypatch):\n    monkeypatch.setattr("builtins.input", lambda prompt: "3")\n    monkeypatch.setattr(Box, "size", 4)\n    assert ask() == 7',
          'def test_folder(monkeypatch, tmp_path):\n    monkeypatch.chdir(tmp_path)\n    assert here() == str(tmp_path)',
          'import pytest\ndef test_within():\n    with pytest.MonkeyPatch.context() as patch:\n        patch.setenv("A", "4")\n        assert env() == "4"\n    assert env() is None',
          'assert env() is None and now() > 5 and Box.size == 1 and "pytest" not in here()',
        ];
        const setup = 'import os, time';
        assert.deepEqual(
          await told({ code, setup, tests }, where),
          tests.map(() => 'ok'),
        );
      });

      it('say what cannot be seen or changed in the process of the code, and never pass by it', async () => {
        const tests = [
          ...['capsys', 'capfd', 'caplog', 'recwarn'].map((name) => `def test_it(${name}):\n    f(1)`),
          'import pytest\ndef test_module(monkeypatch):\n    monkeypatch.setattr(pytest, "approx", f)\n    f(1)',
          'def test_path(monkeypatch, tmp_path):\n    monkeypatch.syspath_prepend(tmp_path)\n    f(1)',
          'import sys\ndef test_out(monkeypatch):\n    monkeypatch.setattr(sys.stdout, "write", f)\n    f(1)',
          'import pytest\ndef test_warn():\n    with pytest.warns(UserWarning):\n        f(1)',
          ...['setitem(TABLE, "a", 1)', 'delitem(TABLE, "a")'].map(
            (change) => `def test_item(monkeypatch):\n    monkeypatch.${change}\n    f(1)`,
          ),
        ];
        const code =
          'import warnings\nclass Table(dict): pass\nTABLE = Table(a=0)\ndef f(x):\n    warnings.warn("odd", UserWarning)\n    print("hello")\n    return 2 * x';
        const messages = await told({ code, tests }, where);
        for (const message of messages.slice(0, 4))
          assert.match(message ?? '', /of the tests, not of the code, which runs in a process of its own/);
        assert.match(messages[4] ?? '', /monkeypatch cannot change pytest in the process that the code runs in/);
        assert.match(messages[5] ?? '', /monkeypatch cannot change sys\.path here/);
        assert.match(messages[6] ?? '', /monkeypatch cannot change _io in the process that the code runs in/);
        assert.match(messages[7] ?? '', /DID NOT WARN/);
        for (const message of messages.slice(8))
          assert.match(message ?? '', /monkeypatch cannot change an item of a Table of the code/);
      });

      it('do not take fixtures and marks from one another', async () => {
        const tests = [
          'import pytest\npytestmark = pytest.mark.skip\n@pytest.fixture\ndef mine(): return 1\ndef test_a(mine): assert f(mine) == 2',
          'def test_b(mine): assert f(mine) == 2',
          'def test_a(tmp_path): assert f(1) == 2',
        ];
        const [a, b, c] = await told({ code: DOUBLE, tests }, where);
        assert.match(a ?? '', /all of it is skipped/);
        assert.match(b ?? '', /there is no fixture mine/);
        assert.equal(c, 'ok');
      });

      it('are taken out of a test file with all that they need', async () => {
        const file =
          'import pytest\nfrom counting import f\n\nWORDS = ["a", "b", "a"]\n\n@pytest.fixture\ndef file(tmp_path):\n    path = tmp_path / "words.txt"\n    path.write_text(" ".join(WORDS))\n    return path\n\n' +
          '@pytest.mark.parametrize("word, count", [(w, WORDS.count(w)) for w in WORDS])\ndef test_counts(file, word, count):\n    assert f(file, word) == count\n';
        assert.equal(await (await where).withoutPytest?.(), undefined);
        const { tests, setup } = await testsFromFile(file, 'f', 'python', true);
        assert.equal(tests.length, 1);
        const code = 'def f(path, word): return path.read_text().split().count(word)';
        assert.deepEqual(await told({ code, tests, setup }, where), ['ok']);
        assert.match(
          (await told({ code: 'def f(path, word): return 1', tests, setup }, where))[0] ?? '',
          /^test_counts\[a-2_?0\]: /,
        );
      });
    });
  }

  it('say what to install where there is no pytest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'solvent-venv-'));
    try {
      execFileSync('python3', ['-m', 'venv', '--without-pip', folder]);
      const where = open(join(folder, 'bin', 'python3'));
      const why = await (await where).withoutPytest?.();
      assert.match(
        why ?? '',
        /^pytest is not installed for .*\/bin\/python3\. Install it \(.* -m pip install pytest; sudo apt install python3-pytest\)$/,
      );
      const messages = await told(
        {
          code: DOUBLE,
          tests: [
            'def test_a(tmp_path):\n    assert f(1) == 2',
            'import pytest',
            'def test_b():\n    assert f(1) == 2',
          ],
        },
        where,
      );
      assert.equal(messages[0], `test_a takes tmp_path, which is a fixture of pytest. ${why ?? ''}`);
      assert.ok(messages[1]?.startsWith(`ModuleNotFoundError: No module named 'pytest'. ${why ?? ''}`), messages[1]);
      assert.equal(messages[2], 'ok');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
