import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NO_CAPS } from '../../src/core/budget/caps';
import { Ledger } from '../../src/core/budget/ledger';
import { TokenCounter } from '../../src/core/budget/tokens';
import { usd } from '../../src/core/money';
import { placedAt, projectTask } from '../../src/core/sandbox/project/answer';
import { openProject } from '../../src/core/sandbox/project/open';
import { isSolved } from '../../src/core/sandbox/verdict';
import { solve } from '../../src/core/solve';
import { extractTask } from '../../src/core/task/extract';
import { aModel } from '../support/models';
import { ScriptedProvider } from '../support/scripted';
import {
  cleanUp,
  type Files,
  fingerprint,
  NODE_PROJECT,
  repository,
  RIGHT,
  scratch,
  temporary,
  verdicts,
  withProject,
  workspace,
  WRONG,
} from './projectBench';

const PYTHON_PROJECT: Files = {
  'calc.py': 'def double(x):\n    """Twice x."""\n    raise NotImplementedError\n\n\ndef same(x):\n    return x\n',
  'tests/test_calc.py': `import unittest
from calc import double, same


class TestCalc(unittest.TestCase):
    def test_double(self):
        self.assertEqual(double(2), 4)

    def test_zero(self):
        self.assertEqual(double(0), 0)

    def test_same(self):
        self.assertEqual(same(2), 2)
`,
};

const hasPytest = answers('python3', '-m', 'pytest', '--version');
const hasCargo = answers('cargo', '--version');

function answers(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

describe("A project's own tests", function () {
  this.timeout(120_000);
  after(cleanUp);

  for (const [what, make] of [
    ['a repository', repository],
    ['a folder without git', workspace],
  ] as const) {
    it(`judge answers in ${what}; the workspace is byte by byte what it was, and nothing is left behind`, async () => {
      const folder = make(NODE_PROJECT);
      const before = fingerprint(folder);
      const file = 'src/f.js';
      await withProject({ folder, file, command: 'npm test' }, async (project) => {
        const found = await verdicts(project, file, [RIGHT, WRONG, 'syntax error(']);
        assert.equal(found.baseline.problem, undefined);
        assert.deepEqual(
          found.verdicts.map((verdict) => [verdict.passed, verdict.total, verdict.ran, isSolved(verdict)]),
          [
            [3, 3, true, true],
            [2, 3, true, false],
            [1, 3, true, false],
          ],
        );
        const [right, wrong] = found.verdicts;
        assert.deepEqual(
          right?.tests.map(({ name, ok }) => [name, ok]),
          [
            ['f doubles', true],
            ['f doubles zero', true],
            ['the 2 other tests pass', true],
          ],
        );
        assert.equal(wrong?.sandbox, 'os');
        assert.ok(wrong.stdout.includes('f doubles'));
      });
      assert.equal(fingerprint(folder), before);
      assert.deepEqual(readdirSync(scratch()), []);
    });
  }

  it('tell the critic what failed, first the reason, without the path of the workspace', async () => {
    const folder = workspace(NODE_PROJECT);
    const file = 'src/f.js';
    await withProject({ folder, file, command: 'node --test test/' }, async (project) => {
      const [wrong] = (await verdicts(project, file, ['exports.f = (x) => x + 1;\n'])).verdicts;
      const messages = wrong?.tests.map(({ message }) => message ?? '') ?? [];
      assert.match(messages[0] ?? '', /^3 == 4\n/);
      assert.match(messages[0] ?? '', /test\/f\.test\.js:4/);
      for (const text of [...messages, wrong?.stdout, wrong?.stderr]) assert.ok(!text?.includes(folder), text);
    });
  });

  it('give no verdict on tests that are no part of the project', async () => {
    const folder = workspace(NODE_PROJECT);
    const file = 'src/f.js';
    await withProject({ folder, file, command: 'node --test test/' }, async (project) => {
      const baseline = await project.baseline();
      const sandbox = project.sandbox(baseline, { path: file, textWith: (code) => Promise.resolve(code) });
      const task = { id: 'x', language: 'javascript', prompt: '', entryPoint: 'f', setup: '' } as const;
      const foreign = await sandbox.run({ task: { ...task, tests: ['assert agree("f(1)")'] }, code: RIGHT });
      assert.deepEqual([foreign.ran, foreign.passed, foreign.total], [false, 0, 1]);
      const own = await sandbox.run({ task: projectTask({ ...task, tests: [] }, baseline), code: RIGHT });
      assert.ok(isSolved(own));
    });
  });

  it('may be unittest cases', async () => {
    const folder = workspace(PYTHON_PROJECT);
    const command = 'python3 -m unittest discover -s tests';
    await withProject({ folder, file: 'calc.py', command }, async (project) => {
      const right = PYTHON_PROJECT['calc.py']?.replace('raise NotImplementedError', 'return 2 * x') ?? '';
      const wrong = PYTHON_PROJECT['calc.py']?.replace('raise NotImplementedError', 'return x * x') ?? '';
      const { baseline, verdicts: found } = await verdicts(project, 'calc.py', [
        right,
        wrong,
        'import os; os._exit(0)',
      ]);
      assert.deepEqual(baseline.required.map(({ name }) => name).sort(), [
        'test_calc.TestCalc.test_double',
        'test_calc.TestCalc.test_zero',
      ]);
      assert.deepEqual(
        found.map(({ passed, total }) => [passed, total]),
        [
          [3, 3],
          [3, 3],
          [0, 3],
        ],
        'x * x is right for 0 and 2',
      );
    });
  });

  if (hasPytest) {
    it('may be pytest functions, under the names that pytest gives them', async () => {
      const folder = repository({
        'pkg/calc.py': 'def double(x):\n    raise NotImplementedError\n',
        'pkg/__init__.py': '',
        'tests/test_calc.py': `import pytest
from pkg.calc import double

@pytest.mark.parametrize('x', [1, 2])
def test_double(x):
    assert double(x) == 2 * x

def test_other():
    pass
`,
      });
      const file = 'pkg/calc.py';
      await withProject({ folder, file, command: 'python3 -m pytest -q' }, async (project) => {
        const found = await verdicts(project, file, [
          'def double(x):\n    return x + x\n',
          'def double(x):\n    return x * 3\n',
          'import os; os._exit(0)',
        ]);
        assert.deepEqual(
          found.baseline.required.map(({ name }) => name),
          ['tests/test_calc.py::test_double[1]', 'tests/test_calc.py::test_double[2]'],
        );
        assert.deepEqual(
          found.verdicts.map(({ passed, total }) => [passed, total]),
          [
            [3, 3],
            [1, 3],
            [0, 3],
          ],
        );
        assert.match(found.verdicts[1]?.tests[0]?.message ?? '', /^assert 3 == \(2 \* 1\)/);
        assert.match(found.verdicts[2]?.tests[0]?.message ?? '', /ended before its summary \(exit status 0\)/);
      });
    });
  }

  if (hasCargo) {
    it('may be built by cargo; what it built of the untouched workspace is kept for later runs', async () => {
      const lib = (body: string): string =>
        `pub fn double(x: i32) -> i32 { ${body} }\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn doubles() { assert_eq!(super::double(2), 4); }\n    #[test]\n    fn other() {}\n}\n`;
      const folder = workspace({
        'Cargo.toml': '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n',
        'src/lib.rs': lib('todo!()'),
      });
      const before = fingerprint(folder);
      const file = 'src/lib.rs';
      await withProject({ folder, file, command: 'cargo test' }, async (project) => {
        const found = await verdicts(project, file, [lib('2 * x'), lib('x + '), lib('x')]);
        assert.deepEqual(
          found.baseline.required.map(({ name }) => name),
          ['tests::doubles'],
        );
        assert.deepEqual(
          found.verdicts.map(({ passed, total }) => [passed, total]),
          [
            [2, 2],
            [0, 2],
            [1, 2],
          ],
        );
        assert.match(found.verdicts[1]?.tests[0]?.message ?? '', /expected expression/);
      });
      assert.equal(fingerprint(folder), before);
    });
  }

  it('may use installed packages, a shell, variables, and a server on their own machine', async () => {
    const folder = repository({
      ...NODE_PROJECT,
      '.gitignore': 'node_modules/\n',
      'src/f of x.js': "exports.f = () => { throw new Error('not written'); };\n",
      'check.js': `const { f } = require(require('node:path').resolve(process.argv[2]));
const factor = require('factor');
const server = require('node:http').createServer((_, answer) => answer.end(String(f(2))));
server.listen(0, 'localhost', async () => {
  const said = await (await fetch('http://localhost:' + server.address().port)).text();
  console.log(process.argv[2], process.env.WHO, process.cwd() === process.argv[3]);
  process.exit(said === String(2 * factor) ? 0 : 1);
});
`,
    });
    workspace({ 'node_modules/factor/index.js': 'module.exports = 2;\n' }, folder);
    const file = 'src/f of x.js';
    const command = 'WHO=me; export WHO; node check.js "${file}" "${workspaceFolder}" && echo done';
    await withProject({ folder, file, command }, async (project) => {
      const { baseline, verdicts: found } = await verdicts(project, file, [RIGHT, 'exports.f = () => 5;\n']);
      assert.equal(baseline.report, undefined);
      assert.deepEqual(
        found.map(({ passed, total }) => [passed, total]),
        [
          [1, 1],
          [0, 1],
        ],
      );
      assert.equal(found[0]?.stdout, 'src/f of x.js me true\ndone\n');
    });
  });

  it('may be a script in an environment of the project, whose paths are right inside', async () => {
    const folder = workspace(PYTHON_PROJECT);
    execFileSync('python3', ['-m', 'venv', '--without-pip', join(folder, '.venv')], { cwd: '/' });
    workspace(
      {
        '.venv/bin/check': `#!${join(folder, '.venv/bin/python')}\nimport sys, calc\nprint(sys.prefix)\ncalc.double(2) == 4 or sys.exit(1)\n`,
      },
      folder,
    );
    chmodSync(join(folder, '.venv/bin/check'), 0o755);
    const command = 'env PYTHONPATH=. check';
    await withProject({ folder, file: 'calc.py', command }, async (project) => {
      const [right] = (await verdicts(project, 'calc.py', ['def double(x): return 2 * x\n'])).verdicts;
      assert.equal(right?.passed, 1, JSON.stringify(right));
      assert.equal(right.stdout, `${join(folder, '.venv')}\n`.replace(`${folder}/`, ''));
    });
  });

  it('keep file names with blanks, quotes and newlines apart from the command', async () => {
    const odd = "src/a 'b'\n$(touch x).js";
    const folder = repository({ ...NODE_PROJECT, [odd]: 'process.exit(1)\n' });
    await withProject({ folder, file: odd, command: 'node ${file}' }, async (project) => {
      const [right] = (await verdicts(project, odd, ["console.log('ran')\n"])).verdicts;
      assert.deepEqual([right?.passed, right?.stdout], [1, 'ran\n']);
    });
  });

  it('see what is in unsaved editors', async () => {
    const folder = workspace({ ...NODE_PROJECT, 'src/f.js': RIGHT });
    const edits = [{ path: 'src/f.js', text: NODE_PROJECT['src/f.js'] ?? '' }];
    await withProject({ folder, file: 'src/f.js', command: 'npm test', edits }, async (project) => {
      assert.equal((await project.baseline()).required.length, 2);
    });
    await withProject({ folder, file: 'src/f.js', command: 'npm test' }, async (project) => {
      assert.equal((await project.baseline()).problem?.kind, 'passes');
    });
  });

  it('prove an answer through the same pipeline as any other tests', async () => {
    const folder = repository(PYTHON_PROJECT);
    const text = PYTHON_PROJECT['calc.py'] ?? '';
    const selection = { start: 5, end: 5 };
    const extraction = await extractTask({ text, selection, languageId: 'python', fileName: 'calc.py' });
    assert.ok(extraction.ok);
    const answer = (body: string): string => `\`\`\`python\ndef double(x):\n    return ${body}\n\`\`\``;
    const provider = new ScriptedProvider((_, call) => answer(call === 1 ? 'x * 3' : 'x * 2'));
    const ledger = await Ledger.open(temporary());
    const catalogue = {
      asOf: '2026-11-20',
      source: 'test',
      models: [aModel('strong', 1, 10, 30), aModel('weak', 2, 1, 3)],
    };
    const command = 'python3 -m unittest discover -s tests';
    await withProject({ folder, file: 'calc.py', command }, async (project) => {
      const baseline = await project.baseline();
      const sandbox = project.sandbox(baseline, placedAt('calc.py', text, extraction.target, 'python'));
      const task = projectTask(extraction.task, baseline);
      const result = await solve(
        { task, budget: usd(1), profile: 'verified', topology: 'linear' },
        { catalogue, tokens: new TokenCounter(), provider, sandbox, ledger, caps: NO_CAPS, workspace: '' },
        () => undefined,
        new AbortController().signal,
      );
      assert.equal(result.status, 'solved');
      assert.deepEqual([result.verdict.passed, result.verdict.total], [3, 3]);
      assert.equal(task.tests.length, 3);
      const [, second] = provider.requests.map(({ messages }) => messages.map(({ content }) => content).join('\n'));
      assert.match(second ?? '', /test_calc\.TestCalc\.test_double: AssertionError: 6 != 4/);
    });
    await ledger.close();
    assert.equal(readFileSync(join(folder, 'calc.py'), 'utf8'), text);
  });

  it('end with all their processes when the run is cancelled', async () => {
    const marker = `sleep-${process.pid}-${Date.now()}`;
    const folder = workspace({
      ...NODE_PROJECT,
      'slow.js': `require('node:child_process').spawn('sh', ['-c', 'sleep 60; : ${marker}'], { detached: true });setTimeout(() => {}, 60000)`,
    });
    await withProject({ folder, file: 'src/f.js', command: 'node slow.js' }, async (project) => {
      const abort = new AbortController();
      setTimeout(() => {
        abort.abort(new Error('enough'));
      }, 500);
      await assert.rejects(project.baseline(abort.signal), { message: 'enough' });
      assert.deepEqual(processesWith(marker), []);
    });
    assert.deepEqual(readdirSync(scratch()), []);
  });

  it('are not run where the workspace is not trusted, is no project, or the sandbox is not for this system', async () => {
    const folder = workspace(NODE_PROJECT);
    const asked = { folder, file: 'src/f.js', command: 'npm test', scratch: scratch(), trusted: true };
    await assert.rejects(openProject({ ...asked, trusted: false }), {
      name: 'SandboxError',
      message: /only where you trust/,
    });
    for (const platform of ['darwin', 'win32'] as const) {
      await assert.rejects(openProject({ ...asked, platform }), { name: 'SandboxError', message: /Linux only/ });
    }
    for (const one of ['/', homedir(), '/usr', '/etc/ssl', '/tmp']) {
      if (existsSync(one))
        await assert.rejects(openProject({ ...asked, folder: one }), /not the folder of a project/, one);
    }
    await assert.rejects(openProject({ ...asked, folder: join(folder, 'gone') }), /There is no folder/);
    await assert.rejects(openProject({ ...asked, command: 'x ${y}' }), { name: 'TestCommandError' });
    await assert.rejects(openProject({ ...asked, bwrap: '/nowhere/bwrap' }), /no bwrap at/);
    const link = join(temporary(), 'link');
    symlinkSync(homedir(), link);
    await assert.rejects(openProject({ ...asked, folder: link }), /not the folder of a project/);
    assert.deepEqual(readdirSync(scratch()), []);
  });

  it('say before any money is spent that they cannot prove anything', async () => {
    const folder = workspace({ ...NODE_PROJECT, 'empty.test.js': '' });
    mkdirSync(join(folder, 'none'));
    for (const [command, kind] of [
      ['node --test test/g.test.js', 'passes'],
      ['true', 'passes'],
      ['no-such-program', 'not started'],
      ['python3 -m pytest_that_is_not_there', undefined],
      ['node --test none/*.js || true', 'passes'],
    ] as const) {
      await withProject({ folder, file: 'src/f.js', command }, async (project) => {
        assert.equal((await project.baseline()).problem?.kind, kind, command);
      });
    }
  });
});

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
