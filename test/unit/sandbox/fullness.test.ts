import assert from 'node:assert/strict';
import { Fullness } from '../../../src/core/sandbox/fullness';

/** Whether a process was full, by the shares of its memory that it had taken at each look. */
function reached(...shares: readonly number[]): boolean {
  const fullness = new Fullness();
  for (const share of shares) fullness.add(share);
  return fullness.reached;
}

describe('The memory of a process', () => {
  it('was as good as full where it was so at any look, whatever it gave back', () => {
    assert.equal(reached(0.15, 0.5, 0.79, 0.85, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1), true);
    assert.equal(reached(0.15, 0.15, 0.79, 0.79, 0.79, 0.79, 0.79, 0.79, 0.79), false);
  });

  it('was about to be full where it would have been at the next look, at the pace of the last ones', () => {
    assert.equal(reached(0.15, 0.35, 0.55), false);
    assert.equal(reached(0.15, 0.35, 0.55, 0.74), true);
    assert.equal(reached(0.15, 0.35, 0.55, 0.74, 0.74, 0.74), true, 'it stands still while it crashes');
  });

  it('was not about to be full where it has long taken no more', () => {
    assert.equal(reached(0.15, 0.6, 0.6), true);
    assert.equal(reached(0.15, 0.6, 0.6, 0.6, 0.6, 0.6), false);
    assert.equal(reached(0.15, 0.15), false);
  });

  it('is not known before it has a limit, nor after its end', () => {
    assert.equal(reached(), false);
    assert.equal(reached(0, 0, 0.45), false, 'a limit that is set is nothing that was taken');
    assert.equal(reached(0.15, 0.45, 0.7, 0, 0, 0, 0, 0, 0), true);
  });
});
