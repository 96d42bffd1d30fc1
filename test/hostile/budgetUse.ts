import { attoUsd } from '../servers/bill';
import type { BookedCall } from '../replay/bookedCalls';
import type { Outcome } from '../replay/campaign';

/** How much of a budget its runs used. Parts are of the budget, 0 to 1, on average over the runs that were feasible. */
export interface BudgetUse {
  /** USD for each run, decimal. */
  readonly budget: string;
  readonly runs: number;
  readonly solved: number;
  /** Runs that ended because no further call was admitted. */
  readonly exhausted: number;
  /** Runs of which no call was made: the plan did not fit. */
  readonly infeasible: number;
  /** The most that was ever settled and reserved at once. */
  readonly reservedAtMost: number;
  /** By the server's bill. */
  readonly billed: number;
  /** Booked at the worst case because nobody knows. */
  readonly unconfirmed: number;
  /** Neither booked nor reserved any more when the run ended. */
  readonly left: number;
  /** The same over the exhausted runs only: what could not be spent. */
  readonly leftWhereExhausted: number | undefined;
  readonly bounds: Tightness;
}

/** How far above the truth bounds are, over the calls whose usage the provider reported. */
export interface Tightness {
  readonly calls: number;
  /** Bound of the prompts over the tokens that were billed for them: in all, and of the worst call. */
  readonly prompt: number;
  readonly worstPrompt: number;
  /** What was reserved over what it was settled at. */
  readonly reserved: number;
}

export function budgetUse(budget: string, { lines, bill, booked }: Outcome): BudgetUse {
  const cap = attoUsd(budget);
  const feasible = lines.filter(({ status }) => status !== 'infeasible');
  const exhausted = lines.filter(({ status }) => status === 'exhausted');
  const part = (amounts: readonly bigint[]): number => ratio(sum(amounts), cap * BigInt(amounts.length));
  const left = (of: typeof lines): number => part(of.map(({ cost }) => cap - cost));
  return {
    budget,
    runs: lines.length,
    solved: lines.filter(({ status }) => status === 'solved').length,
    exhausted: exhausted.length,
    infeasible: lines.length - feasible.length,
    reservedAtMost: part(feasible.map(({ worstReserved }) => worstReserved)),
    billed: part(feasible.map(({ id }) => bill.of(id))),
    unconfirmed: part(feasible.map(({ unconfirmed }) => unconfirmed)),
    left: left(feasible),
    leftWhereExhausted: exhausted.length === 0 ? undefined : left(exhausted),
    bounds: tightness(booked),
  };
}

export function tightness(booked: readonly BookedCall[]): Tightness {
  const calls = booked.filter(({ settled, reported }) => settled && reported);
  const total = (of: (call: BookedCall) => number): number => calls.reduce((all, call) => all + of(call), 0);
  return {
    calls: calls.length,
    prompt: total(({ promptBound }) => promptBound) / total(({ promptTokens }) => promptTokens),
    worstPrompt: Math.max(...calls.map(({ promptBound, promptTokens }) => promptBound / promptTokens)),
    reserved: ratio(sum(calls.map(({ reserved }) => reserved)), sum(calls.map(({ cost }) => cost))),
  };
}

const HEAD = [
  ...['budget', 'runs', 'solved', 'ran out', 'infeasible', 'reserved at most', 'billed', 'unconfirmed', 'left over'],
  ...['left where it ran out', 'prompt bound / billed', 'reserved / billed'],
] as const;

/** The figures as a Markdown table. */
export function useTable(uses: readonly BudgetUse[]): readonly string[] {
  const rows = uses.map(({ bounds, ...use }) => [
    ...[`$${use.budget}`, String(use.runs), String(use.solved), String(use.exhausted), String(use.infeasible)],
    ...[percent(use.reservedAtMost), percent(use.billed), percent(use.unconfirmed), percent(use.left)],
    use.leftWhereExhausted === undefined ? '' : percent(use.leftWhereExhausted),
    ...[bounds.prompt.toFixed(3), bounds.reserved.toFixed(2)],
  ]);
  const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => `${'-'.repeat(width + 1)}:`).join('|')}|`;
  return [line(HEAD), rule, ...rows.map(line)];
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, amount) => all + amount, 0n);
}

/** A quotient of amounts, for tables: their digits beyond a float's do not matter there. */
function ratio(amount: bigint, of: bigint): number {
  return of === 0n ? 0 : Number(amount) / Number(of);
}
