import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../../src/core/sandbox/open';
import { HARNESS, judge, passes } from './bench';

/** Both sides are tried: the tests of a task may come from a cloned repository and are no more trusted than the code. */
const SIDES = ['code', 'tests'] as const;

/**
 * Runs Python on one side of the sandbox and returns what `probe()` returned there, as JSON.
 * @param source defines `probe()`.
 */
async function probe(side: (typeof SIDES)[number], source: string): Promise<unknown> {
  const show = `${source}\nimport json\nprint('@' + json.dumps(probe()))`;
  const verdict = await judge(
    side === 'code' ? { code: show, tests: ['assert True'] } : { code: 'def f(): pass', setup: show, tests: ['f()'] },
  );
  const line = verdict.stdout.split('\n').find((one) => one.startsWith('@'));
  assert.ok(line !== undefined, JSON.stringify(verdict));
  return JSON.parse(line.slice(1));
}

/** Source of a `probe()` that answers, for each expression, null or the name of the exception that it raised. */
function attempts(expressions: readonly string[], head = ''): string {
  return `
import os, socket, ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *args):
    if getattr(libc, name)(*args) == -1: raise OSError(ctypes.get_errno(), name)
def write(path):
    with open(path, 'w') as file: file.write('x')
${head}
def probe():
    answers = []
    for source in ${JSON.stringify(expressions)}:
        try: eval(source)
        except Exception as error: answers.append(type(error).__name__)
        else: answers.append(None)
    return answers`;
}

/** Claims that every expression fails on both sides. */
async function allFail(expressions: readonly string[], head = ''): Promise<void> {
  await Promise.all(
    SIDES.map(async (side) => {
      const answers = (await probe(side, attempts(expressions, head))) as (string | null)[];
      assert.equal(answers.length, expressions.length);
      expressions.forEach((expression, index) => {
        assert.equal(typeof answers[index], 'string', `${expression} succeeded in the process of the ${side}`);
      });
    }),
  );
}

async function both(source: string): Promise<unknown[]> {
  return Promise.all(SIDES.map((side) => probe(side, source)));
}

function processesWith(marker: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(marker);
      } catch {
        return false;
      }
    });
}

describe('The sandbox', function () {
  this.timeout(60_000);
  const marker = `solvent-secret-${process.pid}-${Date.now()}`;
  const cleanups: (() => unknown)[] = [];
  before(() => {
    process.env['SOLVENT_TEST_SECRET'] = marker;
  });
  after(async () => {
    delete process.env['SOLVENT_TEST_SECRET'];
    for (const cleanup of cleanups) await cleanup();
  });

  function secretIn(directory: string): string {
    const path = join(directory, `.${marker}`);
    writeFileSync(path, marker);
    cleanups.push(() => {
      rmSync(path, { force: true });
    });
    return path;
  }

  it('hides home, the workspace, /proc and the files of other programs', async () => {
    const secrets = [...new Set([homedir(), userInfo().homedir, process.env['HOME'] ?? homedir()])]
      .filter((home) => existsSync(home))
      .map(secretIn);
    secrets.push(secretIn(tmpdir()), secretIn('/var/tmp'));
    const hidden = [...secrets, join(process.cwd(), 'package.json'), '/proc/self/environ', '/proc/1/cmdline'];
    hidden.push('/etc/passwd', '/etc/shadow', '/etc/hostname', '/sys/kernel/uname', '/run/utmp', '/var/log/dpkg.log');
    await allFail([
      ...hidden.map((path) => `open(${JSON.stringify(path)}).read()`),
      ...[process.cwd(), '/proc', '/sys', '/run', '/var'].map((path) => `os.listdir(${JSON.stringify(path)})`),
    ]);
    // Home exists only as far as it leads to the interpreter.
    const source = `
import os, sys
def probe():
    home = ${JSON.stringify(homedir())}
    return [name for name in (os.listdir(home) if os.path.exists(home) else []) if not sys.base_prefix.startswith(home + '/' + name)]`;
    assert.deepEqual(await both(source), [[], []]);
  });

  it('shows nothing of the environment', async () => {
    assert.equal(process.env['SOLVENT_TEST_SECRET'], marker);
    const source = `
import os, gc, sys
def probe():
    return [${JSON.stringify(marker)} in repr(os.environ), sorted(os.environ), os.getcwd(), sys.argv]`;
    for (const answer of await both(source)) {
      const names = ['HOME', 'LANG', 'MALLOC_ARENA_MAX', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PATH', 'PWD'];
      assert.deepEqual(answer, [false, [...names, 'PYTHONDONTWRITEBYTECODE', 'PYTHONHASHSEED'], '/tmp', ['']]);
    }
  });

  it('has no network: TCP, UDP, abstract and file sockets of the host are out of reach', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sv-'));
    const tcp = await listening(createServer(), 0);
    const file = await listening(createServer(), join(directory, 's'));
    const abstract = await listening(createServer(), `\0${marker}`);
    cleanups.push(...[tcp, file, abstract].map((server) => () => server.close()));
    cleanups.push(() => {
      rmSync(directory, { recursive: true, force: true });
    });
    const { port } = tcp.address() as AddressInfo;
    const path = file.address() as string;
    for (const target of [{ port, host: '127.0.0.1' }, { path }, { path: `\0${marker}` }]) {
      const socket = connect(target);
      await once(socket, 'connect');
      socket.destroy();
    }
    await allFail(
      [
        `socket.create_connection(('127.0.0.1', ${port}), 1)`,
        `socket.create_connection(('localhost', ${port}), 1)`,
        `socket.create_connection(('1.1.1.1', 53), 1)`,
        `udp(('1.1.1.1', 53))`,
        `udp(('10.0.0.1', 53))`,
        `socket.getaddrinfo('example.org', 80)`,
        `unix(${JSON.stringify(path)})`,
        `unix(${JSON.stringify(`\0${marker}`)})`,
        `unix('/run/dbus/system_bus_socket')`,
        `unix('/var/run/docker.sock')`,
      ],
      `
def udp(address):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', address)
def unix(path):
    socket.socket(socket.AF_UNIX).connect(path)`,
    );
  });

  it('can be written in the scratch directory only', async () => {
    const before = new Set(readdirSync(tmpdir()));
    const name = `x-${marker}`;
    const places = ['/', '/usr', '/usr/lib', '/harness', '/etc', '/dev', '/bin', '/home', '/root', '/var/tmp', '/mnt'];
    await allFail([
      ...places.map((place) => `write(${JSON.stringify(join(place, name))})`),
      ...[
        `write('/harness/judge.py')`,
        `os.remove('/harness/wire.py')`,
        `os.mkdir('/${name}')`,
        `os.chmod('/usr', 511)`,
      ],
      ...[`write('/dev/full')`, `os.rename('/harness', '/tmp/h')`],
    ]);
    const scratch = attempts([`write('/tmp/${name}')`, `open('/tmp/${name}').read()`]);
    assert.deepEqual(await both(scratch), [
      [null, null],
      [null, null],
    ]);
    const left = readdirSync(tmpdir()).filter((one) => !before.has(one) && one.includes(marker));
    assert.deepEqual(left, []);
  });

  it('gives no privileges and no way to get any', async () => {
    await allFail([
      ...[`os.setuid(0)`, `os.setresuid(0, 0, 0)`, `os.setgroups([0])`, `os.chroot('/tmp')`, `os.nice(-5)`],
      ...[`os.mknod('/tmp/disk', 0o60600, os.makedev(254, 0))`, `socket.sethostname('x')`],
      ...[`call('mount', b'none', b'/tmp', b'tmpfs', 0, None)`, `call('umount2', b'/tmp', 2)`],
      ...[`call('umount2', b'/usr', 2)`, `call('unshare', 0x20000)`, `call('setns', 0, 0)`, `call('reboot', 0)`],
      ...[`socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)`],
      ...[`socket.socket(socket.AF_PACKET, socket.SOCK_RAW)`, `os.kill(${process.pid}, 0)`],
    ]);
    const source = `
import ctypes, os
def probe():
    libc = ctypes.CDLL(None)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    return [libc.prctl(39, 0, 0, 0, 0), list(data), os.getuid() != 0, os.geteuid() != 0, os.getgroups()]`;
    for (const answer of await both(source)) {
      const [noNewPrivileges, capabilities, user, effective, groups] = answer as [
        number,
        number[],
        boolean,
        boolean,
        number[],
      ];
      assert.equal(noNewPrivileges, 1);
      // Effective and permitted. What is inheritable means nothing where no program can add privileges.
      const [low, lowPermitted, , high, highPermitted] = capabilities;
      assert.deepEqual([low, lowPermitted, high, highPermitted], [0, 0, 0, 0]);
      assert.deepEqual([user, effective], [true, true]);
      assert.ok(
        groups.every((group) => group !== 0),
        'belongs to the group root',
      );
    }
  });

  it('inherits nothing but its outputs and its channel', async () => {
    const source = `
import os
def probe():
    found = []
    for fd in range(1024):
        try: os.fstat(fd)
        except OSError: continue
        found.append(fd)
    return found`;
    const [code, tests] = await both(source);
    assert.deepEqual(code, [0, 1, 2, 3]);
    assert.deepEqual(tests, [0, 1, 2, 3, 4]);
  });

  it('leaves no process behind, whatever the code has started', async () => {
    const name = `left-${marker}`;
    const stay = `
import subprocess, sys, os
command = 'import os, time, signal; signal.signal(15, 1); signal.signal(1, 1); os.setsid(); time.sleep(600)'
for _ in range(3):
    subprocess.Popen([sys.executable, '-c', command, ${JSON.stringify(name)}])
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(600)', ${JSON.stringify(name)}])
    os._exit(0)
import time
time.sleep(1.5)
`;
    const runs = Promise.all([
      judge({ code: `${stay}\ndef f(): return 1`, tests: ['assert f() == 1'] }),
      judge({ code: 'def f(): return 1', setup: stay, tests: ['assert f() == 1'] }),
    ]);
    const most = await seenDuring(runs, name);
    const [code, tests] = await runs;
    assert.deepEqual([code.passed, tests.passed], [1, 1], JSON.stringify([code, tests]));
    assert.ok(most >= 4, 'the processes were never seen to run');
    assert.deepEqual(processesWith(name), []);
  });

  for (const [place, where] of [
    ['home', homedir()],
    ['the temporary directory', tmpdir()],
  ] as const) {
    it(`works with an interpreter of a virtual environment in ${place}, and hides what lies beside it`, async () => {
      const directory = mkdtempSync(join(where, '.solvent-venv-'));
      cleanups.push(() => {
        rmSync(directory, { recursive: true, force: true });
      });
      const made = spawnSync('python3', ['-m', 'venv', '--without-pip', join(directory, 'env')], { encoding: 'utf8' });
      assert.equal(made.status, 0, made.stderr);
      const beside = join(directory, 'beside');
      writeFileSync(beside, marker);
      const python = join(directory, 'env/bin/python');
      const library = join(directory, 'env/lib');
      const packages = join(library, readdirSync(library)[0] ?? '', 'site-packages');
      writeFileSync(join(packages, 'only_there.py'), 'x = 7\n');
      await passes(
        {
          code: 'import sys, only_there\ndef f(): return only_there.x, sys.executable',
          tests: [
            `assert f() == (7, ${JSON.stringify(python)})`,
            `import os\nassert not os.path.exists(${JSON.stringify(beside)})`,
          ],
        },
        openSandbox({ choice: 'auto', harness: HARNESS, python }),
      );
    });
  }
});

async function listening(server: Server, where: number | string): Promise<Server> {
  if (typeof where === 'number') server.listen(where, '127.0.0.1');
  else server.listen(where);
  await once(server, 'listening');
  return server;
}

/** The largest number of processes with the marker that was seen at once while something went on. */
async function seenDuring(work: Promise<unknown>, name: string): Promise<number> {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, processesWith(name).length)), 20);
  await work.finally(() => {
    clearInterval(timer);
  });
  return most;
}
