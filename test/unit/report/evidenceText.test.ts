import assert from 'node:assert/strict';
import { type StopReason, statusOf } from '../../../src/core/result';
import { comparedText } from '../../../src/report/evidenceText';

describe('what is said of evidence', () => {
  it('names the calls, the inputs and one on which the answers differ', () => {
    const same = { probes: 36, same: 36, unclear: 0, untold: 0, differing: [] };
    assert.equal(
      comparedText({ call: 1, other: 3, agreement: same }),
      'The answers of calls 1 and 3 do the same on all 36 inputs that were tried.',
    );
    assert.equal(
      comparedText({ call: 1, other: 3, agreement: { ...same, same: 30, unclear: 6 } }),
      'The answers of calls 1 and 3 do the same on 30 of 36 inputs; on the others, at the edge, only one gives a result.',
    );
    const trifle = 'a result is not the same twice, no plain data, or differs in a trifle, which tells nothing';
    assert.equal(
      comparedText({ call: 1, other: 3, agreement: { ...same, same: 30, untold: 6 } }),
      `The answers of calls 1 and 3 do the same on 30 of 36 inputs; on the others, ${trifle}.`,
    );
    assert.equal(
      comparedText({ call: 1, other: 3, agreement: { ...same, same: 30, unclear: 4, untold: 2 } }),
      `The answers of calls 1 and 3 do the same on 30 of 36 inputs; on the others, at the edge, only one gives a result (4), or ${trifle} (2).`,
    );
    const other = { probes: 36, same: 34, unclear: 0, untold: 0, differing: ['f([1, 2])', 'f([])'] };
    assert.equal(
      comparedText({ call: 1, other: 3, agreement: other }),
      'The answers of calls 1 and 3 do otherwise on 2 of 36 inputs, such as f([1, 2]).',
    );
  });
});

describe('the reason why a run stops', () => {
  it('comes down to a status, which is solved only where an answer passes', () => {
    const statuses: Readonly<Record<StopReason, string>> = {
      ...{ solved: 'solved', agreed: 'solved', disputed: 'solved', exhausted: 'exhausted', denied: 'exhausted' },
      ...{ cancelled: 'unsolved', failed: 'error', 'gave up': 'unsolved', untested: 'unsolved' },
      infeasible: 'infeasible',
    };
    for (const [stop, status] of Object.entries(statuses)) assert.equal(statusOf(stop as StopReason), status, stop);
  });
});
