import assert from 'node:assert/strict';
import { solveWithCbc } from '../../../src/bench/provisioning/cbc';
import { inFloats } from '../../../src/bench/provisioning/floats';
import { instanceOf, randomOf } from '../../../src/bench/provisioning/instances';
import { programOf } from '../../../src/bench/provisioning/program';
import { provision } from '../../../src/core/provisioning/provision';
import { exactly } from '../../support/provisioning';

describe('the benchmark of provisioning', () => {
  it('has the same programs every time, each of them feasible', () => {
    const [one, same] = [randomOf(7), randomOf(7)];
    for (let run = 0; run < 20; run++) {
      const request = instanceOf(one, 12, 4);
      assert.deepEqual(request, instanceOf(same, 12, 4));
      assert.ok(provision(request).feasible);
      assert.equal(programOf(request).weights.length, 4);
    }
  });

  it('says why PuLP and CBC are not here', async () => {
    const answer = await solveWithCbc([], '/nowhere/python3');
    assert.ok('why' in answer);
    assert.match(answer.why, /ENOENT/);
    const ended = await solveWithCbc([], process.execPath);
    assert.ok('why' in ended && ended.why !== '');
  });

  it('gives a solver in floating point only numbers that it holds exactly, in units that keep them small', () => {
    const models = [exactly('a', 1, 3_000_000n), exactly('b', 2, 2_000_000n)];
    const floats = inFloats(programOf({ models, budget: 7_500_000n as never, made: 0 }));
    assert.deepEqual(floats, { budget: 7, costs: [3, 2], weights: [4, 1] });
    const wide = [exactly('a', 1, 2n ** 60n), exactly('b', 2, 1n)];
    assert.equal(inFloats(programOf({ models: wide, budget: 5n as never, made: 0 })), undefined);
  });
});
