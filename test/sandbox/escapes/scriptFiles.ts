import { type HostileProgram, type Place, quoted, refused } from './hostileProgram';
import { hostileScript, SHOWN } from './script';

const FILES = 'read files of the user';
const CODE = 'run code from outside';
const SECRETS = 'see the environment';
const OTHERS = 'see other programs';

const program = (name: string, mustNot: string, body: (place: Place) => string): HostileProgram =>
  hostileScript(name, mustNot, SHOWN, refused, body);

/** True where a file of home that every account has or may have was read. */
const holds = ({ text }: Place, reading: string): string => `return String(${reading}).includes(${quoted(text)});`;
const key = ({ home }: Place): string => quoted(`${home}/.ssh/id_ed25519`);

/** Programs that read what is none of their business: keys, the workspace, the environment, other programs. */
export const SCRIPT_FILES: readonly HostileProgram[] = [
  program('reads the SSH key', FILES, (place) => holds(place, `fs.readFileSync(${key(place)})`)),
  program('reads the SSH key later', FILES, (place) =>
    holds(place, `await fs.promises.readFile(${key(place)}, 'utf8')`),
  ),
  program('reads the SSH key with a callback', FILES, (place) =>
    holds(place, `await new Promise((resolve) => fs.readFile(${key(place)}, (error, data) => resolve(error ?? data)))`),
  ),
  program(
    'streams the SSH key',
    FILES,
    (place) => `let read = '';
for await (const chunk of fs.createReadStream(${key(place)})) read += chunk;
return read === ${quoted(place.text)};`,
  ),
  program(
    'reads the SSH key by descriptors',
    FILES,
    (place) => `const space = Buffer.alloc(1000), fd = fs.openSync(${key(place)}, 'r');
return space.toString('utf8', 0, fs.readSync(fd, space, 0, 1000, 0)) === ${quoted(place.text)};`,
  ),
  program(
    'reads the SSH key into several buffers',
    FILES,
    (place) => `const spaces = [Buffer.alloc(4), Buffer.alloc(1000)];
fs.readvSync(fs.openSync(${key(place)}, 'r'), spaces);
return Buffer.concat(spaces).toString().startsWith(${quoted(place.text)});`,
  ),
  program('opens the SSH key as a blob', FILES, (place) =>
    holds(place, `await (await fs.openAsBlob(${key(place)})).text()`),
  ),
  program('reads the SSH key by its address', FILES, (place) =>
    holds(place, `fs.readFileSync(require('url').pathToFileURL(${key(place)}))`),
  ),
  program('reads the SSH key by a path of bytes', FILES, (place) =>
    holds(place, `fs.readFileSync(Buffer.from(${key(place)}))`),
  ),
  program('climbs up to the SSH key', FILES, (place) =>
    holds(place, `fs.readFileSync(path.join(...Array(40).fill('..'), ${key(place)}))`),
  ),
  program('reads the SSH key through the root of its process', FILES, (place) =>
    holds(place, `fs.readFileSync('/proc/self/root' + ${key(place)})`),
  ),
  program(
    'reads the SSH key through a link',
    FILES,
    (place) => `const link = path.join(fs.mkdtempSync(os.tmpdir() + '/x'), 'link');
fs.symlinkSync(${key(place)}, link);
${holds(place, 'fs.readFileSync(link)')}`,
  ),
  program(
    'reads the SSH key through a chain of links to directories',
    FILES,
    (place) => `const at = fs.mkdtempSync(os.tmpdir() + '/x');
fs.symlinkSync('/', at + '/one');
fs.symlinkSync(at + '/one', at + '/two');
${holds(place, `fs.readFileSync(at + '/two' + ${key(place)})`)}`,
  ),
  program(
    'reads the SSH key through a hard link beside it',
    FILES,
    (place) => `const link = ${key(place)} + '.link';
fs.linkSync(${key(place)}, link);
try { ${holds(place, 'fs.readFileSync(link)')} } finally { fs.rmSync(link); }`,
  ),
  program(
    'copies the SSH key',
    FILES,
    (place) => `const copy = path.join(fs.mkdtempSync(os.tmpdir() + '/x'), 'copy');
fs.copyFileSync(${key(place)}, copy);
${holds(place, 'fs.readFileSync(copy)')}`,
  ),
  program(
    'copies all of home',
    FILES,
    (place) => `const at = fs.mkdtempSync(os.tmpdir() + '/x');
fs.cpSync(${quoted(place.home)}, at + '/home', { recursive: true });
${holds(place, "fs.readFileSync(at + '/home/.ssh/id_ed25519')")}`,
  ),
  program(
    'reads the SSH key from home as its own directory',
    FILES,
    (place) => `process.chdir(${quoted(place.home)});
${holds(place, "fs.readFileSync('.ssh/id_ed25519')")}`,
  ),
  program('lists home', FILES, ({ home }) => `return fs.readdirSync(${quoted(home)}).includes('.ssh');`),
  program(
    'walks through home',
    FILES,
    ({ home }) => `const found = [];
for await (const entry of await fs.promises.opendir(${quoted(home)})) found.push(entry.name);
return found.includes('.ssh');`,
  ),
  program('asks whether there is an SSH key', FILES, (place) => `return fs.statSync(${key(place)}).size > 0;`),
  program('asks whether the SSH key may be read', FILES, (place) => `fs.accessSync(${key(place)}); return true;`),
  program(
    'watches home',
    FILES,
    ({ home }) => `const watcher = fs.watch(${quoted(home)});
watcher.close();
return true;`,
  ),
  program(
    'looks for tokens of cloud, registry, Git and cluster',
    FILES,
    ({
      home,
      text,
    }) => `const names = ['.aws/credentials', '.npmrc', '.netrc', '.git-credentials', '.kube/config', '.docker/config.json'];
const read = names.map((name) => { try { return fs.readFileSync(path.join(${quoted(home)}, name), 'utf8') } catch { return '' } });
return read.some((one) => one.includes(${quoted(text)}));`,
  ),
  program(
    'looks for the key stores of desktop, editor and browser',
    FILES,
    ({ home, text }) => `const names = ['.local/share/keyrings/login.keyring', '.gnupg/private-keys-v1.d/key',
  '.config/Code/User/globalStorage/state.vscdb', '.mozilla/firefox/x.default/logins.json'];
const read = names.map((name) => { try { return fs.readFileSync(path.join(${quoted(home)}, name), 'utf8') } catch { return '' } });
return read.some((one) => one.includes(${quoted(text)}));`,
  ),
  program(
    'reads the history of the shell where the system says that home is',
    FILES,
    ({ home, text }) => `const homes = [os.homedir(), os.userInfo().homedir, process.env.HOME, ${quoted(home)}];
return homes.some((one) => { try { return fs.readFileSync(path.join(one, '.bash_history'), 'utf8') === ${quoted(text)} } catch { return false } });`,
  ),
  program('reads a source of the workspace', FILES, (place) =>
    holds(place, `fs.readFileSync(${quoted(`${place.home}/work/src/main.js`)})`),
  ),
  program(
    'loads the variables of the workspace',
    FILES,
    ({ home, text }) => `process.loadEnvFile(${quoted(`${home}/work/.env`)});
return process.env.SOLVENT_TEST_DOTENV === ${quoted(text)};`,
  ),
  program(
    'requires settings of the workspace',
    FILES,
    ({ home, text }) =>
    `return require(${quoted(`${home}/work/settings.json`)}).VALUE === ${quoted(text)};`, // prettier-ignore
  ),
  program(
    'reads the SSH key in a thread',
    FILES,
    (place) => `const { Worker } = require('worker_threads');
const thread = new Worker("const { parentPort, workerData } = require('worker_threads'); parentPort.postMessage(require('fs').readFileSync(workerData, 'utf8'))", { eval: true, workerData: ${key(place)} });
const read = await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject));
return read === ${quoted(place.text)};`,
  ),
  program('reads the SSH key by another program', FILES, (place) =>
    holds(place, `cp.execFileSync('cat', [${key(place)}], { stdio: 'pipe' })`),
  ),
  program('reads the SSH key by a shell', FILES, (place) =>
    holds(place, `cp.execSync('cat "$KEY"', { env: { ...process.env, KEY: ${key(place)} }, stdio: 'pipe' })`),
  ),
  program('reads the SSH key by a Node.js of its own', FILES, (place) =>
    holds(
      place,
      `cp.execFileSync(process.execPath, ['-p', 'fs.readFileSync(process.argv[1])+""', ${key(place)}], { stdio: 'pipe' })`,
    ),
  ),
  program(
    'reads the SSH key in a session of its own',
    FILES,
    (place) => `const child = cp.spawn('cat', [${key(place)}], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
let read = '';
for await (const chunk of child.stdout) read += chunk;
return read === ${quoted(place.text)};`,
  ),
  program(
    'requires a module from outside',
    CODE,
    ({ folder, text }) =>
    `return require(${quoted(`${folder}/planted.cjs`)}).VALUE === ${quoted(text)};`, // prettier-ignore
  ),
  program(
    'imports a module from outside',
    CODE,
    ({ folder, text }) =>
    `return (await import(${quoted(`${folder}/planted.mjs`)})).VALUE === ${quoted(text)};`, // prettier-ignore
  ),
  program(
    'requires a module from outside as if it were there',
    CODE,
    ({ folder, text }) => `const outside = require('module').createRequire(${quoted(`${folder}/x.js`)});
return outside('./planted.cjs').VALUE === ${quoted(text)};`,
  ),
  program(
    'loads a module from outside by the loader within',
    CODE,
    ({ folder, text }) => `const Module = require('module'), made = new Module('planted');
Module._extensions['.js'](made, ${quoted(`${folder}/planted.cjs`)});
return made.exports.VALUE === ${quoted(text)};`,
  ),
  program(
    'adds a folder outside to where modules are looked for',
    CODE,
    ({ folder, text }) => `process.env.NODE_PATH = ${quoted(folder)};
require('module')._initPaths();
return require('planted.cjs').VALUE === ${quoted(text)};`,
  ),
  program(
    'forks a module from outside',
    CODE,
    ({ folder, text }) => `const child = cp.fork(${quoted(`${folder}/planted.cjs`)}, { stdio: 'ignore' });
return await new Promise((resolve) => child.once('message', resolve).once('exit', resolve)) === ${quoted(text)};`,
  ),
  program(
    'runs a thread from outside',
    CODE,
    ({ folder, text }) => `const thread = new (require('worker_threads').Worker)(${quoted(`${folder}/thread.cjs`)});
return await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject)) === ${quoted(text)};`,
  ),
  program(
    'reads the environment',
    SECRETS,
    ({ variable, text }) =>
    `return process.env[${quoted(variable)}] === ${quoted(text)};`, // prettier-ignore
  ),
  program('reads the environment of its process from /proc', SECRETS, (place) =>
    holds(place, "fs.readFileSync('/proc/self/environ')"),
  ),
  program('reads the environment in a report on its process', SECRETS, (place) =>
    holds(place, 'JSON.stringify(process.report.getReport().environmentVariables)'),
  ),
  program('reads the environment of a child', SECRETS, (place) => holds(place, "cp.execFileSync('env')")),
  program(
    'reads the environment of a thread',
    SECRETS,
    ({ text }) =>
    `const thread = new (require('worker_threads').Worker)("require('worker_threads').parentPort.postMessage(JSON.stringify(process.env))", { eval: true, env: require('worker_threads').SHARE_ENV });
return (await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject))).includes(${quoted(text)});`, // prettier-ignore
  ),
  program(
    'reads the environment of the program that started it',
    SECRETS,
    () => "return fs.readFileSync('/proc/' + process.ppid + '/environ').length > 0;",
  ),
  program(
    'reads the environments of other programs',
    OTHERS,
    ({ text }) => `const read = fs.readdirSync('/proc').filter(Number).map((id) => {
  try { return fs.readFileSync('/proc/' + id + '/environ', 'latin1') } catch { return '' }
});
return read.some((one) => one.includes(${quoted(text)}));`,
  ),
  program(
    'reads the command lines of other programs',
    OTHERS,
    () => `const ids = fs.readdirSync('/proc').filter((id) => Number(id) && Number(id) !== process.pid);
return ids.some((id) => { try { return fs.readFileSync('/proc/' + id + '/cmdline', 'latin1') !== '' } catch { return false } });`,
  ),
  program(
    'lists the open files of the program that started it',
    OTHERS,
    () => "return fs.readdirSync('/proc/' + process.ppid + '/fd').length > 0;",
  ),
];
