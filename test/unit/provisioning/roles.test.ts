import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Profile, TOPOLOGIES, type TopologyName } from '../../../src/core/plan';
import type { Provision } from '../../../src/core/provisioning/provision';
import { assignRoles, playing } from '../../../src/core/provisioning/roles';
import { priced } from '../../support/provisioning';

/** A pool of so many instances of each model, strongest first. */
const pool = (...counts: number[]): Provision[] =>
  counts.map((count, index) => ({ ...priced(`m${index + 1}`, index + 1, 0.001 / (index + 1)), count }));

const roles = (topology: TopologyName, provisions: readonly Provision[], profile?: Profile): string =>
  assignRoles(topology, provisions, profile)
    .map(({ model, count, role }) => `${count} ${model.id} ${role}`)
    .join(', ');

describe('the roles of a pool', () => {
  it('make all agents of Linear executors', () => {
    assert.equal(roles('linear', pool(1, 3)), '1 m1 executor, 3 m2 executor');
  });

  it('make the strongest model of Feedback the critic, and the rest executors', () => {
    assert.equal(roles('feedback', pool(1, 3)), '1 m1 critic, 3 m2 executor');
    assert.equal(roles('feedback', pool(2, 1, 2)), '2 m1 critic, 1 m2 executor, 2 m3 executor');
  });

  it('let the strongest model of Planner-Driven plan, and the next be the critic', () => {
    assert.equal(roles('planner', pool(1, 2, 5)), '1 m1 planner, 2 m2 critic, 5 m3 executor');
  });

  it('make the strongest model of Star the judge, where two branches are left to be judged', () => {
    assert.equal(roles('star', pool(1, 2)), '1 m1 judge, 2 m2 executor');
    assert.equal(roles('star', pool(1, 1)), '1 m1 executor, 1 m2 executor');
  });

  it('make all agents of Star executors in the paper profile, as published', () => {
    assert.equal(roles('star', pool(1, 2), 'paper'), '1 m1 executor, 2 m2 executor');
    assert.equal(roles('feedback', pool(1, 2), 'paper'), '1 m1 critic, 2 m2 executor');
  });

  it('tell single instances apart where there are fewer models than roles', () => {
    assert.equal(roles('feedback', pool(5)), '1 m1 critic, 4 m1 executor');
    assert.equal(roles('planner', pool(3, 1)), '1 m1 planner, 1 m1 critic, 1 m1 executor, 1 m2 executor');
    assert.equal(roles('planner', pool(1, 4)), '1 m1 planner, 1 m2 critic, 3 m2 executor');
    assert.equal(roles('star', pool(3, 1)), '1 m1 judge, 2 m1 executor, 1 m2 executor');
  });

  it('leave out the least important role where there are not agents enough', () => {
    assert.equal(roles('planner', pool(1, 1)), '1 m1 planner, 1 m2 executor');
    assert.equal(roles('planner', pool(1)), '1 m1 executor');
    assert.equal(roles('feedback', pool(1)), '1 m1 executor');
    assert.equal(roles('feedback', []), '');
  });

  it('say who plays a role', () => {
    const assignments = assignRoles('planner', pool(1, 2, 5));
    assert.equal(playing('critic', assignments)?.model.id, 'm2');
    assert.equal(playing('judge', assignments), undefined);
  });

  it('keep every instance, always leave somebody to execute, and never give a weaker agent the greater role', () => {
    const order = ['judge', 'planner', 'critic', 'executor'];
    const pools = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...TOPOLOGIES), pools, (topology, counts) => {
        const assignments = assignRoles(topology, pool(...counts));
        counts.forEach((count, index) => {
          const own = assignments.filter(({ model }) => model.id === `m${index + 1}`);
          assert.equal(
            own.reduce((sum, one) => sum + one.count, 0),
            count,
          );
        });
        assert.ok(assignments.every(({ count }) => count > 0));
        assert.ok(playing('executor', assignments) !== undefined);
        const ranks = assignments.map(({ role }) => order.indexOf(role));
        assert.deepEqual(
          ranks,
          [...ranks].sort((a, b) => a - b),
        );
      }),
      { numRuns: 300 },
    );
  });
});
