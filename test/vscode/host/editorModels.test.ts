import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorModels } from '../../../src/core/catalogue/editorModels';
import type { Model } from '../../../src/core/catalogue/model';
import type { ChatOutcome, ChatRequest } from '../../../src/core/providers/chat';
import { LmChat } from '../../../src/vscode/lmChat';
import { LmModels } from '../../../src/vscode/lmModels';
import { VENDOR, VENDOR_EXTENSION } from './modelVendor';

/** What the editor calls of a provider; its types came with a later version than the extension needs. */
interface RegisteredProvider {
  provideLanguageModelChatInformation(): readonly object[];
  provideLanguageModelChatResponse(
    model: { readonly id: string },
    messages: readonly object[],
    options: { readonly modelOptions?: Readonly<Record<string, unknown>> },
    progress: { report(part: object): void },
    token: vscode.CancellationToken,
  ): Promise<void>;
  provideTokenCount(model: object, text: unknown): Promise<number>;
}

/** What the extension that declares the vendor offers. */
interface Registry {
  register(provider: RegisteredProvider): vscode.Disposable | undefined;
}

type TextPart = new (value: string) => object;

const WORD = 'word ';

describe('the editor’s own models, from a provider that is really registered', function () {
  this.timeout(20_000);
  const models = new LmModels();
  let registration: vscode.Disposable | undefined;
  let respond: RegisteredProvider['provideLanguageModelChatResponse'] = () => Promise.resolve();
  let options: Readonly<Record<string, unknown>> | undefined;
  let asked = 0;

  before(async function () {
    const vendor = vscode.extensions.getExtension<Registry>(VENDOR_EXTENSION);
    assert.ok(vendor, 'the extension of the vendor is there');
    registration = (await vendor.activate()).register({
      provideLanguageModelChatInformation: () => [
        {
          id: 'writer',
          name: 'Writer',
          family: 'writer',
          version: '1',
          maxInputTokens: 8000,
          maxOutputTokens: 2000,
          capabilities: {},
        },
      ],
      provideLanguageModelChatResponse: (model, messages, given, progress, token) => {
        asked++;
        options = given.modelOptions;
        return respond(model, messages, given, progress, token);
      },
      // A token a word, so that a count tells what was counted.
      provideTokenCount: (_, text) =>
        Promise.resolve(
          JSON.stringify(text)
            .split(/[^\w']+/)
            .filter(Boolean).length,
        ),
    });
    // An editor before 1.104 has no such providers.
    if (registration === undefined) this.skip();
    for (let tries = 0; tries < 100 && (await models.offered()).length === 0; tries++) {
      await new Promise((later) => setTimeout(later, 100));
    }
  });
  after(() => registration?.dispose());
  beforeEach(() => {
    asked = 0;
    options = undefined;
  });

  const text = (value: string): object => {
    const { LanguageModelTextPart: Part } = vscode as unknown as { readonly LanguageModelTextPart: TextPart };
    return new Part(value);
  };

  async function writer(): Promise<Model> {
    const { models: found } = editorModels(await models.offered(), { prices: new Map(), unpricedRequests: 9 });
    const model = found.find(({ id }) => id === `vscode:${VENDOR}/writer`);
    assert.ok(model, 'the model is offered');
    return model;
  }

  async function ask(
    change: Partial<ChatRequest> = {},
    signal = new AbortController().signal,
    chat = new LmChat(models, { unpriced: new Set(), requests: 0 }),
  ): Promise<{ readonly outcome: ChatOutcome; readonly arrived: string }> {
    let arrived = '';
    const request: ChatRequest = {
      model: await writer(),
      role: 'executor',
      messages: [{ role: 'user', content: 'Write f.' }],
      maxTokens: 50,
      temperature: 0,
      runId: 'task',
      ...change,
    };
    const outcome = await chat.complete(request, (part) => (arrived += part), signal);
    return { outcome, arrived };
  }

  it('are offered with what they take', async () => {
    const found = (await models.offered()).find(({ vendor }) => vendor === VENDOR);
    assert.deepEqual(found, { vendor: VENDOR, id: 'writer', name: 'Writer', maxInputTokens: found?.maxInputTokens });
    assert.ok((found?.maxInputTokens ?? 0) > 0);
    assert.equal(await models.count(`vscode:${VENDOR}/writer`, 'one two three'), 3);
  });

  it('answer, and the tokens are counted by the model, as an estimate', async () => {
    respond = (_, __, ___, progress) => {
      for (const word of ['def ', 'f ', 'end']) progress.report(text(word));
      return Promise.resolve();
    };
    const { outcome, arrived } = await ask({ seed: 7 });
    assert.ok(outcome.kind === 'complete', JSON.stringify(outcome));
    assert.deepEqual([outcome.text, arrived, outcome.truncated], ['def f end', 'def f end', false]);
    assert.equal(outcome.usage?.completionTokens, 3);
    assert.equal(outcome.usage.estimated, true);
    assert.ok(outcome.usage.promptTokens >= 2);
    assert.deepEqual(options, { temperature: 0, max_tokens: 50, seed: 7 });
  });

  it('are ended when the answer has the tokens that were reserved for it', async () => {
    let stopped = false;
    respond = async (_, __, ___, progress, token) => {
      for (let word = 0; word < 5000 && !token.isCancellationRequested; word++) {
        progress.report(text(WORD));
        await new Promise((later) => setTimeout(later, 1));
      }
      stopped = token.isCancellationRequested;
    };
    const { outcome } = await ask({ maxTokens: 40 });
    assert.ok(outcome.kind === 'complete' && outcome.truncated, JSON.stringify(outcome));
    const tokens = outcome.usage?.completionTokens ?? 0;
    assert.ok(tokens >= 40 && tokens <= 40 + 32, String(tokens));
    for (let tries = 0; tries < 50 && !stopped; tries++) await new Promise((later) => setTimeout(later, 100));
    assert.ok(stopped, 'the provider was told to stop');
  });

  it('that are cancelled by the user are cut, with what arrived', async () => {
    const abort = new AbortController();
    respond = async (_, __, ___, progress, token) => {
      progress.report(text('def f'));
      await new Promise<void>((end) => token.onCancellationRequested(() => end()));
    };
    const chat = new LmChat(models, { unpriced: new Set(), requests: 0 });
    const asking = chat.complete(
      { model: await writer(), role: 'executor', messages: [{ role: 'user', content: 'x' }], maxTokens: 50, temperature: 0, runId: 't' }, // prettier-ignore
      () => {
        abort.abort();
      },
      abort.signal,
    );
    const outcome = await asking;
    assert.ok(outcome.kind === 'cut' && !outcome.retryable, JSON.stringify(outcome));
    assert.equal(outcome.text, 'def f');
  });

  it('that may not be used, are gone or are blocked say what to do, and nothing is billed', async () => {
    const { NoPermissions, NotFound, Blocked } = vscode.LanguageModelError;
    const errors = [
      [NoPermissions('no'), 'unsent', /may not use vscode:solvent-test\/writer yet: allow it/],
      [NotFound('no'), 'refused', /offers no vscode:solvent-test\/writer any more/],
      [Blocked('Out of credits'), 'refused', /quota is used up.*Out of credits/],
    ] as const;
    for (const [error, kind, message] of errors) {
      respond = () => Promise.reject(error);
      const { outcome } = await ask();
      assert.equal(outcome.kind, kind, JSON.stringify(outcome));
      assert.match('message' in outcome ? outcome.message : '', message);
    }
  });

  it('that break off may have been billed: the outcome is cut, with what arrived and the reason', async () => {
    respond = (_, __, ___, progress) => {
      progress.report(text('def f'));
      return Promise.reject(new Error('upstream broke'));
    };
    const { outcome } = await ask();
    assert.ok(outcome.kind === 'cut', JSON.stringify(outcome));
    assert.match(outcome.message, /upstream broke/);
  });

  it('that take no temperature are asked without from then on, as a new call', async () => {
    respond = (_, __, given, progress) => {
      if (given.modelOptions?.['temperature'] !== undefined) {
        return Promise.reject(new Error("Unsupported parameter: 'temperature' is not supported with this model."));
      }
      progress.report(text('def f'));
      return Promise.resolve();
    };
    const chat = new LmChat(models, { unpriced: new Set(), requests: 0 });
    const { outcome: first } = await ask({}, undefined, chat);
    assert.ok(first.kind === 'refused' && first.retryable, JSON.stringify(first));
    const { outcome: second } = await ask({}, undefined, chat);
    assert.equal(second.kind, 'complete');
  });

  it('without a price make as many requests as the user allows, and no more', async () => {
    respond = (_, __, ___, progress) => {
      progress.report(text('def f'));
      return Promise.resolve();
    };
    const chat = new LmChat(models, { unpriced: new Set([`vscode:${VENDOR}/writer`]), requests: 2 });
    const kinds: string[] = [];
    for (let call = 0; call < 4; call++) kinds.push((await ask({}, undefined, chat)).outcome.kind);
    assert.deepEqual(kinds, ['complete', 'complete', 'refused', 'refused']);
    assert.equal(asked, 2);
  });

  it('that the editor does not have are not asked', async () => {
    const gone = { ...(await writer()), id: 'vscode:nobody/nothing' };
    const { outcome } = await ask({ model: gone });
    assert.ok(outcome.kind === 'refused' && outcome.status === 404);
    assert.equal(asked, 0);
  });
});
