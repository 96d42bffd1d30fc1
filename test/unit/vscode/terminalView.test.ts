import assert from 'node:assert/strict';
import { denialOf } from '../../../src/core/budget/denial';
import { usd } from '../../../src/core/money';
import type { RunResult } from '../../../src/core/result';
import { eventLines, headingLines, verdictLines } from '../../../src/report/terminalView';
import { harmless } from '../../../src/report/text';
import { account, events, heading, plan, result, verdict } from './support';

/* eslint-disable no-control-regex -- our own colours are the only control sequences that may be written */
const OWN_COLOUR = /\u001b\[[0-9;]*m/g;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
/* eslint-enable no-control-regex */

const plain = (lines: readonly string[]): string => harmless(lines.join('\n'));

describe('the terminal', () => {
  it('tells a whole run', () => {
    const text = plain([...headingLines(heading), ...events.flatMap((event) => eventLines(event, heading))]);
    for (const part of [
      'stats.py:median python · 2 tests from the docstring',
      'Sandbox: bubblewrap 0.8.0, Python 3.11.7',
      'Plan: 1 × strong, 2 × cheap · feedback · expected $0.0003, at most $0.0087 of $0.01',
      'Topology feedback: there are tests.',
      'Call 1: cheap as executor, reserved $0.0004 at most 650 tokens in, 384 out',
      'Call 1: billed $0.0002 600 tokens in, 120 out',
      '✓ assert median([3, 1, 2]) == 2 3 ms',
      '✗ assert median([4, 1, 3, 2]) == 2.5 1 ms\n      got 3',
      '1 of 2 tests passed limits: 30 s, 512 MiB, no network',
      'billed $0.0001 unconfirmed, booked at its worst case',
      'The connection broke.',
      'Solved: 2 of 2 tests pass',
      'Spent $0.0003 of $0.01, $0.0001 of it unconfirmed: 2 calls',
    ]) {
      assert.ok(text.includes(part), `${part}\n\n${text}`);
    }
  });

  it('says what may help where the models found no answer that passes, and only there', () => {
    const end = (change: Partial<RunResult>): string =>
      plain(eventLines({ type: 'finished', result: result(change) }, heading));
    const help = /What may help: a larger budget, which admits stronger models, or a task that says more/;
    assert.match(end({ status: 'unsolved', stop: 'gave up' }), help);
    assert.doesNotMatch(end({}), help);
    assert.doesNotMatch(end({ status: 'unsolved', stop: 'cancelled' }), help);
  });

  it('says once for a run where its tests run', () => {
    const text = plain([...headingLines(heading), ...events.flatMap((event) => eventLines(event, heading))]);
    assert.equal(text.split(heading.sandbox).length, 2);
  });

  it('says of an answer that was there before which call brought it', () => {
    const text = plain(eventLines({ type: 'repeated', attempt: 2, call: 3, model: 'm', of: 1 }, heading));
    assert.match(text, /The answer of call 3 is the very code of call 1\./);
  });

  it('writes nothing for text that arrives', () => {
    assert.deepEqual(eventLines({ type: 'arriving', call: 1, text: 'x' }, heading), []);
  });

  it('makes no line of what a model or a test writes that could drive it', () => {
    const attack = '\u001b[2J\u001b]0;owned\u0007\r\nnext\u009b1A';
    const lines = [
      ...headingLines({ ...heading, task: attack, sandbox: attack, tests: attack }),
      ...eventLines({ type: 'planned', plan: { ...plan, explanation: [attack] } }, heading),
      ...eventLines({ type: 'testing', attempt: 1, call: 1, model: attack, code: attack }, heading),
      ...eventLines(
        {
          type: 'verdict',
          attempt: 1,
          call: 1,
          model: attack,
          verdict: verdict({
            tests: [{ name: attack, ok: false, message: attack, durationMs: 1 }],
            stdout: attack,
            stderr: attack,
          }),
        },
        heading,
      ),
      ...eventLines({ type: 'waiting', ms: 10, why: attack }, heading),
      ...eventLines({ type: 'finished', result: result({ status: 'error', error: attack }) }, heading),
    ];
    for (const line of lines) assert.doesNotMatch(line.replace(OWN_COLOUR, ''), CONTROL);
  });

  it('tells which line is the failure of which test, with the place of the test', () => {
    const lines = verdictLines(verdict(), heading, (test) => `stats.py:${test + 7}`);
    const failures = lines.filter(({ test }) => test !== undefined);
    assert.deepEqual(
      failures.map(({ text, test }) => [harmless(text), test]),
      [['  ✗ assert median([4, 1, 3, 2]) == 2.5 1 ms stats.py:8', 1]],
    );
  });

  it('does not say an assertion again that its message begins with', () => {
    const tests = [{ name: 'assert f(1) == 2', ok: false, message: 'assert f(1) == 2: got 3', durationMs: 1 }];
    const told = verdictLines(verdict({ tests }), heading).map(({ text }) => harmless(text));
    assert.deepEqual(told.slice(0, 2), ['  ✗ assert f(1) == 2 1 ms', '      got 3']);
  });

  it('writes nothing in faint text, which is hard to read on a light background', () => {
    const all = [...headingLines(heading), ...events.flatMap((event) => eventLines(event, heading))].join('');
    // eslint-disable-next-line no-control-regex -- colours of the terminal are control sequences
    assert.doesNotMatch(all, /\u001b\[(?:\d+;)*2[;m]/);
  });

  it('cuts long messages and output, and says by how much', () => {
    const long = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
    const text = plain(
      eventLines({ type: 'verdict', attempt: 1, call: 1, model: 'm', verdict: verdict({ stdout: long }) }, heading),
    );
    assert.ok(text.includes('line 19'));
    assert.ok(!text.includes('line 20\n'));
    assert.ok(text.includes('80 more lines'));
  });

  it('says why a call was not admitted, why one waits, and which limit was struck', () => {
    const remainders = [
      { cap: 'run', left: usd('0.001') },
      { cap: 'user day', left: usd('0.002') },
    ] as const;
    const denial = denialOf(remainders, 'executor', 'strong', usd('0.01'));
    const denied = plain(eventLines({ type: 'denied', denial, account: account() }, heading));
    assert.match(denied, /Not admitted: A call to strong as executor can cost \$0\.01/);
    assert.match(denied, /the task's budget has \$0\.001 left and your cap for today has \$0\.002 left/);
    assert.match(
      plain(eventLines({ type: 'waiting', ms: 1500, why: 'HTTP 429' }, heading)),
      /Waiting 1\.5 s: HTTP 429/,
    );
    const killed = verdict({ killed: 'memory' });
    assert.match(
      plain(eventLines({ type: 'verdict', attempt: 1, call: 1, model: 'm', verdict: killed }, heading)),
      /memory limit/,
    );
  });
});
