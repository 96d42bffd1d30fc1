import assert from 'node:assert/strict';
import { usd } from '../../../src/core/money';
import { apiError, type FaultServer, startFaultServer, status, stream } from '../../servers/faultServer';
import { delta, DONE, event, finished, usageChunk } from '../../servers/sse';
import { ask, KEY, MODEL, provider } from './asking';

const USAGE = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
const COUNTED = { promptTokens: 10, completionTokens: 2, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };

describe('an OpenAI-compatible server that answers', () => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(() => server.stop());

  const bodyOf = (index: number): Record<string, unknown> =>
    JSON.parse(server.received[index]!.body) as Record<string, unknown>;

  it('gives text as it arrives, and the usage of the last chunk', async () => {
    server.script(stream([event(delta('de')), event(delta('f f')), event(finished()), event(usageChunk(USAGE)), DONE]));
    const { outcome, arrived } = await ask(provider(server.baseUrl));
    assert.deepEqual(outcome, { kind: 'complete', text: 'def f', truncated: false, usage: COUNTED });
    assert.deepEqual(arrived, ['de', 'f f']);
  });

  it('reads events and characters that are split anywhere between packets', async () => {
    const bytes = Buffer.from(event(delta('é𝄞', 'stop')) + event(usageChunk(USAGE)) + DONE);
    server.script(stream([...bytes].map((byte) => Buffer.from([byte]))));
    const { outcome } = await ask(provider(server.baseUrl));
    assert.deepEqual(outcome, { kind: 'complete', text: 'é𝄞', truncated: false, usage: COUNTED });
  });

  it('of several reports of usage takes the largest, whether it is repeated, grows or shrinks', async () => {
    const small = usageChunk({ prompt_tokens: 1, completion_tokens: 0 });
    const large = usageChunk(USAGE);
    for (const reports of [
      [large, large],
      [small, large],
      [large, small],
      [large, { ...large, usage: { prompt_tokens: -5, completion_tokens: -5 } }],
    ]) {
      server.script(stream([event(delta('de')), event(delta('f f')), event(finished()), ...reports.map(event), DONE]));
      const { outcome } = await ask(provider(server.baseUrl));
      assert.deepEqual(outcome, { kind: 'complete', text: 'def f', truncated: false, usage: COUNTED });
    }
  });

  it('of two reports that count alike takes what either of them says', async () => {
    const reports = [usageChunk({ ...USAGE, cost: 0.0004 }), usageChunk(USAGE)];
    server.script(stream([event(delta('a', 'stop')), ...reports.map(event), DONE]));
    const { outcome } = await ask(provider(server.baseUrl));
    assert.equal(outcome.kind === 'complete' ? outcome.usage?.billed : undefined, usd('0.0004'));
  });

  it('is asked for one streamed completion with usage, by key, with nothing of the environment', async () => {
    server.script(stream([event(delta('x', 'stop')), DONE]));
    process.env['OPENAI_ORG_ID'] = 'org-of-someone';
    process.env['OPENAI_PROJECT_ID'] = 'project-of-someone';
    process.env['OPENAI_CUSTOM_HEADERS'] = 'x-gateway-secret: of-someone\nauthorization: Bearer of-someone';
    try {
      await ask(provider(server.baseUrl), { seed: 7 });
    } finally {
      delete process.env['OPENAI_ORG_ID'];
      delete process.env['OPENAI_PROJECT_ID'];
      delete process.env['OPENAI_CUSTOM_HEADERS'];
    }
    assert.deepEqual(bodyOf(0), {
      model: 'small-model',
      messages: [{ role: 'user', content: 'Write f.' }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 100,
      temperature: 0.2,
      seed: 7,
    });
    const { headers, path } = server.received[0]!;
    assert.equal(path, '/v1/chat/completions');
    assert.equal(headers.authorization, `Bearer ${KEY}`);
    assert.equal(headers['openai-organization'], undefined);
    assert.equal(headers['openai-project'], undefined);
    assert.doesNotMatch(JSON.stringify(headers), /of-someone/);
  });

  it('gets max_completion_tokens and no temperature only for the reasoning models of OpenAI', async () => {
    const from = provider(server.baseUrl);
    for (const id of ['o1', 'o3-mini', 'o4-mini-2025', 'gpt-5', 'gpt-5.1-mini', 'o10-of-ours', 'gpt-50', 'gpt-4o']) {
      server.script(stream([event(delta('x', 'stop')), DONE]));
      await ask(from, { model: { ...MODEL, id } });
      const body = bodyOf(server.received.length - 1);
      const reasons = !['o10-of-ours', 'gpt-50', 'gpt-4o'].includes(id);
      assert.equal(body['max_completion_tokens'], reasons ? 100 : undefined, id);
      assert.equal(body['max_tokens'], reasons ? undefined : 100, id);
      assert.equal('temperature' in body, !reasons, id);
    }
  });

  it('gets extra headers with the run, percent-encoded, and the role filled in', async () => {
    server.script(stream([event(delta('x', 'stop')), DONE]));
    const headers = { 'X-Run': 'run={runId}', 'x-role': '{role}' };
    await ask(provider(server.baseUrl, { headers }), { role: 'critic' });
    assert.equal(server.received[0]!.headers['x-run'], 'run=HumanEval%2F0%20%C3%A9');
    assert.equal(server.received[0]!.headers['x-role'], 'critic');
  });

  it('gets the authorization that an extra header gives in place of the key', async () => {
    server.script(stream([event(delta('x', 'stop')), DONE]));
    await ask(provider(server.baseUrl, { headers: { Authorization: 'Basic abc' } }));
    assert.equal(server.received[0]!.headers.authorization, 'Basic abc');
  });

  it("is the model's own where the model names one", async () => {
    server.script(stream([event(delta('x', 'stop')), DONE]));
    const { outcome } = await ask(provider('http://127.0.0.1:1/v1'), { model: { ...MODEL, baseUrl: server.baseUrl } });
    assert.equal(outcome.kind, 'complete');
  });

  it('gets no key where there is none, not even one of the environment', async () => {
    server.script(stream([event(delta('x', 'stop')), DONE]));
    process.env['OPENAI_API_KEY'] = KEY;
    process.env['OPENAI_CUSTOM_HEADERS'] = `authorization: Bearer ${KEY}`;
    try {
      const { outcome } = await ask(provider(server.baseUrl, { key: () => Promise.resolve(undefined) }));
      assert.equal(outcome.kind, 'complete');
    } finally {
      delete process.env['OPENAI_API_KEY'];
      delete process.env['OPENAI_CUSTOM_HEADERS'];
    }
    assert.equal(server.received[0]!.headers.authorization, undefined);
  });

  it('may end at max_tokens or at its content filter: the answer is whole as far as it goes', async () => {
    server.script(stream([event(delta('half', 'length')), DONE]), stream([event(delta('', 'content_filter')), DONE]));
    const from = provider(server.baseUrl);
    const length = await ask(from);
    assert.deepEqual(length.outcome, { kind: 'complete', text: 'half', truncated: true, usage: undefined });
    const filtered = await ask(from);
    assert.deepEqual(filtered.outcome, { kind: 'complete', text: '', truncated: false, usage: undefined });
  });

  it('may refuse in words, send null as content, and report no usage', async () => {
    const refusal = { choices: [{ index: 0, delta: { content: null, refusal: 'No.' }, finish_reason: 'stop' }] };
    server.script(stream([event(refusal), DONE]));
    const { outcome } = await ask(provider(server.baseUrl));
    assert.deepEqual(outcome, { kind: 'complete', text: 'No.', truncated: false, usage: undefined });
  });

  it('may leave out [DONE] after a finish reason, or the finish reason before [DONE]', async () => {
    server.script(stream([event(delta('a', 'stop'))]), stream([event(delta('b')), DONE]));
    const from = provider(server.baseUrl);
    assert.equal((await ask(from)).outcome.kind, 'complete');
    assert.equal((await ask(from)).outcome.kind, 'complete');
  });

  it('may leave the connection open after [DONE] without being waited for', async () => {
    server.script(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      await new Promise((done) => response.write(event(delta('a', 'stop')) + event(usageChunk(USAGE)) + DONE, done));
    });
    const before = Date.now();
    const { outcome } = await ask(provider(server.baseUrl, { idleMs: 20_000 }));
    assert.deepEqual(outcome, { kind: 'complete', text: 'a', truncated: false, usage: COUNTED });
    assert.ok(Date.now() - before < 5000);
  });

  it('may ignore stream and answer with one JSON object', async () => {
    const message = { role: 'assistant', content: 'def f' };
    server.script(status(200, { choices: [{ index: 0, message, finish_reason: 'length' }], usage: USAGE }));
    const { outcome, arrived } = await ask(provider(server.baseUrl));
    assert.deepEqual(outcome, { kind: 'complete', text: 'def f', truncated: true, usage: COUNTED });
    assert.deepEqual(arrived, ['def f']);
  });

  it('may state what it billed, in the usage or in the headers; a zero before a stream states nothing', async () => {
    const answer = [event(delta('a', 'stop')), event(usageChunk(USAGE)), DONE];
    const priced = [event(delta('a', 'stop')), event(usageChunk({ ...USAGE, cost: 0.00015 })), DONE];
    const header = (cost: string): Record<string, string> => ({ 'x-litellm-response-cost': cost });
    const json = { choices: [{ message: { content: 'a' }, finish_reason: 'stop' }], usage: USAGE };
    server.script(
      stream(priced),
      stream(answer, header('1.5e-05')),
      stream(answer, header('0.0')),
      stream(priced, header('9')),
      status(200, json, header('0')),
    );
    const from = provider(server.baseUrl);
    const billed: (bigint | undefined)[] = [];
    for (let call = 0; call < 5; call++) {
      const { outcome } = await ask(from);
      billed.push(outcome.kind === 'complete' ? outcome.usage?.billed : -1n);
    }
    assert.deepEqual(billed, [usd('0.00015'), usd('0.000015'), undefined, usd('0.00015'), 0n]);
  });

  it('may state what it billed without counting a token; beside counts that cannot be true it states nothing', async () => {
    const text = event(delta('a', 'stop'));
    const header = { 'x-litellm-response-cost': '1.5e-05' };
    const impossible = { prompt_tokens: -1, completion_tokens: 1, cost: 0.5 };
    server.script(
      stream([text, DONE], header),
      stream([text, event(usageChunk({ cost: '0.0002' })), DONE]),
      stream([text, event(usageChunk(impossible)), DONE]),
      stream([text, event(usageChunk(impossible)), DONE], header),
      stream([text, DONE], { 'x-litellm-response-cost': '-1' }),
    );
    const from = provider(server.baseUrl);
    const billed: (bigint | undefined)[] = [];
    for (let call = 0; call < 5; call++) {
      const { outcome } = await ask(from);
      assert.ok(outcome.kind === 'complete' && outcome.usage === undefined);
      billed.push(outcome.billed);
    }
    assert.deepEqual(billed, [usd('0.000015'), usd('0.0002'), undefined, usd('0.000015'), undefined]);
  });

  it('that does not take stream_options, or max_tokens, is asked without from then on', async () => {
    const from = provider(server.baseUrl);
    const ok = stream([event(delta('x', 'stop')), DONE]);
    server.script(
      status(400, { object: 'error', message: 'Unrecognized request argument supplied: stream_options' }),
      apiError(
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'.",
      ),
      status(422, {
        detail: [{ type: 'extra_forbidden', msg: 'Extra inputs are not permitted', loc: ['body', 'seed'] }],
      }),
      ok,
      apiError(400, 'Unrecognized request argument supplied: stream_options'),
    );
    for (let call = 0; call < 3; call++) {
      const { outcome } = await ask(from, { seed: 1 });
      assert.equal(outcome.kind === 'refused' && outcome.retryable, true);
    }
    assert.equal((await ask(from, { seed: 1 })).outcome.kind, 'complete');
    const body = bodyOf(3);
    assert.deepEqual(Object.keys(body).sort(), ['max_completion_tokens', 'messages', 'model', 'stream', 'temperature']);
    const { outcome } = await ask(from);
    assert.equal(outcome.kind === 'refused' && outcome.retryable, false, 'nothing new was learned');
  });

  it('is asked anew by the same client', async () => {
    const from = provider(server.baseUrl);
    for (let call = 0; call < 3; call++) {
      server.script(stream([event(delta('x', 'stop')), DONE]));
      assert.equal((await ask(from, { runId: String(call) })).outcome.kind, 'complete');
    }
    assert.equal(server.received.length, 3);
  });
});
