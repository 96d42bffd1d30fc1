import assert from 'node:assert/strict';
import { PROMPT_VERSION } from '../../../src/core/agents/prompts';
import type { RunEvent } from '../../../src/core/events';
import type { JournalEntry } from '../../../src/core/journal/entry';
import { parseEntry } from '../../../src/core/journal/parse';
import { RunRecorder } from '../../../src/core/journal/recorder';
import { toDecimal } from '../../../src/core/money';
import { code, CUT, TASK, topologyRun } from '../topologies/topologyRun';

/** What is kept of a run whose events come 10 ms apart. */
function kept(events: readonly RunEvent[]): JournalEntry | undefined {
  let now = 0;
  const recorder = new RunRecorder('python', () => (now += 10));
  return events.map((event) => recorder.on(event, 1_790_000_000_000)).at(-1);
}

describe('what the journal keeps of a run (scripted models)', () => {
  it('is its plan, its calls with their tokens and times, its verdicts and its cost, and can be read back', async () => {
    const { events, result } = await topologyRun((_, call) => code(call === 1 ? 'alpha' : 'alpha beta'), {
      topology: 'linear',
      mode: 'frugal',
    });
    const entry = kept(events);
    assert.ok(entry !== undefined);
    assert.deepEqual(
      [entry.topology, entry.profile, entry.mode, entry.stop],
      ['linear', 'verified', 'frugal', 'solved'],
    );
    assert.equal(entry.prompts, PROMPT_VERSION);
    assert.equal(entry.costUsd, toDecimal(result.account.spent));
    assert.deepEqual(
      entry.calls.map(({ call, role, whole }) => [call, role, whole]),
      [
        [1, 'executor', true],
        [2, 'executor', true],
      ],
    );
    for (const { ms, firstTextMs = 0, completionTokens, maxTokens } of entry.calls) {
      assert.ok(firstTextMs > 0 && ms > firstTextMs && completionTokens > 0 && maxTokens > completionTokens);
    }
    const attempts = entry.attempts.map(({ call, passed, total, independent }) => [call, passed, total, independent]);
    assert.deepEqual(attempts, [
      [1, 1, 2, true],
      [2, 2, 2, false],
    ]);
    assert.deepEqual(parseEntry(JSON.stringify(entry)), entry);
  });

  it('holds nothing of the task’s words and nothing that a model wrote', async () => {
    const task = { ...TASK, id: 'secret-id', prompt: 'Write secret-prompt.' };
    const { events } = await topologyRun(() => code('secret-answer'), { task });
    const text = JSON.stringify(kept(events));
    assert.ok(text.length > 100);
    assert.doesNotMatch(text, /secret|alpha|beta/);
  });

  it('calls answers of branches that are open at once independent, whichever is judged first', async () => {
    const { events } = await topologyRun(() => code('alpha'), { topology: 'star' });
    const independent = kept(events)?.attempts.filter((attempt) => attempt.independent) ?? [];
    assert.ok(independent.length >= 1);
    assert.ok(independent.every(({ call }) => call <= 3));
  });

  it('tells a cut call from a whole one, and one that its limit cut', async () => {
    const { events } = await topologyRun(
      (_, call) => (call === 1 ? 'x'.repeat(5000) : call === 2 ? CUT : code('alpha beta')),
      {
        topology: 'linear',
      },
    );
    const calls = kept(events)?.calls ?? [];
    assert.deepEqual(calls.slice(0, 3).map(({ whole }) => whole), [false, false, true]); // prettier-ignore
    assert.equal(calls[0]?.completionTokens, calls[0]?.maxTokens);
  });

  it('is nothing where no call was made', async () => {
    const { events } = await topologyRun(() => code('alpha beta'), { budget: 1n as never });
    assert.equal(kept(events), undefined);
  });
});
