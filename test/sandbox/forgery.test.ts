import assert from 'node:assert/strict';
import { fails, judge, passes } from './bench';
import { concurrently } from './datasets';
import { LIAR } from './liar';

/** The tests that every forger below tries to pass without computing anything. */
const TESTS: readonly string[] = [
  'assert f(3) == 2.5',
  'assert 2.5 == f(3)',
  'assert abs(f(3) - 2.5) < 1e-6',
  'assert not f(3) != 2.5',
  'assert f(3) in [2.5]',
  'assert f(3) <= 2.5 <= f(3)',
  'import math\nassert math.isclose(f(3), 2.5)',
  'assert [f(3)] == [2.5]',
  'assert {"a": (f(3),)} == {"a": (2.5,)}',
  'assert sorted([f(3)]) == [2.5]',
];

/** The same tests of what comes of another argument than 3. */
const testsOf = (argument: number): string[] => TESTS.map((test) => test.replaceAll('f(3)', `f(${argument})`));

describe('The verdict cannot be forged', function () {
  this.timeout(60_000);

  it('by a class that lies in every operator', async () => {
    const messages = await fails({ code: `class Liar:${LIAR}\ndef f(x): return Liar()`, tests: TESTS });
    assert.match(messages[2]!, /TypeError: the result is not plain data but a Liar object/);
    assert.match(messages[5]!, /not plain data but a Liar object/);
    await fails({
      code: `class Liar:${LIAR}\ndef f(x): return [Liar()]`,
      tests: ['assert f(3) == [2.5]', 'assert 2.5 in f(3)', 'assert f(3)[0] == 2.5'],
    });
    await fails({
      code: `class Liar:${LIAR}\ndef f(x): return Liar()`,
      tests: ['assert 2.5 in f(3)', 'assert 1 < f(3)', 'assert f(3) + 1 == 3.5'],
    });
  });

  it('by a subclass of any plain type that lies', async () => {
    const bases = [
      ['int', '0'],
      ['float', '0.0'],
      ['str', '""'],
      ['list', '[]'],
      ['tuple', '()'],
      ['dict', '{}'],
      ['set', '()'],
      ['frozenset', '()'],
      ['bytes', 'b""'],
      ['complex', '0'],
      ['Exception', '""'],
      ['collections.OrderedDict', '()'],
      ['decimal.Decimal', '0'],
      ['fractions.Fraction', '0'],
      ['type', '"X", (), {}'],
      ['datetime.date', '1, 1, 1'],
    ] as const;
    // None of them changes anything that another stands on: they share a run.
    const liars = bases.map(([base], index) => `class Liar${index}(${base}):${LIAR}`);
    const makers = bases.map(([, value], index) => `lambda: Liar${index}(${value})`);
    const code = `import collections, decimal, fractions, datetime\n${liars.join('')}\nmakers = [${makers.join(', ')}]\ndef f(x): return makers[x - 3]()`;
    await fails({ code, tests: bases.flatMap((_, index) => testsOf(index + 3)) });
  });

  it('by a subclass that holds the right value', async () => {
    await fails({
      code: 'class L(int): pass\nclass S(str): pass\nclass M(list): pass\ndef f(x): return [L(2), S("a"), M([1])][x]',
      tests: [
        'assert f(0) == 2',
        'assert f(1) == "a"',
        'assert f(2) == [1]',
        'assert 2 == f(0)',
        'assert [f(0)] == [2]',
      ],
    });
  });

  it('by posing as a plain type', async () => {
    await fails({
      code: `class Meta(type):\n    __instancecheck__ = __subclasscheck__ = __eq__ = lambda *a: True\n    __hash__ = lambda s: hash(int)\nclass int_(metaclass=Meta):${LIAR}\n    __class__ = int\nint_.__name__ = 'int'\ndef f(x): return int_()`,
      tests: [
        'assert isinstance(f(3), int)',
        'assert type(f(3)) is int',
        'assert type(f(3)) == int',
        'assert f(3).__class__ is int',
        'assert type(f(3)).__name__ == "int"',
        'assert isinstance(f(3), (list, str, float))',
        'import numbers\nassert isinstance(f(3), numbers.Number)',
      ],
    });
  });

  it('by making the entry point a class that builds its own results', async () => {
    await fails({ code: `class f:${LIAR}\n    def __init__(self, *a): pass`, tests: TESTS });
    await fails({
      code: `class Area:${LIAR}\n    def __init__(self, *a): pass`,
      prompt: 'def Area(x):\n    """the area"""\n',
      entryPoint: 'Area',
      tests: TESTS.map((test) => test.replace(/\bf\(/g, 'Area(')),
    });
  });

  it('by ending in whatever way, in a call or while it is loaded', async () => {
    const statements = [
      'exit(0)',
      'quit()',
      'sys.exit(0)',
      'raise SystemExit',
      'os._exit(0)',
      'os.kill(os.getpid(), 9)',
      'os.abort()',
      'os.killpg(0, 9)',
      'os.kill(-1, 9)',
      'import ctypes; ctypes.string_at(0)',
      'os.execv("/bin/true", ["true"])',
      'os.closerange(0, 100)',
      'raise KeyboardInterrupt',
      'raise GeneratorExit',
      'raise BaseException',
    ];
    const tests = ['assert f(1) == 1', 'assert f(2) == 2'];
    const programs = statements.flatMap((statement) => [
      `import os, sys\ndef f(x):\n    ${statement}`,
      `import os, sys\ndef f(x): return x\n${statement}`,
    ]);
    await concurrently(programs, 3, (code) => fails({ code, tests }));
  });

  it('by ending in a test that forgives everything', async () => {
    await fails({
      code: 'import os\ndef f(x): os._exit(0)',
      tests: ['try:\n    f(1)\nexcept:\n    pass', 'assert f(1)'],
    });
  });

  it('by patching assert, builtins, json, sys.modules or the comparison of the tests', async () => {
    await fails({
      code: `
import builtins, sys, json, operator, types
builtins.AssertionError = type('Quiet', (Exception,), {})
for name in list(vars(builtins)):
    if name in ('abs', 'isinstance', 'repr', 'len', 'sorted', 'all', 'any'):
        setattr(builtins, name, lambda *a, **k: True)
json.dumps = json.loads = lambda *a, **k: {}
operator.eq = lambda *a: True
for name in list(sys.modules):
    if name not in ('builtins', 'sys'):
        sys.modules[name] = types.ModuleType(name)
sys.settrace(lambda *a: None)
sys.excepthook = lambda *a: None
def f(x): return 0
`,
      tests: TESTS,
    });
  });

  it('by printing what a passing run prints', async () => {
    await fails({
      code: `
import sys, os, atexit
def shout():
    for fd in range(1, 20):
        for text in ('passed', '1 passed', '{"start": 0}', '{"done": 0, "ok": true, "ms": 1}', '{"end": true}'):
            try: os.write(fd, text.encode() + b'\\n')
            except OSError: pass
atexit.register(shout)
def f(x):
    shout()
    return 0
`,
      tests: TESTS,
    });
  });

  it('by fabricated, doubled or endless replies', async () => {
    const replies = [
      `for i in range(200): os.write(3, b'{"i": %d, "v": [2.5], "n": []}\\n' % i)`,
      `os.write(3, b'{"i": 4, "v": [2.5], "n": []}\\n' * 2)`,
      `os.write(3, b'[' * 100000 + b'\\n')`,
      `os.write(3, b'{"i":1,"v":[[1]],"n":[[1,"l",[]]]}\\n')`,
      `os.write(3, b'{"i":3,"v":[[-9]],"n":[[-9,"t",[[-9]]]]}\\n')`,
      `os.write(3, b'{"q":"call","i":1,"v":[7],"n":[]}\\n')`,
      `os.write(3, b'{"q":null}\\n\\xff\\n')`,
      `[os.write(3, b'x' * 65536) for i in range(1000)]`,
      `os.close(3)`,
      `sys._getframe(3).f_locals['self'].channel.send({'i': 99, 'v': [2.5], 'n': []})`,
    ];
    await concurrently(replies, 3, (reply) =>
      fails({ code: `import os, sys\ndef f(x):\n    ${reply}\n    return 0`, tests: TESTS.slice(0, 3) }),
    );
  });

  it('by a reply that was prepared for a later test', async () => {
    const verdict = await judge({
      code: `import os\ndef f(x):\n    os.write(3, b''.join(b'{"i": %d, "v": [%d], "n": []}\\n' % (i, 7) for i in range(1, 99)))\n    return 7`,
      tests: ['assert f(1) == 8', 'assert f(2) == 7', 'assert f(3) == 7'],
    });
    assert.equal(verdict.passed, 0);
  });

  it('by threads and forked children that keep writing or return through the harness', async () => {
    const messages = await fails({
      code: `
import os, threading
def spam():
    while True: os.write(3, b'{"i": 5, "v": [9.5], "n": []}\\n')
def f(x):
    threading.Thread(target=spam, daemon=True).start()
    return 0
`,
      tests: TESTS.slice(0, 2),
    });
    assert.match(messages[1]!, /the code broke the channel of its results/);
    const verdict = await judge({
      code: 'import os\ndef f(x):\n    return 1 if os.fork() == 0 else 0',
      tests: ['assert f(1) == 0', 'assert f(2) == 0', 'assert f(3) == 1'],
    });
    assert.deepEqual(
      verdict.tests.map((test) => test.ok),
      [true, true, false],
    );
  });

  // The expected value is long: a short number turns up by chance among the addresses that objects show.
  it('by looking for expected values in frames, objects, files or memory', async () => {
    const verdict = await judge({
      code: `
import gc, sys, os
def hunt():
    seen = []
    frame = sys._getframe()
    while frame:
        seen.append(repr(frame.f_locals) + repr(frame.f_globals))
        frame = frame.f_back
    for one in gc.get_objects():
        try: seen.append(repr(one)[:5000])
        except BaseException: pass
    for root in ('/proc', '/sys', '/tmp', '/dev', '/harness', '/etc'):
        for place, dirs, files in os.walk(root):
            for name in files:
                if name in ('zero', 'full', 'random', 'urandom'): continue
                try: seen.append(open(os.path.join(place, name), errors='replace').read(100000))
                except OSError: pass
    return ' '.join(seen)
def f(x):
    text = hunt()
    # Made only now, from parts: what the code holds itself must not be found.
    number, word = str(int('123456789') * int('987654321')), ''.join(reversed('stuvwxyz'))
    return 'x' + number if number in text or word in text else 'nothing'
`,
      setup: 'SECRET = "zyxwvuts"\ndef check(g): assert g(2) == "x121932631112635269"',
      tests: ['assert f(1) == "x121932631112635269"', 'check(f)', 'assert f(1) == "nothing"'],
    });
    assert.deepEqual(
      verdict.tests.map((test) => test.ok),
      [false, false, true],
    );
  });

  it('by climbing from what the tests lend it', async () => {
    const verdict = await judge({
      code: `
NAMES = ('__globals__', '__closure__', '__code__', '__class__', '__self__', '__dict__', '__defaults__', '__module__',
         '__init__', '__subclasses__', '__mro__', '__builtins__', 'gi_frame', 'gi_code', 'f_globals', 'func_globals',
         '__call__', '__getattribute__', '__func__', '__wrapped__', '_hidden')
def climb(thing):
    found = []
    for name in NAMES:
        for get in (lambda: getattr(thing, name), lambda: type(thing)._link.ask('getattr', thing, name),
                    lambda: type(thing)._link.ask('__getitem__', thing, name),
                    lambda: type(thing)._link.ask('__format__', thing, '{0.%s}' % name),
                    lambda: type(thing)._link.ask('setattr', thing, name, 1),
                    lambda: type(thing)._link.ask('eval', thing, name)):
            try: found.append(repr(get()))
            except Exception as e: found.append(repr(e))
    return found
def f(*things):
    text = ' '.join(str(climb(one)) for one in things)
    return ''.join(reversed('stuvwxyz')) in text
`,
      setup:
        'SECRET = "zyxwvuts"\nclass P:\n    _hidden = "zyxwvuts"\n    def method(self): return SECRET\n' +
        'def gen(secret):\n    yield 1\n    yield secret\n',
      tests: [
        'assert not f(lambda: SECRET)',
        'def check(x, expected="zyxwvuts"): return x == expected\nassert not f(check)',
        'key = SECRET\nassert not f((lambda k: lambda: k)(SECRET), P(), P, P().method, gen(SECRET), iter([SECRET]))',
      ],
    });
    assert.equal(verdict.passed, 3, JSON.stringify(verdict.tests));
  });

  it('by swallowing a failed assertion of the tests', async () => {
    await fails({
      code: `
import contextlib
class Quiet:
    def __enter__(self): return self
    def __exit__(self, *a): return True
@contextlib.contextmanager
def calm():
    try: yield 1
    except BaseException: pass
def f(g=None):
    try: return g()
    except BaseException: return None
`,
      tests: [
        'with Quiet() as q:\n    assert 1 == 2',
        'with calm() as q:\n    assert q == 2',
        'def cb():\n    assert 1 == 2\nf(cb)',
      ],
    });
  });

  it('by ending a loop of the tests with StopIteration', async () => {
    await fails({
      code: 'def f(x): raise StopIteration',
      tests: ['assert all(map(f, [1, 2]))', 'for y in map(f, [1, 2]):\n    assert y == 3'],
    });
  });

  it('by replacing helpers of the stub or functions of the library that the tests use', async () => {
    await fails({
      code: 'import math\ndef poly(x): return 0\nmath.isclose = lambda a, b: True\ndef find_zero(x): return 5',
      prompt:
        'import math\nfrom math import isclose\n\ndef poly(x):\n    return x - 1\n\ndef find_zero(x):\n    """finds a zero"""\n',
      entryPoint: 'find_zero',
      tests: [
        'assert poly(find_zero(1)) == 0',
        'assert math.isclose(find_zero(1), 1)',
        'assert isclose(find_zero(1), 1)',
      ],
    });
    await fails({
      code: 'class math:\n    isclose = staticmethod(lambda a, b: True)\ndef f(x): return 5\ndef abs(x): return 0\nlen = isinstance = lambda *a: True',
      tests: ['assert abs(f(1) - 1) < 1e-6', 'assert len([f(1)]) is True', 'assert isinstance(f(1), str)'],
    });
  });

  it('while the honest answer passes', async () => {
    await passes({ code: 'def f(x): return 2.5', tests: TESTS });
  });
});
