import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csvLine, defused } from '../../../src/report/csv';
import { parseCsv, restored } from './parseCsv';

describe('a CSV line', () => {
  it('quotes what holds commas, quotes and line breaks, and ends in CRLF', () => {
    assert.equal(
      csvLine(['a', 'b,c', 'say "x"', 'two\nlines', 7, undefined]),
      'a,"b,c","say ""x""","two\nlines",7,\r\n',
    );
  });

  it('keeps amounts exact, also negative ones, and does not take them for formulas', () => {
    assert.equal(csvLine([{ decimal: '-0.000000000000001' }, -3]), '-0.000000000000001,-3\r\n');
  });

  it('defuses what a spreadsheet would run', () => {
    for (const text of [
      '=1+1',
      '+1',
      '-2+3',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '\n=1',
      '  =cmd',
      '＝1',
      '＋1',
      '－1',
      '＠a',
      "'=1",
    ]) {
      assert.equal(defused(text), `'${text}`);
      assert.ok(!/^"?[\s=+\-@]/.test(csvLine([text])), text);
    }
    for (const text of ['', 'median', 'a=b', 'x@y', 'src/a-b.py', '1-2']) assert.equal(defused(text), text);
  });

  it('is read back as it was, whatever its texts', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[=+\-@'",;\s\r\na]{0,8}$/));
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 }), (rows) => {
        const read = parseCsv(rows.map((row) => csvLine(row)).join(''));
        assert.deepEqual(
          read.map((row) => row.map(restored)),
          rows,
        );
      }),
      { numRuns: 60 },
    );
  });
});
