import assert from 'node:assert/strict';
import { Calibration } from '../../../src/core/calibration/calibration';
import { Experience } from '../../../src/core/calibration/experience';
import { call, entry, runs } from './entries';

describe('what is learned from run to run', () => {
  const planned = ({ calibration }: Experience): number => calibration.plannedOutput('m', 'executor', 384);

  it('is what one calibration of all of them would say', () => {
    const [before, after] = [runs(10, 'm', 200), runs(10, 'm', 100)];
    const experience = new Experience(before);
    assert.equal(planned(experience), new Calibration(before).plannedOutput('m', 'executor', 384));
    for (const run of after) experience.add(run);
    const all = new Calibration([...before, ...after]);
    assert.equal(planned(experience), all.plannedOutput('m', 'executor', 384));
    assert.equal(experience.calibration.runs, 20);
  });

  it('counts from the next run on, and leaves what a run was begun with as it was', () => {
    const experience = new Experience([]);
    const { calibration } = experience;
    experience.add(entry([call('m', 100)]));
    assert.equal(calibration.plannedOutput('m', 'executor', 384), 384);
    assert.ok(planned(experience) < 384);
    assert.equal(experience.calibration, experience.calibration);
  });

  it('holds no more runs than are looked at', () => {
    const experience = new Experience(runs(1000, 'm', 384));
    for (const run of runs(1000, 'm', 100)) experience.add(run);
    assert.equal(experience.calibration.runs, 1000);
    assert.equal(experience.calibration.outputTokens('m', 'executor')?.max, 100);
  });
});
