import assert from 'node:assert/strict';
import type { Sandbox, TestRun } from '../../../src/core/sandbox/sandbox';
import type { Verdict } from '../../../src/core/sandbox/verdict';
import type { Mode } from '../../../src/core/plan';
import { ScriptedSandbox } from '../../support/scripted';
import { code, TASK, topologyRun } from './topologyRun';

/** A task with a call that can be varied, so that answers can be compared. */
const PROBED = { ...TASK, tests: ['assert f(1) == 1', 'beta'] };

/** Passes every answer, and ends every comparison at its limit in time. */
class Impatient implements Sandbox {
  readonly kind = 'os';
  readonly languages = ['python'] as const;
  readonly description = 'scripted verdicts, no comparison';
  readonly #verdicts = new ScriptedSandbox();

  async run(run: TestRun): Promise<Verdict> {
    if (run.task.entryPoint === 'differ') return { ...(await this.#verdicts.run(run)), killed: 'time' };
    return this.#verdicts.run({ ...run, code: run.task.tests.join('\n') });
  }
}

describe('evidence for an answer that passes (scripted models, scripted verdicts)', () => {
  for (const mode of ['balanced', 'thorough'] as const satisfies readonly Mode[]) {
    it(`is no dispute in ${mode} where a comparison was ended half way`, async () => {
      const { result } = await topologyRun((_, call) => code(`answer ${call}`), {
        ...{ task: PROBED, topology: 'linear', mode },
        sandbox: new Impatient(),
      });
      assert.deepEqual([result.status, result.stop], ['solved', 'solved']);
      assert.match(result.code, /answer 1/);
    });
  }
});
