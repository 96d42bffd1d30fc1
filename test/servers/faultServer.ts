import type { ServerResponse } from 'node:http';
import { type LocalServer, type Received, startLocalServer } from './httpServer';
import { beginStream, reset, write } from './sse';

/** How the server answers one request. */
export type Reply = (response: ServerResponse) => Promise<void>;

/** A server that answers request after request from a script, byte by byte as written there. */
export interface FaultServer extends LocalServer {
  /** What was asked so far. */
  readonly received: readonly Received[];
  /** Adds replies to the script. A request beyond its end is answered with status 418. */
  readonly script: (...replies: readonly Reply[]) => void;
}

/** @param port undefined for a free one @throws Error where it is taken */
export async function startFaultServer(port?: number): Promise<FaultServer> {
  const received: Received[] = [];
  const replies: Reply[] = [];
  const server = await startLocalServer(async (request, response) => {
    received.push(request);
    const reply = replies.shift() ?? status(418, 'The script has no more replies.');
    await reply(response);
  }, port);
  return { ...server, received, script: (...more) => void replies.push(...more) };
}

/** An answer with a status and a body; objects are sent as JSON. */
export function status(
  code: number,
  body: object | string = '',
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const json = typeof body !== 'string';
  return (response) => {
    response.writeHead(code, { 'content-type': json ? 'application/json' : 'text/html', ...headers });
    response.end(json ? JSON.stringify(body) : body);
    return Promise.resolve();
  };
}

/** An error as OpenAI writes it. */
export function apiError(
  code: number,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return status(code, { error: { message, ...more } }, headers);
}

/** A stream of these parts, then its proper end. */
export function stream(parts: readonly (string | Buffer)[], headers: Readonly<Record<string, string>> = {}): Reply {
  return async (response) => {
    beginStream(response, headers);
    for (const part of parts) await write(response, part);
    response.end();
  };
}

/** A stream of these parts, then a reset connection. */
export function streamThenReset(parts: readonly string[]): Reply {
  return async (response) => {
    beginStream(response);
    for (const part of parts) await write(response, part);
    // A reset discards what the client has not read yet; it is given time to.
    await pause(500);
    reset(response);
  };
}

/** A stream of these parts that is then left open. */
export function streamThenSilence(parts: readonly string[]): Reply {
  return async (response) => {
    beginStream(response);
    for (const part of parts) await write(response, part);
  };
}

/** A stream with a pause before each part. */
export function drip(parts: readonly string[], ms: number): Reply {
  return async (response) => {
    beginStream(response);
    for (const part of parts) {
      await pause(ms);
      await write(response, part);
    }
    response.end();
  };
}

/** Reads the request and answers nothing. */
export const silence: Reply = () => Promise.resolve();

/** Reads the request and resets the connection. */
export const resetAtOnce: Reply = (response) => {
  reset(response);
  return Promise.resolve();
};

/** Bytes on the bare connection, without any HTTP of the server's own. */
export function raw(bytes: string): Reply {
  return (response) => {
    response.socket?.end(bytes);
    return Promise.resolve();
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
