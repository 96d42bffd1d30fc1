import assert from 'node:assert/strict';
import { Calibration, UNCALIBRATED } from '../../../src/core/calibration/calibration';
import { answer, call, entry, runs } from './entries';

describe('a calibration from the user’s own runs', () => {
  it('is the prior where there are no runs', () => {
    assert.equal(UNCALIBRATED.plannedOutput('m', 'executor', 384), 384);
    assert.equal(UNCALIBRATED.usualOutput('m', 'executor', 192), 192);
    assert.equal(UNCALIBRATED.chanceOfPass('m', 0.6), 0.6);
    assert.deepEqual([UNCALIBRATED.outputTokens('m', 'executor'), UNCALIBRATED.speed('m'), UNCALIBRATED.runs], [undefined, undefined, 0]); // prettier-ignore
  });

  it('moves from the prior to what was seen as runs come in, a call of twenty at a time', () => {
    const planned = (count: number): number =>
      new Calibration(runs(count, 'm', 200)).plannedOutput('m', 'executor', 384);
    // 200 tokens and a tenth more are 220.
    assert.deepEqual([0, 1, 20, 1000].map(planned), [384, 376, 302, 223]);
    assert.equal(new Calibration(runs(20, 'm', 100)).usualOutput('m', 'executor', 192), 146);
  });

  it('keeps models and roles apart', () => {
    const calls = [call('a', 100), call('b', 300), call('a', 20, { role: 'critic' })];
    const calibration = new Calibration([entry(calls)]);
    assert.deepEqual(calibration.outputTokens('a', 'executor'), { calls: 1, p50: 100, p90: 100, max: 100 });
    assert.deepEqual(calibration.outputTokens('a', 'critic'), { calls: 1, p50: 20, p90: 20, max: 20 });
    assert.deepEqual(calibration.outputTokens('b', 'executor')?.max, 300);
  });

  it('takes an answer that its limit cut for as long as it was let, and none that was lost on its way', () => {
    const cut = call('m', 384, { whole: false });
    const lost = call('m', 17, { whole: false });
    const nothing = call('m', 0, { whole: false });
    const seen = new Calibration([entry([cut, lost, nothing])]).outputTokens('m', 'executor');
    assert.deepEqual(seen, { calls: 1, p50: 384, p90: 384, max: 384 });
  });

  it('plans with no less than a useful answer, and no more than four times the usual', () => {
    assert.equal(new Calibration(runs(1000, 'm', 1)).plannedOutput('m', 'executor', 96), 96);
    assert.equal(new Calibration(runs(1000, 'm', 100_000)).plannedOutput('m', 'executor', 384), 1536);
  });

  it('counts first answers alone: what follows a failure or a pass is of other tasks', () => {
    const attempts = [
      answer('m', true),
      answer('m', false),
      answer('m', true, false),
      { ...answer('m', true), total: 0 },
    ];
    const calibration = new Calibration([entry([call('m', 100)], attempts)]);
    const { held, of } = calibration.passRate('m');
    assert.deepEqual([held, of], [1, 2]);
    assert.equal(calibration.chanceOfPass('m', 0.6), 7 / 12);
  });

  it('knows how fast a model begins and writes, also where all comes at once', () => {
    const streamed = call('m', 160, { firstTextMs: 200, ms: 1800 });
    const atOnce = call('n', 100, { firstTextMs: 500, ms: 500 });
    const calibration = new Calibration([entry([streamed, atOnce])]);
    assert.deepEqual(calibration.speed('m'), { calls: 1, firstTextMs: 200, tokensPerSecond: 100 });
    assert.deepEqual(calibration.speed('n'), { calls: 1, firstTextMs: 500, tokensPerSecond: 200 });
  });

  it('forgets runs of long ago: models change', () => {
    const calibration = new Calibration([...runs(500, 'm', 10), ...runs(1000, 'm', 300)]);
    assert.deepEqual(calibration.outputTokens('m', 'executor'), { calls: 1000, p50: 300, p90: 300, max: 300 });
  });
});
