import { type HostileProgram, inVain, type Outside, type Place, quoted, refused } from './hostileProgram';
import { HARMFUL, hostileScript, PRIVILEGED, SHOWN } from './script';

const OTHERS = 'touch other processes';
const RIGHTS = 'gain any right';
const HOST = 'inherit anything of the host';
const JUDGE = 'touch the process of the tests';
const NO_JUDGE: Outside = { notShown: 'a plain Node.js has no judge' };

const program = (
  name: string,
  mustNot: string,
  outside: Outside,
  body: (place: Place) => string,
  check: HostileProgram['check'] = refused,
): HostileProgram => hostileScript(name, mustNot, outside, check, body);

/** A program in Python, for what JavaScript has no words for. Where there is no Python, there is no attack. */
const inPython = (source: string): string =>
  `return cp.execFileSync('python3', ['-c', ${quoted(source)}], { stdio: ['ignore', 'pipe', 'pipe'] }).toString().trim() === 'True';`;

/** Programs that attack the system: processes, accounts, mounts, devices, and what Node.js has within. */
export const SCRIPT_SYSTEM: readonly HostileProgram[] = [
  program(
    'signals every process',
    OTHERS,
    HARMFUL,
    () => "process.kill(-1, 0);\nreturn fs.readdirSync('/proc').length > 60;",
  ),
  program(
    'ends the program that started it',
    OTHERS,
    HARMFUL,
    () => "if (process.ppid <= 1) throw new Error('nobody');\nprocess.kill(process.ppid, 'SIGTERM');\nreturn true;",
  ),
  program(
    'ends the group of the program that started it',
    OTHERS,
    HARMFUL,
    () => "if (process.ppid <= 1) throw new Error('nobody');\nprocess.kill(-process.ppid, 'SIGKILL');\nreturn true;",
  ),
  program(
    'ends all processes that it can count to',
    OTHERS,
    HARMFUL,
    () => `let ended = 0;
for (let id = 3; id < 4000; id++) if (id !== process.pid) try { process.kill(id, 'SIGKILL'); ended++ } catch {}
return ended > 0;`,
    // Its own threads are among them.
    inVain,
  ),
  program(
    'has the program that started it open its inspector',
    OTHERS,
    HARMFUL,
    () => "if (process.ppid <= 1) throw new Error('nobody');\nprocess._debugProcess(process.ppid);\nreturn true;",
  ),
  program(
    'has the first process stop',
    OTHERS,
    HARMFUL,
    () => `process.kill(1, 'SIGSTOP');
await sleep(50);
return fs.readFileSync('/proc/1/stat', 'latin1').includes(') T ');`,
  ),
  program(
    'slows others down',
    OTHERS,
    PRIVILEGED,
    () => 'os.setPriority(process.ppid, 19);\nos.setPriority(0, -20);\nreturn true;',
  ),
  program('traces the program that started it', OTHERS, HARMFUL, () =>
    inPython('import ctypes, os\nprint(os.getppid() > 1 and ctypes.CDLL(None).ptrace(16, 1, None, None) == 0)'),
  ),
  program(
    'reads the memory of the program that started it',
    OTHERS,
    HARMFUL,
    () => "fs.readSync(fs.openSync('/proc/' + process.ppid + '/mem', 'r'), Buffer.alloc(1), 0, 1, 4096);\nreturn true;",
  ),
  program(
    'reads the memory of the first process',
    OTHERS,
    HARMFUL,
    () => "return fs.openSync('/proc/1/mem', 'r') > 0;",
  ),
  program(
    'writes into its own memory past its rights',
    OTHERS,
    SHOWN,
    () => "return fs.openSync('/proc/self/mem', 'r+') > 0;",
  ),
  program(
    'finds the processes of the host',
    OTHERS,
    SHOWN,
    () =>
      "return fs.readdirSync('/proc').filter((name) => Number(name) > 2 && Number(name) !== process.pid).length > 0;",
  ),
  program(
    'counts the processes of the host by signalling them',
    OTHERS,
    { notShown: 'it would count those of this machine' },
    () => `let found = 0;
// Below are its own threads.
for (let id = 200; id < 33000; id++) try { process.kill(id, 0); found++ } catch (error) { if (error.code === 'EPERM') found++ }
return found > 0;`,
  ),
  program(
    'opens what the program that started it has open',
    HOST,
    SHOWN,
    () => "return fs.readFileSync('/proc/' + process.ppid + '/fd/0', 'latin1').length >= 0;",
  ),
  program('becomes the superuser', RIGHTS, PRIVILEGED, () => 'process.setuid(0);\nreturn process.getuid() === 0;'),
  program(
    'becomes the superuser in effect',
    RIGHTS,
    PRIVILEGED,
    () => 'process.seteuid(0);\nreturn process.geteuid() === 0;',
  ),
  program(
    'joins the group of the superuser',
    RIGHTS,
    PRIVILEGED,
    () => 'process.setgid(0);\nreturn process.getgid() === 0;',
  ),
  program('joins all groups', RIGHTS, PRIVILEGED, () => 'process.setgroups([0, 27, 999]);\nreturn true;'),
  program(
    'starts a program as the superuser',
    RIGHTS,
    PRIVILEGED,
    () =>
      "return cp.execFileSync('id', ['-u'], { uid: 0, gid: 0, stdio: 'pipe' }).toString() === '0\\n' && fs.existsSync('/root/.');",
  ),
  program(
    'asks for the rights of the superuser',
    RIGHTS,
    PRIVILEGED,
    () => `for (const [file, ...given] of [['sudo', '-n', 'id', '-u'], ['su', '-c', 'id -u'], ['pkexec', 'id', '-u'], ['doas', 'id', '-u']]) {
  try { if (cp.execFileSync(file, given, { stdio: 'pipe', timeout: 1000 }).toString() === '0\\n') return true } catch {}
}
return false;`,
  ),
  program(
    'makes a program that runs as its owner',
    RIGHTS,
    PRIVILEGED,
    () => `fs.copyFileSync('/usr/bin/id', '/tmp/id');
fs.chownSync('/tmp/id', 0, 0);
fs.chmodSync('/tmp/id', 0o4755);
return true;`,
  ),
  program(
    'mounts a file system',
    RIGHTS,
    PRIVILEGED,
    () => "cp.execFileSync('mount', ['-t', 'tmpfs', 'none', '/tmp'], { stdio: 'pipe' });\nreturn true;",
  ),
  program(
    'makes read-only folders writable again',
    RIGHTS,
    PRIVILEGED,
    () => "cp.execFileSync('mount', ['-o', 'remount,rw', '/usr'], { stdio: 'pipe' });\nreturn true;",
  ),
  program(
    'leaves its root directory',
    RIGHTS,
    PRIVILEGED,
    () =>
      "fs.mkdirSync('/tmp/jail', { recursive: true });\ncp.execFileSync('chroot', ['/tmp/jail'], { stdio: 'pipe' });\nreturn true;",
  ),
  program(
    'makes a device',
    RIGHTS,
    PRIVILEGED,
    () =>
      "cp.execFileSync('mknod', ['/tmp/kmem', 'c', '1', '1'], { stdio: 'pipe' });\nreturn fs.readFileSync('/tmp/kmem').length > 0;",
  ),
  program(
    'reads a disk',
    RIGHTS,
    PRIVILEGED,
    () => `const disks = fs.readdirSync('/dev').filter((name) => /^(?:[svx]d[a-z]|nvme|dm-|mem$|kmsg$|port$)/.test(name));
return disks.some((name) => { try { return fs.readSync(fs.openSync('/dev/' + name, 'r'), Buffer.alloc(512)) > 0 } catch { return false } });`,
  ),
  program(
    'changes a setting of the kernel',
    RIGHTS,
    HARMFUL,
    () => `const tried = ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/sys/kernel/uevent_helper', '/proc/self/oom_score_adj'];
return tried.some((name) => { try { fs.writeFileSync(name, '|/tmp/x'); return true } catch { return false } });`,
  ),
  program(
    'frees itself from its control group',
    RIGHTS,
    HARMFUL,
    () => "fs.writeFileSync('/sys/fs/cgroup/cgroup.procs', String(process.pid));\nreturn true;",
  ),
  program(
    'renames the machine',
    RIGHTS,
    PRIVILEGED,
    () => "cp.execFileSync('hostname', ['mine'], { stdio: 'pipe' });\nreturn os.hostname() === 'mine';",
  ),
  program('types into the terminal that it was started from', OTHERS, { notShown: 'tests have no terminal' }, () =>
    inPython(
      "import fcntl, os, termios\nfor letter in 'id\\n': fcntl.ioctl(os.open('/dev/tty', os.O_RDWR), termios.TIOCSTI, letter.encode())\nprint(True)",
    ),
  ),
  program(
    'finds descriptors that were left open',
    HOST,
    { notShown: 'what is open depends on who starts it' },
    () => `const left = [];
for (let fd = 3; fd < 256; fd++) {
  try { const stat = fs.fstatSync(fd); if (stat.isFile() || stat.isDirectory() || (stat.isSocket() && fd !== 3)) left.push(fd) } catch {}
}
return left.length > 0;`,
  ),
  program(
    'loads code of the machine into its process',
    RIGHTS,
    { notShown: 'there is no such library here' },
    ({ folder }) => `process.dlopen({ exports: {} }, ${quoted(`${folder}/planted.node`)});\nreturn true;`,
  ),
  program(
    'loads any library into its process',
    RIGHTS,
    { notShown: 'plain Node.js refuses what is no module of its own too' },
    () => `const library = ['/lib', '/lib64', '/usr/lib'].flatMap((at) => { try { return [fs.readdirSync(at).find((name) => /^libc?\\.so/.test(name))].filter(Boolean).map((name) => at + '/' + name) } catch { return [] } })[0] ?? '/usr/lib/x86_64-linux-gnu/libc.so.6';
process.dlopen({ exports: {} }, library);
return true;`,
  ),
  program(
    'reaches for what is within Node.js',
    'read files of the user',
    SHOWN,
    ({ secret, text }) => `const { open, read } = process.binding('fs');
const fd = open(${quoted(secret)}, 0, 0o666), space = Buffer.alloc(1000);
return space.toString('utf8', 0, read(fd, space, 0, 1000, -1)) === ${quoted(text)};`,
  ),
  program(
    'starts a program with what is within Node.js',
    'read files of the user',
    SHOWN,
    ({ secret, text }) => `const { spawn } = process.binding('spawn_sync');
const stdio = [{ type: 'pipe', readable: true, writable: false }, { type: 'pipe', readable: false, writable: true }, { type: 'pipe', readable: false, writable: true }];
const { output } = spawn({ file: '/bin/cat', args: ['cat', ${quoted(secret)}], stdio, envPairs: [] });
return String(output[1]) === ${quoted(text)};`,
  ),
  program(
    'asks for modules that Node.js keeps to itself',
    RIGHTS,
    { notShown: 'plain Node.js keeps them to itself too' },
    () => `const names = ['internal/bootstrap/realm', 'internal/process/permission', 'internal/child_process', 'internal/test/binding'];
return names.some((name) => { try { return require(name) !== undefined } catch { return false } });`,
  ),
  program(
    'has its own inspector read files',
    'read files of the user',
    SHOWN,
    ({ secret, text }) => `const { Session } = require('inspector');
const session = new Session();
session.connect();
const expression = 'process.mainModule.require("fs").readFileSync(' + JSON.stringify(${quoted(secret)}) + ', "utf8")';
const { result } = await new Promise((resolve, reject) => session.post('Runtime.evaluate', { expression, includeCommandLineAPI: true }, (error, got) => (error ? reject(error) : resolve(got))));
return result.value === ${quoted(text)};`,
  ),
  program(
    'opens an inspector for everybody, and is found by others',
    'be reached from outside',
    { notShown: 'it opens a port; that it cannot be reached from outside is the claim' },
    () => `const inspector = require('inspector');
inspector.open(0, '0.0.0.0');
const reachable = Object.values(os.networkInterfaces()).flat().some(({ internal }) => !internal);
inspector.close();
return reachable;`,
  ),
  program(
    'says that its permissions are unlimited',
    'read files of the user',
    SHOWN,
    ({ secret, text }) => `process.permission = { has: () => true };
process.execve?.name;
return fs.readFileSync(${quoted(secret)}, 'utf8') === ${quoted(text)};`,
  ),
  program(
    'leaves a realm that is not locked',
    'read files of the user',
    SHOWN,
    ({ secret, text }) => `const vm = require('vm');
const found = vm.runInNewContext("this.constructor.constructor('return process')()", { a: {} });
return found.mainModule.require('fs').readFileSync(${quoted(secret)}, 'utf8') === ${quoted(text)};`,
  ),
  program(
    'makes code out of text to reach what it may not name',
    'read files of the user',
    SHOWN,
    ({ secret, text }) => `const found = (0, eval)("globalThis['pro' + 'cess']");
return new Function('at', 'return this["pro" + "cess"].mainModule.require("f" + "s").readFileSync(at, "utf8")')(${quoted(secret)}) === ${quoted(text)} && found === process;`,
  ),
  program(
    'finds the process of its judge',
    JUDGE,
    NO_JUDGE,
    () =>
      "return fs.readdirSync('/proc').some((id) => Number(id) && fs.readFileSync('/proc/' + id + '/cmdline', 'latin1').includes('script-judge'));",
  ),
  program(
    'opens the report of its judge',
    JUDGE,
    NO_JUDGE,
    () => `for (const id of [1, 2, 3, process.ppid, process.pid + 1, process.pid - 1]) {
  try { fs.writeFileSync('/proc/' + id + '/fd/4', '{"end":true}\\n'); return true } catch {}
}
return false;`,
  ),
  program('signals whoever is at the other end of its channel', JUDGE, NO_JUDGE, () =>
    inPython(
      'import os, signal, socket, struct\nmine = socket.socket(fileno=3)\nother = struct.unpack("3i", mine.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]\nos.kill(other, signal.SIGKILL) if other > 1 else None\nprint(other > 1)',
    ),
  ),
  program(
    'sends a descriptor of its own over its channel',
    JUDGE,
    NO_JUDGE,
    () => `cp.execFileSync('python3', ['-c', 'import array, socket, os; socket.socket(fileno=3).sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))])'], { stdio: [0, 1, 2, 3] });
return true;`,
    inVain,
  ),
];
