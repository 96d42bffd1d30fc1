import assert from 'node:assert/strict';
import { aModel } from '../../support/models';
import { code, CUT, topologyRun } from './topologyRun';

/** The strong model costs forty times as much as the weak one. */
const DEAR = [aModel('strong', 1, 4, 12), aModel('weak', 2, 0.1, 0.3)];

describe('the climb to a model that is much dearer (scripted models)', () => {
  const run = (mode: 'frugal' | 'balanced' | 'thorough', passes = 99) =>
    topologyRun((_, call) => code(call < passes ? `alpha ${call}` : 'alpha beta'), {
      ...{ models: DEAR, topology: 'linear', mode },
    });

  it('lets the cheap one try twice before, the second time on top of the first', async () => {
    const { calls, requests } = await run('frugal', 3);
    assert.deepEqual(calls, ['executor weak', 'executor weak', 'executor strong']);
    assert.match(requests[1]!.messages[1]!.content, /return 'alpha 1'/);
  });

  it('starts afresh there: what the cheap one wrote would be dear to read', async () => {
    const { requests } = await run('balanced', 3);
    assert.equal(requests[2]!.messages.length, 1);
    assert.deepEqual(requests[2]!.messages, requests[0]!.messages);
  });

  it('gives up after two tries of it, in thorough after four; in frugal each is asked afresh, in another way', async () => {
    for (const [mode, tries] of [
      ['frugal', 2],
      ['balanced', 2],
      ['thorough', 4],
    ] as const) {
      const { result, calls, requests } = await run(mode);
      assert.deepEqual([result.status, result.stop], ['unsolved', 'gave up']);
      assert.equal(calls.filter((call) => call === 'executor strong').length, tries);
      const second = requests.filter(({ model }) => model.id === 'strong')[1]!;
      assert.equal(second.messages.length, mode === 'frugal' ? 1 : 3);
      if (mode === 'frugal') {
        assert.ok(second.temperature > 0);
        assert.notDeepEqual(second.messages, requests[0]!.messages);
      }
    }
  });

  it('keeps on with the cheap one, not held to two tries, where the dear one fails or is not affordable', async () => {
    const { result, calls } = await topologyRun(
      ({ model }, call) => (model.id === 'strong' ? CUT : code(call < 6 ? `alpha ${call}` : 'alpha beta')),
      { models: DEAR, topology: 'linear', mode: 'frugal' },
    );
    assert.equal(result.status, 'solved');
    assert.ok(calls.filter((call) => call === 'executor weak').length > 2);
  });
});

describe('Feedback with a critic that is much dearer than the models it speaks to (scripted models)', () => {
  const run = (passes: number, repeats = false) =>
    topologyRun(
      ({ role }, call) =>
        role === 'critic' ? 'Say beta as well.' : code(call < passes ? `alpha ${repeats ? '' : call}` : 'alpha beta'),
      { models: DEAR, topology: 'feedback', mode: 'frugal' },
    );

  it('pays it only after two tries, which are told what failed for nothing', async () => {
    const { calls, requests } = await run(2);
    assert.deepEqual(calls, ['executor weak', 'executor weak']);
    assert.match(requests[1]!.messages.at(-1)!.content, /beta: it does not contain that/);
  });

  it('lets the cheap one try once more with its critique, before the dear one writes itself', async () => {
    const advised = await run(4);
    assert.deepEqual(advised.calls, ['executor weak', 'executor weak', 'critic strong', 'executor weak']);
    assert.match(advised.requests[3]!.messages.at(-1)!.content, /Say beta as well\./);
    const { calls, result } = await run(5);
    assert.deepEqual(calls.slice(3), ['executor weak', 'executor strong']);
    assert.equal(result.status, 'solved');
  });

  it('asks the dear one also where the cheap one only repeats itself', async () => {
    const { calls, result } = await run(5, true);
    assert.deepEqual(calls.at(-1), 'executor strong');
    assert.equal(result.status, 'solved');
  });
});
