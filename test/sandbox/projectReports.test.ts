import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFileReport, readPrinted } from '../../src/core/sandbox/project/reports/read';
import type { TestReport } from '../../src/core/sandbox/project/reports/testReport';

/** What runners really wrote, recorded from small projects. */
const recorded = (name: string): string => readFileSync(join('test/sandbox/projectOutputs', name), 'utf8');

function printed(stdout: string, stderr = ''): TestReport {
  const report = readPrinted({ stdout, stderr });
  assert.ok(report !== undefined);
  return report;
}

function counts({ passed, failed, skipped }: TestReport): number[] {
  return [passed, failed, skipped];
}

function failing({ tests }: TestReport): string[] {
  return tests.filter(({ status }) => status === 'failed').map(({ name }) => name);
}

function message(report: TestReport, name: string): string {
  return report.tests.find((test) => test.name === name)?.message ?? '';
}

describe('The reports of test runners', () => {
  it('pytest, by its XML: every test under the name that pytest gives it, the reason first', () => {
    const report = readFileReport('junit', recorded('pytest.xml'));
    assert.ok(report !== undefined);
    assert.equal(report.named, 'all');
    assert.deepEqual(counts(report), [2, 6, 3]);
    assert.deepEqual(failing(report), [
      'test_a.py::T::test_bad',
      'test_a.py::T::test_err',
      'test_a.py::T::test_sub',
      'test_p.py::TestA::test_c',
      'test_p.py::test_par[2]',
      'test_p.py::test_fix',
    ]);
    assert.match(message(report, 'test_p.py::TestA::test_c'), /^assert \[1, 2\] == \[1, 3\]\n {2}\n {2}At index 1/);
  });

  it('pytest, by its XML: a file that cannot be loaded stands for its tests', () => {
    const report = readFileReport(
      'junit',
      `<?xml version="1.0"?><testsuites><testsuite><testcase classname="" name="tests.test_b" time="0"><error message="collection failure">tests/test_b.py:1: in &lt;module&gt;
E   ModuleNotFoundError: No module named 'missing'</error></testcase></testsuite></testsuites>`,
    );
    assert.deepEqual(report?.tests, [
      {
        name: 'tests/test_b.py',
        status: 'failed',
        suite: true,
        durationMs: 0,
        message: "ModuleNotFoundError: No module named 'missing'",
      },
    ]);
  });

  it('pytest, by its XML: what is cut off, not well formed or no report at all is none', () => {
    const whole = recorded('pytest.xml');
    for (const text of ['', 'ok', whole.slice(0, -20), whole.replace('</testcase>', ''), `${whole}<a b=c>`]) {
      assert.equal(readFileReport('junit', text), undefined, text.slice(-60));
    }
  });

  it('pytest, by what it prints: what failed, and counts', () => {
    const report = printed(recorded('pytest.txt'));
    assert.equal(report.named, 'failing');
    assert.deepEqual(counts(report), [3, 6, 3]);
    assert.equal(failing(report).length, 6);
    assert.match(message(report, 'test_p.py::test_par[2]'), /^assert 2 == 1/);
  });

  it('unittest: a failing subtest is its test, a module that cannot be loaded stands for its tests', () => {
    const report = printed('', recorded('unittest.txt'));
    assert.deepEqual(counts(report), [1, 4, 1]);
    assert.deepEqual(failing(report).sort(), [
      'test_a.T.test_bad',
      'test_a.T.test_err',
      'test_a.T.test_sub',
      'unittest.loader._FailedTest.test_b',
    ]);
    assert.match(message(report, 'test_a.T.test_bad'), /^AssertionError: 1 != 2\n/);
    assert.match(message(report, 'unittest.loader._FailedTest.test_b'), /^ModuleNotFoundError: /);
    assert.equal(report.tests.find(({ name }) => name.includes('_FailedTest'))?.suite, true);
  });

  it('unittest: what went wrong goes first, however many lines it has', () => {
    const lines = [
      '='.repeat(70),
      'FAIL: test_a (test_a.T.test_a)',
      '-'.repeat(70),
      'Traceback (most recent call last):',
      '  File "test_a.py", line 5, in test_a',
      '    self.assertEqual([f()], [1])',
      'AssertionError: Lists differ: [None] != [1]',
      '',
      'First differing element 0:',
      'None',
      '1',
      '',
      '-'.repeat(70),
      'Ran 1 test in 0.001s',
      '',
      'FAILED (failures=1)',
    ];
    const report = printed('', lines.join('\n'));
    assert.match(
      message(report, 'test_a.T.test_a'),
      /^AssertionError: Lists differ.*\n\nFirst differing element 0:\nNone/,
    );
    assert.match(message(report, 'test_a.T.test_a'), /1\n\nTraceback/);
  });

  it("Node's test runner: TAP and the lines for people name the same tests", () => {
    const names = (report: TestReport): string[] =>
      report.tests.map(({ name, status }) => `${status} ${name.replace(/^.*\//, '')}`);
    const tap = printed(recorded('node-tap.txt'));
    const spec = printed(recorded('node-spec.txt'));
    assert.deepEqual(names(tap), [
      'passed top ok',
      'failed top bad # x',
      'passed suite > in ok',
      'failed suite > in bad',
      'skipped suite > skipped',
      'skipped suite > todo',
      'passed good > g1',
      'failed b.test.mjs',
      'passed c.test.mjs',
    ]);
    assert.deepEqual(counts(tap), [4, 3, 2]);
    assert.match(message(tap, 'top bad # x'), /^Expected values to be strictly equal:\n\n1 !== 2/);
    assert.match(message(spec, 'top bad # x'), /1 !== 2/);
    assert.deepEqual(counts(spec), [4, 3, 2]);
    assert.equal(tap.tests.find(({ name }) => name.endsWith('b.test.mjs'))?.suite, true);
  });

  it('mocha: the tests with their suites, the error without the way to it first', () => {
    const report = printed(recorded('mocha.txt'));
    assert.equal(report.named, 'all');
    assert.deepEqual(counts(report), [3, 2, 1]);
    assert.deepEqual(failing(report), ['sum > adds', 'sum > deep > throws']);
    assert.match(message(report, 'sum > adds'), /^AssertionError \[ERR_ASSERTION\]: 2 == 3/);
    assert.match(message(report, 'sum > deep > throws'), /^Error: boom/);
  });

  it('jest: what failed by file and name, and counts', () => {
    const report = printed('', recorded('jest.txt'));
    assert.deepEqual(counts(report), [2, 3, 1]);
    assert.deepEqual(failing(report), ['./a.test.js › sum › adds', './a.test.js › top fails', './b.test.js']);
    assert.match(message(report, './a.test.js › sum › adds'), /^expect\(received\)\.toBe\(expected\)/);
    assert.equal(report.tests.at(-1)?.suite, true);
  });

  it('vitest: what failed by file and name, and counts', () => {
    const report = printed(recorded('vitest-stdout.txt'), recorded('vitest-stderr.txt'));
    assert.equal(report.runner, 'vitest');
    assert.deepEqual(counts(report), [2, 3, 1]);
    assert.deepEqual(failing(report), ['b.test.mjs', 'a.test.mjs > sum > adds', 'a.test.mjs > top fails']);
    assert.match(message(report, 'a.test.mjs > sum > adds'), /^AssertionError: expected 2 to be 3/);
  });

  it('cargo: unit tests and doc tests, the latter without their line', () => {
    const report = printed(recorded('cargo.txt'));
    assert.deepEqual(counts(report), [1, 2, 1]);
    assert.deepEqual(failing(report), ['tests::adds', 'src/lib.rs - add']);
    assert.match(message(report, 'tests::adds'), /not yet implemented/);
  });

  it('go: subtests one by one, a package that does not build stands for its tests', () => {
    const event = (fields: object): string => JSON.stringify({ Package: 'a.b/c', ...fields });
    const lines = [
      event({ Action: 'start' }),
      event({ Action: 'run', Test: 'TestOne' }),
      event({ Action: 'output', Test: 'TestOne', Output: '    one_test.go:7: got 3\n' }),
      event({ Action: 'fail', Test: 'TestOne/deep', Elapsed: 0.25 }),
      event({ Action: 'fail', Test: 'TestOne' }),
      event({ Action: 'pass', Test: 'TestTwo' }),
      event({ Action: 'skip', Test: 'TestThree' }),
      event({ Action: 'fail' }),
      event({ Action: 'start', Package: 'a.b/d' }),
      event({ Action: 'output', Package: 'a.b/d', Output: './d.go:3:2: undefined: x\n' }),
    ];
    assert.equal(readPrinted({ stdout: lines.join('\n'), stderr: '' }), undefined, 'a.b/d did not come to its end');
    const report = printed([...lines, event({ Action: 'fail', Package: 'a.b/d' })].join('\n'));
    assert.deepEqual(counts(report), [1, 2, 1]);
    assert.deepEqual(failing(report), ['a.b/c.TestOne/deep', 'a.b/d']);
    assert.match(message(report, 'a.b/d'), /undefined: x/);
  });

  it('a run that breaks off before the summary has no report, whatever it said before', () => {
    for (const [name, mark] of [
      ['pytest.txt', '=========== short test'],
      ['unittest.txt', 'Ran 6'],
      ['node-tap.txt', '1..6'],
      ['node-spec.txt', 'ℹ tests'],
      ['mocha.txt', '  3 passing'],
      ['jest.txt', 'Test Suites:'],
      ['vitest-stdout.txt', ' Test Files'],
      ['cargo.txt', 'test result: FAILED. 0'],
    ] as const) {
      const text = recorded(name);
      assert.ok(text.includes(mark), name);
      assert.equal(readPrinted({ stdout: text.slice(0, text.indexOf(mark)), stderr: '' }), undefined, name);
    }
  });

  it('is read in linear time, whatever is printed', () => {
    const rule = (sign: string): string => sign.repeat(70);
    const failure = `${rule('=')}\nFAIL: a (b.C.a)\n${rule('-')}\nTraceback\n`;
    for (const [part, end] of [
      ['<a b="', ''],
      ['<testcase ', ''],
      ['<testcase name="a"><failure>', ''],
      ['    # Subtest: x\n', ''],
      ['not ok 1 - a\n  ---\n', '1..1\n'],
      ['✖ a\n\n', 'ℹ tests 1\n'],
      ['  1) a\n', '  1 passing (1ms)\n  1) a\n'],
      [failure, `Ran 1 test in 0.1s\n\nFAILED (failures=1)\n`],
      ['FAILED a.py::b\n', '1 failed in 0.01s\n'],
      ['1 failed, ', ''],
      ['test a ... FAILED\n', 'running 1 test\ntest result: FAILED.\n'],
      ['  ● a\n', 'Tests:       1 failed, 1 total\n'],
      [' FAIL  a > b\n', '      Tests  1 failed (1)\n'],
      ['{"Action":"fail","Package":"a","Test":"b/c/d"}\n', '{"Action":"fail","Package":"a"}'],
    ] as const) {
      const took = (bytes: number): number => {
        const text = `TAP version 13\n${part.repeat(Math.ceil(bytes / part.length))}${end}`;
        const started = performance.now();
        for (const stdout of [text, text.slice(15)]) readPrinted({ stdout, stderr: '' });
        readFileReport('junit', text.slice(15));
        readFileReport('tap', text);
        return performance.now() - started;
      };
      // Eight times the text would take 64 times as long if it were read quadratically. A busy machine is asked again.
      const fastest = (bytes: number): number => Math.min(took(bytes), took(bytes), took(bytes));
      const measured: string[] = [];
      const isLinear = (): boolean => {
        const [small, large] = [fastest(100_000), fastest(800_000)];
        measured.push(`${large} ms after ${small} ms`);
        return large < 30 * small + 50;
      };
      const asked = Array.from({ length: 5 }, () => isLinear);
      assert.ok(
        asked.some((again) => again()),
        `${JSON.stringify(part)}: ${measured.join(', ')}`,
      );
    }
  }).timeout(300_000);
});
