import { toMicroUsd } from '../../core/money';
import type { Ended } from './ways';

/** A run with its grade. */
export interface Graded extends Ended {
  /** Whether the answer passes the hidden tests. */
  readonly right: boolean;
}

/** All runs of one way of working. */
export interface Row {
  readonly name: string;
  readonly runs: readonly Graded[];
}

/** Percent of runs that pass the hidden tests, mean cost in micro-dollars, and what else the table shows. */
export interface Summary {
  readonly accuracy: number;
  /** Percent of runs whose answer passes the visible tests and is wrong. */
  readonly wrongPasses: number;
  readonly cost: number;
  readonly calls: number;
  readonly rounds: number;
}

export function summaryOf({ runs }: Row): Summary {
  const share = (holds: (run: Graded) => boolean): number => (100 * runs.filter(holds).length) / runs.length;
  const mean = (of: (run: Graded) => number): number => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    accuracy: share(({ right }) => right),
    wrongPasses: share(({ right, passes }) => passes && !right),
    cost: mean(({ cost }) => toMicroUsd(cost)),
    calls: mean(({ calls }) => calls),
    rounds: mean(({ rounds }) => rounds),
  };
}

const HEAD = ['way', 'accuracy %', 'wrong passes %', 'cost µ$', 'of cascade', 'calls', 'rounds'];

/** The table as lines; the first row is what the others are compared with. */
export function tableOf(rows: readonly Row[]): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const base = summaryOf(first);
  const cells = rows.map((row) => {
    const { accuracy, wrongPasses, cost, calls, rounds } = summaryOf(row);
    const numbers = [accuracy.toFixed(1), wrongPasses.toFixed(1), cost.toFixed(0), `${(cost / base.cost).toFixed(2)}x`];
    return [row.name, ...numbers, calls.toFixed(2), rounds.toFixed(2)];
  });
  const widths = HEAD.map((head, index) => Math.max(head.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ');
  return [line(HEAD), ...cells.map(line)];
}
