import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ChatOutcome } from '../../../src/core/providers/chat';
import {
  apiError,
  drip,
  type FaultServer,
  raw,
  type Reply,
  resetAtOnce,
  silence,
  startFaultServer,
  status,
  stream,
  streamThenReset,
  streamThenSilence,
} from '../../servers/faultServer';
import { delta, DONE, event, finished, usageChunk, write } from '../../servers/sse';
import { ask, KEY, MODEL, provider, REQUEST } from './asking';

describe('an OpenAI-compatible server that fails', () => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(() => server.stop());

  async function outcomeOf(reply: Reply, settings: Parameters<typeof provider>[1] = {}): Promise<ChatOutcome> {
    server.script(reply);
    const { outcome } = await ask(provider(server.baseUrl, settings));
    const text = JSON.stringify(outcome);
    assert.ok(!text.includes(KEY), 'the key is in no outcome');
    return outcome;
  }
  async function refused(reply: Reply): Promise<Extract<ChatOutcome, { kind: 'refused' }>> {
    const outcome = await outcomeOf(reply);
    assert.equal(outcome.kind, 'refused', JSON.stringify(outcome));
    return outcome;
  }
  async function wasCut(
    reply: Reply,
    settings: Parameters<typeof provider>[1] = {},
  ): Promise<{ text: string; message: string }> {
    const outcome = await outcomeOf(reply, settings);
    assert.equal(outcome.kind, 'cut', JSON.stringify(outcome));
    return outcome;
  }

  describe('with an error that bills nothing', () => {
    it('401 says how to set another key, and quotes none', async () => {
      const { message, retryable } = await refused(apiError(401, `Incorrect API key provided: ${KEY}.`));
      assert.match(message, /rejected the API key.*"Solvent: Set API Key".*OPENAI_API_KEY/);
      assert.match(message, /Incorrect API key provided: \[key\]/);
      assert.equal(retryable, false);
      assert.doesNotMatch((await refused(apiError(401, 'Wrong: sk-te****ghij'))).message, /te\*|ghij/);
    });

    it("401 without a key says that one is wanted, in the model's own variable", async () => {
      server.script(apiError(401, 'You did not provide an API key.'));
      const from = provider(server.baseUrl, { key: () => Promise.resolve(' ') });
      const { outcome } = await ask(from, { model: { ...MODEL, apiKeyEnv: 'OTHER_KEY' } });
      assert.match(outcome.kind === 'refused' ? outcome.message : '', /wants an API key and none is set.*OTHER_KEY/);
    });

    it('404 names the model and the address; 402 and 403 say what is missing', async () => {
      const { message } = await refused(apiError(404, 'The model does not exist'));
      assert.match(message, /127\.0\.0\.1:\d+ knows no model 'small-model'.*base URL/);
      assert.match((await refused(apiError(402, 'Insufficient credits'))).message, /no credit left/);
      assert.match((await refused(apiError(403, 'Region not supported'))).message, /does not let this API key/);
    });

    it('400, 413 and 422 quote the reason, and know a prompt that is too long', async () => {
      assert.match((await refused(apiError(400, 'Bad thing'))).message, /did not accept.*HTTP 400.*Bad thing/);
      assert.match((await refused(status(422, { detail: 'Odd field' }))).message, /HTTP 422.*Odd field/);
      const long = apiError(400, "This model's maximum context length is 8192 tokens", {
        code: 'context_length_exceeded',
      });
      assert.match((await refused(long)).message, /too long for small-model.*contextWindow/);
      assert.match((await refused(status(413, 'Payload Too Large'))).message, /too long/);
    });

    it('an error of any length is quoted in a few words, also where it is made to be searched without end', async () => {
      for (const said of ['a'.repeat(8e6), '<a'.repeat(4e6), '<head '.repeat(1e6), 'x*'.repeat(4e6)]) {
        const { message } = await refused(status(400, said));
        assert.ok(message.length < 400, message);
      }
    });

    it('an error that does not end is read only so far', async () => {
      let sent = 0;
      const { message } = await refused(async (response) => {
        response.writeHead(400, { 'content-type': 'text/plain' });
        const more = 'No. '.repeat(16 * 1024);
        while (await write(response, more)) sent += more.length;
      });
      assert.match(message, /It said: No\. No\./);
      assert.ok(sent > 0);
    });

    it('429 may pass later, after the time that the server names', async () => {
      const limited = (headers: Record<string, string>): Reply => apiError(429, 'Slow down', {}, headers);
      const seconds = await refused(limited({ 'retry-after': '2' }));
      assert.deepEqual([seconds.retryable, seconds.retryAfterMs], [true, 2000]);
      assert.equal((await refused(limited({ 'retry-after-ms': '120', 'retry-after': '9' }))).retryAfterMs, 120);
      const date = new Date(Date.now() + 5000).toUTCString();
      const untilDate = (await refused(limited({ 'retry-after': date }))).retryAfterMs ?? -1;
      assert.ok(untilDate > 3000 && untilDate <= 5000, String(untilDate));
      assert.equal((await refused(limited({ 'retry-after': 'soon' }))).retryAfterMs, undefined);
      assert.equal((await refused(limited({}))).retryAfterMs, undefined);
    });

    it('429 without quota does not pass by itself', async () => {
      const { message, retryable } = await refused(apiError(429, 'No quota', { code: 'insufficient_quota' }));
      assert.match(message, /no quota left: check its plan and billing/);
      assert.equal(retryable, false);
    });

    it('500 and 503 may pass, and 503 may name a time', async () => {
      assert.equal((await refused(status(500, 'oops'))).retryable, true);
      const busy = await refused(status(503, { error: 'overloaded' }, { 'retry-after': '1' }));
      assert.deepEqual([busy.retryable, busy.retryAfterMs], [true, 1000]);
      assert.match(busy.message, /overloaded/);
    });

    it('a whole page is quoted in a few words without its markup', async () => {
      const page = `<!DOCTYPE html><html><head><style>p{color:red}</style></head><body><p>Bad&nbsp;<b>Gateway</b></p>${'<p>filler</p>'.repeat(500)}</body></html>`;
      const { message } = await refused(status(500, page));
      assert.match(message, /Bad Gateway filler/);
      assert.doesNotMatch(message, /[<>]|color/);
      assert.ok(message.length < 350, message);
    });

    it('a redirect is not followed, so neither prompt nor key goes elsewhere', async () => {
      const { message, retryable } = await refused(status(307, '', { location: `${server.baseUrl}/other` }));
      assert.match(message, /redirects to another address/);
      assert.equal(retryable, false);
      assert.equal(server.received.length, 1);
    });
  });

  describe('so that nobody can know what it billed', () => {
    const text = [event(delta('def ')), event(delta('f'))];

    it('502, 504, 524 and 408 count as cut', async () => {
      for (const code of [502, 504, 524, 529, 408]) {
        assert.match(
          (await wasCut(status(code, '<h1>Bad gateway</h1>'))).message,
          new RegExp(`HTTP ${code}: Bad gateway`),
        );
      }
    });

    it('a reset before or within the answer is cut, with the text that arrived', async () => {
      assert.equal((await wasCut(resetAtOnce)).text, '');
      assert.equal((await wasCut(streamThenReset(text))).text, 'def f');
    });

    it('a reset after [DONE] loses nothing', async () => {
      const usage = usageChunk({ prompt_tokens: 3, completion_tokens: 2 });
      const outcome = await outcomeOf(streamThenReset([...text, event(finished()), event(usage), DONE]));
      assert.equal(outcome.kind === 'complete' && outcome.usage?.completionTokens, 2);
    });

    it('a malformed chunk is cut, with the text before it', async () => {
      for (const bad of [
        '{"choices": [{"del',
        '[]',
        'null',
        '{"choices": 3}',
        '{"choices": [{"delta": {"content": 7}}]}',
      ]) {
        const { text: arrived } = await wasCut(stream([...text, event(bad), event(finished()), DONE]));
        assert.equal(arrived, 'def f', bad);
      }
    });

    it('an error within the stream is cut', async () => {
      const inBand = event({ error: { message: 'upstream broke', code: 502 } });
      assert.match((await wasCut(stream([...text, inBand]))).message, /upstream broke/);
      assert.equal((await wasCut(stream([...text, event(finished('error')), DONE]))).text, 'def f');
    });

    it('a stream that just ends is cut', async () => {
      assert.match((await wasCut(stream(text))).message, /ended before it was finished/);
      assert.equal((await wasCut(stream([...text, 'data: {"choices":[{"index":0,"delta":{"con']))).text, 'def f');
    });

    it('a page or JSON that is no completion is cut, and says to check the address', async () => {
      assert.match(
        (await wasCut(status(200, '<html>Welcome</html>'))).message,
        /no completion: check that the base URL/,
      );
      assert.match((await wasCut(status(200, { hello: 1 }))).message, /no completion: \{"hello":1\}/);
      assert.match(
        (await wasCut(status(200, '{"choices": [', { 'content-type': 'application/json' }))).message,
        /not JSON/,
      );
      assert.match((await wasCut(raw('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nx'))).message, /\S/);
      await wasCut(raw('this is not HTTP\r\n\r\n'));
    });

    it('an answer that has no end in one line, or in one object, is cut and not gathered', async () => {
      const endless =
        (type: string): Reply =>
        async (response) => {
          response.writeHead(200, { 'content-type': type });
          const more = ' '.repeat(1024 * 1024);
          let goes = await write(response, 'data: {');
          while (goes) goes = await write(response, more);
        };
      const settings = { idleMs: 60_000 };
      assert.match((await wasCut(endless('text/event-stream'), settings)).message, /a part without end/);
      assert.match((await wasCut(endless('application/json'), settings)).message, /a completion without end/);
    });

    it('silence before the first byte and within the answer is cut after its time', async () => {
      const first = await wasCut(silence, { firstByteMs: 80 });
      assert.match(first.message, /stayed silent for 0\.08 s/);
      const within = await wasCut(streamThenSilence(text), { idleMs: 500 });
      assert.equal(within.text, 'def f');
    });

    it('a slow answer that keeps coming is not silence', async () => {
      const parts = [...text, event(finished()), DONE];
      assert.equal((await outcomeOf(drip(parts, 60), { idleMs: 1000, firstByteMs: 1000 })).kind, 'complete');
    });

    it('an answer that never comes to its end is cut after its time, though something comes all the while', async () => {
      const parts = Array.from({ length: 200 }, () => ': keep-alive\n\n');
      const endless = await wasCut(drip([...text, ...parts], 5), { wholeMs: 600 });
      assert.equal(endless.text, 'def f');
      assert.match(endless.message, /did not come to an end/);
    });

    it('a cancelled answer is cut and ends at once', async () => {
      server.script(streamThenSilence(text));
      const abort = new AbortController();
      let arrived = '';
      const hear = (piece: string): void => {
        arrived += piece;
        if (arrived === 'def f') abort.abort();
      };
      const before = Date.now();
      const from = provider(server.baseUrl, { idleMs: 30_000 });
      const outcome = await from.complete(REQUEST, hear, abort.signal);
      assert.deepEqual([outcome.kind, outcome.kind === 'cut' && outcome.text], ['cut', 'def f']);
      assert.ok(Date.now() - before < 15_000);
    });
  });

  describe('to be reached', () => {
    async function unsent(
      from: ReturnType<typeof provider>,
      signal?: AbortSignal,
    ): Promise<{ message: string; retryable: boolean }> {
      const { outcome } = await ask(from, {}, signal);
      assert.equal(outcome.kind, 'unsent', JSON.stringify(outcome));
      assert.ok(!JSON.stringify(outcome).includes(KEY));
      return outcome;
    }

    it('refused connections and unknown hosts were never sent', async () => {
      await server.stop();
      const gone = await unsent(provider(server.baseUrl));
      assert.match(gone.message, /Nothing answers at 127\.0\.0\.1:\d+: check that the server is running/);
      assert.equal(gone.retryable, true);
      server = await startFaultServer();
      const unknown = await unsent(provider('http://no-such-host.invalid/v1'));
      assert.match(unknown.message, /no-such-host\.invalid/);
    });

    it('TLS to a server that speaks none was never sent', async () => {
      const plain = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
      await new Promise<void>((ready) => plain.listen(0, '127.0.0.1', ready));
      const { port } = plain.address() as AddressInfo;
      const { message } = await unsent(provider(`https://127.0.0.1:${port}/v1`));
      plain.close();
      assert.match(message, /No secure connection.*http and https/);
    });

    it('addresses, keys and headers that cannot be sent say what to mend', async () => {
      assert.match((await unsent(provider('localhost:11434/v1'))).message, /no web address; write it as https/);
      assert.match((await unsent(provider('http://me:pw@127.0.0.1/v1'))).message, /user name or password/);
      const badKey = provider(server.baseUrl, { key: () => Promise.resolve('sk-tést\u2026') });
      assert.match((await unsent(badKey)).message, /holds characters that no key has/);
      const badHeader = provider(server.baseUrl, { headers: { 'x-run': 'line\nbreak' } });
      assert.match((await unsent(badHeader)).message, /extra header 'x-run'/);
      const noStore = provider(server.baseUrl, { key: () => Promise.reject(new Error('The key store is locked')) });
      assert.match((await unsent(noStore)).message, /key store is locked/);
      assert.equal(server.received.length, 0);
    });

    it('a call that is cancelled before it leaves was never sent', async () => {
      await unsent(provider(server.baseUrl), AbortSignal.abort());
      assert.equal(server.received.length, 0);
    });
  });

  it('that fails logs nothing', async () => {
    const written: unknown[] = [];
    const { log, error, warn, info, debug } = console;
    const note = (...args: unknown[]): void => void written.push(args);
    Object.assign(console, { log: note, error: note, warn: note, info: note, debug: note });
    process.env['OPENAI_LOG'] = 'debug';
    try {
      await outcomeOf(stream([event('{not json'), DONE]));
      await outcomeOf(status(500, 'x'));
    } finally {
      delete process.env['OPENAI_LOG'];
      Object.assign(console, { log, error, warn, info, debug });
    }
    assert.deepEqual(written, []);
  });
});
