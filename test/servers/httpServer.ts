import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server on this machine that a test asks over real HTTP. */
export interface LocalServer {
  /** Address of its API, ending in /v1. */
  readonly baseUrl: string;
  /** Stops it and breaks what is still open. A server that is forgotten ends with the process. */
  readonly stop: () => Promise<void>;
}

/** A request with its body, read to the end. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/**
 * Starts a server on a free port of 127.0.0.1, or on a certain one. What `answer` throws becomes an answer with status
 * 500. @throws Error where the port is taken
 */
export async function startLocalServer(
  answer: (received: Received, response: ServerResponse) => Promise<void>,
  fixedPort = 0,
): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    // A client that goes away while it is answered is part of what is tested.
    response.on('error', () => undefined);
    readBody(request)
      .then((body) => answer({ path: request.url ?? '', headers: request.headers, body }, response))
      .catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(String(error));
      });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.unref();
  });
  await new Promise<void>((ready, fail) => {
    server.once('error', fail);
    server.listen(fixedPort, '127.0.0.1', ready);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    stop: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
