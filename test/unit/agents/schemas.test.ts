import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readChoice } from '../../../src/core/agents/judgement';
import { readPlanSteps, STEP_KINDS } from '../../../src/core/agents/planSteps';

describe('what agents answer in a checked schema', () => {
  it('is a plan of known steps, in prose and fences, as objects or names, whatever their case', () => {
    const steps = readPlanSteps(
      'Here it is:\n```json\n[{"do": "Write", "note": " short "}, "test", "stop"]\n```\nDone.',
    );
    assert.deepEqual(steps, [
      { do: 'write', note: 'short' },
      { do: 'test', note: '' },
      { do: 'stop', note: '' },
    ]);
    assert.deepEqual(readPlanSteps('{"steps": ["write"]}'), [{ do: 'write', note: '' }]);
  });

  it('is a plan of eight steps at most, with notes of at most 200 characters', () => {
    const steps = readPlanSteps(JSON.stringify(Array(20).fill({ do: 'write', note: 'n'.repeat(999) })))!;
    assert.equal(steps.length, 8);
    assert.equal(steps[0]!.note.length, 200);
  });

  it('is no plan where a step is unknown, nothing is written, or there is no list', () => {
    for (const text of ['["write", "run"]', '["test"]', '[]', '{"do": "write"}', 'write', '[null]', '[["write"]]']) {
      assert.equal(readPlanSteps(text), undefined, text);
    }
  });

  it('is the number of one of the answers that a judge was shown, from 1', () => {
    assert.equal(readChoice('{"best": 2, "why": "x"}', 3), 1);
    assert.equal(readChoice('Sure: {"best": "1"}', 3), 0);
    for (const text of [
      '{"best": 4}',
      '{"best": 0}',
      '{"best": 1.5}',
      '{"best": null}',
      '2',
      '[]',
      '',
      '{"worst": 1}',
    ]) {
      assert.equal(readChoice(text, 3), undefined, text);
    }
  });

  it('never throws, and never names what is not there, whatever the text', () => {
    const brackets = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', 'do', ':', 'write', ',', '1', ' ') });
    fc.assert(
      fc.property(fc.oneof(fc.string(), brackets), (text) => {
        const choice = readChoice(text, 2);
        assert.ok(choice === undefined || choice === 0 || choice === 1);
        for (const { do: kind } of readPlanSteps(text) ?? []) assert.ok(STEP_KINDS.includes(kind));
      }),
      { numRuns: 2000 },
    );
  });
});
