import assert from 'node:assert/strict';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { createHash } from 'node:crypto';
import {
  auditedPrompt,
  auditMessages,
  COUNTDOWN,
  critiqueMessages,
  fixedWords,
  judgeMessages,
  mergePrompt,
  NO_CODE_PROMPT,
  paperWords,
  planMessages,
  PROMPT_VERSION,
  REVIEW_PROMPT,
  revisionPrompt,
  STYLES,
  taskPrompt,
} from '../../../src/core/agents/prompts';
import { PROFILES, TOPOLOGIES } from '../../../src/core/plan';
import { LANGUAGES } from '../../../src/core/task/task';
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
      const [first] = conversation(asked, undefined, { style });
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

  it('add at most 60 tokens to every executor call of a whole run of every topology and profile', async () => {
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
          const fixed = messages.map(({ role, content }) => {
            // What it must be told: the task and its tests, what failed, and what others have said or written.
            const told = content
              .replace(TASK.prompt, '')
              .replace(/Answer \d+:/g, '')
              .replace(/(?:alpha|beta): it does not contain that/g, '')
              .replace(/def f\(\):\n {4}return '.*'/g, '');
            return role === 'user' ? tests.reduce((text, test) => text.replace(test, ''), told) : '';
          });
          const tokens = fixed.reduce((sum, text) => sum + countTokens(text), 0);
          assert.ok(tokens <= 60, `${profile} ${topology}, ${tokens} tokens: ${fixed.join('\n')}`);
        }
      }
    }
  });

  it('have fixed words of no more tokens than these in every role, whatever the language', () => {
    const most = { answer: 30, revision: 60, critic: 60, planner: 80, judge: 50 };
    for (const language of LANGUAGES) {
      for (const words of [fixedWords(language), paperWords(language)]) {
        for (const [part, text] of Object.entries(words) as [keyof typeof most, string][]) {
          assert.ok(countTokens(text) <= most[part], `${language} ${part}: ${countTokens(text)}`);
        }
      }
    }
    assert.ok(countTokens(COUNTDOWN) <= 9);
  });

  it('change with their version, and only so', () => {
    const asked = task({ prompt: 'P', entryPoint: 'e', tests: ['assert e(1) == 2', 'assert e(2) == 4'] });
    const said = [
      ...LANGUAGES.map((language) => [fixedWords(language), paperWords(language)]),
      ...[taskPrompt(asked), STYLES, NO_CODE_PROMPT, REVIEW_PROMPT, mergePrompt(['A', 'B']), auditedPrompt('I')],
      ...[revisionPrompt('F', 'C'), revisionPrompt('F'), critiqueMessages(asked, 'A', 'F', 3)],
      ...[
        auditMessages(asked, 'A'),
        planMessages(asked, 'A', 'F', 3),
        planMessages(asked),
        judgeMessages(asked, ['A']),
      ],
    ];
    const digest = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
    assert.deepEqual({ version: PROMPT_VERSION, digest }, { version: 3, digest: 'bf9ece701486b59e' });
  });

  it('show a critic every test once: those that fail with their output, and the others that the task does not show', () => {
    const tests = ['assert double(1) == 2', 'assert double(4) == 8', 'assert double(0) == 0'];
    const prompt = 'def double(x):\n    """Twice x.\n    >>> double(0)\n    0\n    """\n';
    const [message] = critiqueMessages(task({ prompt, tests }), 'code', 'assert double(4) == 8: got 4');
    for (const call of ['double(1)', 'double(4)', 'double(0)']) {
      assert.equal(message!.content.split(call).length, 2, call);
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
