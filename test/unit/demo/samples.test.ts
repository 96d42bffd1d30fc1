import assert from 'node:assert/strict';
import path from 'node:path';
import { openSandbox } from '../../../src/core/sandbox/open';
import { type Sandbox, SandboxError } from '../../../src/core/sandbox/sandbox';
import { isSolved } from '../../../src/core/sandbox/verdict';
import type { Sample } from '../../../src/demo/sample';
import { SAMPLES } from '../../../src/demo/samples';

describe('the drafts of the demo, tested in the sandbox', function () {
  this.timeout(60_000);
  let right: ReadonlySet<string>;

  before(async function () {
    const harness = path.resolve('src/core/sandbox/harness');
    let sandbox: Sandbox;
    try {
      sandbox = await openSandbox({ choice: 'auto', harness });
    } catch (error) {
      if (!(error instanceof SandboxError) || process.env['CI'] === 'true') throw error;
      this.skip();
    }
    const names = SAMPLES.flatMap((sample) => Object.keys(sample.script.drafts).map((name) => ({ sample, name })));
    const found = new Set<string>();
    for (const { sample, name } of names) {
      const verdict = await sandbox.run({ task: sample.task, code: sample.script.drafts[name]!.code });
      assert.equal(verdict.ran, true);
      if (isSolved(verdict)) found.add(key(sample, name));
    }
    right = found;
  });

  const key = ({ task }: Sample, name: string): string => `${task.id}/${name}`;
  const isRight = (sample: Sample, name: string): boolean => right.has(key(sample, name));

  it('exercise the loop: the cheap model is wrong at first on at least three tasks', () => {
    const wrong = SAMPLES.filter((sample) => !isRight(sample, sample.script.first['demo-cheap']));
    assert.ok(wrong.length >= 3, `${wrong.length}`);
    assert.ok(SAMPLES.length - wrong.length >= 1, 'and right on some');
  });

  it('are mended by a revision on most of those', () => {
    const mended = SAMPLES.filter((sample) => {
      const first = sample.script.drafts[sample.script.first['demo-cheap']];
      return !isRight(sample, sample.script.first['demo-cheap']) && isRight(sample, first!.revised['demo-strong']);
    });
    assert.ok(mended.length >= 3);
  });

  it('have a task that only the strong model solves', () => {
    assert.ok(SAMPLES.some((sample) => !reaches(sample, 'demo-cheap') && reaches(sample, 'demo-strong')));
  });

  it('have a task that neither model solves', () => {
    assert.equal(SAMPLES.filter((sample) => !reaches(sample, 'demo-strong')).length, 1);
  });

  /** Whether a model that is only ever shown its own drafts comes to a right one. */
  function reaches(sample: Sample, model: 'demo-cheap' | 'demo-strong'): boolean {
    const { first, drafts } = sample.script;
    let name = first[model];
    for (let step = 0; step < 8; step++) {
      if (isRight(sample, name)) return true;
      name = drafts[name]!.revised[model];
    }
    return false;
  }
});
