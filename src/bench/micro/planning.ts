import { TokenCounter } from '../../core/budget/tokens';
import { bundledCatalogue } from '../../core/catalogue/bundled';
import { usd } from '../../core/money';
import { planTask } from '../../core/solve';
import { extractTask } from '../../core/task/extract';
import { type Spread, spreadOf, timed } from './stats';

const file = (run: number): string => `import math
from typing import List


def area(radius: float) -> float:
    return math.pi * radius ** 2


def ring_area(inner: float, outer: float) -> float:
    """The area between two circles with one centre; 0 where the inner one is not smaller.

    >>> ring_area(1, 2)
    9.42477796076938
    >>> ring_area(2, 1)
    0
    """


assert ring_area(${run}, 0) == 0
`;

/** Extraction, token counting, integer program and rule for one stub, warm; ms. */
export async function planning(): Promise<Spread> {
  const catalogue = bundledCatalogue();
  const tokens = new TokenCounter();
  let runs = 0;
  const samples = await timed(300, 50, async () => {
    // No two are the same: a text that was counted before is not counted again.
    const text = file(++runs);
    const cursor = text.indexOf('The area between');
    const extraction = await extractTask({
      text,
      selection: { start: cursor, end: cursor },
      languageId: 'python',
      fileName: 'rings.py',
    });
    if (!extraction.ok) throw new Error(extraction.message);
    const plan = await planTask(
      { task: extraction.task, budget: usd('0.002'), profile: 'verified', topology: 'auto' },
      { catalogue, tokens },
    );
    if (!plan.feasible) throw new Error('The benchmark task must be feasible.');
  });
  return spreadOf(samples);
}
