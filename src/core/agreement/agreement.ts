/** How alike two answers behave. */
export interface Agreement {
  /** Inputs on which both were run. */
  readonly probes: number;
  /** Inputs on which they gave the same result, or failed in the same way. */
  readonly same: number;
  /** Inputs at the edge on which only one of them gave a result: the task may not speak of them, so they tell nothing. */
  readonly unclear: number;
  /** Inputs on which nothing can be told: one of them gives not the same twice, or no data, or only a trifle tells them apart. */
  readonly untold: number;
  /** Calls that they answered otherwise, such as "f([1, 2])". */
  readonly differing: readonly string[];
}

/**
 * Whether two answers gave no different results, and the same on at least half of the inputs. Undefined where they gave
 * no different ones, and too few that could be compared.
 */
export function isAgreed({ probes, same, untold, differing }: Agreement): boolean | undefined {
  if (differing.length > 0) return false;
  if (2 * same >= probes) return true;
  return untold > 0 ? undefined : false;
}
