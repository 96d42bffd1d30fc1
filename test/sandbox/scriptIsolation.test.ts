import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../../src/core/sandbox/open';
import { HARNESS, judge, passes } from './bench';

/** Both sides are tried: the tests of a task may come from a cloned repository and are no more trusted than the code. */
const SIDES = ['code', 'tests'] as const;

/**
 * Runs JavaScript on one side of the sandbox and returns what `probe()` gave there, as JSON.
 * @param source defines `probe()`, which may be async
 */
async function probe(side: (typeof SIDES)[number], source: string): Promise<unknown> {
  const show = `${source}\nconst told = (async () => console.log('@' + JSON.stringify(await probe())))();`;
  const verdict = await judge(
    side === 'code'
      ? { language: 'javascript', code: `${show}\nfunction f() { return told }`, tests: ['await f()'] }
      : { language: 'javascript', code: 'function f() {}', setup: show, tests: ['await told'] },
  );
  const line = verdict.stdout.split('\n').find((one) => one.startsWith('@'));
  assert.ok(line !== undefined, JSON.stringify(verdict));
  return JSON.parse(line.slice(1));
}

async function both(source: string): Promise<unknown[]> {
  return Promise.all(SIDES.map((side) => probe(side, source)));
}

/** Claims that every expression throws, or rejects, on both sides. */
async function allFail(expressions: readonly string[], head = ''): Promise<void> {
  const answers = await both(`
const fs = require('fs'), cp = require('child_process'), net = require('net'), dgram = require('dgram'), os = require('os');
${head}
async function probe() {
  const answers = [];
  for (const source of ${JSON.stringify(expressions)}) {
    try { await eval(source); answers.push(null) } catch (error) { answers.push(String(error.code ?? error)) }
  }
  return answers;
}`);
  answers.forEach((side, at) => {
    expressions.forEach((expression, index) => {
      const answer = (side as (string | null)[])[index];
      assert.equal(typeof answer, 'string', `${expression} succeeded in the process of the ${SIDES[at] ?? ''}`);
    });
  });
}

async function listening(server: Server, where: number | string): Promise<Server> {
  if (typeof where === 'number') server.listen(where, '127.0.0.1');
  else server.listen(where);
  await once(server, 'listening');
  return server;
}

describe('The sandbox of a script', function () {
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
    const secrets = [...new Set([homedir(), userInfo().homedir])].filter((home) => existsSync(home)).map(secretIn);
    secrets.push(secretIn(tmpdir()), secretIn('/var/tmp'));
    const hidden = [...secrets, join(process.cwd(), 'package.json'), '/proc/self/environ', '/proc/1/cmdline'];
    hidden.push('/etc/passwd', '/etc/shadow', '/etc/hostname', '/sys/kernel/uname', '/run/utmp');
    await allFail([
      ...hidden.map((path) => `fs.readFileSync(${JSON.stringify(path)})`),
      ...[process.cwd(), '/proc', '/sys', '/run', '/var', homedir()].map(
        (path) => `fs.readdirSync(${JSON.stringify(path)})`,
      ),
      `require(${JSON.stringify(join(process.cwd(), 'node_modules/mocha'))})`,
    ]);
  });

  it('shows nothing of the environment, the command line or the account', async () => {
    const source = `
function probe() {
  const told = require('util').inspect(process, { depth: 5, showHidden: true });
  return [told.includes(${JSON.stringify(marker)}), Object.keys(process.env).sort(), process.cwd(), process.argv.length, process.execArgv, process.getuid() !== 0, process.getgroups()];
}`;
    for (const answer of await both(source)) {
      const [secret, names, folder, operands, flags, user, groups] = answer as [
        boolean,
        string[],
        string,
        number,
        string[],
        boolean,
        number[],
      ];
      assert.deepEqual([secret, folder, operands, flags, user], [false, '/tmp', 1, [], true]);
      assert.deepEqual(names, ['HOME', 'LANG', 'MALLOC_ARENA_MAX', 'NO_COLOR', 'PATH', 'PWD']);
      assert.ok(groups.every((group) => group !== 0));
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
        `reach({ port: ${port}, host: '127.0.0.1' })`,
        `reach({ port: 53, host: '1.1.1.1' })`,
        `reach({ path: ${JSON.stringify(path)} })`,
        `reach({ path: ${JSON.stringify(`\0${marker}`)} })`,
        `reach({ path: '/run/dbus/system_bus_socket' })`,
        `reach({ path: '/var/run/docker.sock' })`,
        `require('dns').promises.lookup('example.org')`,
        `fetch('http://127.0.0.1:${port}/')`,
        `fetch('https://example.org/')`,
        `udp('1.1.1.1')`,
      ],
      `
const reach = (target) => new Promise((resolve, reject) => { const s = net.connect(target, resolve); s.on('error', reject) });
const udp = (host) => new Promise((resolve, reject) => { const s = dgram.createSocket('udp4'); s.on('error', reject); s.send('x', 53, host, (e) => { s.close(); e ? reject(e) : resolve() }) });`,
    );
  });

  it('can be written in the scratch directory only', async () => {
    const name = `x-${marker}`;
    const places = ['/', '/usr', '/usr/lib', '/harness', '/etc', '/dev', '/bin', '/home', '/root', '/var/tmp', '/mnt'];
    await allFail([
      ...places.map((place) => `fs.writeFileSync(${JSON.stringify(join(place, name))}, 'x')`),
      ...["fs.writeFileSync('/harness/script-judge.cjs', '')", "fs.rmSync('/harness/script-wire.cjs')"],
      ...["fs.chmodSync('/usr', 0o777)", "fs.renameSync('/harness', '/tmp/h')", "fs.writeFileSync('/dev/full', 'x')"],
    ]);
    const source = `const fs = require('fs');\nfunction probe() { fs.writeFileSync('/tmp/${name}', 'x'); return fs.readFileSync('/tmp/${name}', 'utf8') + fs.readFileSync('/dev/null', 'utf8') }`;
    assert.deepEqual(await both(source), ['x', 'x']);
    assert.deepEqual(readdirSync(tmpdir()).filter((one) => one.includes(name)), []); // prettier-ignore
  });

  it('gives no privileges and no way to get any, and no way to other processes', async () => {
    await allFail([
      ...['process.setuid(0)', 'process.setgid(0)', 'process.setgroups([0])', 'os.setPriority(-5)'],
      ...[`process.kill(${process.pid}, 0)`, `process.kill(${process.ppid}, 'SIGTERM')`],
      ...["cp.execFileSync('mount', ['-t', 'tmpfs', 'none', '/tmp'], { stdio: 'pipe' })"],
      ...[
        "cp.execFileSync('unshare', ['-n', 'true'], { stdio: 'pipe' })",
        "cp.execFileSync('su', ['-c', 'true'], { stdio: 'pipe' })",
      ],
      ...[
        "cp.execFileSync('sudo', ['true'], { stdio: 'pipe' })",
        "process.dlopen({}, '/nowhere.node')",
        "process.chroot('/')",
      ],
    ]);
  });

  it('has its channel, and the judge its report, and nothing else of the host', async () => {
    const source = `
const fs = require('fs');
function probe() {
  const found = [];
  for (let fd = 0; fd < 256; fd++) {
    try { const stat = fs.fstatSync(fd); if (stat.isSocket() || stat.isFile() || stat.isDirectory()) found.push(fd) } catch {}
  }
  return found;
}`;
    const [code, tests] = await both(source);
    assert.deepEqual(code, [1, 2, 3]);
    assert.deepEqual(tests, [1, 2, 3, 4]);
  });

  it('works with a Node.js that lives in home, and hides what lies beside it', async () => {
    const directory = mkdtempSync(join(homedir(), '.solvent-node-'));
    cleanups.push(() => {
      rmSync(directory, { recursive: true, force: true });
    });
    const node = join(directory, 'node');
    copyFileSync(realpathSync(process.execPath), node);
    chmodSync(node, 0o755);
    symlinkSync(node, join(directory, 'shim'));
    const beside = join(directory, 'beside');
    writeFileSync(beside, marker);
    const where = openSandbox({
      choice: 'auto',
      language: 'javascript',
      harness: HARNESS,
      node: join(directory, 'shim'),
    });
    await passes(
      {
        language: 'javascript',
        code: 'const fs = require("fs"); function f() { return process.execPath }',
        tests: [
          `assert.equal(f(), ${JSON.stringify(node)})`,
          `assert.equal(process.execPath, ${JSON.stringify(node)})`,
          `assert(!require('fs').existsSync(${JSON.stringify(beside)}))`,
        ],
      },
      where,
    );
    assert.equal(readFileSync(beside, 'utf8'), marker);
  });
});
