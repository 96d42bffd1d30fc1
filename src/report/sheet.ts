import type { Money } from '../core/money';
import { decimalsOf, exactTo } from './exactMoney';
import { grouped, oneLine } from './text';

/** What stands in a cell: a text of any origin, a count, an amount, or nothing. */
export type Cell = string | number | Money | undefined;

/** A column of a table. Its title is in lower case. */
export interface Column {
  readonly title: string;
  readonly kind: 'text' | 'count' | 'amount';
  /** Where there is no room, columns of the highest rank are left out first; those without one never. */
  readonly rank?: number;
  /** A text may be cut to so many cells before any column is left out. */
  readonly least?: number;
  /** Left out where every cell is empty. */
  readonly optional?: true;
}

/** Rows below the titles of their columns. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What the rows add up to. */
  readonly total?: readonly Cell[];
  /** Tables of one family have the same columns, the titles of texts aside, and are laid out alike. */
  readonly family?: string;
}

/** A sentence of any origin, and how it is meant. */
export interface Line {
  readonly text: string;
  readonly tone?: 'aside' | 'warning' | 'problem';
}

/** A part of a report. On a terminal the title of a table's first column stands for its own. */
export interface Section {
  readonly title: string;
  readonly table?: Table;
  readonly lines?: readonly Line[];
}

/** A report for people, free of how it is shown: the command line and the editor draw the same. */
export interface Sheet {
  readonly title: string;
  readonly sections: readonly Section[];
}

/** Facts below each other: a name, and what it is. */
export function factTable(rows: readonly (readonly [string, string])[]): Table {
  return { columns: [NAMELESS, { ...NAMELESS, least: 20 }], rows };
}

/** Amounts below each other, by name. */
export function amountTable(rows: readonly (readonly [string, Money])[]): Table {
  return { columns: [NAMELESS, { title: 'USD', kind: 'amount' }], rows };
}

const NAMELESS: Column = { title: '', kind: 'text' };

/** Longer texts are not for a table. */
const LONGEST = 80;

/**
 * The cells of tables of one family as texts, rows and totals each, without the columns that are empty throughout.
 * Amounts are exact and have the same number of decimals, so that they stand below each other.
 */
export function tableTexts(tables: readonly Table[]): {
  readonly columns: readonly Column[];
  readonly tables: readonly { readonly head: string[]; readonly rows: string[][]; readonly total?: string[] }[];
} {
  const all = tables.flatMap(({ rows, total }) => (total === undefined ? rows : [...rows, total]));
  const first = tables[0]?.columns ?? [];
  const kept = first.flatMap((column, index) =>
    column.optional === true && all.every((row) => row[index] === undefined) ? [] : [index],
  );
  let decimals = 2;
  for (const cell of all.flat()) if (typeof cell === 'bigint') decimals = Math.max(decimals, decimalsOf(cell));
  const texts = (row: readonly Cell[]): string[] => kept.map((index) => cellText(row[index], decimals));
  return {
    columns: kept.flatMap((index) => first[index] ?? []),
    tables: tables.map(({ columns, rows, total }) => ({
      head: kept.map((index) => columns[index]?.title ?? ''),
      rows: rows.map(texts),
      ...(total === undefined ? {} : { total: texts(total) }),
    })),
  };
}

function cellText(cell: Cell, decimals: number): string {
  switch (typeof cell) {
    case 'bigint':
      return exactTo(cell, decimals);
    case 'number':
      return grouped(cell);
    case 'string':
      return oneLine(cell, LONGEST);
    default:
      return '';
  }
}

/** An amount where there is one: a column of zeros says less than an empty one. */
export function unlessZero(amount: Money): Money | undefined {
  return amount === 0n ? undefined : amount;
}
