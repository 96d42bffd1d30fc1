import { TokenCounter } from '../../core/budget/tokens';
import { formatUsd, type Money } from '../../core/money';
import type { Plan } from '../../core/plan';
import { planTask } from '../../core/solve';
import type { Task } from '../../core/task/task';
import { type Ceiling, ceilingOf, within } from '../../report/allowance';
import type { PlanOptions } from '../args';
import { calibrated } from '../calibrated';
import { readCaps } from '../caps';
import { readEndpoint } from '../endpoint';
import { EXIT, type ExitCode } from '../exitCode';
import { readAsked } from '../asked';
import { ledgerFolder, openLedger } from '../folders';
import { toJson } from '../json';
import { requestFor } from '../parts';
import { type Proven, proveByProject } from '../project';
import { planObject, projectFields } from '../resultLine';
import { planLines } from '../view/planLines';
import { proofLines } from '../view/proofLines';
import { screenOn } from '../view/screen';
import type { World } from '../world';

/**
 * Shows what a task would be solved with and what it can cost. Needs no key and calls no model; it needs a sandbox only for a
 * project, whose tests run once to tell which of them an answer has to pass.
 */
export async function planCommand(options: PlanOptions, world: World): Promise<ExitCode> {
  const { task, plan } = await readAsked(options, world);
  if (plan === undefined) return show(options, world, task);
  const proof = await proveByProject(plan, world);
  try {
    return await show(options, world, proof.task, { plan, proof });
  } finally {
    await proof.close();
  }
}

async function show(options: PlanOptions, world: World, task: Task, proven?: Proven): Promise<ExitCode> {
  const { catalogue, callable, missing } = await readEndpoint(options, world, Date.now());
  const ceiling = await ceilingNow(options, world);
  const budget = within(options.budget, ceiling);
  const known = await calibrated(catalogue, options, ledgerFolder(options.ledger, world));
  const made = await planTask(requestFor(task, budget, options), { ...known, tokens: new TokenCounter() });
  const lowered = ceiling === undefined || budget === options.budget ? [] : [loweredText(ceiling, options.budget)];
  const plan: Plan = { ...made, explanation: [...lowered, ...made.explanation] };
  const project = proven && projectFields(proven.plan, proven.proof.note);
  if (options.json) world.stdout.write(`${toJson({ ...planObject(plan), ...(project && { project }) })}\n`);
  else {
    const screen = screenOn(world.stdout, world.env);
    for (const line of proven === undefined ? [] : proofLines(proven.proof, screen.width(), screen.paint))
      screen.line(line);
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
