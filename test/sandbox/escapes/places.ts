import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './hostileProgram';

/** A {@link Place} that can tell whether anybody was there. */
export interface Watched {
  readonly place: Place;
  /** Connections and datagrams so far. */
  visits(): number;
  /** What has changed since it was made. */
  changes(): string[];
  remove(): Promise<void>;
}

/** Makes files, servers and an environment variable that no sandboxed program may come near. */
export async function makePlace(): Promise<Watched> {
  const id = `${process.pid}-${Math.random().toString(36).slice(2)}`;
  const text = `secret-${id}`;
  const variable = 'SOLVENT_TEST_HOSTILE';
  process.env[variable] = text;
  const secret = join(homedir(), `.solvent-${id}`);
  writeFileSync(secret, text, { mode: 0o600 });
  const folder = mkdtempSync(join(tmpdir(), 'sv-h-'));
  writeFileSync(join(folder, 'victim'), text);
  writeFileSync(join(folder, 'planted.py'), `VALUE = ${JSON.stringify(text)}\n`);
  let visits = 0;
  const greet = (): ReturnType<typeof createServer> =>
    createServer((socket) => {
      visits++;
      socket.on('error', () => undefined);
      socket.end(text, () => socket.destroy());
    });
  const [tcp, unix] = [greet(), greet()];
  tcp.listen(0, '127.0.0.1');
  const socket = join(folder, 's');
  unix.listen(socket);
  const udp = createSocket('udp4', (_, { port, address }) => {
    visits++;
    udp.send(text, port, address);
  });
  udp.bind(0, '127.0.0.1');
  await Promise.all([tcp, unix, udp].map((server) => once(server, 'listening')));
  const { port } = tcp.address() as AddressInfo;
  const place: Place = { secret, text, variable, folder, port, udpPort: udp.address().port, socket };
  const state = (): string[] => [
    ...readdirSync(folder)
      .filter((name) => name !== '__pycache__')
      .sort(),
    readFileSync(secret, 'utf8'),
    String(statSync(secret).mode),
  ];
  const before = state();
  return {
    place,
    visits: () => visits,
    changes: () => {
      const now = state();
      return [...now.filter((one) => !before.includes(one)), ...before.filter((one) => !now.includes(one))];
    },
    async remove() {
      delete process.env['SOLVENT_TEST_HOSTILE'];
      chmodSync(folder, 0o700);
      await Promise.all([tcp, unix, udp].map((server) => new Promise((resolve) => server.close(resolve))));
      rmSync(folder, { recursive: true, force: true });
      rmSync(secret, { force: true });
    },
  };
}
