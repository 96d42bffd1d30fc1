import assert from 'node:assert/strict';
import type { EvidenceEnd } from '../../../src/core/result';
import { type Mode, MODES } from '../../../src/core/plan';
import { evidenceEndText } from '../../../src/report/evidenceText';
import { markdownText } from '../../../src/report/text';
import { aModel } from '../../support/models';
import { type Script, ScriptedSandbox } from '../../support/scripted';
import { code, ofItsKind, planned, type RunOptions, TASK, topologyRun, type TopologyRun } from './topologyRun';

/** A task with a call that can be varied, so that answers can be compared. */
const PROBED = { ...TASK, tests: ['assert f(1) == 1', 'beta'] };

/** An answer that passes and behaves as its kind does. Two of a kind with another note are other code. */
const passing = (kind: number, note = ''): string => code(`assert f(1) == 1 beta kind ${kind} ${note}`);
const FAILING = code('beta kind 0');

const BUYING = ['balanced', 'thorough'] as const satisfies readonly Mode[];

/** Why no more evidence was bought. */
function endOf({ events }: TopologyRun): EvidenceEnd | undefined {
  const ends = events.flatMap((event) => (event.type === 'evidence' ? [event.end] : []));
  assert.ok(ends.length <= 1, 'it is told once');
  return ends[0];
}

const run = (script: Script, mode: Mode, options: RunOptions = {}): Promise<TopologyRun> =>
  topologyRun(script, { task: PROBED, topology: 'linear', mode, sandbox: new ScriptedSandbox(ofItsKind), ...options });

/** Answers in turn; the last is repeated. */
const inTurn =
  (...answers: readonly string[]): Script =>
  (_, call) =>
    answers[Math.min(call, answers.length) - 1] ?? '';

describe('evidence for an answer that passes (scripted models, scripted verdicts)', () => {
  for (const mode of BUYING) {
    it(`is not bought in ${mode} where no inputs can be made from the tests, and is no part of what the plan may cost`, async () => {
      const task = { ...PROBED, tests: ['assert f(len("a")) == 1', 'beta'] };
      const ended = await run(() => code('assert f(len("a")) == 1 beta'), mode, { task });
      assert.deepEqual([ended.result.stop, ended.calls.length, endOf(ended)], ['solved', 1, 'no inputs']);
      const models = [aModel('one', 1, 0.01, 0.03)];
      const plans = await Promise.all([mode, 'frugal' as const].map((one) => planned({ task, mode: one, models })));
      assert.equal(plans[0]!.worstCost, plans[1]!.worstCost);
      assert.ok((await planned({ task: PROBED, mode, models })).worstCost > plans[0]!.worstCost);
    });

    it(`is not bought in ${mode} for an answer that does not do the same twice, gives no plain data, or takes too long`, async () => {
      const fickle = await run(() => passing(9), mode);
      assert.deepEqual([fickle.result.stop, fickle.calls.length, endOf(fickle)], ['solved', 1, 'no telling inputs']);
      const closed = await run(() => passing(0), mode);
      assert.deepEqual([closed.result.stop, closed.calls.length, endOf(closed)], ['solved', 1, 'no telling inputs']);
      // So many inputs that most are not waited for, once three of them have taken too long.
      const task = { ...PROBED, tests: ['assert f([1, 2, 3], "abc", 4) == 1', 'beta'] };
      const sandbox = new ScriptedSandbox(() => undefined);
      const slow = await run(() => code('assert f([1, 2, 3], "abc", 4) == 1 beta'), mode, { task, sandbox });
      assert.deepEqual([slow.result.stop, slow.calls.length, endOf(slow)], ['solved', 1, 'no telling inputs']);
    });

    it(`is no dispute in ${mode} where others give what cannot be compared, and not paid for again and again`, async () => {
      const ended = await run((_, call) => (call === 1 ? passing(1) : passing(0, `${call}`)), mode);
      assert.deepEqual([ended.result.status, ended.result.stop], ['solved', 'solved']);
      assert.match(ended.result.code, /kind 1/);
      assert.equal(endOf(ended), 'incomparable');
      assert.equal(ended.calls.length, mode === 'balanced' ? 2 : 3);
    });

    it(`is not asked in ${mode} of a model that comes back again and again with what it had written before`, async () => {
      const models = [aModel('one', 1, 0.1, 0.3)];
      // It always fails but for its first answer, and always in the same words.
      const failing = await run(inTurn(passing(1), FAILING), mode, { models });
      assert.equal(failing.result.stop, 'solved');
      assert.equal(endOf(failing), mode === 'balanced' ? 'asked out' : 'repeating');
      assert.equal(failing.calls.length, mode === 'balanced' ? 3 : 4);
      // It says the same whatever it is asked.
      const same = await run(() => passing(1), mode, { models });
      assert.equal(same.result.stop, 'agreed');
      assert.equal(endOf(same), 'enough');
      assert.equal(same.calls.length, mode === 'balanced' ? 2 : 3);
    });

    it(`ends in ${mode} with the run that is cancelled, and asks nobody after it`, async () => {
      const cancel = new AbortController();
      const script: Script = (_, call) => {
        if (call === 2) cancel.abort();
        return passing(1);
      };
      const ended = await run(script, mode, { signal: cancel.signal });
      assert.deepEqual([ended.result.stop, ended.calls.length, endOf(ended)], ['solved', 2, 'interrupted']);
    });
  }

  it('is asked in thorough for as long as it could change something, and not longer', async () => {
    // Two are alike, and the one that is left could at most bring a third.
    const settled = await run(
      inTurn(passing(1), passing(1, 'too'), FAILING, code('beta 2'), code('beta 3')),
      'thorough',
    );
    assert.deepEqual([settled.result.stop, settled.calls.length, endOf(settled)], ['agreed', 5, 'settled']);
    // Two groups of one: another answer decides.
    const open = await run(
      inTurn(passing(1), passing(2), FAILING, code('beta 2'), code('beta 3'), passing(2, 'too')),
      'thorough',
    );
    assert.deepEqual([open.result.stop, open.calls.length, endOf(open)], ['agreed', 6, 'asked out']);
    assert.match(open.result.code, /kind 2/);
    const enough = await run((_, call) => passing(1, `${call}`), 'thorough');
    assert.deepEqual([enough.result.stop, enough.calls.length, endOf(enough)], ['agreed', 3, 'enough']);
  });

  it('asks a model that has repeated itself in another way than before', async () => {
    const models = [aModel('one', 1, 0.1, 0.3)];
    const { requests } = await run(inTurn(passing(1), FAILING, FAILING, code('beta 4')), 'thorough', { models });
    const asked = requests.slice(0, 4).map(({ messages }) => JSON.stringify(messages));
    assert.equal(new Set(asked.slice(0, 3)).size, 3);
    assert.ok(requests.length >= 4);
  });

  it('says why no more of it was bought, as an event and on the receipt, in modes that buy any', async () => {
    for (const mode of MODES) {
      const ended = await run(() => passing(1), mode);
      const end = endOf(ended);
      assert.equal(end === undefined, mode === 'frugal');
      if (end !== undefined) assert.ok(ended.receipt.includes(`- ${markdownText(evidenceEndText(end))}`));
    }
    const unsolved = await run(() => FAILING, 'thorough');
    assert.equal(endOf(unsolved), undefined);
  });
});
