import type { Model as Program } from 'javascript-lp-solver';
import type { FloatProgram } from './floats';
import { type Counts, countsOf, type IntegerProgram } from './program';

/** Solves the weighted sum with javascript-lp-solver, which is loaded first. */
export async function lpSolver(): Promise<(program: IntegerProgram, floats: FloatProgram) => Counts> {
  const { default: solver } = await import('javascript-lp-solver');
  return (program, floats) => {
    const solution: Readonly<Record<string, unknown>> = solver.Solve(modelOf(program, floats)) as never;
    if (solution['feasible'] !== true) return undefined;
    return countsOf(program, (name) => Math.round(Number(solution[name] ?? 0)));
  };
}

function modelOf({ variables: all, least }: IntegerProgram, { budget, costs, weights }: FloatProgram): Program {
  const constraints: Program['constraints'] = { cost: { max: budget }, agents: { min: least } };
  const variables: Program['variables'] = {};
  const ints: Record<string, 1> = {};
  for (const [index, { name, tier, most }] of all.entries()) {
    constraints[`most ${name}`] = { max: most };
    variables[name] = { worth: weights[tier] ?? 0, cost: costs[index] ?? 0, agents: 1, [`most ${name}`]: 1 };
    ints[name] = 1;
  }
  return { optimize: 'worth', opType: 'max', constraints, variables, ints };
}
