import type { PolicyChoice, TopologyName } from '../plan';
import { add, formatUsdUp, type Money } from '../money';
import type { Provision } from '../provisioning/provision';
import { cheaperFirst } from '../provisioning/tier';
import type { Task } from '../task/task';
import { isMuchDearer } from './muchDearer';

/** The topology for a task, with the reason that the plan shows. */
export interface TopologyChoice {
  readonly topology: TopologyName;
  readonly policy: PolicyChoice;
}

/**
 * The rule for `auto` until a policy is trained: Feedback where its critic has something to work with and is paid
 * easily, else Linear. In numbers: there are visible tests, the pool holds models of two tiers, a call of the strongest
 * is not much dearer than one of the cheapest, and the budget is at least one call of every model in the pool
 * plus a critique and a revision by the strongest.
 */
export function chooseByRule(task: Task, pool: readonly Provision[], budget: Money): TopologyChoice {
  const rule = (topology: TopologyName, why: string): TopologyChoice => ({
    topology,
    policy: { kind: 'rule', why: `rule, until a policy is trained: ${why}` },
  });
  const strongest = pool[0];
  const tiers = new Set(pool.map(({ model }) => model.tier));
  if (strongest === undefined) return rule('linear', 'no pool fits the budget');
  if (tiers.size < 2) return rule('linear', 'all agents are of one tier');
  if (task.tests.length === 0) return rule('linear', 'no visible tests, so a critic would have no failure to explain');
  const cheapest = [...pool].sort(cheaperFirst)[0] ?? strongest;
  if (isMuchDearer(strongest.callCost, cheapest.callCost)) {
    return rule('linear', `for a critique by ${strongest.model.id}, ${cheapest.model.id} can try again many times`);
  }
  const needed = add(...pool.map(({ callCost }) => callCost), strongest.callCost, strongest.callCost);
  return budget >= needed
    ? rule('feedback', `the budget pays a critique and a revision by ${strongest.model.id} after every model's try`)
    : rule('linear', `critiques by ${strongest.model.id} would need ${formatUsdUp(needed)}`);
}
