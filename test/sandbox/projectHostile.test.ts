import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Identity } from '../../src/core/sandbox/bubblewrap';
import { WEAKER_PROOF } from '../../src/core/sandbox/project/projectSandbox';
import { isSolved, type Verdict } from '../../src/core/sandbox/verdict';
import {
  cleanUp,
  fingerprint,
  hostile,
  NODE_PROJECT,
  repository,
  scratch,
  temporary,
  verdicts,
  withProject,
  workspace,
} from './projectBench';

/** Root has two ways to be confined, and both have to hold. */
const IDENTITIES: readonly Identity[] = process.getuid?.() === 0 ? ['drop', 'namespace'] : ['namespace'];
const FILE = 'src/f.js';
const marker = `solvent-secret-${process.pid}-${Date.now()}`;

async function judged(
  folder: string,
  texts: readonly string[],
  identity: Identity = IDENTITIES[0]!,
  command = 'node --test test/',
): Promise<readonly Verdict[]> {
  return withProject({ folder, file: FILE, command, identities: [identity] }, async (project) => {
    return (await verdicts(project, FILE, texts)).verdicts;
  });
}

/** An answer that tries each expression when it is loaded, and prints what became of it. */
function attempts(expressions: readonly string[]): string {
  return hostile(`
const fs = require('node:fs'), cp = require('node:child_process');
for (const [index, source] of ${JSON.stringify(expressions)}.entries()) {
  let answer;
  try { answer = 'got ' + String(eval(source)).slice(0, 200); } catch (error) { answer = error.code ?? error.name; }
  fs.writeSync(1, '@' + JSON.stringify([index, answer]) + '\\n');
}`);
}

/** What became of each expression of {@link attempts}. */
function answersOf(verdict: Verdict | undefined, expressions: readonly string[]): Map<string, string> {
  const lines = (verdict?.stdout ?? '').split('\n').filter((line) => line.startsWith('@'));
  const found = new Map(lines.map((line) => JSON.parse(line.slice(1)) as [number, string]));
  assert.equal(found.size, expressions.length, JSON.stringify(verdict));
  return new Map(expressions.map((source, index) => [source, found.get(index) ?? '']));
}

describe('A hostile answer among the tests of a project', function () {
  this.timeout(120_000);
  const cleanups: (() => void)[] = [];
  before(() => {
    process.env['SOLVENT_TEST_SECRET'] = marker;
  });
  after(() => {
    delete process.env['SOLVENT_TEST_SECRET'];
    for (const clean of cleanups) clean();
    cleanUp();
  });

  function secretIn(folder: string): string {
    const path = join(folder, `.${marker}`);
    writeFileSync(path, marker);
    cleanups.push(() => {
      rmSync(path, { force: true });
    });
    return path;
  }

  for (const identity of IDENTITIES) {
    it(`reads no secret, no other folder, no environment and nothing of other programs (${identity})`, async () => {
      const folder = repository({ ...NODE_PROJECT, '.env': marker, 'sub/.env.local': marker, 'server.pem': marker });
      const beside = workspace({ 'x.txt': marker });
      symlinkSync(join(beside, 'x.txt'), join(folder, 'leaves'));
      const files = [
        ...['.env', 'sub/.env.local', 'server.pem', 'leaves', '.git/config'].map((path) => join(folder, path)),
        ...[secretIn(homedir()), join(beside, 'x.txt'), join(process.cwd(), 'package.json')],
        ...['/etc/shadow', '/etc/hostname', '/proc/kcore', '/var/log/dpkg.log', '/run/utmp', '/sys/kernel/uname'],
        ...['credentials.toml', 'config.toml', '.crates.toml'].map((name) => join(homedir(), '.cargo', name)),
      ];
      const reads = files.map((path) => `fs.readFileSync(${JSON.stringify(path)})`);
      const lists = [homedir(), dirname(folder), beside, scratch(), process.cwd()].map(
        (path) => `fs.readdirSync(${JSON.stringify(path)}).includes(${JSON.stringify(`.${marker}`)})`,
      );
      const everything =
        'JSON.stringify([process.env, fs.readdirSync("/proc").filter((name) => /^\\\\d+$/.test(name)).map((pid) => { try { return [fs.readFileSync(`/proc/${pid}/environ`, "latin1"), fs.readFileSync(`/proc/${pid}/cmdline`, "latin1")] } catch { return [] } })]).includes("' +
        marker +
        '")';
      const all = [...reads, ...lists, everything];
      const [verdict] = await judged(folder, [attempts(all)], identity);
      const answers = answersOf(verdict, all);
      for (const source of reads) assert.match(answers.get(source) ?? '', /^(?:ENOENT|EACCES|EPERM)$/, source);
      for (const source of lists) assert.match(answers.get(source) ?? '', /^(?:got false|ENOENT|EACCES)$/, source);
      assert.equal(answers.get(everything), 'got false');
      assert.ok(!JSON.stringify(verdict).includes(marker));
    });

    it(`writes to nothing but its own copy, its home and /tmp (${identity})`, async () => {
      const folder = repository({ ...NODE_PROJECT, '.gitignore': 'node_modules/\n' });
      workspace({ 'node_modules/p/index.js': 'module.exports = 1;\n' }, folder);
      const before = fingerprint(folder);
      const evil = (path: string): string => `fs.writeFileSync(${JSON.stringify(path)}, 'evil')`;
      const denied = [
        ...[join(folder, 'node_modules/p/index.js'), join(folder, 'node_modules/new.js')],
        ...['/etc/passwd', '/usr/bin/node', '/new', '/usr/new', process.execPath],
        // Of its own kernel settings; the same value, so that nothing changes where it can be written.
        ...['/proc/self/oom_score_adj', '/proc/sysrq-trigger'],
      ].map(evil);
      const sysctl = "fs.writeFileSync('/proc/sys/vm/swappiness', fs.readFileSync('/proc/sys/vm/swappiness'))";
      const mounts = `cp.execSync('mount -o remount,rw ${folder}/node_modules || umount ${folder}/node_modules', { stdio: 'pipe' })`;
      // Where a home lies in /tmp, this is its own /tmp.
      const inHome = join(homedir(), `.written-${marker}`);
      const allowed = [
        ...[join(folder, 'src/g.js'), join(folder, 'new.js'), '/tmp/x', '/solvent/x'].map(evil),
        `fs.writeFileSync(process.env.HOME + '/x', 'x')`,
        `fs.rmSync(${JSON.stringify(join(folder, 'test'))}, { recursive: true })`,
      ];
      const all = [...denied, sysctl, mounts, ...allowed, evil(inHome)];
      const [verdict] = await judged(folder, [attempts(all)], identity);
      const answers = answersOf(verdict, all);
      for (const source of [...denied, sysctl])
        assert.match(answers.get(source) ?? '', /^(?:EROFS|EACCES|EPERM|ENOENT)$/, source);
      assert.doesNotMatch(answers.get(mounts) ?? '', /^got/);
      for (const source of allowed) assert.match(answers.get(source) ?? '', /^got undefined/, source);
      assert.equal(fingerprint(folder), before);
      assert.equal(existsSync(inHome), false);
    });

    it(`runs as nobody, without privileges, under limits (${identity})`, async () => {
      const folder = workspace(NODE_PROJECT);
      const status = `fs.readFileSync('/proc/self/status', 'utf8').match(/^(CapEff|CapPrm|NoNewPrivs):.*$/gm).join()`;
      const shell = `cp.execSync('ulimit -d; ulimit -f; ulimit -n; ulimit -c', { encoding: 'utf8' })`;
      const user = `require('node:os').userInfo().username`;
      const uid = 'process.getuid()';
      const all = [status, shell, user, uid];
      const [verdict] = await judged(folder, [attempts(all)], identity);
      const answers = answersOf(verdict, all);
      assert.equal(answers.get(status), 'got CapPrm:\t0000000000000000,CapEff:\t0000000000000000,NoNewPrivs:\t1');
      assert.equal(answers.get(shell), 'got 3145728\n524288\n4096\n0\n');
      assert.equal(answers.get(user), 'got solvent');
      if (identity === 'drop') assert.notEqual(answers.get(uid), 'got 0');
    });
  }

  it('has no network and reaches no server of this machine, by address or by name', async () => {
    const folder = workspace(NODE_PROJECT);
    const reached: string[] = [];
    const server = createServer((socket) => {
      reached.push('tcp');
      socket.destroy();
    });
    const abstract = createServer((socket) => {
      reached.push('abstract');
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => abstract.listen(`\0${marker}`, resolve));
    cleanups.push(() => server.close());
    cleanups.push(() => abstract.close());
    const { port } = server.address() as AddressInfo;
    const connect = (target: string): string =>
      `await new Promise((resolve) => { const s = require('node:net').connect(${target}); s.on('connect', () => resolve('connected')); s.on('error', (e) => resolve(e.code)); setTimeout(resolve, 2000, 'timeout').unref(); })`;
    const targets = [
      `{ host: '127.0.0.1', port: ${port} }`,
      `{ path: '\\0${marker}' }`,
      `{ host: '1.1.1.1', port: 53 }`,
      `{ host: 'registry.npmjs.org', port: 443 }`,
    ];
    const test = `const test = require('node:test');test('f doubles', async () => { ${targets.map((target) => `console.log('@', ${connect(target)});`).join('')} });test('f doubles zero', () => {});`;
    workspace({ 'test/f.test.js': test }, folder);
    const [verdict] = await withProject(
      { folder, file: FILE, command: 'node test/f.test.js; exit 1' },
      async (project) => {
        return (await verdicts(project, FILE, [hostile('')])).verdicts;
      },
    );
    const said = (verdict?.stdout ?? '').split('\n').filter((line) => line.includes('@ '));
    assert.equal(said.length, 4, verdict?.stdout);
    for (const line of said) assert.match(line, /@ (?:E[A-Z_]+|timeout)$/);
    assert.deepEqual(reached, []);
  });

  it('leaves no process behind, however it hides it', async () => {
    const folder = workspace(NODE_PROJECT);
    const name = `hidden-${process.pid}-${Date.now()}`;
    const loop = `sh -c 'while :; do date >> ${folder}/still; sleep 0.05; done; : ${name}'`;
    const hidden = JSON.stringify(`nohup ${loop} </dev/null >/dev/null 2>&1 &`);
    const texts = [
      `require('node:child_process').spawn('setsid', ['sh', '-c', ${hidden}], { detached: true, stdio: 'ignore' }).unref();`,
      // The test runner waits for whoever holds its output, which the limit ends.
      `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(loop)}], { detached: true, stdio: 'inherit' }).unref();`,
    ];
    const [ended, left] = texts.map((text) => [hostile(text)]);
    const limits = { runSeconds: 6 };
    const found = [
      ...(await judged(folder, ended ?? [])),
      ...(await withProject({ folder, file: FILE, command: 'node --test test/', limits }, async (project) => {
        return (await verdicts(project, FILE, left ?? [])).verdicts;
      })),
    ];
    assert.deepEqual(
      found.map(({ killed }) => killed),
      [undefined, 'time'],
    );
    assert.deepEqual(processesWith(name), []);
    assert.equal(existsSync(join(folder, 'still')), false);
    assert.deepEqual(readdirSync(scratch()), []);
  });

  it('is not solved by the cheap ways to a good exit status', async () => {
    const folder = workspace(NODE_PROJECT);
    const tests = JSON.stringify(join(folder, 'test'));
    const forgeries = [
      'process.exit(0)',
      "process.on('exit', () => { process.exitCode = 0; }); throw new Error('x')",
      `require('node:fs').rmSync(${tests}, { recursive: true }); process.exit(0)`,
      "process.kill(process.ppid, 'SIGKILL')",
      "process.kill(process.ppid, 'SIGTERM')",
      "require('node:test').skip = require('node:test'); require('node:test').test = () => {}; process.exit(0)",
      "console.log('# tests 4\\n# pass 4\\n# fail 0\\n1..4'); process.exit(0)",
      "require('node:fs').writeFileSync('/solvent/report.tap', 'TAP version 13\\nok 1 - f doubles\\n1..1\\n'); process.exit(0)",
      "const fs = require('node:fs'); fs.rmSync('/solvent/report.tap'); fs.symlinkSync('/etc/passwd', '/solvent/report.tap'); process.exit(0)",
      "const fs = require('node:fs'); fs.rmSync('/solvent/report.tap'); require('node:child_process').execSync('mkfifo /solvent/report.tap'); process.exit(0)",
      "const fs = require('node:fs'); fs.rmSync('/solvent/report.tap'); fs.mkdirSync('/solvent/report.tap'); process.exit(0)",
    ];
    const found = await judged(folder, forgeries);
    found.forEach((verdict, index) => {
      assert.equal(isSolved(verdict), false, `${forgeries[index]}: ${JSON.stringify(verdict.tests)}`);
      assert.equal(verdict.total, 3);
    });
    const printed = await judged(
      folder,
      [
        "console.log('TAP version 13\\nok 1 - f doubles\\n1..1\\n# pass 1'); process.exit(0)",
        `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'package.json'))}, '{"scripts":{"test":"true"}}'); process.exit(0)`,
      ],
      IDENTITIES[0],
      'npm test',
    );
    for (const verdict of printed) assert.equal(isSolved(verdict), false, JSON.stringify(verdict.tests));
  });

  it('that patches the assertions can deceive the tests, which is why the proof is called weaker', async () => {
    const folder = workspace(NODE_PROJECT);
    const [verdict] = await judged(folder, ["require('node:assert').equal = () => {}; exports.f = () => 0;"]);
    assert.equal(verdict?.passed, verdict?.total);
    assert.match(WEAKER_PROOF, /weaker than isolated tests/);
  });

  it('is not seen by the next one: every run starts from the snapshot', async () => {
    const folder = workspace(NODE_PROJECT);
    const g = JSON.stringify(join(folder, 'src/g.js'));
    const all = [`fs.readFileSync(${g}, 'utf8')`, 'fs.readdirSync(process.env.HOME).length'];
    const evil = `const fs = require('node:fs'); fs.writeFileSync(${g}, ''); fs.writeFileSync(process.env.HOME + '/x', ''); fs.chmodSync('.', 0o500); fs.chmodSync('src', 0);`;
    const [first, second] = await judged(folder, [hostile(evil), attempts(all)]);
    assert.equal(isSolved(first!), false);
    assert.equal(isSolved(second!), true);
    assert.deepEqual([...answersOf(second, all).values()], [`got ${NODE_PROJECT['src/g.js'] ?? ''}`, 'got 0']);
    assert.deepEqual(readdirSync(scratch()), []);
  });

  it('gets no help from the command: its environment never reaches what sets up the sandbox', async () => {
    const folder = workspace(NODE_PROJECT);
    const mark = join(temporary(), 'ran');
    mkdirSync(join(folder, '.venv/bin'), { recursive: true });
    workspace({ '.venv/pyvenv.cfg': `home = ${dirname(mark)}\n` }, folder);
    for (const name of ['bwrap', 'setpriv', 'sh', 'chmod', 'node', 'python3', 'git']) {
      writeFileSync(join(folder, '.venv/bin', name), `#!/bin/sh\necho "$0" >> ${mark}\nexec /usr/bin/${name} "$@"\n`, {
        mode: 0o755,
      });
    }
    const path = process.env['PATH'];
    process.env['PATH'] = `${folder}/.venv/bin:.:${path ?? ''}`;
    try {
      const command = 'LD_PRELOAD=/nowhere/evil.so BASH_ENV=/x ENV=/x node --test test/';
      const [verdict] = await judged(folder, [hostile('')], IDENTITIES[0], command);
      assert.match(verdict?.stderr ?? '', /evil\.so/, 'the command itself does get it');
    } finally {
      process.env['PATH'] = path;
    }
    assert.equal(existsSync(mark), false);
    assert.equal(realpathSync(folder), folder);
    assert.match(readFileSync(join(folder, '.venv/bin/git'), 'utf8'), /exec/);
  });
});

function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
}
