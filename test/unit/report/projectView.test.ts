import assert from 'node:assert/strict';
import type { Baseline } from '../../../src/core/sandbox/project/baseline';
import { WEAKER_PROOF } from '../../../src/core/sandbox/project/projectSandbox';
import {
  baselineFacts,
  beforeText,
  decidingTests,
  isWhole,
  type Offer,
  type OfferedCommand,
  offerItems,
  offerTitle,
  problemItems,
  visibly,
} from '../../../src/report/projectView';
import { baselineLines } from '../../../src/report/terminalView';
import { harmless } from '../../../src/report/text';

const proposed: OfferedCommand = { line: 'npm test', origin: 'proposed', reason: 'package.json tests with "mocha"' };
const brought: OfferedCommand = { line: 'npm test', origin: 'workspace' };

const offer = (...commands: readonly OfferedCommand[]): Offer => ({
  commands,
  tests: '3 tests from the docstring',
  caveat: WEAKER_PROOF,
});

function baseline(change: Partial<Baseline> = {}): Baseline {
  const failing = [1, 2].map((n) => ({ name: `test_${n}`, status: 'failed' as const, durationMs: 1 }));
  return {
    ending: { status: 1, struck: undefined, stdout: 'one\n', stderr: '/work/a/f.py:1 broke\n', durationMs: 1234 },
    report: { runner: 'pytest', tests: failing, named: 'failing', passed: 34, failed: 2, skipped: 0 },
    problem: undefined,
    required: failing,
    tolerated: new Set(),
    ...change,
  };
}

describe('the question whose tests are to decide', () => {
  it('runs the likeliest command with Enter, and offers the tests of the selection and another command', () => {
    const items = offerItems(offer(proposed, { ...proposed, line: 'make check' }));
    assert.deepEqual(
      items.map(({ action, separator }) => action?.kind ?? (separator === true ? 'separator' : 'info')),
      ['run', 'run', 'own', 'edit', 'cancel', 'separator', 'info', 'info', 'info', 'info'],
    );
    assert.equal(items[0]?.label, '$(beaker) Run npm test');
    assert.equal(items[0].description, 'package.json tests with "mocha"');
    assert.deepEqual(items[3]?.action, { kind: 'edit', line: 'npm test' });
    assert.match(offerTitle(offer(proposed)), /prove it by the project's own tests\?$/);
  });

  it('says what is weaker about such a proof', () => {
    const said = offerItems(offer(proposed)).map(({ label, detail = '' }) => `${label} ${detail}`);
    assert.ok(
      said
        .join(' ')
        .replace(/\$\(\w+\) /g, '')
        .replace(/\s+/g, ' ')
        .includes(WEAKER_PROOF),
    );
  });

  it('does not run a command of the workspace with Enter, and says where it is from', () => {
    const items = offerItems(offer(brought));
    assert.deepEqual(
      items.slice(0, 4).map(({ action }) => action?.kind),
      ['own', 'run', 'settings', 'cancel'],
    );
    assert.equal(items[1]?.description, "from this workspace's settings");
    assert.match(offerTitle(offer(brought)), /test command of this workspace's settings\?$/);
  });

  it('says what it means to have no tests at all', () => {
    const own = offerItems({ ...offer(proposed), tests: 'no tests' }).find(({ action }) => action?.kind === 'own');
    assert.match(own?.description ?? '', /cannot be verified/);
  });

  it('shows a command in a list only where that shows all of it', () => {
    assert.ok(isWhole('python3 -m unittest discover -s tests'));
    for (const line of [
      'a'.repeat(65),
      'echo $(whoami)',
      'make\nrm -rf .',
      'npm test \u202e',
      'm\u0430ke',
      'a\tb',
      '',
    ]) {
      assert.ok(!isWhole(line), line);
    }
    const [, item] = offerItems(offer({ ...brought, line: `npm test ${' '.repeat(80)}; curl $(evil)` }));
    assert.match(item?.detail ?? '', /^You see all of it before it runs/);
    assert.ok(!item?.label.slice(9).includes('$('));
  });

  it('shows what nobody could see otherwise', () => {
    assert.equal(visibly('a\u202eb\u200bc\u0007\nd\u2028'), 'a\\u{202e}b\\u{200b}c\\u{7}\nd\\u{2028}');
    assert.equal(visibly('naïve ✓'), 'naïve ✓');
  });

  it('names what is wrong, and what can be done, where the tests prove nothing', () => {
    const items = problemItems('The test command does not run: nope.\nMore.', [
      { kind: 'edit', line: 'nope' },
      { kind: 'own' },
      { kind: 'output' },
    ]);
    assert.deepEqual(
      items.map(({ action, separator }) => action?.kind ?? (separator === true ? 'separator' : 'info')),
      ['edit', 'own', 'output', 'cancel', 'separator', 'info', 'info', 'info'],
    );
    assert.equal(items[6]?.label, '$(info) The test command does not run: nope.');
  });
});

describe('the run before anything is spent', () => {
  it('is summed up', () => {
    assert.equal(beforeText(baseline()), '36 tests: 34 pass, 2 fail');
    assert.equal(decidingTests(baseline()), '2 failing tests of the project must pass');
    const broken = baseline({
      report: undefined,
      required: [{ name: 'the test command succeeds', status: 'failed', durationMs: 1 }],
    });
    assert.match(beforeText(broken), /^the command fails \(exit status 1\)/);
    assert.equal(decidingTests(broken), "the project's test command must succeed");
  });

  it('is told in the terminal, with the end of what was printed and without the path of the workspace', () => {
    const stdout = Array.from({ length: 60 }, (_, index) => `line ${index}`).join('\n');
    const long = baseline({ ending: { ...baseline().ending, stdout, stderr: '/work/a/f.py:1 \u001b[2Jbroke\n' } });
    const text = harmless(baselineLines(baselineFacts('npm test', '/work/a', long)).join('\n'));
    for (const part of [
      'Before anything is spent: npm test',
      '… 42 lines before',
      '│ line 59',
      '│ f.py:1 broke',
      '✗ test_1',
    ]) {
      assert.ok(text.includes(part), `${part}\n${text}`);
    }
    assert.ok(!text.includes('line 1\n'), text);
    assert.match(text, /36 tests: 34 pass, 2 fail 1\.2 s$/);
  });

  it('tells why its tests prove nothing', () => {
    const passing = baseline({ problem: { kind: 'passes', message: 'All pass already.' } });
    assert.match(baselineLines(baselineFacts('npm test', '/w', passing)).join('\n'), /■ All pass already\./);
  });
});
