import { type HostileProgram, type Outside, type Place, quoted, refused } from './hostileProgram';
import { hostileScript, SHOWN } from './script';

const NET = 'reach the network';
const ABSENT: Outside = { notShown: 'there may be no network here' };

const program = (name: string, body: (place: Place) => string, outside: Outside = SHOWN): HostileProgram =>
  hostileScript(name, NET, outside, refused, body);

/** Reads a greeting from a socket that is being made. */
const greeted = ({ text }: Place, connecting: string): string => `const socket = ${connecting};
let read = '';
for await (const chunk of socket) read += chunk;
return read === ${quoted(text)};`;

/**
 * True when an HTTP client came upon the greeting, which is no HTTP: that it could not be parsed, rather than that nobody
 * was there.
 */
const parsed = (asking: string): string => `const error = await new Promise((resolve) => {
  ${asking}
});
return /HPE_|HTTP2|SSL|EPROTO|ECONNRESET|EPIPE/.test(String(error.code ?? error.cause?.code));`;

/** True when an address was reached, whatever came of it. */
const reached = (target: string): string => `const socket = require('net').connect(${target});
return new Promise((resolve, reject) => {
  socket.once('connect', () => resolve(true)).once('error', reject).setTimeout(5000, () => reject(new Error('no answer')));
});`;

/** True when a datagram is answered within some ms. */
const datagram = (
  { text }: Place,
  sending: string,
  ms: number,
): string => `const socket = require('dgram').createSocket('udp4');
try {
  return await new Promise((resolve, reject) => {
    socket.on('message', (read) => resolve(String(read) === ${quoted(text)})).on('error', reject);
    ${sending}
    setTimeout(() => reject(new Error('no answer')), ${ms}).unref();
  });
} finally {
  socket.close();
}`;

/** Programs that want to talk to somebody. */
export const SCRIPT_NET: readonly HostileProgram[] = [
  program('connects to a server on this machine', (place) =>
    greeted(place, `require('net').connect(${place.port}, '127.0.0.1')`),
  ),
  program('connects by the name of this machine', (place) =>
    greeted(place, `require('net').connect({ port: ${place.port}, host: 'localhost', family: 4 })`),
  ),
  program('connects by an address in disguise', (place) =>
    greeted(place, `require('net').connect({ port: ${place.port}, host: '::ffff:127.0.0.1' })`),
  ),
  program('connects to no address at all', (place) =>
    greeted(place, `require('net').connect({ port: ${place.port}, host: '0.0.0.0' })`),
  ),
  program('connects from a port of its own', (place) =>
    greeted(place, `require('net').connect({ port: ${place.port}, host: '127.0.0.1', localAddress: '127.0.0.1' })`),
  ),
  program(
    'connects with what lies below net',
    ({ port }) =>
    `const { TCP, TCPConnectWrap, constants } = process.binding('tcp_wrap');
const socket = new TCP(constants.SOCKET), request = new TCPConnectWrap();
const status = await new Promise((resolve) => {
  request.oncomplete = resolve;
  const failed = socket.connect(request, '127.0.0.1', ${port});
  if (failed !== 0) resolve(failed);
});
socket.close();
return status === 0;`, // prettier-ignore
  ),
  program(
    'connects from a thread',
    ({ port, text }) =>
    `const thread = new (require('worker_threads').Worker)("const { parentPort, workerData } = require('worker_threads'); require('net').connect(workerData, '127.0.0.1').on('data', (read) => parentPort.postMessage(String(read)))", { eval: true, workerData: ${port} });
return await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject)) === ${quoted(text)};`, // prettier-ignore
  ),
  program(
    'connects from another Node.js',
    ({ port, text }) =>
    `return cp.execFileSync(process.execPath, ['-e', "require('net').connect(process.argv[1], '127.0.0.1').pipe(process.stdout)", '${port}'], { stdio: 'pipe' }).toString() === ${quoted(text)};`, // prettier-ignore
  ),
  program(
    'connects by a shell',
    ({ port, text }) =>
    `return cp.execFileSync('bash', ['-c', 'cat < /dev/tcp/127.0.0.1/${port}'], { stdio: 'pipe' }).toString() === ${quoted(text)};`, // prettier-ignore
  ),
  program('fetches a page', ({ port }) =>
    parsed(`fetch('http://127.0.0.1:${port}/').then(resolve, (error) => resolve(error.cause ?? error));`),
  ),
  program('asks by http', ({ port }) =>
    parsed(`require('http').get('http://127.0.0.1:${port}/').on('error', resolve);`),
  ),
  program('asks by https', ({ port }) =>
    parsed(`require('https').get('https://127.0.0.1:${port}/', { rejectUnauthorized: false }).on('error', resolve);`),
  ),
  program('asks by http2', ({ port }) =>
    parsed(`const session = require('http2').connect('http://127.0.0.1:${port}/');
  session.on('error', resolve);
  session.request({ ':path': '/' }).on('error', () => {});`),
  ),
  program('asks with TLS', ({ port }) =>
    parsed(
      `require('tls').connect({ port: ${port}, host: '127.0.0.1', rejectUnauthorized: false }).on('error', resolve);`,
    ),
  ),
  program('asks by http through an agent that stays connected', ({ port }) =>
    parsed(`const { Agent, get } = require('http');
  get({ port: ${port}, host: '127.0.0.1', agent: new Agent({ keepAlive: true }) }).on('error', resolve);`),
  ),
  program('asks by http over a Unix socket', ({ socket }) =>
    parsed(`require('http').get({ socketPath: ${quoted(socket)}, path: '/' }).on('error', resolve);`),
  ),
  program('connects to a Unix socket', (place) => greeted(place, `require('net').connect(${quoted(place.socket)})`)),
  program(
    'connects to a Unix socket through a link',
    (place) =>
    `const link = fs.mkdtempSync(os.tmpdir() + '/x') + '/s';
fs.symlinkSync(${quoted(place.socket)}, link);
${greeted(place, "require('net').connect(link)")}`, // prettier-ignore
  ),
  program('sends datagrams', (place) =>
    datagram(
      place,
      `const sending = setInterval(() => socket.send('x', ${place.udpPort}, '127.0.0.1'), 50).unref();
socket.on('close', () => clearInterval(sending));`,
      2000,
    ),
  ),
  program('sends a datagram on a connected socket', (place) =>
    datagram(place, `socket.connect(${place.udpPort}, '127.0.0.1', () => socket.send('x'));`, 8000),
  ),
  program(
    'has a name server of its own asked',
    ({ udpPort }) =>
    `const resolver = new (require('dns').promises.Resolver)({ timeout: 1500, tries: 1 });
resolver.setServers(['127.0.0.1:${udpPort}']);
const error = await resolver.resolve4('secret.example.com').catch((error) => error);
return ['EBADRESP', 'EFORMERR', 'ETIMEOUT'].includes(error.code);`, // prettier-ignore
  ),
  program(
    'resolves a name',
    () => "return (await require('dns').promises.lookup('example.com')).address !== '';",
    ABSENT,
  ),
  program(
    'resolves a name by asking the name servers itself',
    () =>
      "return (await new (require('dns').promises.Resolver)({ timeout: 300, tries: 1 }).resolve4('example.com')).length > 0;",
    ABSENT,
  ),
  program('asks a name server outside', () => reached("53, '1.1.1.1'"), ABSENT),
  program(
    'asks a name server outside by another protocol',
    () => reached("{ port: 53, host: '2606:4700:4700::1111' }"),
    ABSENT,
  ),
  program('fetches a page from outside', () => "return (await fetch('https://example.com/')).status > 0;", ABSENT),
  program('asks the metadata service of a cloud', () => reached("80, '169.254.169.254'"), {
    notShown: 'there is none here',
  }),
  program('asks the metadata service of a cloud by its other address', () => reached("80, 'fd00:ec2::254'"), {
    notShown: 'there is none here',
  }),
  program(
    'talks to those in its network',
    () =>
    `const socket = require('dgram').createSocket('udp4');
await new Promise((resolve) => socket.bind(0, resolve));
socket.addMembership('224.0.0.251');
return new Promise((resolve, reject) => socket.send('x', 5353, '224.0.0.251', (error) => (error ? reject(error) : resolve(true))));`, // prettier-ignore
    ABSENT,
  ),
  program('finds a network device', () => "return Object.keys(os.networkInterfaces()).some((name) => name !== 'lo');", {
    notShown: 'there may be no network here',
  }),
  program('asks those who rule containers', () => reached("'/var/run/docker.sock'"), {
    notShown: 'there may be none here',
  }),
  program('asks the message bus of the system', () => reached("'/run/dbus/system_bus_socket'"), {
    notShown: 'there may be none here',
  }),
  program(
    'uses the keys that an agent holds',
    () =>
    "const socket = process.env.SSH_AUTH_SOCK ?? fs.globSync?.('/tmp/ssh-*/agent.*')[0];\nreturn fs.existsSync(socket);", // prettier-ignore
    { notShown: 'tests have no agent' },
  ),
  program(
    'lets others in at the address of its parent',
    () =>
    `const own = Object.values(os.networkInterfaces()).flat().filter(({ internal }) => !internal);
return own.length > 0;`, // prettier-ignore
    ABSENT,
  ),
];
