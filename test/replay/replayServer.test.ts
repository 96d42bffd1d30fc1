import assert from 'node:assert/strict';
import type { Model } from '../../src/core/catalogue/model';
import { parseModelList } from '../../src/core/catalogue/modelList';
import type { ChatOutcome, ChatRequest } from '../../src/core/providers/chat';
import { OpenAiProvider } from '../../src/core/providers/openai';
import { readFile } from 'node:fs/promises';
import { attoUsd, firstTokens, promptTokensOf, tokensOf } from '../servers/bill';
import { dataFolder, readRecordings, type Recording } from '../servers/recordings';
import { BILLING_HEADERS, type HostileServer } from '../servers/hostileServer';
import { REPLAY_MODELS, startReplayServer } from '../servers/replayServer';

describe('the replay server', () => {
  let data: string;
  let tasks: readonly Recording[];
  let models: ReadonlyMap<string, Model>;
  before(async function () {
    const folder = dataFolder();
    if (folder === undefined) {
      console.log('    skipped: no recordings; set SOLVENT_DATA to the folder that holds humaneval/');
      this.skip();
    }
    data = folder;
    tasks = await readRecordings(data);
    const list = parseModelList(await readFile(REPLAY_MODELS, 'utf8'), REPLAY_MODELS);
    models = new Map(list.models.map((model) => [model.id, model]));
  });

  async function withServer<T>(work: (server: HostileServer) => Promise<T>): Promise<T> {
    const server = await startReplayServer(data);
    try {
      return await work(server);
    } finally {
      await server.stop();
    }
  }

  async function ask(
    server: HostileServer,
    model: string,
    content: string | ChatRequest['messages'],
    more: Partial<ChatRequest> = {},
  ): Promise<ChatOutcome> {
    const provider = new OpenAiProvider({
      baseUrl: server.baseUrl,
      key: () => Promise.resolve(undefined),
      headers: BILLING_HEADERS,
    });
    const request: ChatRequest = {
      model: models.get(model) ?? { ...models.get('gpt-4')!, id: model },
      role: 'executor',
      messages: typeof content === 'string' ? [{ role: 'user', content }] : content,
      maxTokens: 4000,
      temperature: 0,
      runId: 'run/1',
      ...more,
    };
    return provider.complete(request, () => undefined, new AbortController().signal);
  }
  const textOf = (outcome: ChatOutcome): string =>
    outcome.kind === 'complete' ? outcome.text : assert.fail(JSON.stringify(outcome));

  it('answers the same to the same messages and seed, whatever the temperature', () =>
    withServer(async (server) => {
      const { prompt } = tasks[0]!;
      for (const model of ['gpt-4', 'gpt-3.5-turbo', 'codellama-34b-instruct']) {
        const first = textOf(await ask(server, model, prompt, { seed: 3 }));
        const again = textOf(await ask(server, model, prompt, { seed: 3, temperature: 1 }));
        assert.equal(again, first);
        const samples = tasks[0]!.recordings[model]!.samples!.map(({ text }) => text);
        const steps = tasks[0]!.recordings[model]!.repair?.implementations ?? [];
        assert.ok([...samples, ...steps].includes(first));
      }
    }));

  it('draws another sample for another seed and for a changed prompt', () =>
    withServer(async (server) => {
      const { prompt } = tasks.find(({ recordings }) => {
        const texts = recordings['gpt-4']!.samples!.map(({ text }) => text);
        return new Set(texts).size > 8;
      })!;
      const bySeed = new Set<string>();
      const byPrompt = new Set<string>();
      for (let n = 0; n < 12; n++) {
        bySeed.add(textOf(await ask(server, 'gpt-4', prompt, { seed: n })));
        byPrompt.add(textOf(await ask(server, 'gpt-4', `${prompt}\nTry ${n}.`)));
      }
      assert.ok(bySeed.size > 3 && byPrompt.size > 3);
    }));

  it('goes on with a recorded repair where the conversation holds a step of it', () =>
    withServer(async (server) => {
      const task = tasks.find(({ recordings }) => {
        const steps = recordings['gpt-3.5-turbo']!.repair!.implementations;
        return steps.length > 2 && new Set(steps).size === steps.length;
      })!;
      const steps = task.recordings['gpt-3.5-turbo']!.repair!.implementations;
      const revised = [
        { role: 'user', content: `Write this:\n${task.prompt}` },
        { role: 'assistant', content: `\`\`\`python\n${steps[0]!}\n\`\`\`` },
        { role: 'user', content: 'That fails.' },
      ] as const;
      assert.equal(textOf(await ask(server, 'gpt-3.5-turbo', revised)), steps[1]);
    }));

  it('knows a task by its stub alone, and refuses what was not recorded', () =>
    withServer(async (server) => {
      const unknown = await ask(server, 'gpt-4', `HumanEval/0 ${tasks[0]!.entry_point}`);
      assert.equal(unknown.kind === 'refused' && unknown.status, 400);
      const model = await ask(server, 'gpt-9', tasks[0]!.prompt);
      assert.equal(model.kind === 'refused' && model.status, 404);
      assert.equal(server.bill.total, 0n);
    }));

  it('criticises with nothing but the failure in its prompt', () =>
    withServer(async (server) => {
      const failing = `Task:\n${tasks[0]!.prompt}\nFailing:\nassert f(1) == 2: AssertionError: got 3`;
      const critique = textOf(await ask(server, 'gpt-4', failing, { role: 'critic' }));
      assert.match(critique, /assert f\(1\) == 2: AssertionError: got 3/);
      assert.match(textOf(await ask(server, 'gpt-4', 'Hm.', { role: 'critic' })), /No failure is shown/);
    }));

  it('bills each run for its tokens, in usage and on its own bill', () =>
    withServer(async (server) => {
      const { prompt } = tasks[1]!;
      const outcome = await ask(server, 'gpt-4', prompt, { runId: 'HumanEval/2' });
      const text = textOf(outcome);
      const [prompted, completed] = [promptTokensOf([{ role: 'user', content: prompt }]), tokensOf(text)];
      const usage = outcome.kind === 'complete' ? outcome.usage : undefined;
      assert.deepEqual([usage?.promptTokens, usage?.completionTokens], [prompted, completed]);
      assert.equal(
        server.bill.of('HumanEval/2'),
        attoUsd('0.00003') * BigInt(prompted) + attoUsd('0.00006') * BigInt(completed),
      );
      await ask(server, 'codellama-34b-instruct', prompt, { runId: 'other' });
      assert.equal(server.bill.total, server.bill.of('HumanEval/2') + server.bill.of('other'));
      assert.equal(server.bill.of('never'), 0n);
    }));

  it('stops at max_tokens and bills no more', () =>
    withServer(async (server) => {
      const outcome = await ask(server, 'gpt-4', tasks[0]!.prompt, { maxTokens: 20 });
      assert.equal(outcome.kind === 'complete' && outcome.truncated, true);
      assert.equal(outcome.kind === 'complete' && outcome.usage?.completionTokens, 20);
    }));

  it('cuts a text within its tokens wherever that falls', () => {
    const text = 'naïve 字字 😀😀 def f(x):\n    return x  # 𝄞';
    for (let most = 0; most <= tokensOf(text) + 1; most++) {
      const cut = firstTokens(text, most);
      assert.ok(tokensOf(cut) <= most);
      if (most >= tokensOf(text)) assert.equal(cut, text);
    }
  });
});
