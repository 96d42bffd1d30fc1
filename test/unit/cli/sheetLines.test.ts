import assert from 'node:assert/strict';
import { widthOf } from '../../../src/cli/view/cells';
import { COLOURS, NO_COLOURS } from '../../../src/cli/view/paint';
import { sheetLines } from '../../../src/cli/view/sheetLines';
import { usd } from '../../../src/core/money';
import { type Column, factTable, type Section } from '../../../src/report/sheet';

const pipe = { paint: NO_COLOURS, live: false, width: () => 100 };
const terminal = (width: number) => ({ paint: NO_COLOURS, live: true, width: () => width });
const lines = (sections: readonly Section[], screen = pipe): string[] => sheetLines({ title: '', sections }, screen);

const COLUMNS: readonly Column[] = [
  { title: 'model', kind: 'text', least: 8 },
  { title: 'calls', kind: 'count', rank: 1 },
  { title: 'in', kind: 'count', rank: 2 },
  { title: 'out', kind: 'count', rank: 2 },
  { title: 'billed', kind: 'amount' },
  { title: 'unconfirmed', kind: 'amount', rank: 3, optional: true },
];
const ROWS = [
  ['a-model-with-a-name', 12, 1234, 5, usd('1.5'), undefined],
  ['b', 3, 1, 2_000_000, usd('0.00012'), undefined],
] as const;

describe('a report on a terminal', () => {
  it('has its columns below their titles, counts in groups and amounts at the same decimal point', () => {
    assert.deepEqual(lines([{ title: 'By model', table: { columns: COLUMNS, rows: ROWS } }]), [
      'model                calls     in        out    billed',
      'a-model-with-a-name     12  1\u202f234          5  $1.50000',
      'b                        3      1  2\u202f000\u202f000  $0.00012',
    ]);
  });

  it('cuts names first, then leaves out the columns that matter least, those of one rank together', () => {
    const heads = [60, 50, 40, 30].map((width) => {
      const shown = lines([{ title: '', table: { columns: COLUMNS, rows: ROWS } }], terminal(width));
      for (const line of shown) assert.ok(widthOf(line) <= width, line);
      return shown;
    });
    assert.deepEqual(
      heads.map(([head = '']) => head.split(/ +/)),
      [
        ['model', 'calls', 'in', 'out', 'billed'],
        ['model', 'calls', 'in', 'out', 'billed'],
        ['model', 'calls', 'billed'],
        ['model', 'calls', 'billed'],
      ],
    );
    assert.match(heads[1]![1]!, /^a-model-with-a… /);
  });

  it('never leaves out what has no rank, but cuts the line', () => {
    const columns: readonly Column[] = [
      { title: 'a', kind: 'text' },
      { title: 'b', kind: 'text' },
    ];
    const [, row] = lines([{ title: '', table: { columns, rows: [['x'.repeat(30), 'y'.repeat(30)]] } }], terminal(40));
    assert.equal(row, `${'x'.repeat(30)}  ${'y'.repeat(7)}…`);
  });

  it('lays tables of one family out alike', () => {
    const table = { columns: COLUMNS, family: 'f' };
    const shown = lines([
      { title: '', table: { ...table, rows: [ROWS[0]] } },
      { title: '', table: { ...table, rows: [ROWS[1]], total: ['total', 3, 1, 2, usd('0.1'), usd('0.1')] } },
    ]);
    assert.equal(shown.length, 6);
    const ends = shown.filter((line) => /billed|\$\d/.test(line)).map((line) => /(?:billed|\$[\d.]+)/.exec(line));
    assert.equal(new Set(ends.map((match) => (match?.index ?? 0) + (match?.[0].length ?? 0))).size, 1);
    assert.match(shown[0]!, /unconfirmed$/);
  });

  it('wraps sentences, and colours warnings and problems only', () => {
    const sections: readonly Section[] = [
      { title: 'Estimates', lines: [{ text: 'one two three' }, { text: 'mind', tone: 'warning' }] },
      { title: '', lines: [{ text: 'broken', tone: 'problem' }] },
    ];
    assert.deepEqual(lines(sections, terminal(8)), ['estimates', 'one two', 'three', 'mind', '', 'broken']);
    const coloured = sheetLines({ title: '', sections }, { ...pipe, paint: COLOURS });
    assert.deepEqual(coloured.slice(1), ['one two three', '\u001b[33mmind\u001b[0m', '', '\u001b[31mbroken\u001b[0m']);
  });

  it('breaks no number between its groups', () => {
    const text = 'the longest had 4\u202f096 tokens';
    assert.deepEqual(lines([{ title: '', lines: [{ text }] }], terminal(20)), ['the longest had', '4\u202f096 tokens']);
  });

  it('shows facts without a head, and nothing that a terminal would act upon', () => {
    assert.deepEqual(lines([{ title: '', table: factTable([['Task', 'a\u001b[31mb\nc']]) }]), ['Task  ab c']);
  });
});
