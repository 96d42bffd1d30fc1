import assert from 'node:assert/strict';
import { Calibration } from '../../../src/core/calibration/calibration';
import { rankedByEvidence } from '../../../src/core/calibration/tiers';
import type { Catalogue } from '../../../src/core/catalogue/model';
import { aModel } from '../../support/models';
import { answer, call, entry } from './entries';

const CATALOGUE: Catalogue = {
  asOf: '2026-11-20',
  source: 'tests',
  models: [aModel('strong', 1, 10, 30), aModel('middle', 2, 1, 3), aModel('weak', 3, 0.1, 0.3)],
};

/** So many first answers of each model, and how many of them passed. */
function seen(answers: Readonly<Record<string, readonly [held: number, of: number]>>): Calibration {
  const attempts = Object.entries(answers).flatMap(([model, [held, of]]) =>
    Array.from({ length: of }, (_, index) => answer(model, index < held)),
  );
  return new Calibration([entry([call('strong', 100)], attempts)]);
}

function tiers(answers: Parameters<typeof seen>[0]): Record<string, number> {
  const { models } = rankedByEvidence(CATALOGUE, seen(answers));
  return Object.fromEntries(models.map(({ id, tier }) => [id, tier]));
}

describe('tiers by the user’s own evidence', () => {
  it('stay as they are listed without evidence, with little, and with what chance may bring', () => {
    const listed = { strong: 1, middle: 2, weak: 3 };
    assert.equal(rankedByEvidence(CATALOGUE, new Calibration([])), CATALOGUE);
    assert.deepEqual(tiers({ strong: [0, 10], weak: [10, 10] }), listed);
    assert.deepEqual(tiers({ strong: [24, 40], weak: [31, 40] }), listed);
    assert.deepEqual(tiers({ strong: [40, 40], weak: [10, 40] }), listed);
  });

  it('are exchanged where the lead of the lower is significant, and the plan says by what', () => {
    assert.deepEqual(tiers({ strong: [20, 40], middle: [25, 40], weak: [39, 40] }), { strong: 3, middle: 2, weak: 1 });
    const { notes } = rankedByEvidence(CATALOGUE, seen({ strong: [20, 40], weak: [39, 40] }));
    assert.deepEqual(notes, [
      'Your runs rank weak above strong, against the list: 39 of 40 first answers passed, and 20 of 40.',
    ]);
  });

  it('are exchanged pair by pair until none contradicts, and come to an end', () => {
    assert.deepEqual(tiers({ strong: [2, 60], middle: [30, 60], weak: [59, 60] }), { strong: 3, middle: 2, weak: 1 });
  });
});
