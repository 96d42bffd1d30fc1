import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type LedgerLine, readLines, writeLine } from '../../../src/core/budget/ledger/line';
import { BOOKING, BOUND } from '../../support/ledger';

/** Names as they come, with all that could be taken for the structure of a line. */
const name = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('{"type":"', '"}', '}', '\n', ',"check":"00000000"}', '\\', '\u2028', '__proto__', 'type', 'check'),
);
const violations = fc.subarray(['prompt above bound', 'usage below answer'] as const);
const line: fc.Arbitrary<LedgerLine> = fc.oneof(
  fc.record({ id: name, workspace: name, model: name }).map((more): LedgerLine => ({
    ...{ type: 'reserve', ...BOOKING, ...more, at: 1, until: 2, reserved: '0.1', bound: BOUND },
    limits: [['user day', 0, '1']],
  })),
  fc.record({ id: name, violations }).map((more): LedgerLine => ({
    ...{ type: 'settle', cost: '0.1', unconfirmed: '0', promptTokens: 1, completionTokens: 2, reported: true },
    ...more,
  })),
  name.map((model): LedgerLine => ({ type: 'forget', model })),
  fc.record({ workspace: name, model: name, id: name }).map(({ workspace, model, id }): LedgerLine => ({
    ...{ type: 'checkpoint', version: 1, segment: 3, at: 5, warned: [] },
    sums: { [workspace]: { 12: '0.5', 13: '0.25' } },
    learned: { [model]: { reports: 1, factor: 1.1, extra: 0, overruns: 0, longest: 0 } },
    entries: [
      {
        ...{ ...BOOKING, id, workspace, at: 1, until: 2, state: 'sent', reserved: '0.1', bound: BOUND },
        ...{ cost: '0.1', unconfirmed: '0.1', promptTokens: 0, completionTokens: 0, reported: false, violations: [] },
      },
    ],
  })),
);
const kinds = (text: string): string[] => readLines(text).map(({ kind }) => kind);
const linesOf = (text: string): LedgerLine[] => readLines(text).flatMap((read) => ('line' in read ? [read.line] : []));

describe('a line of the ledger', () => {
  it('is read as it was written, and has no newline inside', () => {
    fc.assert(
      fc.property(line, (written) => {
        const text = writeLine(written);
        assert.ok(!text.includes('\n'));
        assert.deepEqual(linesOf(text), [JSON.parse(JSON.stringify(written))]);
      }),
    );
  });

  it('that was cut anywhere is torn, and whatever is glued to it is read', () => {
    fc.assert(
      fc.property(line, fc.double({ min: 0, max: 1, noNaN: true }), line, (first, part, second) => {
        const text = writeLine(first);
        const cut = text.slice(0, 1 + Math.floor(part * (text.length - 2)));
        assert.deepEqual(kinds(cut), ['torn']);
        assert.deepEqual(kinds(cut + writeLine(second)), ['torn', 'line']);
        assert.deepEqual(linesOf(cut + writeLine(second)), linesOf(writeLine(second)));
      }),
      { numRuns: 2000 },
    );
  });

  it('that lacks only its newline is whole, and so is the one behind it', () => {
    fc.assert(
      fc.property(line, line, (first, second) => {
        assert.deepEqual(linesOf(writeLine(first) + writeLine(second)), [
          ...linesOf(writeLine(first)),
          ...linesOf(writeLine(second)),
        ]);
      }),
    );
  });

  it('of which one character is another is never read as anything else: it is damaged', () => {
    fc.assert(
      fc.property(line, fc.nat(), fc.constantFrom('x', '\0', '}', '"', '{', '7'), line, (written, at, other, next) => {
        const text = writeLine(written);
        const index = at % text.length;
        const changed = text.slice(0, index) + other + text.slice(index + 1);
        if (changed === text) return;
        const original = JSON.stringify(linesOf(text));
        assert.equal(readLines(changed)[0]?.kind, 'damaged', original);
        assert.equal(readLines(changed + writeLine(next))[0]?.kind, 'damaged', original);
      }),
      { numRuns: 3000 },
    );
  });

  it('is damaged where it is nothing of ours, and where it is made of NULs', () => {
    for (const text of ['garbage', '{}', '{"type":"x"}', '[1]', '\0\0\0\0', '{"type":"\0\0\0']) {
      assert.deepEqual(kinds(text), ['damaged'], JSON.stringify(text));
    }
    assert.deepEqual(kinds(' {"type":"seal"'), ['damaged', 'torn']);
    assert.deepEqual(kinds(''), []);
    assert.deepEqual(kinds('\0\0\0' + writeLine({ type: 'seal', at: 1 })), ['damaged', 'line']);
  });

  it('of a kind or a version that is not known is said to be newer', () => {
    const checkpoint: LedgerLine = {
      ...{ type: 'checkpoint', version: 2, segment: 1, at: 1, sums: {}, entries: [], learned: {}, warned: [] },
    };
    const refund = { type: 'refund', id: 'x' } as unknown as LedgerLine;
    assert.deepEqual([kinds(writeLine(checkpoint)), kinds(writeLine(refund))], [['newer'], ['newer']]);
  });
});
