import { TokenCounter } from '../../core/budget/tokens';
import { formatUsd, type Money } from '../../core/money';
import type { Plan } from '../../core/plan';
import { planTask } from '../../core/solve';
import { type Ceiling, ceilingOf, within } from '../../report/allowance';
import type { PlanOptions } from '../args';
import { calibrated } from '../calibrated';
import { readCaps } from '../caps';
import { readEndpoint } from '../endpoint';
import { EXIT, type ExitCode } from '../exitCode';
import { readTask } from '../files';
import { ledgerFolder, openLedger } from '../folders';
import { toJson } from '../json';
import { requestFor } from '../parts';
import { planObject } from '../resultLine';
import { planLines } from '../view/planLines';
import { screenOn } from '../view/screen';
import type { World } from '../world';

/** Shows what a task would be solved with and what it can cost. Needs no key and no sandbox, and calls no model. */
export async function planCommand(options: PlanOptions, world: World): Promise<ExitCode> {
  const task = await readTask(options.task, world);
  const { catalogue, callable, missing } = await readEndpoint(options, world, Date.now());
  const ceiling = await ceilingNow(options, world);
  const budget = within(options.budget, ceiling);
  const known = await calibrated(catalogue, options, ledgerFolder(options.ledger, world));
  const made = await planTask(requestFor(task, budget, options), { ...known, tokens: new TokenCounter() });
  const lowered = ceiling === undefined || budget === options.budget ? [] : [loweredText(ceiling, options.budget)];
  const plan: Plan = { ...made, explanation: [...lowered, ...made.explanation] };
  if (options.json) world.stdout.write(`${toJson(planObject(plan))}\n`);
  else {
    const screen = screenOn(world.stdout, world.env);
    for (const line of planLines(plan, screen.width(), screen.paint)) screen.line(line);
    if (!callable && plan.feasible) screen.line(screen.paint.yellow(`To run it, set ${missing.join(' or ')}.`));
  }
  return plan.feasible ? EXIT.ok : EXIT.infeasible;
}

/** What the caps of day and month leave; undefined where there is none. Without any, no ledger is looked at or made. */
async function ceilingNow(options: PlanOptions, world: World): Promise<Ceiling | undefined> {
  const folder = ledgerFolder(options.ledger, world);
  const caps = await readCaps(options, folder);
  if (caps.user.day === undefined && caps.user.month === undefined) return undefined;
  const ledger = await openLedger(folder);
  return ceilingOf(undefined, await ledger.remainder('', caps));
}

function loweredText({ why, amount }: Ceiling, asked: Money): string {
  return `${why} So the plan is for ${formatUsd(amount)}, not for ${formatUsd(asked)}.`;
}
