import assert from 'node:assert/strict';
import fc from 'fast-check';
import { learn, type Learned, type Lesson, UNKNOWN } from '../../../src/core/budget/learned';
import { BOUND } from '../../support/bills';

const lesson = (more: Partial<Lesson>): Lesson => ({
  ...{ promptTokens: 80, completionTokens: 10, reported: true, violations: [] },
  ...more,
});

describe('what the reports of a provider teach', () => {
  it('is how coarse its tokenizer is, and what it counts beyond the prompt', () => {
    const known = learn(UNKNOWN, BOUND, lesson({ promptTokens: 120 }));
    assert.deepEqual(known, { reports: 1, factor: 1.5, extra: 20, overruns: 0, longest: 0 });
    assert.deepEqual(learn(known, BOUND, lesson({ promptTokens: 40 })), { ...known, reports: 2 });
  });

  it('is nothing about the prompt where the provider reported nothing', () => {
    assert.deepEqual(learn(UNKNOWN, BOUND, lesson({ promptTokens: 9000, reported: false })), UNKNOWN);
  });

  it('is the longest answer of a model that ignores its limit, also where it reports nothing', () => {
    const overrun = lesson({ completionTokens: 900, violations: ['completion above limit'], reported: false });
    const known = learn(UNKNOWN, BOUND, overrun);
    assert.deepEqual(known, { ...UNKNOWN, overruns: 1, longest: 900 });
    assert.equal(learn(known, BOUND, { ...overrun, completionTokens: 500 }).longest, 900);
    assert.equal(learn(known, BOUND, lesson({ completionTokens: 2000 })).longest, 900);
  });

  it('only ever rises', () => {
    const lessons = fc.array(
      fc.record({
        promptTokens: fc.nat(500),
        completionTokens: fc.nat(500),
        reported: fc.boolean(),
        violations: fc.subarray(['completion above limit', 'prompt above bound'] as const),
        promptProxy: fc.nat(100),
      }),
    );
    fc.assert(
      fc.property(lessons, (all) => {
        let known: Learned = UNKNOWN;
        for (const { promptProxy, ...one } of all) {
          const next = learn(known, { ...BOUND, promptProxy }, one);
          for (const key of ['reports', 'factor', 'extra', 'overruns', 'longest'] as const) {
            assert.ok(next[key] >= known[key] && Number.isFinite(next[key]), key);
          }
          known = next;
        }
      }),
    );
  });
});
