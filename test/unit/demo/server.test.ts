import assert from 'node:assert/strict';
import { taskPrompt } from '../../../src/core/agents/prompts';
import { TokenCounter } from '../../../src/core/budget/tokens';
import { OpenAiProvider } from '../../../src/core/providers/openai';
import type { ChatOutcome } from '../../../src/core/providers/chat';
import { DEMO_CATALOGUE } from '../../../src/demo/models';
import { SAMPLES } from '../../../src/demo/samples';
import { type DemoServer, startDemoServer } from '../../../src/demo/server';

const [STRONG] = DEMO_CATALOGUE.models;
const MESSAGES = [{ role: 'user' as const, content: taskPrompt(SAMPLES[1]!.task) }];

describe('the demo server', function () {
  this.timeout(60_000);
  let server: DemoServer;
  before(async () => {
    server = await startDemoServer(SAMPLES, 0);
  });
  after(() => server.close());

  const complete = async (maxTokens: number, messages = MESSAGES, onText: (text: string) => void = () => undefined) => {
    const provider = new OpenAiProvider({ baseUrl: server.baseUrl, key: () => Promise.resolve(undefined) });
    const request = { model: STRONG!, role: 'executor' as const, messages, maxTokens, temperature: 0, runId: 'r' };
    return provider.complete(request, onText, new AbortController().signal);
  };
  const whole = (outcome: ChatOutcome): Extract<ChatOutcome, { kind: 'complete' }> => {
    assert.ok(outcome.kind === 'complete', JSON.stringify(outcome));
    return outcome;
  };

  it('streams an answer in small pieces, with the usage that its tokenizer counts', async () => {
    const pieces: string[] = [];
    const { text, truncated, usage } = whole(await complete(1000, MESSAGES, (piece) => pieces.push(piece)));
    assert.ok(pieces.length > 5);
    assert.equal(pieces.join(''), text);
    assert.equal(truncated, false);
    const tokens = new TokenCounter();
    assert.equal(usage?.promptTokens, (await tokens.prompt(STRONG!, MESSAGES)).tokens);
    assert.equal(usage.completionTokens, (await tokens.text(STRONG!, text)).tokens);
  });

  it('honours max_tokens', async () => {
    const full = whole(await complete(1000));
    const cut = whole(await complete(20));
    assert.equal(cut.truncated, true);
    assert.equal(cut.usage?.completionTokens, 20);
    assert.ok(full.text.startsWith(cut.text) && cut.text.length < full.text.length);
  });

  it('refuses a prompt that it has no answer for, and says why', async () => {
    const outcome = await complete(100, [{ role: 'user', content: 'Write a poem.' }]);
    assert.ok(outcome.kind === 'refused', JSON.stringify(outcome));
    assert.equal(outcome.status, 404);
    assert.match(outcome.message, /sample tasks only/);
  });

  it('refuses what is no request for a streamed completion', async () => {
    const post = (url: string, body: string): Promise<Response> =>
      fetch(`${server.baseUrl}${url}`, { method: 'POST', body });
    assert.equal((await post('/chat/completions', 'nonsense')).status, 400);
    assert.equal((await post('/chat/completions', '{"model":"demo-cheap","messages":[]}')).status, 400);
    assert.equal((await post('/embeddings', '{}')).status, 404);
    assert.equal((await fetch(server.baseUrl)).status, 404);
  });

  it('is on this machine only, and gone when it is closed', async () => {
    const other = await startDemoServer(SAMPLES, 0);
    assert.match(other.baseUrl, /^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    await other.close();
    await assert.rejects(fetch(other.baseUrl));
  });
});
