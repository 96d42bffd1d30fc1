import assert from 'node:assert/strict';
import { baselineOf, tolerate, type TestCommandRun } from '../../src/core/sandbox/project/baseline';
import { judge, outcomeNames } from '../../src/core/sandbox/project/judge';
import { DEFAULT_PROJECT_LIMITS, type ProjectLimit } from '../../src/core/sandbox/project/limits';
import { failingReport, fullReport, type ReportedTest } from '../../src/core/sandbox/project/reports/testReport';
import type { TestOutcome } from '../../src/core/sandbox/verdict';

const limits = DEFAULT_PROJECT_LIMITS;
type Status = ReportedTest['status'];

/** A run whose report names all tests; the exit status is that which a runner gives unless stated. */
function run(tests: Readonly<Record<string, Status | 'suite'>>, status?: number): TestCommandRun {
  const reported = Object.entries(tests).map(([name, one]): ReportedTest => {
    if (one === 'suite') return { name, status: 'failed', suite: true, durationMs: 0, message: 'cannot be loaded' };
    return { name, status: one, durationMs: 1, ...(one === 'failed' ? { message: `${name} is wrong` } : {}) };
  });
  const report = fullReport('node', reported);
  return { ending: ending(status ?? (report.failed > 0 ? 1 : 0)), report };
}

/** A run whose report names only what failed. */
function counted(failing: readonly string[], passed: number, skipped = 0, status?: number): TestCommandRun {
  const tests = failing.map((name): ReportedTest => ({ name, status: 'failed', durationMs: 0, message: 'wrong' }));
  const report = failingReport('jest', tests, { passed, failed: failing.length, skipped });
  return { ending: ending(status ?? (failing.length > 0 ? 1 : 0)), report };
}

function silent(status: number, stderr = '', struck?: ProjectLimit): TestCommandRun {
  return { ending: { ...ending(status), stderr, struck }, report: undefined };
}

function ending(status: number): TestCommandRun['ending'] {
  return { status, struck: undefined, stdout: '', stderr: '', durationMs: 5 };
}

function outcomes(before: TestCommandRun, after: TestCommandRun): TestOutcome[] {
  const baseline = baselineOf(before, limits, false);
  const found = judge(baseline, after, limits, 120);
  assert.deepEqual(
    found.map(({ name }) => name),
    outcomeNames(baseline),
  );
  return found;
}

const passes = (before: TestCommandRun, after: TestCommandRun): boolean =>
  outcomes(before, after).every(({ ok }) => ok);

function message(before: TestCommandRun, after: TestCommandRun): string {
  const failed = outcomes(before, after).filter(({ ok }) => !ok);
  assert.ok(failed.length > 0);
  return failed.map(({ name, message: said }) => `${name}: ${said ?? ''}`).join('\n');
}

describe('An answer that the tests of its project judge', () => {
  const before = run({ f: 'failed', g: 'passed', h: 'passed', later: 'skipped' });

  it('is right where what failed passes and all else is as it was', () => {
    assert.deepEqual(outcomes(before, run({ f: 'passed', g: 'passed', h: 'passed', later: 'skipped' })), [
      { name: 'f', ok: true, durationMs: 1 },
      { name: 'the 2 other tests pass', ok: true, durationMs: 5 },
    ]);
    assert.ok(passes(before, run({ f: 'passed', g: 'passed', h: 'passed', later: 'passed', more: 'passed' })));
  });

  it('is wrong where a test that failed still does, is skipped or is not there, with its message', () => {
    const rest = { g: 'passed', h: 'passed', later: 'skipped' } as const;
    assert.equal(message(before, run({ ...rest, f: 'failed' })), 'f: f is wrong');
    assert.match(message(before, run({ ...rest, f: 'skipped' })), /^f: it is skipped/);
    assert.match(message(before, run(rest)), /^f: it was not run/);
  });

  it('is wrong where a test that passed fails, is skipped or is gone', () => {
    const rest = { f: 'passed', g: 'passed', later: 'skipped' } as const;
    assert.match(message(before, run({ ...rest, h: 'failed' })), /^the 2 other tests pass: h: h is wrong$/);
    assert.match(message(before, run({ ...rest, h: 'skipped' })), /: h: skipped$/);
    assert.match(message(before, run(rest)), /: h: not run any more$/);
    assert.match(message(before, run({ ...rest, h: 'passed', n1: 'failed' })), /: n1: n1 is wrong$/);
  });

  it('is wrong where fewer tests are run or more are skipped, also where only failures are named', () => {
    const jest = counted(['f'], 9);
    assert.ok(passes(jest, counted([], 10)));
    assert.match(message(jest, counted([], 9)), /^f: it was not run.*\n.*only 9 tests were run, where there were 10/);
    assert.match(message(jest, counted([], 1)), /only 1 tests pass, where 9 did/);
    assert.match(message(jest, counted([], 10, 1)), /1 tests are skipped, where 0 were/);
    assert.match(message(jest, counted(['g'], 9)), /: g: wrong$/);
  });

  it('is wrong where the command fails although no test does', () => {
    const all = { f: 'passed', g: 'passed', h: 'passed', later: 'skipped' } as const;
    assert.match(message(before, run(all, 3)), /no test fails, but the command does: exit status 3$/);
    assert.match(message(before, run(all, 139)), /ended by signal 11$/);
  });

  it('is wrong where the runner did not come to its summary, whatever the exit status', () => {
    for (const status of [0, 1, 137]) {
      const found = outcomes(before, silent(status, 'Traceback: boom'));
      assert.deepEqual([found.length, found.filter(({ ok }) => ok).length], [2, 0]);
      assert.match(found[0]?.message ?? '', /ended before its summary[^]*boom$/);
    }
  });

  it('is wrong where a limit ended the run, and says which', () => {
    for (const [limit, sentence] of [
      ['time', 'they took longer than 120 s'],
      ['cpu', 'they used more than 480 s of processor time'],
      ['memory', 'they used more than 2048 MiB of memory'],
      ['processes', 'they started more than 512 processes and threads'],
      ['output', 'they printed more than 4000000 bytes'],
      ['disk', 'they wrote more than 2048 MiB'],
    ] as const) {
      assert.match(message(before, silent(0, '', limit)), new RegExp(`the tests were ended: ${sentence}`));
    }
  });

  it('may turn a file that could not be loaded into tests, all of which have to pass', () => {
    const unloadable = run({ 'test/f.test.js': 'suite', g: 'passed' });
    assert.ok(passes(unloadable, run({ f: 'passed', f2: 'passed', g: 'passed' })));
    assert.ok(!passes(unloadable, run({ g: 'passed' })));
    assert.ok(!passes(unloadable, run({ f: 'failed', f2: 'passed', g: 'passed' })));
    const named = run({ 'tests/test_f.py': 'suite' });
    const after = run({ 'tests/test_f.py::a': 'failed', 'tests/test_f.py::b': 'passed' });
    assert.match(message(named, after), /^tests\/test_f\.py: tests\/test_f\.py::a: tests\/test_f\.py::a is wrong$/);
  });

  it('that breaks the loading of a file is told so for each test of that file', () => {
    const pytest = run({ 'tests/t.py::f': 'failed', 'tests/t.py::g': 'passed' });
    assert.match(message(pytest, run({ 'tests/t.py': 'suite' })), /^tests\/t\.py::f: tests\/t\.py: cannot be loaded/);
  });

  it('is judged by the exit status, and a report if there is one, where there was no report before', () => {
    const unbuilt = silent(101, 'error[E0425]: cannot find function');
    assert.deepEqual(outcomeNames(baselineOf(unbuilt, limits, false)), ['the test command succeeds']);
    assert.ok(passes(unbuilt, silent(0)));
    assert.ok(passes(unbuilt, run({ f: 'passed' })));
    assert.match(message(unbuilt, silent(101, 'error: x')), /exit status 101:\nerror: x/);
    assert.match(message(unbuilt, run({ f: 'failed' }, 0)), /f: f is wrong/);
    assert.match(message(unbuilt, run({}, 0)), /no test was run/);
  });

  it('need not mend what the user says is broken for another reason', () => {
    const baseline = tolerate(
      baselineOf(run({ f: 'failed', net: 'failed', g: 'passed' }), limits, false),
      new Set(['net']),
    );
    assert.deepEqual(outcomeNames(baseline), ['f', 'the other test passes']);
    const after = (tests: Record<string, Status>): boolean =>
      judge(baseline, run(tests), limits, 120).every(({ ok }) => ok);
    assert.ok(after({ f: 'passed', net: 'failed', g: 'passed' }));
    assert.ok(after({ f: 'passed', net: 'passed', g: 'passed' }));
    assert.ok(!after({ f: 'failed', net: 'failed', g: 'passed' }));
    assert.equal(tolerate(baseline, new Set(['f', 'net'])).problem?.kind, 'passes');
  });
});

describe('The run before any money is spent', () => {
  it('says why tests would prove nothing', () => {
    const problem = (one: TestCommandRun, reports = false): string | undefined => {
      return baselineOf(one, limits, reports).problem?.message;
    };
    assert.equal(problem(run({ f: 'failed', g: 'passed' })), undefined);
    assert.match(problem(run({ f: 'passed' })) ?? '', /pass already.* prove nothing/);
    assert.match(problem(silent(0)) ?? '', /pass already/);
    assert.match(problem(run({ f: 'failed' }, 0)) ?? '', /reports success although tests fail/);
    assert.match(problem(run({})) ?? '', /finds no tests/);
    assert.match(problem(silent(0, '', 'time')) ?? '', /took longer than 300 s.*runs fewer/);
    assert.match(problem(silent(127, 'sh: 6: exec: pytset: not found')) ?? '', /does not run: pytset: not found/);
    assert.match(problem(silent(1, '/usr/bin/python3: No module named pytest')) ?? '', /pytest is not installed/);
    assert.match(problem(silent(4, 'ERROR: usage'), true) ?? '', /before its summary: ERROR: usage/);
    assert.equal(problem(silent(101, 'does not compile')), undefined);
  });
});
