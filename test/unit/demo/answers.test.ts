import assert from 'node:assert/strict';
import { critiqueMessages, revisionPrompt, taskPrompt } from '../../../src/core/agents/prompts';
import type { ChatMessage } from '../../../src/core/providers/message';
import { answerTo } from '../../../src/demo/answers';
import { DEMO_MODELS, type Sample } from '../../../src/demo/sample';
import { SAMPLES } from '../../../src/demo/samples';

const ask = (content: string): ChatMessage => ({ role: 'user', content });
const textOf = (reply: ReturnType<typeof answerTo>): string =>
  'text' in reply ? reply.text : assert.fail(reply.refusal);

function revision({ task }: Sample, code: string, failure = 'it fails'): ChatMessage[] {
  return [
    ask(taskPrompt(task)),
    { role: 'assistant', content: `\`\`\`\n${code.trim()}\n\`\`\`` },
    ask(revisionPrompt(failure, 'mend it')),
  ];
}

describe('the scripted answers of the demo', () => {
  it('have a first answer of each model for every sample', () => {
    for (const { task, script } of SAMPLES) {
      for (const model of DEMO_MODELS) {
        const text = textOf(answerTo(model, [ask(taskPrompt(task))], SAMPLES));
        assert.ok(text.includes(script.drafts[script.first[model]]!.code), task.id);
      }
    }
  });

  it('have a revision and a critique of every draft, recognised by the prompt alone', () => {
    for (const sample of SAMPLES) {
      const { drafts } = sample.script;
      for (const [name, draft] of Object.entries(drafts)) {
        for (const model of DEMO_MODELS) {
          const text = textOf(answerTo(model, revision(sample, draft.code), SAMPLES));
          const next = drafts[draft.revised[model]];
          assert.ok(next !== undefined && text.includes(next.code), `${sample.task.id}, ${name}`);
          const critique = critiqueMessages(sample.task, draft.code, 'it fails');
          assert.equal(textOf(answerTo(model, critique, SAMPLES)), draft.critique);
        }
      }
    }
  });

  it('do not depend on what the tests said', () => {
    for (const sample of SAMPLES) {
      const [draft] = Object.values(sample.script.drafts);
      const answers = ['1 of 5 tests failed', 'all tests passed', ''].map((failure) =>
        textOf(answerTo('demo-strong', revision(sample, draft!.code, failure), SAMPLES)),
      );
      assert.equal(new Set(answers).size, 1);
    }
  });

  it('are refused for any other task, model or code', () => {
    const [sample] = SAMPLES;
    assert.match(JSON.stringify(answerTo('demo-cheap', [ask('Write a sorting function.')], SAMPLES)), /none of them/);
    assert.match(JSON.stringify(answerTo('gpt-4', [ask(taskPrompt(sample!.task))], SAMPLES)), /no model 'gpt-4'/);
    const foreign = critiqueMessages(sample!.task, 'def f(): pass', 'it fails');
    assert.match(JSON.stringify(answerTo('demo-strong', foreign, SAMPLES)), /not its own/);
  });

  it('are for samples whose ids and entry points are their own', () => {
    assert.ok(SAMPLES.length >= 10);
    assert.equal(new Set(SAMPLES.map(({ task }) => task.id)).size, SAMPLES.length);
    for (const { task } of SAMPLES)
      assert.ok(task.prompt.includes(`def ${task.entryPoint}(`) && task.tests.length >= 4);
  });
});
