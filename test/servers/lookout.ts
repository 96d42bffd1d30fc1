import { startLocalServer, type LocalServer } from './httpServer';
import { write } from './sse';

/** A server in front of another one, that passes on what is asked and answered. */
export interface Lookout extends LocalServer {
  /** Resolves when it is first asked something. */
  readonly asked: Promise<void>;
}

/** @param baseUrl of the server behind it */
export async function startLookout(baseUrl: string): Promise<Lookout> {
  let arrive = (): void => undefined;
  const asked = new Promise<void>((done) => (arrive = done));
  const server = await startLocalServer(async ({ path, body }, response) => {
    arrive();
    const { status, headers, body: answer } = await fetch(new URL(path, baseUrl), { method: 'POST', body });
    response.writeHead(status, { 'content-type': headers.get('content-type') ?? 'text/plain' });
    for await (const piece of answer ?? []) if (!(await write(response, Buffer.from(piece as Uint8Array)))) return;
    response.end();
  });
  return { ...server, asked };
}
