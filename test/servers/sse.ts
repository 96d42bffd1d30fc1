import type { ServerResponse } from 'node:http';

/** Shapes of OpenAI's chat completion stream, as test servers send them. */

/** One server-sent event. */
export function event(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** A chunk that adds text; with `finish`, the last one of its choice. */
export function delta(content: string, finish: string | null = null): object {
  return { ...head(), choices: [{ index: 0, delta: { content }, finish_reason: finish }] };
}

/** A chunk that adds to what a model thinks before it answers. */
export function reasoning(text: string): object {
  return { ...head(), choices: [{ index: 0, delta: { content: null, reasoning_content: text }, finish_reason: null }] };
}

/** The chunk that ends a choice. */
export function finished(reason = 'stop'): object {
  return { ...head(), choices: [{ index: 0, delta: {}, finish_reason: reason }] };
}

/** The last chunk of a stream that was asked for usage. */
export function usageChunk(usage: object): object {
  return { ...head(), choices: [], usage };
}

export const DONE = event('[DONE]');

function head(): object {
  return { id: 'chatcmpl-test', object: 'chat.completion.chunk', created: 0, model: 'test' };
}

/** Begins a stream of server-sent events. */
export function beginStream(response: ServerResponse, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...headers });
  response.flushHeaders();
}

/** Writes and waits until it is on its way; false where the client has gone. */
export function write(response: ServerResponse, text: string | Buffer): Promise<boolean> {
  return new Promise((done) => {
    if (response.destroyed || response.socket === null) {
      done(false);
      return;
    }
    // A write that waits for a client to read is never called back when that client goes.
    const gone = (): void => {
      done(false);
    };
    response.once('close', gone);
    response.write(text, (error) => {
      response.off('close', gone);
      done(error === undefined || error === null);
    });
  });
}

/** Breaks the connection as a crash does: with a reset, without an end. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
