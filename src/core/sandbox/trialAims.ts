import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from './runtime';
import { SandboxError } from './sandbox';

/** What lies outside of a sandbox, for a program in it to try to reach. */
export interface Aims {
  /** In files and answers of servers. */
  readonly text: string;
  /** A file in the home folder, and one elsewhere; both hold `text`. */
  readonly secret: string;
  readonly neighbour: string;
  /** A file that does not exist, in a folder that can be written. */
  readonly target: string;
  /** Servers on 127.0.0.1 that answer with `text`, and the path of a Unix socket of such a one. */
  readonly port: number;
  readonly udpPort: number;
  readonly socket: string;
  /** This process. */
  readonly pid: number;
  /** Environment variables that only this process has. */
  readonly variables: readonly string[];
}

/** {@link Aims} that are there. */
export interface Laid {
  readonly aims: Aims;
  /** Which of the attempts have left a trace outside. */
  traces(): Promise<string[]>;
  remove(): Promise<void>;
}

/** What the system or a shell sets by itself in every process. */
const OF_ITSELF = /^(?:__CF.*|LC_CTYPE|PWD|OLDPWD|SHLVL|_)$/;

/**
 * Lays out files and servers, for the time of one trial.
 * @throws SandboxError where that is not possible
 */
export async function makeAims(runtime: Runtime): Promise<Laid> {
  const text = `solvent-${randomUUID()}`;
  const visits = { tcp: 0, unix: 0, udp: 0 };
  const secret = join(homedir(), `.${text}`);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'solvent-trial-')));
  const greet = (name: 'tcp' | 'unix'): Server =>
    createServer((link) => {
      visits[name]++;
      link.on('error', () => undefined);
      link.end(text, () => link.destroy());
    });
  const [tcp, unix] = [greet('tcp'), greet('unix')];
  const udp = createSocket('udp4', (_, { port, address }) => {
    visits.udp++;
    udp.send(text, port, address);
  });
  const remove = async (): Promise<void> => {
    for (const server of [tcp, unix]) if (server.listening) await new Promise((resolve) => server.close(resolve));
    await new Promise<void>((resolve) => {
      udp.close(resolve);
    });
    await rm(folder, { recursive: true, force: true });
    await rm(secret, { force: true });
  };
  const [neighbour, target, socket] = [join(folder, 'neighbour'), join(folder, 'target'), join(folder, 's')];
  try {
    await writeFile(secret, text, { mode: 0o600 });
    await writeFile(neighbour, text);
    const listening = [tcp, unix, udp].map((server) => once(server, 'listening'));
    tcp.listen(0, '127.0.0.1');
    unix.listen(socket);
    udp.bind(0, '127.0.0.1');
    await Promise.all(listening);
  } catch (error) {
    await remove().catch(() => undefined);
    throw new SandboxError(`what a program in it could reach cannot be tried: ${(error as Error).message}`);
  }
  const { port } = tcp.address() as AddressInfo;
  const known = runtime.environment('/');
  const variables = Object.keys(process.env).filter((name) => !(name in known) && !OF_ITSELF.test(name));
  return {
    aims: {
      ...{ text, secret, neighbour, target, socket, port, variables },
      udpPort: udp.address().port,
      pid: process.pid,
    },
    traces: async () => {
      // What has arrived by now is told before this goes on.
      await new Promise((resolve) => setImmediate(resolve));
      const reached = Object.entries(visits).flatMap(([name, count]) => (count > 0 ? [name] : []));
      return [...reached, ...(existsSync(target) ? ['write'] : [])];
    },
    remove,
  };
}
