import assert from 'node:assert/strict';
import { Calibration } from '../../../src/core/calibration/calibration';
import { usd } from '../../../src/core/money';
import { countByModel } from '../../../src/core/plan';
import { aModel } from '../../support/models';
import { code, planned, TASK, topologyRun } from '../topologies/topologyRun';
import { answer, call, entry, runs } from './entries';

/** So many runs in which answers of all models take 100 tokens, and the weak one's pass or do not. */
function seen(count: number, passes: boolean): Calibration {
  const one = entry(
    ['weak', 'middle', 'strong'].map((model) => call(model, 100)),
    [answer('weak', passes)],
  );
  return new Calibration(Array.from({ length: count }, () => one));
}

describe('a calibrated plan', () => {
  it('is cheaper and has more agents where answers are short', async () => {
    const budget = usd('0.05');
    const [before, after] = [await planned({ budget }), await planned({ budget, calibration: seen(200, true) })];
    assert.ok(after.expectedCost < before.expectedCost);
    const agents = (plan: typeof before): number => countByModel(plan.pool).reduce((sum, { count }) => sum + count, 0);
    assert.ok(agents(after) > agents(before), `${agents(after)} and ${agents(before)}`);
    assert.ok(after.worstCost <= budget);
  });

  it('expects to pay more where the cheapest model seldom passes', async () => {
    const often = await planned({ calibration: seen(200, true) });
    const seldom = await planned({ calibration: seen(200, false) });
    assert.ok(seldom.expectedCost > often.expectedCost);
  });

  it('says what it was learned from, with its uncertainty, and says so where there is too little', async () => {
    const said = async (calibration: Calibration): Promise<string> =>
      (await planned({ calibration })).explanation.find((line) => line.startsWith('Expected')) ?? '';
    assert.match(
      await said(seen(40, true)),
      /in your own runs \(weak: 40 of 40 first answers passed, 91 to 100% in the long run, \d+ tokens planned, 0\.2 s to the first word, 125 tokens a second\)/,
    );
    assert.match(await said(new Calibration([])), /a prior, not yet learned from your runs/);
    assert.match(await said(seen(3, true)), /a prior, hardly changed by your few runs/);
  });

  it('asks the strongest first where that is cheaper for the same chance, says so, and then goes down', async () => {
    const models = [aModel('strong', 1, 1, 3), aModel('weak', 3, 0.1, 0.3)];
    const asked = { topology: 'linear', models } as const;
    const never = { ...asked, calibration: seen(200, false) };
    const plan = await planned(never);
    assert.equal(plan.order, 'strong to cheap');
    const said = plan.explanation.find((line) => line.startsWith('Order '));
    const [, cost = '', other = ''] =
      /^Order strong to cheap: .* expected to cost \$([\d.]+), and \$([\d.]+) cheap to strong\.$/.exec(said ?? '') ??
      [];
    assert.ok(Number(cost) > 0 && Number(cost) < Number(other), said);
    assert.ok(plan.explanation.some((line) => line.includes('the strongest model tries first')));
    const { calls } = await topologyRun((_, call) => code(`alpha ${call}`), never);
    assert.deepEqual(calls.slice(0, 4), ['executor strong', 'executor weak', 'executor strong', 'executor weak']);
    const solved = await topologyRun(() => code('alpha beta'), { ...never, mode: 'frugal' });
    assert.deepEqual(solved.calls, ['executor strong']);
  });

  it('asks the cheapest first where that is cheaper, or nothing is known, or nothing tells when to stop', async () => {
    const models = [aModel('strong', 1, 1, 3), aModel('weak', 3, 0.1, 0.3)];
    for (const calibration of [seen(200, true), new Calibration([])]) {
      const plan = await planned({ topology: 'linear', models, calibration });
      assert.equal(plan.order, 'cheap to strong');
      assert.ok(plan.explanation.some((line) => line.startsWith('Order cheap to strong: ')));
    }
    const untested = {
      topology: 'linear',
      models,
      calibration: seen(200, false),
      task: { ...TASK, tests: [] },
    } as const;
    assert.equal((await planned(untested)).order, undefined);
    const { calls } = await topologyRun(() => code('draft'), untested);
    assert.deepEqual(calls, ['executor weak', 'executor strong']);
    assert.equal((await planned({ topology: 'linear', models, profile: 'paper' })).order, undefined);
  });

  it('gives critics the room that their answers take, and never less than they have without it', async () => {
    const script: Parameters<typeof topologyRun>[0] = ({ role }, call) =>
      role === 'critic' ? 'Say beta.' : code(call < 3 ? `alpha ${call}` : 'alpha beta');
    for (const [tokens, least, most] of [
      [600, 500, 700],
      [20, 160, 160],
    ] as const) {
      const critiques = Array.from({ length: 300 }, () => entry([call('strong', tokens, { role: 'critic' })], []));
      const { requests } = await topologyRun(script, {
        topology: 'feedback',
        calibration: new Calibration(critiques),
      });
      const { maxTokens } = requests.find(({ role }) => role === 'critic')!;
      assert.ok(maxTokens >= least && maxTokens <= most, `${maxTokens}`);
    }
  });

  it('gives its calls the room that answers take, and more after one that was cut', async () => {
    const calibration = new Calibration(runs(1000, 'weak', 120));
    const { requests } = await topologyRun((_, count) => (count === 1 ? 'x'.repeat(2000) : code('alpha beta')), {
      topology: 'linear',
      mode: 'frugal',
      calibration,
    });
    const planned = calibration.plannedOutput('weak', 'executor', 384);
    assert.ok(planned < 150, `${planned}`);
    const weak = requests.filter(({ model }) => model.id === 'weak').map(({ maxTokens }) => maxTokens);
    assert.equal(weak[0], planned);
    const others = requests.slice(1).map(({ model, maxTokens }) => [model.id, maxTokens]);
    assert.ok(others.length > 0);
    for (const [id, tokens] of others) assert.equal(tokens, id === 'weak' ? 2 * planned : 768);
  });
});
