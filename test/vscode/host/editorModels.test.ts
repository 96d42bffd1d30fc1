import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorModels } from '../../../src/core/catalogue/editorModels';
import type { Model } from '../../../src/core/catalogue/model';
import type { ChatOutcome, ChatRequest } from '../../../src/core/providers/chat';
import { LmChat } from '../../../src/vscode/lmChat';
import { LmModels } from '../../../src/vscode/lmModels';
import { eventually } from '../ui/eventually';
import { type EditorWriter, registerWriter } from './editorWriter';
import { VENDOR } from './modelVendor';

const priced = { unpriced: new Set<string>(), requests: 0 };

describe('the editor’s own models, from a provider that is really registered', function () {
  this.timeout(60_000);
  const models = new LmModels();
  let writer: EditorWriter;

  before(async function () {
    const registered = await registerWriter();
    // An editor before 1.104 has no such providers.
    if (registered === undefined) this.skip();
    writer = registered;
  });
  after(() => {
    (writer as EditorWriter | undefined)?.dispose();
  });

  async function model(): Promise<Model> {
    const { models: found } = editorModels(await models.offered(), { prices: new Map(), unpricedRequests: 9 });
    const one = found.find(({ id }) => id === writer.name);
    assert.ok(one, 'the model is offered');
    return one;
  }

  async function ask(
    change: Partial<ChatRequest> = {},
    chat = new LmChat(models, priced),
    signal = new AbortController().signal,
    onText: (text: string) => void = () => undefined,
  ): Promise<ChatOutcome> {
    const request: ChatRequest = {
      ...{ model: await model(), role: 'executor', messages: [{ role: 'user', content: 'Write f.' }] },
      ...{ maxTokens: 50, temperature: 0, runId: 'task', ...change },
    };
    return chat.complete(request, onText, signal);
  }

  it('are offered with what they take, and count for themselves', async () => {
    const found = (await models.offered()).find(({ vendor }) => vendor === VENDOR);
    assert.ok(found, 'the model is offered');
    assert.deepEqual([found.id, found.name], ['writer', 'Writer']);
    assert.ok(found.maxInputTokens > 0);
    assert.equal(await models.count(writer.name, 'one two three'), 3);
    await assert.rejects(models.count('vscode:nobody/nothing', 'x'), /offers no model/);
  });

  it('answer, and the tokens are counted by the model, as an estimate', async () => {
    writer.answer((say) => {
      for (const word of ['def ', 'f ', 'end']) say(word);
      return Promise.resolve();
    });
    let arrived = '';
    const outcome = await ask({ seed: 7 }, undefined, undefined, (text) => (arrived += text));
    assert.ok(outcome.kind === 'complete', JSON.stringify(outcome));
    assert.deepEqual([outcome.text, arrived, outcome.truncated], ['def f end', 'def f end', false]);
    const { completionTokens, promptTokens, estimated } = outcome.usage ?? assert.fail();
    assert.deepEqual([completionTokens, estimated], [3, true]);
    assert.ok(promptTokens >= 2);
    assert.deepEqual(writer.asked.at(-1), { temperature: 0, max_tokens: 50, seed: 7 });
  });

  it('are ended when the answer has the tokens that were reserved for it', async () => {
    const heard = { stop: false };
    writer.answer(async (say, token) => {
      for (let word = 0; word < 5000 && !token.isCancellationRequested; word++) {
        say('word ');
        await new Promise((later) => setTimeout(later, 1));
      }
      heard.stop = token.isCancellationRequested;
    });
    const outcome = await ask({ maxTokens: 40 });
    assert.ok(outcome.kind === 'complete' && outcome.truncated, JSON.stringify(outcome));
    const tokens = outcome.usage?.completionTokens ?? 0;
    assert.ok(tokens >= 40 && tokens <= 40 + 32, String(tokens));
    await eventually(
      'the end of the stream',
      () => heard.stop,
      (stopped) => stopped,
    );
  });

  it('that are cancelled by the user are cut, with what arrived', async () => {
    const abort = new AbortController();
    writer.answer(async (say, token) => {
      say('def f');
      await new Promise<void>((end) => {
        token.onCancellationRequested(() => {
          end();
        });
      });
    });
    const outcome = await ask({}, undefined, abort.signal, () => {
      abort.abort();
    });
    assert.ok(outcome.kind === 'cut' && !outcome.retryable, JSON.stringify(outcome));
    assert.equal(outcome.text, 'def f');
    assert.equal((await ask({}, undefined, AbortSignal.abort())).kind, 'unsent');
  });

  it('that may not be used, are gone or are blocked say what to do, and nothing is billed', async () => {
    const errors = [
      [vscode.LanguageModelError.NoPermissions('no'), 'unsent', /may not use vscode:solvent-test\/writer yet: allow/],
      [vscode.LanguageModelError.NotFound('no'), 'refused', /offers no vscode:solvent-test\/writer any more/],
      [vscode.LanguageModelError.Blocked('Out of credits'), 'refused', /quota is used up.*Out of credits/],
    ] as const;
    for (const [error, kind, message] of errors) {
      writer.answer(() => Promise.reject(error));
      const outcome = await ask();
      assert.equal(outcome.kind, kind, JSON.stringify(outcome));
      assert.match('message' in outcome ? outcome.message : '', message);
    }
  });

  it('that break off may have been billed: the outcome is cut, with the reason', async () => {
    writer.answer((say) => {
      say('def f');
      return Promise.reject(new Error('upstream broke'));
    });
    const outcome = await ask();
    assert.ok(outcome.kind === 'cut', JSON.stringify(outcome));
    assert.match(outcome.message, /upstream broke/);
  });

  it('that take no temperature are asked without from then on, as a new call', async () => {
    writer.answer((say, _, options) => {
      if (options?.['temperature'] !== undefined) {
        return Promise.reject(new Error("Unsupported parameter: 'temperature' is not supported with this model."));
      }
      say('def f');
      return Promise.resolve();
    });
    const chat = new LmChat(models, priced);
    const first = await ask({}, chat);
    assert.ok(first.kind === 'refused' && first.retryable, JSON.stringify(first));
    assert.equal((await ask({}, chat)).kind, 'complete');
  });

  it('without a price make as many requests as the user allows, and no more', async () => {
    writer.answer((say) => {
      say('def f');
      return Promise.resolve();
    });
    const before = writer.asked.length;
    const chat = new LmChat(models, { unpriced: new Set([writer.name]), requests: 2 });
    const kinds: string[] = [];
    for (let call = 0; call < 4; call++) kinds.push((await ask({}, chat)).kind);
    assert.deepEqual(kinds, ['complete', 'complete', 'refused', 'refused']);
    assert.equal(writer.asked.length - before, 2);
  });

  it('that the editor does not have are not asked', async () => {
    const before = writer.asked.length;
    const outcome = await ask({ model: { ...(await model()), id: 'vscode:nobody/nothing' } });
    assert.ok(outcome.kind === 'refused' && outcome.status === 404);
    assert.equal(writer.asked.length, before);
  });
});
