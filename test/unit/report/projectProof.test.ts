import assert from 'node:assert/strict';
import { WEAKER_PROOF } from '../../../src/core/sandbox/project/projectSandbox';
import { answerLabel, headline } from '../../../src/report/outcome';
import { receiptMarkdown } from '../../../src/report/receipt';
import { openRecord, recorded, type RunHeading } from '../../../src/report/record';
import { headingLines, verdictLines } from '../../../src/report/terminalView';
import { testResults } from '../../../src/report/testResults';
import { harmless } from '../../../src/report/text';
import { BUDGET, events, heading, result, verdict } from '../vscode/support';

const proven: RunHeading = {
  ...heading,
  tests: '2 failing tests of the project must pass',
  proof: { command: 'npm test | cat', before: '36 tests: 34 pass, 2 fail', caveat: WEAKER_PROOF },
};
const plain = (lines: readonly string[]): string => harmless(lines.join('\n'));

describe("a run that the project's own tests judge", () => {
  it('names the command, what it said before, and what is weaker about it on its receipt', () => {
    const text = receiptMarkdown(events.reduce(recorded, openRecord(proven, BUDGET)));
    for (const row of [
      '| Command | `npm test \\| cat` |',
      '| Before | 36 tests\\: 34 pass\\, 2 fail |'.replace('\\,', ','),
      '| Tests | 2 failing tests of the project must pass |',
    ]) {
      assert.ok(text.includes(row), `${row}\n${text}`);
    }
    assert.ok(text.replaceAll('\\', '').includes(`| Proof | ${WEAKER_PROOF} |`), text);
    assert.ok(text.includes("**Solved\\: the project\\'s tests pass**"), text);
    assert.ok(text.includes('1 of 2 checks passed.'));
  });

  it('says so at the top of the terminal', () => {
    assert.ok(plain(headingLines(proven)).includes(WEAKER_PROOF));
    assert.ok(!plain(headingLines(heading)).includes('weaker'));
    assert.match(plain(verdictLines(verdict(), proven).map(({ text }) => text)), /1 of 2 checks passed/);
  });

  it('counts no tests where several of them are one check', () => {
    const failing = result({ status: 'unsolved', stop: 'gave up', verdict: { passed: 2, total: 3, ran: true } });
    assert.equal(headline(result(), 'project'), "Solved: the project's tests pass");
    assert.equal(headline(failing, 'project'), "Not solved: the project's tests do not all pass");
    assert.equal(answerLabel(result(), 'project'), "solved: the project's tests pass");
    assert.equal(answerLabel(failing, 'project'), "not verified: the project's tests do not all pass");
    const cancelled = result({ status: 'unsolved', stop: 'cancelled', verdict: { passed: 0, total: 3, ran: false } });
    assert.equal(headline(cancelled, 'project'), "Cancelled: the project's tests were not run");
  });
});

describe("the results of a project's tests", () => {
  it('call an assertion of its runner a failure, and an exception an error', () => {
    const states = ['AssertionError: 1 != 2\n\nTraceback', 'AssertionError [ERR_ASSERTION]: 2 == 3', 'KeyError: 4'].map(
      (message) =>
        testResults({ tests: [{ name: 'test_a', ok: false, message, durationMs: 1 }] }, 1, 'project').map(
          ({ state }) => state,
        ),
    );
    assert.deepEqual(states, [['failed'], ['failed'], ['errored']]);
  });
});
