import { type Column, type Line, type Section, type Sheet, type Table, tableTexts } from '../../report/sheet';
import { oneLine } from '../../report/text';
import { clip, widthOf } from './cells';
import type { Paint } from './paint';
import type { Screen } from './screen';
import { tableLines } from './table';
import { wrapped } from './wrap';

/** Characters of a sentence that are shown. */
const LONGEST = 1000;

/** What a report is laid out for. */
type Surface = Pick<Screen, 'paint' | 'live' | 'width'>;

/** Between two columns. */
const GAP = 2;

/** A report for a terminal: a pipe gets every column, a narrow terminal those that matter most. */
export function sheetLines({ sections }: Sheet, screen: Surface): string[] {
  const drawn = drawTables(
    sections.flatMap(({ table }) => table ?? []),
    screen,
  );
  return sections.flatMap((section, index) => [...(index === 0 ? [] : ['']), ...sectionLines(section, drawn, screen)]);
}

type Drawn = ReadonlyMap<Table, readonly string[]>;

function sectionLines({ title, table, lines = [] }: Section, drawn: Drawn, screen: Surface): string[] {
  const { paint } = screen;
  const below = lines.flatMap((line) => wrapped(oneLine(line.text, LONGEST), screen.width()).map(shadeOf(line, paint)));
  if (table !== undefined) return [...(drawn.get(table) ?? []), ...below];
  return [...(title === '' ? [] : [paint.bold(title.charAt(0).toLowerCase() + title.slice(1))]), ...below];
}

function shadeOf({ tone }: Line, paint: Paint): (text: string) => string {
  switch (tone) {
    case 'aside':
      return paint.dim;
    case 'warning':
      return paint.yellow;
    case 'problem':
      return paint.red;
    default:
      return (text) => text;
  }
}

/** Draws all tables; those of one family have the same columns at the same place. */
function drawTables(tables: readonly Table[], screen: Surface): Drawn {
  const families = new Map<string, Table[]>();
  tables.forEach((table, index) => {
    const family = table.family ?? String(index);
    families.set(family, [...(families.get(family) ?? []), table]);
  });
  const drawn = new Map<Table, readonly string[]>();
  for (const family of families.values()) {
    drawFamily(family, screen).forEach((lines, index) => {
      const table = family[index];
      if (table !== undefined) drawn.set(table, lines);
    });
  }
  return drawn;
}

function drawFamily(family: readonly Table[], screen: Surface): string[][] {
  const { paint } = screen;
  const texts = tableTexts(family);
  const blocks = texts.tables.map(({ head, rows, total }) => ({
    headed: head.some((title) => title !== ''),
    total: total !== undefined,
    rows: [head, ...rows, ...(total === undefined ? [] : [total])],
  }));
  const lines = fitted(
    blocks.flatMap(({ rows }) => rows),
    texts.columns,
    screen,
  );
  let next = 0;
  return blocks.map(({ headed, total, rows }) => {
    const [head = '', ...own] = lines.slice(next, (next += rows.length));
    const body = own.map((line, index) => (total && index === own.length - 1 ? paint.bold(line) : line));
    return headed ? [paint.bold(head), ...body] : body;
  });
}

/** Lays rows out within the width: first texts are cut down to what they may be cut to, then columns are left out. */
function fitted(rows: readonly (readonly string[])[], columns: readonly Column[], screen: Surface): string[] {
  const width = screen.live ? screen.width() : Number.POSITIVE_INFINITY;
  let kept = columns.map((_, index) => index);
  for (;;) {
    const widths = kept.map((index) => Math.max(0, ...rows.map((row) => widthOf(row[index] ?? ''))));
    let excess = widths.reduce((sum, cells) => sum + cells, (kept.length - 1) * GAP) - width;
    kept.forEach((index, position) => {
      const most = widths[position] ?? 0;
      const cut = Math.min(Math.max(0, excess), Math.max(0, most - (columns[index]?.least ?? most)));
      widths[position] = most - cut;
      excess -= cut;
    });
    const highest = Math.max(...kept.map((index) => rankOf(columns, index)));
    if (excess <= 0 || highest === 0) {
      const shown = rows.map((row) => kept.map((index, position) => clip(row[index] ?? '', widths[position] ?? 0)));
      const right = kept.flatMap((index, position) => (columns[index]?.kind === 'text' ? [] : [position]));
      return tableLines(shown, right).map((line) => (excess > 0 ? clip(line, width) : line));
    }
    kept = kept.filter((index) => rankOf(columns, index) < highest);
  }
}

function rankOf(columns: readonly Column[], index: number): number {
  return columns[index]?.rank ?? 0;
}
