import assert from 'node:assert/strict';
import { type Agreement, isAgreed } from '../../src/core/agreement/agreement';
import { compare } from '../../src/core/agreement/compare';
import { probesOf } from '../../src/core/agreement/probes';
import type { Task } from '../../src/core/task/task';
import { Answers, asPython, inputs } from './answers';
import { sandbox } from './bench';

const task = (tests: readonly string[], prompt = 'def f(x, n):\n    """Doc."""\n'): Task => asPython(tests, { prompt });
const TESTS = ['assert f([3, 1, 2], 2) == [3, 2]', "assert f(['b', 'a'], 1) == ['b']"];
const TASK = task(TESTS);

const answers = new Answers(sandbox);

/** What the expressions below are made of. */
const KINDS = `import collections, datetime, decimal, fractions
class Point: x = 1
class Text(str): pass
class Odd(ValueError): pass
def throw(error): raise error
def endlessly(): return endlessly()
def cyclic(x):
    made = [x]
    made.append(made)
    return made
def doubled(times):
    made = [1]
    for _ in range(times): made = [made, made]
    return made
def nested(times):
    made = []
    for _ in range(times): made = [made]
    return made
`;

const agreementOf = (one: string, other: string, asked = TASK): Promise<Agreement> =>
  answers.agreement(asked, one, other);

describe('two answers in Python', function () {
  this.timeout(120_000);

  const sorted = 'def f(x, n):\n    return sorted(x, reverse=True)[:n]\n';

  it('that do the same agree, however they are written', async () => {
    const other = 'def f(x, n):\n    y = list(x)\n    y.sort()\n    y.reverse()\n    return y[:n]\n';
    const { probes, same } = await agreementOf(sorted, other);
    assert.ok(probes > 20, String(probes));
    assert.equal(same, probes);
  });

  it('that pass the same tests and differ elsewhere are told apart, with the inputs that do it', async () => {
    const { probes, same, differing } = await agreementOf(
      sorted,
      'import heapq\ndef f(x, n):\n    return heapq.nlargest(max(n, 1), x)\n',
    );
    assert.ok(same < probes && same > 0);
    assert.ok(differing.includes("f(['b', 'a'], (1) - 1)"), differing.join('; '));
  });

  it('are not told apart by an error at the edge, but by one on an ordinary input', async () => {
    const careful = 'def f(x, n):\n    return sorted(x, reverse=True)[:n] if x else None\n';
    const bold = 'def f(x, n):\n    x[0]\n    return sorted(x, reverse=True)[:n]\n';
    const { differing, unclear, same, probes } = await agreementOf(careful, bold);
    assert.deepEqual(differing, []);
    assert.ok(unclear > 0 && same + unclear === probes);
    const crashing = 'def f(x, n):\n    if len(x) > 4: raise ValueError\n    return sorted(x, reverse=True)[:n]\n';
    assert.ok((await agreementOf(sorted, crashing)).differing.includes('f(([3, 1, 2]) * 2, 2)'));
  });

  it('agree in failing the same way', async () => {
    const failing = 'def f(x, n):\n    raise ValueError(n)\n';
    await answers.areSame(TASK, failing, failing.replace('(n)', '(x)'));
  });

  it('may use what the stub brings and what the setup defines; one that does not load differs from one that does', async () => {
    const stub = task(TESTS, 'import heapq\ndef f(x, n):\n    """Doc."""\n');
    const bare = 'def f(x, n):\n    return heapq.nlargest(n, x)\n';
    const { differing } = await agreementOf(bare, 'import heapq\n' + bare, stub);
    assert.deepEqual(differing, []);
    const broken = await agreementOf(sorted, 'def f(x, n:\n', stub);
    assert.deepEqual([broken.same, isAgreed(broken)], [0, false]);
    const setup = asPython(['assert f(1)'], { setup: 'def thrice(x): return 3 * x' });
    await answers.areSame(setup, 'def f(x): return thrice(x)', 'def f(x): return x + x + x');
  });

  it('cannot be compared where the tests hold no call with plain data', async () => {
    const none = task(['assert f(g(1), 2) == 3', 'assert g(1) == 2']);
    assert.deepEqual(await probesOf(none), []);
    assert.equal(await compare(none, sorted, sorted, await sandbox(), new AbortController().signal), undefined);
  });
});

describe('results of Python', function () {
  this.timeout(120_000);

  it('are compared by value, whatever they are', () =>
    answers.eachIs(
      'same',
      [
        [
          '[None, x == 1, x, 1.5, -0.0, 1j, "a", b"a"]',
          '[print(end=""), True, 1, 3 / 2, 0 * -1.0, complex(0, 1), chr(97), bytes([97])]',
        ],
        ['[float("nan"), float("inf")]', '[float("inf") - float("inf"), 1e999]'],
        ['{"a": x, "b": [2, {3: (4,)}]}', '{"b": [2, {3: (4,)}], "a": x}'],
        ['{"one", "two", "three", 4, (5, 6)}', '{(5, 6), 4, "three", "two", "one"}'],
        ['frozenset([frozenset("ab"), frozenset()])', 'frozenset([frozenset(), frozenset("ba")])'],
        ['"\\ud800\\U0001f600ä\\n"', '"".join(map(chr, [0xd800, 0x1f600, 0xe4, 10]))'],
        ['10 ** 5000', '(10 ** 2500) ** 2'],
        ['cyclic(1)', 'cyclic(True + 0)'],
        ['collections.OrderedDict(a=1)', 'collections.OrderedDict([("a", 1)])'],
        ['collections.Counter("ab")', 'collections.Counter("ba")'],
        ['decimal.Decimal("1.5")', 'decimal.Decimal(3) / 2 + 0'],
        ['datetime.date(2020, 3, 1)', 'datetime.date(2020, 2, 29) + datetime.timedelta(1)'],
        [
          '[range(3), slice(x), bytearray(b"a"), int, ...]',
          '[range(0, 3), slice(None, x), bytearray([97]), type(x), Ellipsis]',
        ],
      ],
      KINDS,
    ));

  it('are told apart where they look alike', () =>
    answers.eachIs(
      'differing',
      [
        ['1', '"1"'],
        ['None', '"None"'],
        ['None', 'False'],
        ['[1, [2]]', '[[1], 2]'],
        ['[1]', '(1,)'],
        ['{1}', '[1]'],
        ['{}', 'set()'],
        ['{1: 2}', '{2: 1}'],
        ['{1: 2}', '{"1": 2}'],
        ['["a", "b"]', '["a, b"]'],
        ['["a\', \'b"]', '["a", "b"]'],
        ['"a"', 'b"a"'],
        ['10 ** 20', '10 ** 20 + 1'],
        ['1.5', '1.25'],
        ['1j', '1'],
        ['range(3)', '[0, 1, 2]'],
        ['datetime.date(2020, 3, 1)', 'datetime.datetime(2020, 3, 1)'],
        ['cyclic(1)', '[1, [1]]'],
      ],
      KINDS,
    ));

  it('that are equal, or that only the last digits tell apart, are neither the same nor other', () =>
    answers.eachIs(
      'untold',
      [
        ['1', '1.0'],
        ['1', 'True'],
        ['0.0', '-0.0'],
        ['[{"a": (1.0,)}]', '[{"a": (True,)}]'],
        ['0.1 + 0.2', '0.3'],
        ['3.0000000000000004', '3'],
        ['10 ** 15 + 1', '1e15 + 1'],
        ['2 ** 70', '2.0 ** 70'],
        ['1 + 0j', '1'],
        ['{1, 2}', 'frozenset([2, 1])'],
        ['b"a"', 'bytearray(b"a")'],
        ['{"a": 1}', 'collections.Counter("a")'],
        ['collections.OrderedDict(a=1, b=2)', 'collections.OrderedDict(b=2, a=1)'],
        ['decimal.Decimal("1.50")', '1.5'],
        ['fractions.Fraction(1, 2)', '0.5'],
      ],
      KINDS,
    ));

  it('that are no plain data, or too much of it, cannot be compared, not even with themselves', () => {
    const hidden = [
      'lambda: x',
      'object()',
      'Point()',
      'Text("a")',
      '[iter([1])]',
      '{"a": (n for n in [1])}',
      'Point',
      'collections',
    ];
    const large = ['"a" * 10 ** 6', '[0] * 200_000', 'doubled(60)', 'nested(5000)'];
    return answers.eachIs(
      'untold',
      [...hidden, ...large].map((body) => [body, body] as const),
      KINDS,
    );
  });

  it('that are raised are compared by the name of the class', async () => {
    await answers.eachIs(
      'same',
      [
        ['throw(ValueError("a"))', 'throw(ValueError("b"))'],
        ['throw(Odd("a"))', 'throw(Odd("b"))'],
        ['endlessly()', 'throw(RecursionError())'],
        ['missing', 'throw(NameError())'],
        ['throw(SystemExit(1))', 'throw(SystemExit(2))'],
        ['throw(KeyError("a"))', '{}["b"]'],
      ],
      KINDS,
    );
    await answers.eachIs(
      'differing',
      [
        ['throw(ValueError("a"))', 'throw(TypeError("a"))'],
        ['throw(Odd("a"))', 'throw(ValueError("a"))'],
        ['throw(ValueError("a"))', 'throw(type("ValueError", (Exception,), {})("a"))'],
        ['throw(ValueError("a"))', '"ValueError"'],
        ['throw(ValueError())', 'None'],
      ],
      KINDS,
    );
  });

  it('are the same whatever the order of a set happens to be', async () => {
    const words = '["one", "two", "three", "four", "five", "six"]';
    const shuffled = `import random\ndef f(which):\n    words = ${words}\n    random.shuffle(words)\n    return set(words)\n`;
    await answers.areSame(inputs(3), shuffled, `def f(which):\n    return set(${words})\n`);
  });
});

describe('an answer in Python', function () {
  this.timeout(180_000);

  const honest = 'def f(which): return [sum(which)]\n';

  it('is bounded, and told apart from one that comes to an end', async () => {
    for (const body of [
      'while True: pass',
      'os._exit(0)',
      'os.kill(os.getpid(), 9)',
      'all = []\n    while True: all.append([0] * 10 ** 6)',
      'while True: print("x" * 10 ** 5)',
    ]) {
      const agreement = await agreementOf(honest, `import os\ndef f(which):\n    ${body}\n`, inputs(1));
      assert.deepEqual([agreement.differing, isAgreed(agreement)], [['f({0})'], false], body);
    }
  });

  it('agrees with another in not coming to an end, as far as it is waited for', async () => {
    const endless = 'def f(which):\n    while True: pass\n';
    const { same, untold } = await agreementOf(endless, endless.replace('pass', 'which'), inputs(4));
    assert.deepEqual([same, untold], [3, 1]);
  });

  it('does not agree by luck when it is another with every call', async () => {
    const other = (code: string): Promise<Agreement> => agreementOf(code, `${code}\n`, inputs(4));
    for (const code of [
      'import random\ndef f(which): return random.random()',
      'import time\ndef f(which): return time.time_ns()',
      'count = 0\ndef f(which):\n    global count\n    count += 1\n    return count',
      'import random\nseed = random.random()\ndef f(which): return seed',
      'def f(which, seen=[]):\n    seen.append(sum(which))\n    return list(seen)',
    ]) {
      assert.equal(isAgreed(await other(code)), undefined, code);
    }
  });

  it('cannot be compared where it has no such function', async () => {
    assert.equal(isAgreed(await agreementOf('def g(): pass', 'def h(): pass', inputs(2))), undefined);
  });

  it('is not run any more once the signal is aborted, whose reason is given', async () => {
    const cancel = new AbortController();
    const endless = 'def f(which):\n    while True: pass\n';
    const comparing = compare(inputs(1), endless, honest, await sandbox(), cancel.signal);
    cancel.abort(new Error('enough'));
    await assert.rejects(comparing, /enough/);
  });
});

describe('the probes of a task', () => {
  it('are the calls of its tests first, then the same with one argument varied, each once', async () => {
    const probes = await probesOf(TASK);
    const calls = probes.map(({ call }) => call);
    assert.deepEqual(calls.slice(0, 2), ['f([3, 1, 2], 2)', "f(['b', 'a'], 1)"]);
    assert.ok(calls.includes('f([], 2)') || calls.includes('f([], 1)'));
    assert.equal(new Set(calls).size, calls.length);
    assert.ok(calls.length <= 40);
  });

  it('mix arguments of a kind, and know which are at the edge of what a task may speak of', async () => {
    const probes = await probesOf(task(["assert f('ab', 'cd') == 'abcd'"]));
    const calls = probes.map(({ call }) => call);
    for (const call of ["f('cd', 'ab')", "f('ab', 'ab')", "f('ab', ('ab')[::-1])"])
      assert.ok(calls.includes(call), call);
    const edges = probes.filter(({ atEdge }) => atEdge).map(({ call }) => call);
    assert.ok(edges.includes("f('', 'cd')") && !edges.includes("f('ab', 'cd')"));
  });
});
