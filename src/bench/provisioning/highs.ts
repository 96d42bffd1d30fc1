import type { LegacyHighs } from 'highs';
import type { FloatProgram } from './floats';
import { limbRows } from './limbs';
import { type Counts, countsOf, type IntegerProgram } from './program';

/** HiGHS compiled to WebAssembly, behind the two ways to ask it. */
export interface Highs {
  /** The weighted sum as it stands in the paper: one program, in floating point. */
  readonly weighted: (program: IntegerProgram, floats: FloatProgram) => Counts;
  /** Tier by tier, each tier's count with the stronger ones fixed, and exact whatever the prices (see `limbs.ts`). */
  readonly byTier: (program: IntegerProgram) => Counts;
}

/** Without a gap: the optimum itself, not what is near it. */
const OPTIONS = { mip_rel_gap: 0, mip_abs_gap: 0, output_flag: false } as const;

export async function loadHighs(): Promise<Highs> {
  const { default: load } = await import('highs');
  const highs = await load();
  return {
    weighted: (program, { budget, costs, weights }) => {
      const { variables, least } = program;
      const solved = solve(highs, {
        maximise: variables.map(({ name, tier }) => [weights[tier] ?? 0, name] as const),
        rows: [
          { terms: variables.map(({ name }, index) => [costs[index] ?? 0, name] as const), sign: '<=', right: budget },
          { terms: variables.map(({ name }) => [1, name] as const), sign: '>=', right: least },
        ],
        bounds: variables.map(({ name, most }) => ({ name, most })),
      });
      return solved === undefined ? undefined : countsOf(program, solved);
    },
    byTier: (program) => {
      const { variables, weights, least } = program;
      const money = limbRows(variables, program.budget);
      const agents: Row = { terms: variables.map(({ name }) => [1, name] as const), sign: '>=', right: least };
      const bounds = [...variables, ...money.variables].map(({ name, most }) => ({ name, most }));
      const fixed: Row[] = [];
      const counts: number[] = [];
      for (const tier of weights.keys()) {
        const terms = variables.filter((one) => one.tier === tier).map(({ name }) => [1, name] as const);
        const solved = solve(highs, { maximise: terms, rows: [...money.rows, agents, ...fixed], bounds });
        if (solved === undefined) return undefined;
        const count = countsOf(program, solved)[tier] ?? 0;
        counts.push(count);
        fixed.push({ terms, sign: '=', right: count });
      }
      return counts;
    },
  };
}

/** A sum of coefficients times variables. */
type Terms = readonly (readonly [number, string])[];

export interface Row {
  readonly terms: Terms;
  readonly sign: '<=' | '>=' | '=';
  readonly right: number;
}

/** All variables are integers from 0 to `most`. */
interface Asked {
  readonly maximise: Terms;
  readonly rows: readonly Row[];
  readonly bounds: readonly { readonly name: string; readonly most: number }[];
}

/** Values by variable; undefined where the program has no solution. @throws Error where HiGHS gives no answer */
function solve(highs: LegacyHighs, { maximise, rows, bounds }: Asked): ((name: string) => number) | undefined {
  const problem = [
    'Maximize',
    ` worth: ${sum(maximise)}`,
    'Subject To',
    ...rows.map(({ terms, sign, right }, index) => ` r${index}: ${sum(terms)} ${sign} ${right}`),
    'Bounds',
    ...bounds.map(({ name, most }) => ` 0 <= ${name} <= ${most}`),
    'General',
    ` ${bounds.map(({ name }) => name).join('\n ')}`,
    'End',
    '',
  ].join('\n');
  const solution = highs.solve(problem, OPTIONS);
  if (solution.Status === 'Infeasible') return undefined;
  if (solution.Status !== 'Optimal') throw new Error(`HiGHS ends with '${solution.Status}'.`);
  const columns: Readonly<Record<string, { readonly Primal?: number }>> = solution.Columns;
  return (name) => Math.round(columns[name]?.Primal ?? 0);
}

/** Lines of the LP format are bounded, so every term has a line of its own. */
function sum(terms: Terms): string {
  const written = terms.filter(([factor]) => factor !== 0);
  if (written.length === 0) return `0 ${terms[0]?.[1] ?? 'x0'}`;
  return written.map(([factor, name]) => `${factor < 0 ? '-' : '+'} ${Math.abs(factor)} ${name}`).join('\n  ');
}
