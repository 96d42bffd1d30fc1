import assert from 'node:assert/strict';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { NO_CODE_PROMPT, REVIEW_PROMPT, revisionPrompt, taskPrompt } from '../../../src/core/agents/prompts';
import type { Task } from '../../../src/core/task/task';

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
  it('add at most 60 tokens to what an executor must be told', () => {
    const asked = task({});
    assert.ok(countTokens(taskPrompt(asked)) - countTokens(asked.prompt) <= 60);
    const failure = 'assert double(1) == 2: got 1';
    assert.ok(countTokens(revisionPrompt(failure)) - countTokens(failure) <= 60);
    assert.ok(countTokens(NO_CODE_PROMPT) <= 60);
    assert.ok(countTokens(REVIEW_PROMPT) <= 60);
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
