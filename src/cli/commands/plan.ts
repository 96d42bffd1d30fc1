import { TokenCounter } from '../../core/budget/tokens';
import { planTask } from '../../core/solve';
import type { PlanOptions } from '../args';
import { readEndpoint } from '../endpoint';
import { EXIT, type ExitCode } from '../exitCode';
import { readTask } from '../files';
import { toJson } from '../json';
import { requestFor } from '../parts';
import { planObject } from '../resultLine';
import { planLines } from '../view/planLines';
import { screenOn } from '../view/screen';
import type { World } from '../world';

/** Shows what a task would be solved with and what it can cost. Needs no key and no sandbox, and calls no model. */
export async function planCommand(options: PlanOptions, world: World): Promise<ExitCode> {
  const task = await readTask(options.task, world);
  const { catalogue, callable, missing } = await readEndpoint(options, world.env);
  const plan = await planTask(requestFor(task, options.budget, options), { catalogue, tokens: new TokenCounter() });
  if (options.json) world.stdout.write(`${toJson(planObject(plan))}\n`);
  else {
    const screen = screenOn(world.stdout, world.env);
    for (const line of planLines(plan, screen.width(), screen.paint)) screen.line(line);
    if (!callable) screen.line(screen.paint.yellow(`To run it, set ${missing.join(' or ')}.`));
  }
  return plan.feasible ? EXIT.ok : EXIT.infeasible;
}
