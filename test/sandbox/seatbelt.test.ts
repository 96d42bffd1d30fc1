import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openSandbox } from '../../src/core/sandbox/open';
import { type Sandbox, SandboxError } from '../../src/core/sandbox/sandbox';
import { seatbeltArguments } from '../../src/core/sandbox/seatbelt';
import type { Language } from '../../src/core/task/task';
import { HARNESS, passes } from './bench';
import { type Profile, readArguments } from './seatbelt/profile';
import { faithful, faithless, type SandboxExec, scripted } from './seatbelt/sandboxExec';

const DATA = '/System/Volumes/Data';

describe('The profile of Seatbelt', () => {
  let root: string;
  let profile: Profile;
  let tool: (...parts: string[]) => string;

  before(() => {
    // As an interpreter may lie: behind a link, outside of home and in it, with libraries beside it.
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sv-seatbelt-')));
    tool = (...parts) => join(root, ...parts);
    for (const folder of ['cellar/lib', 'scratch', 'harness', 'bin']) mkdirSync(tool(folder), { recursive: true });
    writeFileSync(tool('cellar', 'node'), '');
    symlinkSync(tool('cellar', 'node'), tool('bin', 'node'));
    const paths = [tool('bin', 'node'), tool('cellar', 'lib')];
    const args = seatbeltArguments({ paths, harness: tool('harness'), scratch: tool('scratch') });
    ({ profile } = readArguments([...args, 'node']));
  });

  after(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('lets nothing be written but the scratch folder and /dev/null', () => {
    for (const path of [tool('scratch', 'x'), tool('scratch'), `${DATA}${tool('scratch', 'a', 'b')}`]) {
      assert.ok(profile.allows('file-write-create', path), path);
    }
    assert.ok(profile.allows('file-write-data', '/dev/null'));
    const others = [
      root,
      tool('harness', 'x'),
      tool('cellar', 'lib', 'x'),
      tool('cellar', 'node'),
      tool('scratch2'),
      '/tmp',
    ];
    for (const path of [...others, '/dev/null', join(homedir(), 'x'), '/', '/usr/lib/x', `${DATA}/x`]) {
      assert.ok(!profile.allows('file-write-create', path), path);
      assert.ok(!profile.allows('file-write-unlink', path), path);
    }
    assert.ok(!profile.allows('file-write-setugid', tool('scratch', 'x')));
  });

  it('shows the interpreter, by its link and as it is, its libraries, the harness and the system', () => {
    const shown = [
      tool('bin', 'node'),
      tool('cellar', 'node'),
      tool('cellar', 'lib', 'deep', 'x'),
      tool('harness', 'boot.py'),
    ];
    for (const path of [
      ...shown,
      '/usr/lib/libSystem.B.dylib',
      '/System/Library/x',
      tool('scratch', 'x'),
      '/dev/urandom',
    ]) {
      assert.ok(profile.allows('file-read-data', path), path);
    }
    for (const path of [tool('bin'), tool('cellar'), dirname(root)])
      assert.ok(profile.allows('file-read-data', path), path);
    for (const path of shown.slice(0, 3)) assert.ok(profile.allows('file-read-data', `${DATA}${path}`), path);
  });

  it('hides home, what lies beside the interpreter, and the settings and secrets of the system', () => {
    const home = [
      homedir(),
      dirname(homedir()),
      join(homedir(), '.ssh', 'id'),
      `${DATA}${homedir()}/.ssh/id`,
      '/Users',
    ];
    const system = [
      '/etc/passwd',
      '/private/etc/master.passwd',
      '/Library/Keychains/System.keychain',
      '/usr/local/etc/x',
    ];
    const beside = [
      tool('cellar', 'other'),
      tool('other'),
      tool('bin', 'other'),
      '/private/var/folders/x',
      '/Applications',
    ];
    for (const path of [...home, ...system, ...beside, '/Volumes/x', '/dev/disk0', '/dev/tty', '/proc/1/environ']) {
      if (path !== '/') assert.ok(!profile.allows('file-read-data', path), path);
    }
  });

  it('has no network, no services, and no way to other processes', () => {
    const none = [
      ...['network-outbound', 'network-inbound', 'network-bind', 'mach-lookup', 'mach-register', 'mach-priv-task-port'],
      ...['process-fork', 'iokit-open', 'ipc-posix-shm-write-create', 'ipc-posix-sem', 'user-preference-read'],
      ...['appleevent-send', 'distributed-notification-post', 'job-creation', 'lsopen', 'pseudo-tty', 'sysctl-write'],
      ...['system-privilege', 'system-fsctl', 'process-info-listpids', 'file-ioctl'],
    ];
    for (const operation of none) assert.ok(!profile.allows(operation, ''), operation);
    for (const operation of ['signal', 'process-info-pidinfo']) {
      assert.deepEqual(profile.conditions(operation), ['(target self)'], operation);
    }
    assert.deepEqual(profile.conditions('system-socket'), ['(socket-domain AF_UNIX)']);
    const told = profile.conditions('sysctl-read').join(' ');
    assert.match(told, /\(sysctl-name "hw\.ncpu"\)/);
    assert.doesNotMatch(told, /kern\.(?:proc|hostname|boottime|bootargs)|net\./);
  });

  it('runs the interpreter and a shell, and nothing else', () => {
    for (const path of [tool('bin', 'node'), tool('cellar', 'node'), '/bin/sh', tool('cellar', 'lib', 'x')]) {
      assert.ok(profile.allows('process-exec', path), path);
    }
    for (const path of [
      '/usr/bin/osascript',
      '/bin/ps',
      '/usr/bin/security',
      tool('scratch', 'x'),
      tool('harness', 'x'),
    ]) {
      assert.ok(!profile.allows('process-exec', path), path);
    }
  });

  it('tells only that a folder of home is there, where the interpreter lies in home', () => {
    const folder = mkdtempSync(join(homedir(), '.solvent-node-'));
    try {
      const node = join(folder, 'node');
      writeFileSync(node, '');
      const view = { paths: [node], harness: tool('harness'), scratch: tool('scratch') };
      const { profile: own } = readArguments([...seatbeltArguments(view), 'node']);
      assert.ok(own.allows('file-read-data', node));
      for (const path of [folder, homedir()]) {
        assert.ok(own.allows('file-read-metadata', path), path);
        assert.ok(!own.allows('file-read-data', path), path);
      }
      assert.ok(!own.allows('file-read-data', join(folder, 'beside')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('cannot be written by the name of a folder', () => {
    const hostile = [
      'a"b',
      "it's",
      '(allow default)',
      'x"))(allow default)(allow file-read* (literal "',
      'new\nline',
      'back\\slash',
    ];
    for (const name of [
      ...hostile,
      '$(touch x)',
      '; comment',
      '#"^/"',
      'param "SCRATCH"',
      '-D SCRATCH=/',
      '=',
      'ü 名',
    ]) {
      const folder = tool('hostile', name);
      mkdirSync(join(folder, 'scratch'), { recursive: true });
      writeFileSync(join(folder, 'node'), '');
      const view = { paths: [join(folder, 'node'), folder], harness: folder, scratch: join(folder, 'scratch') };
      const args = seatbeltArguments(view);
      assert.ok(!args[1]?.includes(folder), name);
      const { profile: own, command } = readArguments([...args, 'node', name]);
      assert.deepEqual(command, ['node', name]);
      assert.ok(own.allows('file-read-data', join(folder, 'node')), name);
      assert.ok(own.allows('file-write-create', join(folder, 'scratch', 'x')), name);
      assert.ok(!own.allows('file-write-create', join(folder, 'x')), name);
      assert.ok(!own.allows('file-read-data', join(homedir(), '.ssh', 'id')), name);
      assert.ok(!own.allows('network-outbound'), name);
    }
  });
});

describe("A sandbox by macOS's sandbox-exec, with a stand-in for it", function () {
  this.timeout(120_000);
  const opened: SandboxExec[] = [];
  const open = (program: SandboxExec, language: Language): Promise<Sandbox> => {
    opened.push(program);
    return openSandbox({ choice: 'os', language, harness: HARNESS, platform: 'darwin', seatbelt: program.path });
  };
  const scratchFolders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('solvent-scratch-'));

  after(() => {
    for (const { remove } of opened) remove();
  });

  it('finds no way out of it by what the profile allows, and judges Python', async () => {
    const before = scratchFolders();
    const sandbox = await open(faithful(), 'python');
    assert.match(sandbox.description, /^Seatbelt \(macOS, Darwin .*\), Python 3/);
    const code =
      'import decimal, os\ndef f(x):\n    open("kept", "w").write("1")\n    return os.getcwd() == os.environ["HOME"]';
    await passes({ code, tests: ['assert f(1) is True', 'assert f(2)'] }, Promise.resolve(sandbox));
    assert.deepEqual(scratchFolders(), before);
  });

  it('judges JavaScript and TypeScript', async () => {
    const sandbox = await open(faithful(), 'javascript');
    const test = 'assert.equal(f(2), 4)';
    await passes(
      { language: 'javascript', code: 'function f(x) { return 2 * x }', tests: [test] },
      Promise.resolve(sandbox),
    );
    const typed = 'function f(x: number): number { return 2 * x }';
    await passes({ language: 'typescript', code: typed, tests: [test] }, Promise.resolve(sandbox));
  });

  it('clears the scratch folder away, whatever the code has made of it', async () => {
    const before = scratchFolders();
    const sandbox = await open(faithful(), 'python');
    const code =
      'import os\ndef f():\n    os.makedirs("a/b")\n    open("a/b/c", "w").close()\n    os.chmod("a/b", 0)\n    return 1';
    await passes({ code, tests: ['assert f() == 1'] }, Promise.resolve(sandbox));
    assert.deepEqual(scratchFolders(), before);
  });

  it('is refused where it holds nothing, with what a program could do', async () => {
    await assert.rejects(open(faithless(), 'python'), (error: unknown) => {
      assert.ok(error instanceof SandboxError);
      assert.match(
        error.message,
        /^Seatbelt cannot hold generated code here: when it was tried, a program in it could read a file/,
      );
      assert.match(error.message, /signal other processes, leave a process behind\. Open the folder over Remote-SSH/);
      return true;
    });
  });

  it('is refused with what it says where the profile is not understood', async () => {
    const program = scripted('echo "sandbox-exec: unbound variable: nonsense" >&2; exit 65');
    await assert.rejects(
      open(program, 'python'),
      /^SandboxError: Seatbelt cannot hold .* here: sandbox-exec: unbound variable/,
    );
  });

  it('is refused where there is no such program', async () => {
    const options = { choice: 'os', harness: HARNESS, platform: 'darwin', seatbelt: '/nowhere/sandbox-exec' } as const;
    await assert.rejects(
      openSandbox(options),
      /there is no \/nowhere\/sandbox-exec on this Mac\. Open the folder over/,
    );
    assert.ok(!existsSync('/usr/bin/sandbox-exec') || process.platform === 'darwin');
  });
});
