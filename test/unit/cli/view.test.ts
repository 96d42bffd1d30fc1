import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Account, openAccount } from '../../../src/core/budget/account';
import { add, type Money, usd, ZERO } from '../../../src/core/money';
import { openRecord, recorded, type RunRecord } from '../../../src/report/record';
import { clip, padEnd, padStart, widthOf } from '../../../src/cli/view/cells';
import { CompactRun } from '../../../src/cli/view/compactRun';
import { bar, liveUsd, meterLine } from '../../../src/cli/view/meterLine';
import { exactColumn } from '../../../src/cli/view/money';
import { COLOURS, NO_COLOURS } from '../../../src/cli/view/paint';
import { receiptLines } from '../../../src/cli/view/receipt';
import { resultLines } from '../../../src/cli/view/resultLines';
import { failureLine } from '../../../src/cli/view/said';
import { type Output, screenOn } from '../../../src/cli/view/screen';
import { tell } from '../../../src/cli/view/tell';
import { verdictLines } from '../../../src/cli/view/verdictLines';
import { wrapped } from '../../../src/cli/view/wrap';
import { plan, result, verdict } from '../vscode/support';

const HEADING = { run: 'r', task: 't', language: 'python' as const, tests: '', sandbox: '', startedAt: 0 };
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

function withCalls(costs: readonly Money[]): RunRecord {
  let account: Account = openAccount(usd('0.002'));
  let record = openRecord(HEADING, account.budget);
  costs.forEach((cost, index) => {
    const about = { call: index + 1, role: 'executor' as const, model: `model-${index}`, promptTokens: 100 };
    account = { ...account, calls: account.calls + 1, reserved: usd('0.0005') };
    const bound = { maxTokens: 384, completionBound: 384, reserved: usd('0.0005') };
    record = recorded(record, { type: 'reserved', ...about, ...bound, account });
    account = { ...account, spent: add(account.spent, cost), reserved: ZERO, promptTokens: account.promptTokens + 100 };
    const unconfirmed = index > 0 ? ZERO : cost;
    const settled = { completionTokens: 20, reserved: usd('0.0005'), cost, unconfirmed, violations: [] };
    record = recorded(record, { type: 'settled', ...about, ...settled, account });
  });
  return record;
}

/** The same with the plan that the calls belong to. */
function planned(costs: readonly Money[]): RunRecord {
  return recorded(withCalls(costs), { type: 'planned', plan });
}

function capture(isTTY: boolean, columns = 60): { output: Output; text: () => string } {
  let written = '';
  const output: Output = { write: (text) => (written += text), isTTY, columns };
  return { output, text: () => written };
}

/** The lines of what was written, without what erases the live line. */
function stripped(written: string): string[] {
  // eslint-disable-next-line no-control-regex -- that is a control sequence
  return written.split('\n').map((line) => line.replaceAll(/\r|\u001b\[K/g, ''));
}

describe('widths', () => {
  it('count two cells for wide characters and none for marks and colours', () => {
    assert.equal(widthOf('abc'), 3);
    assert.equal(widthOf('日本'), 4);
    assert.equal(widthOf('e\u0301'), 1);
    assert.equal(widthOf(COLOURS.red('abc')), 3);
  });

  it('hold when a text is cut, whatever it is made of', () => {
    const piece = fc.oneof(fc.constantFrom('日', 'x', ' ', 'é', '😀', COLOURS.red('r')), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(piece), fc.integer({ min: 1, max: 30 }), (pieces, width) => {
        const text = pieces.join('');
        assert.ok(widthOf(clip(text, width)) <= width);
        if (widthOf(text) <= width) assert.equal(clip(text, width), text);
        assert.ok(widthOf(padEnd(text, width)) >= width);
        assert.equal(widthOf(padStart('x', width)), width);
      }),
    );
  });

  it('leave no colour open where a text is cut', () => {
    assert.ok(clip(COLOURS.green('✓ a long line'), 6).endsWith('\u001b[0m'));
  });

  it('hold when a text is wrapped at its spaces', () => {
    assert.deepEqual(wrapped('one two three', 7), ['one two', 'three']);
    assert.deepEqual(wrapped('unbreakable', 4), ['unbreakable']);
  });
});

describe('the meter line', () => {
  it('tells what is spent, the budget, the calls and who is asked', () => {
    const record = withCalls([usd('0.000123')]);
    const reserved = { type: 'reserved' as const, call: 2, role: 'executor' as const, model: 'gpt-4', promptTokens: 9 };
    const account = { ...record.account, reserved: usd('0.0005'), calls: 2 };
    const bound = { maxTokens: 64, completionBound: 64, reserved: usd('0.0005') };
    const next = recorded(record, { ...reserved, ...bound, account });
    const line = meterLine(next, NO_COLOURS, 90, 0);
    assert.match(line, /^⠋ \$0\.000123 \/ \$0\.002 {2}▓▒+░+ {2}2 calls · gpt-4 executor…$/);
  });

  it('keeps the number of its decimals while the amount grows', () => {
    const at = (spent: string): string => liveUsd({ spent: usd(spent), budget: usd('0.002') });
    assert.deepEqual(['0', '0.0001', '0.00012345678', '0.002'].map(at), [
      '$0.000000',
      '$0.000100',
      '$0.000123',
      '$0.002000',
    ]);
  });

  it('has a bar that is always as wide as it was asked to be', () => {
    const part = fc.bigInt({ min: 0n, max: 10n ** 13n }).map((units) => units as Money);
    fc.assert(
      fc.property(part, part, part, fc.integer({ min: 1, max: 40 }), (spent, reserved, budget, cells) => {
        const text = bar({ ...openAccount(budget), spent, reserved }, cells, NO_COLOURS);
        assert.equal(widthOf(text), cells);
      }),
    );
  });
});

describe('the receipt', () => {
  it('lists every call, and its exact amounts add up to the total', () => {
    const costs = ['0.0001537', '0.00000028', '0.0004'].map(usd);
    const lines = receiptLines(withCalls(costs), 100, NO_COLOURS);
    const billed = lines.slice(2, 5).map((line) => usd(/\$([\d.]+)\*? ?$/.exec(line.trim())?.[1] ?? ''));
    assert.deepEqual(billed, costs);
    const total = usd(/\$([\d.]+) spent/.exec(lines.join('\n'))?.[1] ?? '');
    assert.equal(total, add(...costs));
  });

  it('marks the calls whose bill is unknown', () => {
    const lines = receiptLines(withCalls([usd('0.0001')]), 100, NO_COLOURS).join('\n');
    assert.match(lines, /\$0\.0001\*/);
    assert.match(lines, /booked at its worst case/);
  });

  it('compares with no plan where nothing was spent', () => {
    assert.match(receiptLines(planned([usd('0.0001')]), 100, NO_COLOURS).join('\n'), /times what the plan expected/);
    assert.doesNotMatch(receiptLines(planned([ZERO]), 100, NO_COLOURS).join('\n'), /what the plan expected/);
  });

  it('says so where no model was called', () => {
    assert.match(receiptLines(openRecord(HEADING, usd('1')), 80, NO_COLOURS).join('\n'), /No model was called/);
  });

  it('aligns amounts by their decimals', () => {
    assert.deepEqual(exactColumn([usd('0.5'), usd('0.00012')]), ['$0.50000', '$0.00012']);
  });
});

describe('test runs on the screen', () => {
  const verdict = {
    ...{ passed: 1, total: 2, ran: true, sandbox: 'os' as const, limits: { seconds: 30, memoryMb: 512 } },
    tests: [
      { name: "assert f('a  b')", ok: true, durationMs: 1 },
      { name: 'assert g()', ok: false, message: '\u001b]0;evil\u0007Boom\u001b[2J\nsecond', durationMs: 2 },
    ],
    stdout: 'x'.repeat(500),
    stderr: '',
  };

  it('fit the width and keep the spaces of a test', () => {
    const lines = verdictLines(verdict, 60, NO_COLOURS, '  ');
    for (const line of lines) assert.ok(widthOf(line) <= 60, line);
    assert.ok(lines.some((line) => line.includes("✓ assert f('a  b')")));
  });

  it('break what a test says and do not cut it, and repeat no assertion that stands above', () => {
    const came = `got ${'long '.repeat(20)}END`;
    const failed = (name: string): string[] => {
      const tests = [{ name, ok: false, message: `${name}: ${came}`, durationMs: 1 }];
      return verdictLines({ ...verdict, tests, stdout: '' }, 60, NO_COLOURS);
    };
    const short = failed("assert f('a') == 1");
    assert.equal(short.filter((line) => line.includes('assert')).length, 1, short.join('\n'));
    assert.ok(short.some((line) => line.endsWith('END')));
    const long = failed(`assert f(${"'a', ".repeat(20)}) == 1`);
    assert.ok(
      long.some((line) => line.includes(') == 1')),
      'an assertion that was cut stands below in full',
    );
    assert.ok(long.some((line) => line.endsWith('END')));
  });

  it('carry nothing that a terminal would act upon', () => {
    for (const line of verdictLines(verdict, 60, NO_COLOURS)) assert.doesNotMatch(line, CONTROLS);
    assert.equal(failureLine(verdict.tests[1]!), 'assert g(): Boom');
  });
});

describe('the end of a run on the screen', () => {
  it('says what may help where the models found no answer that passes', () => {
    const lines = resultLines(result({ status: 'unsolved', stop: 'gave up' }), 60, NO_COLOURS);
    assert.match(lines.join(' '), /What may help: a larger budget, .* a task that says more\./);
    for (const line of lines) assert.ok(widthOf(line) <= 60, line);
  });
});

describe('a run in a few lines', () => {
  /** What one prints on a terminal of 80 columns, and that no line of it is longer. */
  function printed(run: (compact: CompactRun) => void): string[] {
    const { output, text } = capture(true, 80);
    run(new CompactRun(screenOn(output, { NO_COLOR: '1' }), 'task', 10));
    const lines = stripped(text());
    for (const line of lines) assert.ok(widthOf(line) < 80, line);
    return lines;
  }

  it('never cuts off what it has cost', () => {
    const lines = printed((run) => {
      run.end({ ...result({ stop: 'agreed' }), verdict: { passed: 11, total: 11, ran: true } });
    });
    assert.match(lines.join('\n'), /an independent answer agrees\n +\$0\.00030000 of \$0\.01, 2 calls, 3\.2 s/);
  });

  it('says of an answer that was there before which call brought it', () => {
    const { calls, account } = withCalls([usd('0.0001'), usd('0.0001')]);
    const [first, again] = calls.flatMap(({ settled }) => settled ?? []);
    assert.ok(first !== undefined && again !== undefined);
    const lines = printed((run) => {
      run.on({ type: 'settled', ...first, account });
      run.on({ type: 'verdict', attempt: 1, call: 1, model: 'm', verdict: verdict({ passed: 2 }) });
      run.on({ type: 'settled', ...again, account });
      run.on({ type: 'repeated', attempt: 2, call: 2, model: 'm', of: 1 });
    });
    assert.match(lines.join('\n'), /^ +1 .*✓✗\n.*\n +2 .*\$0\.0001\d*\*? {2}same code as call 1$/m);
  });

  it('tells in full why a test failed and what to do about an error', () => {
    const name = `assert justify(${"'aa', ".repeat(12)})`;
    const tests = [{ name, ok: false, message: `${name}: got THIS`, durationMs: 1 }];
    const about = { passed: 0, total: 1, ran: true, sandbox: 'os' as const, limits: { seconds: 30, memoryMb: 512 } };
    const error = `${'The server is not there. '.repeat(6)}Start it.`;
    const lines = printed((run) => {
      const verdict = { ...about, tests, stdout: '', stderr: '' };
      run.on({ type: 'verdict', attempt: 1, call: 1, model: 'm', verdict });
      run.end({ ...result({ status: 'error', stop: 'failed' }), error });
    }).map((line) => line.trim());
    assert.match(lines.join(' '), /got THIS/);
    assert.ok(lines.join(' ').includes(error));
  });
});

describe('the screen', () => {
  it('writes plain lines and no control codes where there is no terminal', () => {
    const { output, text } = capture(false);
    const screen = screenOn(output, {});
    screen.status('working');
    screen.line(screen.paint.red('done'));
    assert.equal(text(), 'done\n');
    assert.equal(screen.live, false);
  });

  it('keeps the live line below the lines, and cuts it so that it never wraps', () => {
    const { output, text } = capture(true, 50);
    const screen = screenOn(output, { NO_COLOR: '1' });
    screen.status('m'.repeat(99));
    screen.line('first');
    const meter = `${'m'.repeat(48)}…`;
    assert.equal(text(), `\r${meter}\u001b[K\r\u001b[Kfirst\n${meter}`);
  });

  it('breaks a sentence between words on a terminal, and keeps it on one line in a pipe', () => {
    const text = 'The last line of out.jsonl was torn: it is cut off and done again, and the others stay.';
    for (const isTTY of [true, false]) {
      const shown = capture(isTTY, 50);
      tell(screenOn(shown.output, { NO_COLOR: '1' }), text, { indent: '  ' });
      const lines = stripped(shown.text()).slice(0, -1);
      assert.ok(lines.every((line) => line.startsWith('  ')));
      assert.equal(lines.map((line) => line.trim()).join(' '), text);
      assert.deepEqual([lines.length > 1, lines.every((line) => widthOf(line) < 50)], [isTTY, isTTY]);
    }
  });

  it('honours NO_COLOR and TERM=dumb', () => {
    assert.equal(screenOn(capture(true).output, { NO_COLOR: '1' }).paint, NO_COLOURS);
    assert.equal(screenOn(capture(true).output, { NO_COLOR: '' }).paint, COLOURS);
    assert.equal(screenOn(capture(true).output, { TERM: 'dumb' }).live, false);
  });
});
