import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proposeCommands } from '../../src/core/sandbox/project/detect';
import { folderOnDisk } from '../../src/core/sandbox/project/folder';
import { cleanUp, type Files, temporary, workspace } from './projectBench';

async function lines(files: Files, file?: string): Promise<string[]> {
  return (await proposeCommands(folderOnDisk(workspace(files)), file)).map(({ line }) => line);
}

const FUNCTION = 'def test_a():\n    assert True\n';
const CASE = 'import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n';
const script = (test: string, more: object = {}): string => JSON.stringify({ scripts: { test }, ...more });

describe('The test command that is proposed', () => {
  after(cleanUp);

  it('is pytest where configuration, dependencies or test functions speak for it', async () => {
    for (const files of [
      { 'pytest.ini': '' },
      { 'pyproject.toml': '[tool.pytest.ini_options]\n' },
      { 'pyproject.toml': '[project]\ndependencies = ["pytest>=8"]\n' },
      { 'setup.cfg': '[tool:pytest]\n' },
      { 'tox.ini': '[testenv]\ncommands = pytest {posargs}\n' },
      { 'tests/test_a.py': FUNCTION },
      { 'test_a.py': FUNCTION },
      { 'tests/unit/a_test.py': FUNCTION },
      { 'tests/conftest.py': '', 'tests/test_a.py': '' },
    ] as Files[]) {
      assert.deepEqual(await lines(files), ['python3 -m pytest'], JSON.stringify(files));
    }
  });

  it('is unittest where the tests are its cases and nothing speaks for pytest', async () => {
    assert.deepEqual(await lines({ 'test_a.py': CASE }), ['python3 -m unittest discover']);
    assert.deepEqual(await lines({ 'tests/test_a.py': CASE }), ['python3 -m unittest discover -s tests']);
    assert.deepEqual(await lines({ 'tests/test_a.py': CASE, 'pytest.ini': '' }), [
      'python3 -m pytest',
      'python3 -m unittest discover -s tests',
    ]);
  });

  it("uses the project's own virtual environment", async () => {
    const environment = { '.venv/pyvenv.cfg': 'home = /usr/bin\n', 'test_a.py': FUNCTION };
    assert.deepEqual(await lines(environment), ['.venv/bin/python -m pytest']);
    assert.deepEqual(await lines({ 'venv/notes.txt': '', 'test_a.py': FUNCTION }), ['python3 -m pytest']);
  });

  it('is the test script, through the package manager that the project uses', async () => {
    assert.deepEqual(await lines({ 'package.json': script('mocha') }), ['npm test']);
    assert.deepEqual(await lines({ 'package.json': script('mocha'), 'pnpm-lock.yaml': '' }), ['pnpm test']);
    assert.deepEqual(await lines({ 'package.json': script('mocha'), 'yarn.lock': '' }), ['yarn test']);
    assert.deepEqual(await lines({ 'package.json': script('mocha'), 'bun.lockb': '' }), ['bun run test']);
    const stated = script('mocha', { packageManager: 'pnpm@9.1.0' });
    assert.deepEqual(await lines({ 'package.json': stated, 'yarn.lock': '' }), ['pnpm test']);
  });

  it('is never the script that npm init writes, nor one that is no text', async () => {
    assert.deepEqual(await lines({ 'package.json': script('echo "Error: no test specified" && exit 1') }), []);
    for (const text of ['{', 'null', '[]', '{"scripts":{"test":5}}', '{"scripts":null}', '{"scripts":{"test":" "}}']) {
      assert.deepEqual(await lines({ 'package.json': text }), [], text);
    }
    const own = { 'package.json': '{}', 'test/a.test.js': "require('node:test')" };
    assert.deepEqual(await lines(own), ['node --test test/']);
  });

  it('is cargo or go by their manifests', async () => {
    assert.deepEqual(await lines({ 'Cargo.toml': '[package]\n' }), ['cargo test']);
    assert.deepEqual(await lines({ 'go.mod': 'module a\n' }), ['go test ./...']);
  });

  it('may be one of several: that of the language and of the nearest project first, each with its reason', async () => {
    const files = {
      'package.json': script('vitest run'),
      'pytest.ini': '',
      'py lib/pyproject.toml': '[tool.pytest.ini_options]',
      'packages/a/package.json': script('jest'),
      'packages/a/src/deep/x.ts': '',
      'crates/c/Cargo.toml': '[package]',
    };
    assert.deepEqual(await lines(files, 'a.py'), ['python3 -m pytest', 'npm test']);
    assert.deepEqual(await lines(files, 'a.ts'), ['npm test', 'python3 -m pytest']);
    assert.equal((await lines(files, 'packages/a/src/deep/x.ts'))[0], 'npm --prefix packages/a test');
    assert.equal((await lines(files, 'py lib/x.py'))[0], "python3 -m pytest 'py lib'");
    assert.equal((await lines(files, 'crates/c/src/lib.rs'))[0], 'cargo test --manifest-path crates/c/Cargo.toml');
    const [first] = await proposeCommands(folderOnDisk(workspace(files)), 'a.ts');
    assert.equal(first?.reason, 'package.json tests with "vitest run"');
  });

  it('is found without following a link out of the folder', async () => {
    const outside = workspace({ 'package.json': script('mocha'), 'tests/test_a.py': FUNCTION, 'go.mod': '' });
    const folder = temporary();
    symlinkSync(join(outside, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(outside, 'tests'), join(folder, 'tests'));
    symlinkSync('../../../../../../../../etc/passwd', join(folder, 'go.mod'));
    symlinkSync('/', join(folder, 'sub'));
    const reader = folderOnDisk(folder);
    assert.deepEqual(await proposeCommands(reader, `sub${outside}/a.py`), []);
    for (const path of ['package.json', 'go.mod', 'sub/etc/passwd', '../../etc/passwd', '..']) {
      assert.equal(await reader.text(path), undefined, path);
      assert.deepEqual(await reader.list(path), [], path);
    }
  });

  it('is found in bounded time and memory, whatever the folder holds', async () => {
    const folder = workspace({ 'package.json': script('x'.repeat(5_000_000)) });
    execFileSync('mkfifo', [join(folder, 'pytest.ini')]);
    symlinkSync('/dev/zero', join(folder, 'setup.cfg'));
    symlinkSync('tox.ini', join(folder, 'tox.ini'));
    mkdirSync(join(folder, 'tests'));
    for (let index = 0; index < 3_000; index++) writeFileSync(join(folder, 'tests', `x${index}.txt`), '');
    symlinkSync('..', join(folder, 'tests', 'again'));
    const started = performance.now();
    assert.deepEqual(await proposeCommands(folderOnDisk(folder), 'tests/again/tests/again/a.py'), []);
    assert.ok(performance.now() - started < 10_000);
    assert.equal((await folderOnDisk(folder).list('tests')).length, 2_000);
    assert.equal((await folderOnDisk(folder).text('package.json'))?.length, 256 * 1024);
  });

  it('is never run to be found', async () => {
    const mark = join(temporary(), 'ran');
    const evil = `#!/bin/sh\ntouch ${mark}\n`;
    const folder = workspace({
      'package.json': script(`touch ${mark}`, { scripts: { test: `touch ${mark}`, preinstall: `touch ${mark}` } }),
      'conftest.py': `open(${JSON.stringify(mark)}, 'w')`,
      'test_a.py': `open(${JSON.stringify(mark)}, 'w')`,
      '.venv/pyvenv.cfg': '',
      '.venv/bin/python': evil,
      'build.rs': '',
      'Cargo.toml': '',
    });
    const found = await proposeCommands(folderOnDisk(folder));
    assert.deepEqual(
      found.map(({ line }) => line),
      ['.venv/bin/python -m pytest', 'npm test', 'cargo test'],
    );
    assert.equal(await folderOnDisk(join(mark, '..')).text('ran'), undefined);
  });
});
