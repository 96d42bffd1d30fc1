import assert from 'node:assert/strict';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import {
  auditedPrompt,
  mergePrompt,
  NO_CODE_PROMPT,
  REVIEW_PROMPT,
  revisionPrompt,
  STYLES,
  taskPrompt,
} from '../../../src/core/agents/prompts';
import { PROFILES, TOPOLOGIES } from '../../../src/core/plan';
import type { Task } from '../../../src/core/task/task';
import { conversation } from '../../../src/core/topologies/topology';
import { code, TASK, topologyRun } from '../topologies/topologyRun';

const task = (more: Partial<Task>): Task => ({
  ...{
    id: 't',
    language: 'python',
    prompt: 'Write a function that doubles.',
    entryPoint: 'double',
    tests: [],
    setup: '',
  },
  ...more,
});

describe('prompts', () => {
  it('add at most 60 tokens to what an executor must be told, in whatever call', () => {
    const asked = task({ tests: ['assert double(1) == 2'] });
    const told = countTokens(asked.prompt) + countTokens(asked.tests.join('\n'));
    for (const style of STYLES) {
      const [first] = conversation(asked, undefined, undefined, style);
      assert.ok(countTokens(first!.content) - told <= 60, style);
    }
    const failure = 'assert double(1) == 2: got 1';
    const critique = 'It returns its argument.';
    assert.ok(countTokens(revisionPrompt(failure, critique)) - countTokens(failure) - countTokens(critique) <= 60);
    assert.ok(countTokens(auditedPrompt(critique)) - countTokens(critique) <= 60);
    const codes = ['def double(x): return x', 'def double(x): return 2 * x'];
    assert.ok(countTokens(mergePrompt(codes)) - countTokens(codes.join('\n')) <= 60);
    assert.ok(countTokens(NO_CODE_PROMPT) <= 60);
    assert.ok(countTokens(REVIEW_PROMPT) <= 60);
  });

  it('add at most 60 tokens to every message of a whole run of every topology and profile', async () => {
    const tests = ['alpha', 'beta'];
    for (const profile of PROFILES) {
      for (const topology of TOPOLOGIES) {
        const { requests } = await topologyRun(
          ({ role }, call) =>
            role === 'planner' ? '["write", "critique", "revise"]' : role === 'critic' ? 'No.' : code(`alpha ${call}`),
          { topology, profile },
        );
        const executors = requests.filter(({ role }) => role === 'executor');
        assert.ok(executors.length > 1);
        for (const { messages } of executors) {
          for (const { role, content } of messages) {
            // What it must be told: the task and its tests, what failed, and what others have said or written.
            const told = content
              .replace(TASK.prompt, '')
              .replace(/Answer \d+:/g, '')
              .replace(/(?:alpha|beta): it does not contain that/g, '')
              .replace(/def f\(\):\n {4}return '.*'/g, '');
            const fixed = tests.reduce((text, test) => text.replace(test, ''), told);
            if (role === 'user') assert.ok(countTokens(fixed) <= 60, `${profile} ${topology}: ${fixed}`);
          }
        }
      }
    }
  });

  it('name the entry point only where the task does not', () => {
    assert.match(taskPrompt(task({})), /Name it `double`/);
    assert.doesNotMatch(taskPrompt(task({ prompt: 'def double(x):\n    """Twice x."""\n' })), /Name it/);
  });

  it('show the tests that the task does not show itself', () => {
    const doctest = 'def double(x):\n    """Twice x.\n    >>> double( 1 )\n    2\n    """\n';
    const prompt = taskPrompt(task({ prompt: doctest, tests: ['assert double(1) == 2', 'assert double(4) == 8'] }));
    assert.doesNotMatch(prompt, /assert double\(1\)/);
    assert.match(prompt, /assert double\(4\) == 8/);
  });
});
