import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Layering, WorkspaceCopy } from '../../src/core/sandbox/project/copy';
import { DEFAULT_COPY_LIMITS } from '../../src/core/sandbox/project/limits';
import { makeScratch, removeTree } from '../../src/core/sandbox/project/scratch';
import { type Selection, selectFiles } from '../../src/core/sandbox/project/selection';
import { cleanUp, fingerprint, git, repository, temporary, workspace } from './projectBench';

const limits = DEFAULT_COPY_LIMITS;

async function select(folder: string, more: object = {}): Promise<Selection> {
  return selectFiles(folder, { limits, ...more });
}

const paths = ({ files }: Selection): string[] => files.map(({ path }) => path);
const hidden = (selection: Selection): Record<string, string> =>
  Object.fromEntries(selection.hidden.map(({ path, why }) => [path, why]));

async function take(folder: string, layering: Layering = 'copy'): Promise<WorkspaceCopy> {
  return WorkspaceCopy.take({ selection: await select(folder), folder: temporary(), layering, uid: undefined });
}

describe('The copy of a workspace', function () {
  this.timeout(120_000);
  after(cleanUp);

  it('holds what git tracks or would track, and shows installed packages in their place', async () => {
    const folder = repository({
      '.gitignore': 'node_modules/\n.venv/\n*.log\ndist/\ncache/\n*.so\n',
      'src/a.py': 'a',
      'src/gone.py': '',
      'packages/q/index.js': '',
    });
    workspace(
      {
        'new.py': 'n',
        'x.log': '',
        'cache/y': '',
        'dist/built.js': 'b',
        'src/fast.so': '',
        'node_modules/p/index.js': '',
        'packages/q/node_modules/p/index.js': '',
        '.venv/pyvenv.cfg': 'home = /usr/bin',
        '.venv/lib/z.py': '',
      },
      folder,
    );
    rmSync(join(folder, 'src/gone.py'));
    const selection = await select(folder);
    assert.deepEqual(paths(selection), [
      '.gitignore',
      'dist/built.js',
      'new.py',
      'packages/q/index.js',
      'src/a.py',
      'src/fast.so',
    ]);
    assert.deepEqual(selection.linked, ['.venv', 'node_modules', 'packages/q/node_modules']);
    assert.deepEqual(hidden(selection), {
      '.git': 'history of the repository',
      cache: 'ignored by git',
      'x.log': 'ignored by git',
    });
  });

  it('holds all files where there is no git, without packages and what tools have written', async () => {
    const folder = workspace({
      'a.py': '',
      'sub/b.py': '',
      '__pycache__/a.pyc': '',
      'node_modules/p/index.js': '',
      'Cargo.toml': '',
      'target/debug/x': '',
      'venv/pyvenv.cfg': '',
      'env/readme.txt': '',
    });
    const selection = await select(folder);
    assert.deepEqual(paths(selection), ['Cargo.toml', 'a.py', 'env/readme.txt', 'sub/b.py']);
    assert.deepEqual(selection.linked, ['node_modules', 'venv']);
  });

  it('holds no history, keys, credentials or environments, tracked or not, and names what is hidden', async () => {
    const secrets = {
      '.env': '',
      '.env.local': '',
      'sub/.env.production': '',
      'prod.env': '',
      '.envrc': '',
      id_rsa: '',
      'server.key': '',
      'cert.pem': '',
      '.ssh/config': '',
      '.aws/credentials': '',
      'service-account-prod.json': '',
      'secrets.yml': '',
      '.pypirc': '',
      '.npmrc': '//registry.npmjs.org/:_authToken=abc\n',
      'infra/x.tfstate': '',
    };
    const shown = {
      '.env.example': '',
      'src/env.py': '',
      'sub/.npmrc': 'save-exact=true\n',
      'tests/fixtures/server.pem': '',
      'src/constructor/x.py': '',
    };
    const tracked = await select(repository({ ...secrets, ...shown }));
    assert.deepEqual(paths(tracked), Object.keys(shown).sort());
    const { '.git': history, ...rest } = hidden(tracked);
    assert.equal(history, 'history of the repository');
    assert.deepEqual(Object.keys(rest), Object.keys(secrets).sort());
    assert.ok(Object.values(rest).every((why) => why !== ''));
    const walked = await select(workspace({ ...secrets, ...shown }));
    assert.deepEqual(
      paths(walked),
      Object.keys(shown)
        .filter((path) => !path.endsWith('.pem'))
        .sort(),
    );
  });

  it('covers secrets inside of ignored folders that are shown as they are', async () => {
    const folder = repository({ '.gitignore': 'vendor/\n', 'a.py': '' });
    workspace({ 'vendor/p/x.go': '', 'vendor/p/.env': '', 'vendor/.git/config': '' }, folder);
    const selection = await select(folder);
    assert.deepEqual(selection.linked, ['vendor']);
    assert.deepEqual([...selection.covered].sort(), [
      ['vendor/.git', 'folder'],
      ['vendor/p/.env', 'file'],
    ]);
  });

  it('holds links that stay inside, and none that leave, be it in steps', async () => {
    const outside = workspace({ 'secret.txt': 's', 'dir/x': '' });
    for (const make of [repository, workspace]) {
      const folder = make({ 'a.py': '', 'sub/b.py': '' });
      symlinkSync('sub', join(folder, 'inside'));
      symlinkSync(join(folder, 'a.py'), join(folder, 'absolute'));
      symlinkSync('not there', join(folder, 'dangling'));
      symlinkSync(join(outside, 'secret.txt'), join(folder, 'leaves'));
      symlinkSync('../../../../../etc/passwd', join(folder, 'sub', 'up'));
      symlinkSync(join(outside, 'dir'), join(folder, 'sub', 'dir'));
      symlinkSync('sub/up', join(folder, 'steps'));
      symlinkSync(outside, join(folder, 'node_modules'));
      const selection = await select(folder);
      assert.deepEqual(paths(selection), ['a.py', 'absolute', 'dangling', 'inside', 'sub/b.py']);
      assert.deepEqual(selection.linked, []);
      for (const path of ['leaves', 'sub/up', 'sub/dir', 'steps', 'node_modules']) {
        assert.equal(hidden(selection)[path], 'leads out of the workspace', path);
      }
    }
  });

  it('does not follow a folder that git tracks and that has become a link since', async () => {
    const outside = workspace({ 'b.py': 'secret' });
    const folder = repository({ 'a.py': '', 'sub/b.py': '' });
    rmSync(join(folder, 'sub'), { recursive: true });
    symlinkSync(outside, join(folder, 'sub'));
    const selection = await select(folder);
    assert.deepEqual(paths(selection), ['a.py']);
  });

  it('runs nothing that the repository configures, and does not write to it', async () => {
    const mark = join(temporary(), 'ran');
    const folder = repository({ 'a.py': '' });
    const program = join(folder, '.git', 'evil');
    writeFileSync(program, `#!/bin/sh\ntouch ${mark}\n`);
    chmodSync(program, 0o755);
    for (const [name, value] of [
      ['core.fsmonitor', program],
      ['core.hooksPath', join(folder, '.git')],
      ['core.pager', program],
      ['core.editor', program],
      ['core.sshCommand', program],
      ['filter.x.clean', program],
      ['filter.x.process', program],
      ['diff.external', program],
      ['core.worktree', '/'],
    ] as const) {
      git(folder, 'config', '--file', '.git/config', name, value);
    }
    writeFileSync(join(folder, '.gitattributes'), '* filter=x diff=x\n');
    const before = fingerprint(folder);
    const selection = await select(folder);
    assert.deepEqual(paths(selection), ['.gitattributes', 'a.py']);
    assert.equal(existsSync(mark), false);
    assert.equal(fingerprint(folder), before);
  });

  it('keeps names with blanks, quotes, newlines and leading dashes', async () => {
    const names = ['a b.py', "it's.py", 'line\nbreak.py', '-rf.py', 'ü.py', '"q".py', 'sub dir/x y.py'];
    for (const make of [repository, workspace]) {
      const folder = make(Object.fromEntries(names.map((name) => [name, name])));
      assert.deepEqual(paths(await select(folder)), [...names].sort());
      const run = await (await take(folder)).forRun([]);
      for (const name of names) assert.equal(readFileSync(join(run.work, name), 'utf8'), name);
      await run.remove();
    }
  });

  it('holds a repository in the repository, and leaves out what the settings exclude', async () => {
    const folder = repository({ 'a.py': '', 'data/big.bin': '', 'docs/x.md': '', 'sub/data.bin': '' });
    const nested = workspace({ 'n.py': '', '.env': '' }, join(folder, 'nested'));
    git(nested, 'init', '-q');
    const selection = await select(folder, { exclude: ['data', '*.md', 'sub/**/x'] });
    assert.deepEqual(paths(selection), ['a.py', 'nested/n.py', 'sub/data.bin']);
    const ignoring = repository({ '.gitignore': 'conf/\nlocal.json\n', 'a.py': '' });
    workspace({ 'conf/x.json': '', 'conf/.env': '', 'local.json': '' }, ignoring);
    const included = await select(ignoring, { include: ['conf', 'local.json', '.env'] });
    assert.deepEqual(paths(included), ['.gitignore', 'a.py', 'conf/x.json', 'local.json']);
  });

  it('is refused where it would be too large, with what is large and where to say so', async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`data/${index}.txt`, 'x'.repeat(100)]));
    const folder = workspace({ ...files, 'src/a.py': '', 'b.py': '' });
    await assert.rejects(select(folder, { limits: { files: 20, bytes: 1e9 } }), {
      name: 'SandboxError',
      message: /32 files, .* 20 files and .* Largest: data\/ \(30 files, 0\.0 MB\), .*solvent\.testExclude/,
    });
    await assert.rejects(select(folder, { limits: { files: 100, bytes: 1000 } }), { message: /Largest: data\// });
    assert.equal((await select(folder, { limits: { files: 20, bytes: 1000 }, exclude: ['data'] })).files.length, 2);
  });

  it('has the edit in one file of one run, and the other runs and the workspace do not', async () => {
    for (const layering of ['copy', 'overlay'] as const) {
      const folder = workspace({ 'src/a.py': 'old', 'run.sh': '#!/bin/sh' });
      chmodSync(join(folder, 'run.sh'), 0o755);
      const before = fingerprint(folder);
      const copy = await take(folder, layering);
      const first = await copy.forRun([{ path: 'src/a.py', text: 'new' }]);
      const second = await copy.forRun([
        { path: 'src/deep/b.py', text: 'made' },
        { path: 'run.sh', text: 'exit 1' },
      ]);
      assert.equal(readFileSync(join(first.work, 'src/a.py'), 'utf8'), 'new');
      assert.equal(existsSync(join(first.work, 'src/deep')), false);
      assert.equal(readFileSync(join(second.work, 'src/deep/b.py'), 'utf8'), 'made');
      assert.equal(statSync(join(second.work, 'run.sh')).mode & 0o777, 0o755);
      assert.equal(existsSync(join(second.work, 'src/a.py')), layering === 'copy');
      assert.equal(fingerprint(folder), before);
      await Promise.all([first.remove(), second.remove()]);
    }
  });

  it('makes no edit through a link that leaves, nor outside of the workspace', async () => {
    const outside = workspace({ 'x.py': 'theirs' });
    const folder = workspace({ 'a.py': '', 'sub/b.py': 'b', 'node_modules/p/i.js': '' });
    symlinkSync(join(outside, 'x.py'), join(folder, 'leaves.py'));
    symlinkSync(outside, join(folder, 'dir'));
    symlinkSync(join(folder, 'sub'), join(folder, 'inside'));
    const before = [fingerprint(outside), fingerprint(folder)];
    const copy = await take(folder);
    for (const path of [
      'leaves.py',
      'dir/x.py',
      'dir/new.py',
      '../x.py',
      '/etc/x',
      '.',
      'sub',
      'node_modules/p/i.js',
    ]) {
      await assert.rejects(copy.forRun([{ path, text: 'evil' }]), { name: 'SandboxError' }, path);
    }
    const run = await copy.forRun([
      { path: 'inside/b.py', text: 'through' },
      { path: 'inside/new.py', text: 'made' },
    ]);
    assert.equal(readFileSync(join(run.work, 'sub/b.py'), 'utf8'), 'through');
    assert.equal(readFileSync(join(run.work, 'sub/new.py'), 'utf8'), 'made');
    assert.deepEqual([fingerprint(outside), fingerprint(folder)], before);
    await run.remove();
    // A folder that became a link after the snapshot was taken.
    renameSync(join(folder, 'sub'), join(folder, 'moved'));
    symlinkSync(outside, join(folder, 'sub'));
    await assert.rejects(copy.forRun([{ path: 'sub/b.py', text: 'evil' }]), { name: 'SandboxError' });
  });

  it('of 10,000 small files takes seconds at most', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`d${index % 100}/f${index}.txt`, 'x'.repeat(2_000 + index)]),
    );
    const folder = repository(files);
    const times: string[] = [];
    const measured = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
      const started = performance.now();
      const value = await act();
      const took = performance.now() - started;
      times.push(`${name} ${took.toFixed(0)} ms`);
      assert.ok(took < 60_000, times.join(', '));
      return value;
    };
    const selection = await measured('select', () => select(folder));
    assert.equal(selection.files.length, 10_000);
    const parts = { selection, folder: temporary(), layering: 'copy', uid: undefined } as const;
    const copy = await measured('snapshot', () => WorkspaceCopy.take(parts));
    const run = await measured('copy', () => copy.forRun([]));
    assert.equal(readFileSync(join(run.work, 'd7/f7.txt'), 'utf8').length, 2_007);
    await measured('remove', () => run.remove());
    console.log(`      10,000 files: ${times.join(', ')}`);
  });
});

describe('A scratch folder', function () {
  this.timeout(120_000);
  after(cleanUp);

  it('is for this account only, and is removed also where rights were taken away', async () => {
    const folder = await makeScratch(join(temporary(), 'deep', 'base'));
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    workspace({ 'a/b/c.txt': '' }, folder);
    const outside = workspace({ 'x.txt': '' });
    symlinkSync(outside, join(folder, 'a', 'link'));
    chmodSync(join(folder, 'a', 'b'), 0o000);
    chmodSync(join(folder, 'a'), 0o000);
    await removeTree(folder);
    assert.equal(existsSync(folder), false);
    assert.deepEqual(readdirSync(outside), ['x.txt']);
  });

  it('of a process that was killed is removed by the next run; that of a living one stays', async () => {
    const base = temporary();
    const module = JSON.stringify(join(process.cwd(), 'src/core/sandbox/project/scratch.ts'));
    const source = `require(${module}).makeScratch(${JSON.stringify(base)}).then(console.log); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const theirs = said.toString().trim();
    const own = await makeScratch(base);
    assert.ok(existsSync(theirs) && existsSync(own));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = await makeScratch(base);
    assert.deepEqual([theirs, own, next].map(existsSync), [false, true, true]);
  });

  it('of an unknown owner is removed once it is old; what is not ours is left alone', async () => {
    const base = temporary();
    for (const name of ['solvent-project-young', 'solvent-project-old', 'other']) mkdirSync(join(base, name));
    const outside = workspace({ 'x.txt': '' });
    symlinkSync(outside, join(base, 'solvent-project-link'));
    const past = new Date(Date.now() - 120_000);
    for (const name of ['solvent-project-old', 'other']) utimesSync(join(base, name), past, past);
    const own = await makeScratch(base);
    assert.deepEqual(
      readdirSync(base)
        .filter((name) => !own.endsWith(name))
        .sort(),
      ['other', 'solvent-project-link', 'solvent-project-young'],
    );
    assert.equal(readlinkSync(join(base, 'solvent-project-link')), outside);
    assert.deepEqual(readdirSync(outside), ['x.txt']);
  });
});
