import { add, type Money, toDecimal, ZERO } from '../../core/money';
import type { Graded, Row } from '../topologies/table';

/** Sums over the runs of one row. They are exact, and depend on no clock. Amounts are decimal USD. */
export interface RowFigures {
  readonly way: string;
  readonly runs: number;
  /** Runs whose answer passes the hidden tests. */
  readonly right: number;
  /** Runs whose answer passes the visible tests, and those of them that are wrong all the same. */
  readonly passed: number;
  readonly passedAndWrong: number;
  readonly costUsd: string;
  /** What was reserved for the calls, and at most at a time together with what was spent, summed over the runs. */
  readonly reservedUsd: string;
  readonly worstReservedUsd: string;
  readonly calls: number;
  readonly rounds: number;
}

/** The rows of one set of tasks at one budget. */
export interface TableFigures {
  readonly name: string;
  readonly rows: readonly RowFigures[];
}

/** All that the quick benchmark measures. */
export interface Figures {
  /** Version of the Python that ran the tests, "3.11": what failing tests say goes into prompts, so it is part of them. */
  readonly python: string;
  readonly tables: readonly TableFigures[];
}

export function figuresOf({ name, runs }: Row): RowFigures {
  const count = (holds: (run: Graded) => boolean): number => runs.filter(holds).length;
  const total = (of: (run: Graded) => number): number => runs.reduce((sum, run) => sum + of(run), 0);
  const money = (of: (run: Graded) => Money): string =>
    toDecimal(runs.reduce<Money>((sum, run) => add(sum, of(run)), ZERO));
  return {
    way: name,
    runs: runs.length,
    right: count(({ right }) => right),
    passed: count(({ passes }) => passes),
    passedAndWrong: count(({ passes, right }) => passes && !right),
    costUsd: money(({ cost }) => cost),
    reservedUsd: money(({ reserved }) => reserved),
    worstReservedUsd: money(({ worstReserved }) => worstReserved),
    calls: total(({ calls }) => calls),
    rounds: total(({ rounds }) => rounds),
  };
}

/** What is not as it was stored, a line each; none where all figures are equal. */
export function differences(stored: Figures, measured: Figures): readonly string[] {
  const found = paired(stored.tables, measured.tables, ({ name }) => name).flatMap(({ key, before, after }) => {
    if (before === undefined) return [`${key}: is not among the stored figures`];
    if (after === undefined) return [`${key}: is stored, but was not measured`];
    return paired(before.rows, after.rows, ({ way }) => way).flatMap((row) => rowDifferences(key, row));
  });
  if (found.length === 0 || stored.python === measured.python) return found;
  const why = `The stored figures were measured with Python ${stored.python}, these with ${measured.python}`;
  return [...found, `${why}: what failing tests say differs with it, and so do the prompts that quote it.`];
}

function rowDifferences(table: string, { key, before, after }: Pair<RowFigures>): readonly string[] {
  if (before === undefined) return [`${table}, ${key}: is not among the stored figures`];
  if (after === undefined) return [`${table}, ${key}: is stored, but was not measured`];
  const names = Object.keys(after) as (keyof RowFigures)[];
  return names.flatMap((name) =>
    before[name] === after[name] ? [] : `${table}, ${key}: ${name} is ${after[name]}, stored is ${before[name]}`,
  );
}

interface Pair<T> {
  readonly key: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

function paired<T>(before: readonly T[], after: readonly T[], keyOf: (one: T) => string): readonly Pair<T>[] {
  const keys = new Set([...before, ...after].map(keyOf));
  const by = (all: readonly T[], key: string): T | undefined => all.find((one) => keyOf(one) === key);
  return [...keys].map((key) => ({ key, before: by(before, key), after: by(after, key) }));
}
