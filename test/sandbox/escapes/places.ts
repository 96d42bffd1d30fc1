import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

/** What lies in the stand-in for a home: all of it holds the text. */
const OF_HOME = [
  ...['.ssh/id_ed25519', '.aws/credentials', '.npmrc', '.netrc', '.git-credentials', '.gnupg/private-keys-v1.d/key'],
  ...[
    '.config/Code/User/globalStorage/state.vscdb',
    '.local/share/keyrings/login.keyring',
    '.bash_history',
    '.profile',
  ],
  ...['.mozilla/firefox/x.default/logins.json', '.docker/config.json', '.kube/config', 'work/src/main.js'],
];

/** Files to be harmed, beside `victim`. */
const VICTIMS = ['renamed', 'removed', 'emptied', 'tree/leaf', 'linked', 'reached'];

/** Makes the stand-in for a home within the real one. */
function makeHome(text: string): string {
  const home = mkdtempSync(join(homedir(), '.solvent-home-'));
  for (const name of OF_HOME) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text, { mode: 0o600 });
  }
  writeFileSync(join(home, 'work/.env'), `SOLVENT_TEST_DOTENV=${text}\n`);
  writeFileSync(join(home, 'work/settings.json'), JSON.stringify({ VALUE: text }));
  return home;
}

/** Makes what a program may be after: see {@link Place.folder}. */
function fill(folder: string, text: string): void {
  writeFileSync(join(folder, 'victim'), text);
  mkdirSync(join(folder, 'tree'));
  for (const name of VICTIMS) writeFileSync(join(folder, name), text);
  const value = JSON.stringify(text);
  writeFileSync(join(folder, 'planted.py'), `VALUE = ${value}\n`);
  writeFileSync(join(folder, 'planted.cjs'), `exports.VALUE = ${value};\nprocess.send?.(${value});\n`);
  writeFileSync(join(folder, 'planted.mjs'), `export const VALUE = ${value};\n`);
  writeFileSync(
    join(folder, 'thread.cjs'),
    `const { parentPort } = require('node:worker_threads');\nparentPort?.postMessage(${value});\n`,
  );
}

/** All that is in a folder: paths with the mode, and contents of files and links. */
function within(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => !name.includes('__pycache__'))
    .map((name) => {
      const path = join(folder, name);
      const stat = lstatSync(path);
      const held = stat.isSymbolicLink() ? readlinkSync(path) : stat.isFile() ? readFileSync(path, 'utf8') : '';
      return `${name} ${stat.mode.toString(8)} ${stat.nlink} ${held}`;
    })
    .sort();
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
  fill(folder, text);
  const home = makeHome(text);
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
  const place: Place = { secret, text, home, variable, folder, port, udpPort: udp.address().port, socket };
  const state = (): string[] => [
    ...within(folder),
    ...within(home),
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
      for (const one of [folder, home]) rmSync(one, { recursive: true, force: true });
      rmSync(secret, { force: true });
    },
  };
}
