import type { OpenAI } from 'openai';
import type { ChatOutcome, ChatProvider, ChatRequest, OnText } from './chat';
import { MalformedAnswer, OpenAiAnswer } from './openaiAnswer';
import { type Address, addressOf, type OpenAiSettings, secretsIn } from './openaiAddress';
import { cut, failureOf, rootMessage } from './openaiFailure';
import { openaiFetch } from './openaiFetch';
import { OpenAiDialect } from './openaiRequest';
import { readBilled, readUsage } from './openaiUsage';
import { SilenceWatch } from './silenceWatch';

const FIRST_BYTE_MS = 120_000;
const IDLE_MS = 60_000;
/** Longer than the longest answer of a slow model takes; a server that only keeps a connection alive is left there. */
const WHOLE_MS = 10 * 60_000;

/** The client's own time-out, in ms: never the first to strike, because it cannot tell what was sent. */
const CLIENT_TIMEOUT_MS = 2 ** 31 - 1;

/** What the client itself has to say. */
const OWN_HEADERS = /^(?:accept|authorization|content-type|user-agent|x-stainless-.+)$/;

/** How long a server may take to end a stream that it has closed, in ms. */
const CLOSING_MS = 500;

/** The longest completion and the longest part of a stream that are read, in bytes. A server may write without end. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_OF_PART = 4 * 1024 * 1024;

/** How many characters at the end of a stream are kept, to see whether it was closed properly. */
const KEPT_TAIL = 32;

/** Any server that speaks OpenAI's chat completions, through the `openai` client, which is loaded on first use. */
export class OpenAiProvider implements ChatProvider {
  readonly #clients = new Map<string, OpenAI>();
  readonly #dialect = new OpenAiDialect();

  constructor(private readonly settings: OpenAiSettings) {}

  async complete(request: ChatRequest, onText: OnText, signal: AbortSignal): Promise<ChatOutcome> {
    let address: Address;
    let client: OpenAI;
    try {
      address = addressOf(request, this.settings, await this.settings.key(request.model));
      client = await this.#client(address);
    } catch (error) {
      const secrets = Object.values(this.settings.headers ?? {}).flatMap(secretsIn);
      const message = `The request to ${request.model.id} cannot be made: ${rootMessage(error, { secrets })}.`;
      return { kind: 'unsent', message, retryable: false };
    }
    if (signal.aborted) return { kind: 'unsent', message: 'Cancelled before anything was sent.', retryable: false };

    const { firstByteMs = FIRST_BYTE_MS, idleMs = IDLE_MS, wholeMs = WHOLE_MS } = this.settings;
    const watch = new SilenceWatch(signal, { firstByteMs, idleMs, wholeMs });
    const answer = new OpenAiAnswer(onText);
    try {
      return await this.#send(request, client, address, answer, watch);
    } catch (error) {
      return cut(answer.text, `The answer of ${address.host} broke off: ${rootMessage(error, address)}.`);
    } finally {
      watch.end();
    }
  }

  async #client({ baseUrl, key }: Address): Promise<OpenAI> {
    const name = JSON.stringify([baseUrl, key]);
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const { OpenAI: Client } = await import('openai');
    const client = new Client({
      baseURL: baseUrl,
      apiKey: key ?? 'none',
      // Left out, these are read from the environment, and would go to servers that they were not meant for.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      // A retry is a new reservation, so only the meter may make one.
      maxRetries: 0,
      timeout: CLIENT_TIMEOUT_MS,
      logLevel: 'off',
      fetch: (input, init) => openaiFetch(input, { ...init, headers: this.#ownOf(init?.headers) }),
      // A redirect would carry the prompt to an address that nobody chose.
      fetchOptions: { redirect: 'manual' },
    });
    this.#clients.set(name, client);
    return client;
  }

  /** The headers that are meant for the server: the client also sends what it finds in `OPENAI_CUSTOM_HEADERS`. */
  #ownOf(headers: RequestInit['headers']): Headers {
    const extra = new Set(Object.keys(this.settings.headers ?? {}).map((name) => name.toLowerCase()));
    return new Headers([...new Headers(headers)].filter(([name]) => OWN_HEADERS.test(name) || extra.has(name)));
  }

  async #send(
    request: ChatRequest,
    client: OpenAI,
    address: Address,
    answer: OpenAiAnswer,
    watch: SilenceWatch,
  ): Promise<ChatOutcome> {
    const { baseUrl, headers, host } = address;
    let response: Response;
    try {
      const body = this.#dialect.body(baseUrl, request);
      response = await client.chat.completions.create(body, { headers, signal: watch.signal }).asResponse();
    } catch (error) {
      const stopped = stoppedBy(watch, host, '');
      if (stopped !== undefined) return stopped;
      const failure = failureOf(error, { ...address, model: request.model }, Date.now());
      if (failure.kind !== 'refused' || !(error instanceof Error)) return failure;
      const learned = this.#dialect.learn(baseUrl, request, failure.status, error.message);
      return learned ? { ...failure, retryable: true } : failure;
    }
    watch.heard();
    const streamed = !/\bjson\b/i.test(response.headers.get('content-type') ?? '');
    let closed = true;
    let broken: string | undefined;
    try {
      if (streamed) closed = await readStream(client, response, answer, watch);
      else answer.whole(await readWhole(response, watch));
    } catch (error) {
      broken = rootMessage(error, address);
    }
    const { text, finish } = answer;
    const whole = broken === undefined && closed;
    const stopped = whole ? undefined : stoppedBy(watch, host, text);
    if (stopped !== undefined) return stopped;
    if (broken !== undefined) return cut(text, `The answer of ${host} cannot be read to its end: ${broken}.`);
    if (finish === 'error') return cut(text, `${host} broke the answer off with an error of its own.`);
    if (finish === undefined && !closed) return cut(text, unfinished(host, text));
    const headerCost = response.headers.get('x-litellm-response-cost') ?? undefined;
    const reported = { usage: answer.usage, headerCost, streamed };
    const usage = readUsage(reported);
    const billed = usage === undefined ? readBilled(reported) : undefined;
    return { kind: 'complete', text, truncated: finish === 'length', usage, ...(billed !== undefined && { billed }) };
  }
}

/** Reads a stream of server-sent events to its end. Resolves with whether the server closed it with `[DONE]`. */
async function readStream(
  client: OpenAI,
  response: Response,
  answer: OpenAiAnswer,
  watch: SilenceWatch,
): Promise<boolean> {
  const { Stream } = await import('openai/streaming');
  const end = { closed: false };
  const { status, headers } = response;
  const body = new Response(ReadableStream.from(untilDone(response, watch, end)), { status, headers });
  const stream = Stream.fromSSEResponse<unknown>(body, new AbortController(), client);
  for await (const chunk of stream) answer.chunk(chunk);
  return end.closed;
}

/** The bytes of a stream as they come; `end` is told when its last word has. */
async function* untilDone(
  response: Response,
  watch: SilenceWatch,
  end: { closed: boolean },
): AsyncGenerator<Uint8Array, void> {
  let tail = '';
  let line = 0;
  try {
    for await (const bytes of bytesOf(response, watch)) {
      const lineEnd = bytes.lastIndexOf(0x0a);
      line = lineEnd < 0 ? line + bytes.byteLength : bytes.byteLength - lineEnd - 1;
      if (line > MOST_OF_PART) throw new MalformedAnswer('a part without end');
      tail = (tail + Buffer.from(bytes.subarray(-KEPT_TAIL)).toString('latin1')).slice(-KEPT_TAIL);
      end.closed = /^data: ?\[DONE\]\s*$/m.test(tail);
      // Some servers leave the connection open after the last word; a moment is left to close it for reuse.
      watch.heard(end.closed ? CLOSING_MS : undefined);
      yield bytes;
    }
  } catch (error) {
    // After the last word a connection may break.
    if (!end.closed) throw error;
  }
}

async function readWhole(response: Response, watch: SilenceWatch): Promise<string> {
  const parts: Uint8Array[] = [];
  let read = 0;
  for await (const bytes of bytesOf(response, watch)) {
    watch.heard();
    read += bytes.byteLength;
    if (read > MOST_BYTES) throw new MalformedAnswer('a completion without end');
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * The bytes of a body until it ends or the request is ended from this side. `fetch` leaves a read without an answer where
 * it is aborted after all has arrived and before all was read, so a read does not wait for more than the abort.
 */
async function* bytesOf({ body }: Response, { signal }: SilenceWatch): AsyncGenerator<Uint8Array, void> {
  if (body === null) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const ended = new Promise<never>((_, reject) => {
    const end = (): void => {
      reject(new DOMException('The request was ended.', 'AbortError'));
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  // Nobody listens to it between two reads.
  ended.catch(() => undefined);
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), ended]);
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** The outcome of a request that was sent and then ended from this side. */
function stoppedBy(watch: SilenceWatch, host: string, text: string): ChatOutcome | undefined {
  if (watch.endless) return cut(text, `${host} did not come to an end, so the call was given up.`);
  if (watch.silentMs !== undefined) {
    return cut(text, `${host} stayed silent for ${watch.silentMs / 1000} s, so the call was given up.`);
  }
  return watch.cancelled ? cut(text, 'Cancelled while the answer was under way.', false) : undefined;
}

function unfinished(host: string, text: string): string {
  return text === ''
    ? `${host} answered with something that is no completion: check that the base URL is that of its API (it often ends in /v1).`
    : `The answer of ${host} ended before it was finished.`;
}
