import assert from 'node:assert/strict';
import fc from 'fast-check';
import { add, type Money, usd } from '../../../src/core/money';
import type { TopologyName } from '../../../src/core/plan';
import { explainInfeasible, explainPool } from '../../../src/core/provisioning/explain';
import { provision } from '../../../src/core/provisioning/provision';
import { names, priced } from '../../support/provisioning';

const MODELS = [priced('strong', 1, 0.004), priced('middle', 2, 0.001), priced('weak', 3, 0.0002)];

function explained(budget: Money, models = MODELS, topology?: TopologyName): string[] {
  const program = { models, budget, made: 0 };
  const answer = provision(program);
  return answer.feasible ? explainPool(program, answer.pool, topology) : explainInfeasible(answer, budget);
}

describe('the explanation of a pool', () => {
  it('says which models the budget buys, and what the next money would buy', () => {
    assert.deepEqual(explained(usd(0.0043)), [
      '2 agents from the strongest tier down: 1 × strong (tier 1) at up to $0.004 a call is the most that the budget admits.',
      '+$0.0001 buys one more weak (tier 3): 1 × strong, 2 × weak in all.',
      '+$0.0037 buys one more strong (tier 1): 2 × strong in all.',
    ]);
  });

  it('says what a stronger model costs, and what it takes the place of', () => {
    assert.deepEqual(explained(usd(0.0022)).slice(1), [
      '+$0.0002 buys one more weak (tier 3): 2 × middle, 2 × weak in all.',
      '+$0.002 buys 1 × strong (tier 1): 1 × strong, 1 × weak in all.',
    ]);
  });

  it('says what a stronger critic or planner costs where the topology has one', () => {
    const last = (topology: TopologyName): string => explained(usd(0.0022), MODELS, topology).at(-1)!;
    const all = '1 × strong, 1 × weak in all.';
    assert.equal(last('feedback'), `+$0.002 buys a stronger critic, strong (tier 1) instead of middle: ${all}`);
    assert.equal(last('planner'), `+$0.002 buys a stronger planner, strong (tier 1) instead of middle: ${all}`);
    assert.equal(last('linear'), `+$0.002 buys 1 × strong (tier 1): ${all}`);
  });

  it('says nothing of more money where more would change nothing', () => {
    assert.equal(explained(usd(1)).length, 1);
  });

  it('says what is missing where nothing fits, and the smallest budget that would do', () => {
    assert.deepEqual(explained(usd('0.00001')), [
      'Not even one call fits: the cheapest call, to weak, can cost $0.0002, and a budget of $0.00001 is too small for ' +
        'it. The smallest that would do is $0.0004.',
    ]);
  });

  it('says where one call fits, but not the two agents that there have to be', () => {
    assert.deepEqual(explained(usd('0.0003')), [
      '2 agents are the least, and the cheapest call, to weak, can cost $0.0002: a budget of $0.0003 is enough for one, ' +
        'but too small for 2. The smallest that would do is $0.0004.',
    ]);
  });

  it('says by how much the task is too long where every model is too small for it', () => {
    const small = { ...MODELS[0]!.model, contextWindow: 1000 };
    const smaller = { ...MODELS[1]!.model, contextWindow: 900 };
    const unfit = [
      { model: smaller, tokens: 1300, why: '' },
      { model: small, tokens: 1200, why: '' },
    ];
    const answer = provision({ models: [], unfit, budget: usd(1), made: 0 });
    assert.ok(!answer.feasible);
    assert.equal(answer.smallest, undefined);
    assert.deepEqual(explainInfeasible(answer, usd(1)), [
      'No model of the catalogue can take this task: with its answer it may come to 1200 tokens, and strong takes 1000. ' +
        'Shorten the task, or add a model with a larger context window.',
    ]);
  });

  it('says where there is no model at all', () => {
    assert.match(explained(usd(1), [])[0]!, /none left to choose from/);
  });

  it('names the pool that the raise, as it is written, really buys', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 20_000 }), (micro) => {
        const budget = usd(micro / 1e6);
        for (const line of explained(budget).filter((one) => one.startsWith('+'))) {
          const [, raise, pool] = /^\+\$([\d.]+) buys .*: (.*) in all\.$/.exec(line)!;
          const raised = provision({ models: MODELS, budget: add(budget, usd(raise!)), made: 0 });
          assert.equal(names(raised).replaceAll(' x ', ' × '), pool, `${line} at ${String(budget)}`);
        }
      }),
      { numRuns: 200 },
    );
  });
});
