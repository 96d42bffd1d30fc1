import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { confirmationKey, testCommand, valuesOf } from '../../src/core/sandbox/project/command';
import { instrument } from '../../src/core/sandbox/project/instrument';
import { readCommandLine, TestCommandError } from '../../src/core/sandbox/project/words';

const values = valuesOf({ file: 'src/a b.test.py', root: '/ws', testName: 'add' });
const argv = (line: string): readonly string[] => testCommand(line, values).argv;

describe('The test command', () => {
  it('is taken apart as a shell would, without a shell', () => {
    for (const line of [
      'pytest -q tests',
      `a 'b c' "d e" f\\ g`,
      `a '' "" b''c`,
      `a "say \\"hi\\" \\\\ \\n" '\\n' \\'x`,
      `a --name='x y'z "it's"`,
      `  a\t b  `,
      `go test -run '^TestA$|B' ./...`,
      `a 100% é b=c {x,y} [1] ~ !`,
    ]) {
      const words = readCommandLine(line).words;
      // `[1]` and `~` are words of their own to us, which they are to a shell only where nothing matches.
      const shell = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line.replaceAll('~', "'~'")}`], {
        encoding: 'utf8',
      });
      assert.deepEqual(words, shell.split('\0').slice(0, -1), line);
    }
  });

  it('is left to a shell where it holds shell syntax, and only there', () => {
    for (const line of [
      'a | b',
      'a && b',
      'a; b',
      'a > x',
      'a $HOME',
      'a $(b)',
      'a `b`',
      'a *.py',
      '(a)',
      'a "$B"',
      'a # b',
    ]) {
      assert.deepEqual(argv(line), ['/bin/sh', '-c', line]);
    }
    for (const line of [`a '$HOME' 'x|y' "*"`, 'a \\$HOME', 'a b#c', 'a x$', 'a "x $"']) {
      assert.equal(testCommand(line, values).shell, false, line);
    }
  });

  it('fills in variables; a value stays one argument whatever is in it', () => {
    assert.deepEqual(argv('pytest ${file} --root=${workspaceFolder} ${fileDirname} -k ${testName}'), [
      ...['pytest', 'src/a b.test.py', '--root=/ws', 'src', '-k', 'add'],
    ]);
    assert.deepEqual(argv("x '${fileBasename}' ${fileBasenameNoExtension}"), ['x', 'a b.test.py', 'a b.test']);
    const odd = valuesOf({ file: "-rf; $(x) '\n.py", root: '/ws' });
    assert.deepEqual(testCommand('pytest ${file}', odd).argv, ['pytest', "./-rf; $(x) '\n.py"]);
  });

  it('hands variables to a shell as its own, so that a value is never read as code', () => {
    const odd = valuesOf({ file: 'a; touch /tmp/never $(x).py', root: '/ws' });
    const command = testCommand('printf "<%s>" "${file}" | cat', odd);
    assert.deepEqual(command.env, { file: 'a; touch /tmp/never $(x).py' });
    const [program = '', ...rest] = command.argv;
    const env = { PATH: process.env['PATH'], ...command.env };
    assert.equal(execFileSync(program, rest, { env, encoding: 'utf8' }), '<a; touch /tmp/never $(x).py>');
  });

  it('may set its own environment', () => {
    const command = testCommand("TZ=UTC X='a b' Y=${file} pytest A=b", values);
    assert.deepEqual(command.env, { TZ: 'UTC', X: 'a b', Y: 'src/a b.test.py' });
    assert.deepEqual(command.argv, ['pytest', 'A=b']);
  });

  it('is refused where it cannot be understood, with what is wrong', () => {
    for (const [line, message] of [
      ['', /is empty/],
      ['  ', /is empty/],
      ['A=b', /runs nothing/],
      ['a "b', /" that does not close/],
      ["a 'b", /' that does not close/],
      ['a \\', /lone backslash/],
      ['a ${file', /without its }/],
      ['a ${flie}', /\$\{flie\}, which does not exist\. There are \$\{file\}, /],
      ['a ${env:HOME} | b', /\$\{env:HOME\}, which does not exist/],
      ['a ${constructor}', /does not exist/],
    ] as const) {
      assert.throws(() => testCommand(line, values), { name: 'TestCommandError', message });
    }
    const nameless = valuesOf({ file: 'a.py', root: '/ws' });
    assert.throws(() => testCommand('pytest -k ${testName}', nameless), TestCommandError);
  });

  it('has to be confirmed again when the line or the folder changes', () => {
    const key = confirmationKey('/ws', 'npm test');
    assert.equal(confirmationKey('/ws', ' npm test\n'), key);
    assert.notEqual(confirmationKey('/ws', 'npm test -- x'), key);
    assert.notEqual(confirmationKey('/other', 'npm test'), key);
  });

  it('is told to write a report only where it is plainly a runner that can, and that is said', () => {
    const line = (text: string): string => instrument(testCommand(text, values)).argv.join(' ');
    assert.equal(line('pytest -q tests'), 'pytest --junitxml=/solvent/report.xml -o junit_family=xunit1 -q tests');
    assert.match(line('.venv/bin/python -m pytest x'), /^\.venv\/bin\/python -m pytest --junitxml=\S+ -o \S+ x$/);
    assert.match(line('python3.12 -B -m pytest'), /-B -m pytest --junitxml/);
    assert.match(line('node --test test/'), /^node --test --test-reporter=spec .*report\.tap test\/$/);
    assert.equal(line('go test -C sub ./...'), 'go test -C sub -json ./...');
    for (const same of [
      ...['npm test', 'pytest --junitxml=own.xml', 'pytest | cat', 'python x.py -m pytest', 'tox -e pytest'],
      ...['node x.js --test', 'node --test --test-reporter=dot', 'go vet', 'go test -json', 'cargo test'],
    ]) {
      const { argv: words, added } = instrument(testCommand(same, values));
      assert.deepEqual(words, argv(same));
      assert.deepEqual(added, []);
    }
  });
});
