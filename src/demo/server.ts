import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChatMessage } from '../core/providers/message';
import { answerTo } from './answers';
import { type CompletionRequest, readRequest } from './request';
import type { Sample } from './sample';

/** Tokens of one chunk, and ms between two: about 400 tokens a second, as a quick model streams. */
const CHUNK_TOKENS = 6;
const PACE_MS = 14;

/** What the chat format adds to a prompt, in tokens: to each message, and to prime the answer. */
const PER_MESSAGE = 3;
const PRIMING = 3;

/** A server of the demo's models that is up. */
export interface DemoServer {
  /** Address of its API: "http://127.0.0.1:port/v1". */
  readonly baseUrl: string;
  close(): Promise<void>;
}

interface Tokenizer {
  readonly encode: (text: string) => number[];
  readonly decode: (tokens: number[]) => string;
}

/**
 * Starts a server on this machine that speaks OpenAI's chat completions, streaming, and answers the sample tasks from
 * their scripts. It sees prompts only. A prompt that it has no answer for gets a 404 that says so.
 * @param paceMs ms between two chunks
 */
export async function startDemoServer(samples: readonly Sample[], paceMs = PACE_MS): Promise<DemoServer> {
  const tokenizer = await import('gpt-tokenizer/encoding/o200k_base');
  const server = createServer((request, response) => {
    serve(request, response, samples, tokenizer, paceMs).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, close: () => closed(server) };
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  samples: readonly Sample[],
  tokenizer: Tokenizer,
  paceMs: number,
): Promise<void> {
  if (incoming.method !== 'POST' || incoming.url !== '/v1/chat/completions') {
    refuse(response, 404, 'The demo server has one address only: POST /v1/chat/completions.');
    return;
  }
  const request = await readRequest(incoming);
  if (request?.stream !== true) {
    refuse(response, 400, 'The demo server takes requests for streamed chat completions only.');
    return;
  }
  const reply = answerTo(request.model, request.messages, samples);
  if ('refusal' in reply) refuse(response, 404, reply.refusal);
  else await stream(response, request, reply.text, tokenizer, paceMs);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
}

async function stream(
  response: ServerResponse,
  { model, messages, maxTokens }: CompletionRequest,
  text: string,
  { encode, decode }: Tokenizer,
  paceMs: number,
): Promise<void> {
  const all = encode(text);
  const tokens = all.slice(0, Math.max(1, maxTokens));
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const about = { id: 'chatcmpl-demo', object: 'chat.completion.chunk', created: 0, model };
  const send = (fields: object): void => {
    response.write(`data: ${JSON.stringify({ ...about, ...fields })}\n\n`);
  };
  const choice = (delta: object, finish: string | null): object => ({
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  send(choice({ role: 'assistant', content: '' }, null));
  for (let at = 0; at < tokens.length; at += CHUNK_TOKENS) {
    if (response.destroyed) return;
    if (paceMs > 0) await pause(paceMs);
    send(choice({ content: decode(tokens.slice(at, at + CHUNK_TOKENS)) }, null));
  }
  send(choice({}, tokens.length < all.length ? 'length' : 'stop'));
  const promptTokens = countPrompt(messages, encode);
  send({
    choices: [],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: tokens.length,
      total_tokens: promptTokens + tokens.length,
    },
  });
  response.end('data: [DONE]\n\n');
}

function countPrompt(messages: readonly ChatMessage[], encode: Tokenizer['encode']): number {
  return messages.reduce((sum, { content }) => sum + encode(content).length + PER_MESSAGE, PRIMING);
}
