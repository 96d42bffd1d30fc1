import assert from 'node:assert/strict';
import type { TestOutcome } from '../../../src/core/sandbox/verdict';
import { failingPart, testLabel, testResults, type TestResult } from '../../../src/report/testResults';

function resultOf(message: string): TestResult {
  const [result] = testResults({ tests: [{ name: 'f', ok: false, message, durationMs: 2 }] }, 1);
  assert.ok(result);
  return result;
}

describe('the results of tests', () => {
  it('are one for each test, in their order, also where the verdict knows fewer', () => {
    const tests: TestOutcome[] = [
      { name: 'a', ok: true, durationMs: 3 },
      { name: 'b', ok: false, message: 'assert f(1) == 2: got 3', durationMs: 1 },
    ];
    assert.deepEqual(testResults({ tests }, 3), [
      { state: 'passed', durationMs: 3, message: '', comparison: undefined },
      {
        ...{ state: 'failed', durationMs: 1, message: 'assert f(1) == 2: got 3' },
        comparison: { expected: '2', actual: '3' },
      },
      { state: 'skipped', durationMs: 0, message: 'not run', comparison: undefined },
    ]);
  });

  const states: Readonly<Record<TestResult['state'], readonly string[]>> = {
    passed: [],
    failed: [
      "assert to_roman(4) == 'IV': got 'IIII'",
      'assert f(1) < g(2): left is 3, right is 2',
      'f(0) did not raise ValueError',
      'AssertionError',
      'assert.equal(f(1), 2): got 3',
    ],
    errored: [
      "KeyError: 'a'",
      'StopIteration',
      'ZeroDivisionError, at `x = f(0)`',
      'ValueError: no, at `assert f(0) == 1`',
      'AssertionError: raised by the code itself',
      'the code ended its own process: exit(0)',
      'the code ran out of memory',
      'the test itself cannot be read: invalid syntax',
      'took longer than 10 s',
      'the run took longer than 30 s',
      'setup: NameError: x',
    ],
    skipped: ['not run: a test before it took longer than 10 s', 'not run: the code ran out of memory'],
  };
  for (const [state, messages] of Object.entries(states)) {
    for (const message of messages) {
      it(`are ${state} where it says "${message}"`, () => {
        assert.equal(resultOf(message).state, state);
      });
    }
  }

  const comparisons: readonly (readonly [string, string, string])[] = [
    ["assert to_roman(4) == 'IV': got 'IIII'", "'IV'", "'IIII'"],
    ["assert f('a == b', [1, 2]) == {'k': (1, -2.5)}: got None", "{'k': (1, -2.5)}", 'None'],
    ['assert 2 == f(1): got 3', '2', '3'],
    ['assert f(1) is None: got 0', 'None', '0'],
    ['assert (f(1) == 2) == True: got False', 'True', 'False'],
    ["assert f(1) == b'x': got b'y'", "b'x'", "b'y'"],
    ['assert f(1) == g(1): left is 3, right is 2', '2', '3'],
    ["assert.equal(f('a, b'), 2): got 3", '2', '3'],
    ['assert.deepStrictEqual(f([1]), [1, 2]): got [ 1, 3 ]', '[1, 2]', '[ 1, 3 ]'],
    ['assert.strictEqual(f(1), wanted): got 3, expected 4', '4', '3'],
  ];
  for (const [message, expected, actual] of comparisons) {
    it(`tell what was compared in "${message}"`, () => {
      assert.deepEqual(resultOf(message).comparison, { expected, actual });
    });
  }

  for (const message of [
    'assert f(1): got False',
    'assert not f(1): got True',
    'assert f(1) != 2: got 2',
    'assert f(1) == 2 and g(1) == 3: got False',
    'assert f(1) == 2, "why": got 3 (why)',
    'assert f(1) is not None: got None',
    'assert f(1) == g: got 3',
    'assert 1 < f(1) == 2: got False',
    "assert f(1) == g(1): left is ', right is ', right is 2",
    'assert.ok(f(1)): got false',
    'assert.equal(f(1), wanted): got 3',
    "KeyError: 'a'",
  ]) {
    it(`do not guess what was compared in "${message}"`, () => {
      assert.equal(resultOf(message).comparison, undefined);
    });
  }

  it('hold nothing that a terminal or an editor would act upon', () => {
    const { message, comparison } = resultOf("assert f(1) == 'a': got '\u001b[2J\u001b]8;;command:evil\u0007b\u202e'");
    assert.equal(message, "assert f(1) == 'a': got 'b'");
    assert.deepEqual(comparison, { expected: "'a'", actual: "'b'" });
  });

  it('are labelled with the test on one line, shortened', () => {
    assert.equal(testLabel('x = 1\n  assert f(x) == 2'), 'x = 1 assert f(x) == 2');
    assert.equal(testLabel(`assert f('${'a'.repeat(200)}')`).length, 100);
  });
});

describe('the failing part of a test', () => {
  const text =
    'def test_f():\n    x = f(1)\n    assert x == 2\n    assert f(\n        2\n    ) == 3\n    assert x == 2\n';
  const range = { start: text.indexOf('x ='), end: text.length - 1 };
  const part = (message: string): string => {
    const { start, end } = failingPart(text, range, message);
    return text.slice(start, end);
  };

  it('is the assertion that its message quotes, in however many lines', () => {
    assert.equal(part('assert f( 2 ) == 3: got 4'), 'assert f(\n        2\n    ) == 3');
    assert.equal(part('assert f( 2 ) == 3: left is 1, right is 2'), 'assert f(\n        2\n    ) == 3');
  });

  it('is the line that raised', () => {
    assert.equal(part('ValueError: no, at `x = f(1)`'), 'x = f(1)');
  });

  it('is what is left of an assertion that was cut', () => {
    assert.equal(part('assert f( 2... (300 characters): got 4'), 'assert f(\n        2');
  });

  it('is all of it where the message does not tell, or not for sure', () => {
    const whole = text.slice(range.start, range.end);
    for (const message of ['assert x == 2: got 1', 'assert f(9) == 1: got 2', 'took longer than 10 s', '']) {
      assert.equal(part(message), whole, message);
    }
  });

  it('is all of a doctest', () => {
    const doctest = '>>> f(1)\n2';
    assert.deepEqual(failingPart(doctest, { start: 0, end: 10 }, 'assert f(1) == 2: got 3'), { start: 0, end: 10 });
  });
});
