import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../../src/core/sandbox/open';
import { HARNESS, passes } from './bench';

describe('Python in a virtual environment that lives in home', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(homedir(), '.solvent-venv-'));
  const venv = join(folder, 'venv');
  const beside = join(folder, 'beside');
  before(() => {
    execFileSync('python3', ['-m', 'venv', '--without-pip', venv]);
    const program = 'import sysconfig; print(sysconfig.get_path("purelib"), end="")';
    const packages = execFileSync(join(venv, 'bin', 'python3'), ['-c', program], { encoding: 'utf8' });
    writeFileSync(join(packages, 'installed_there.py'), 'ANSWER = 42\n');
    writeFileSync(beside, 'not for candidates');
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has its own packages, and hides what lies beside it', async () => {
    const python = join(venv, 'bin', 'python3');
    const where = openSandbox({ choice: 'os', language: 'python', harness: HARNESS, python });
    await passes(
      {
        code: 'import os\nimport installed_there\ndef f(path=None):\n    return installed_there.ANSWER if path is None else os.path.exists(path)\n',
        tests: [
          'import installed_there\nassert f() == installed_there.ANSWER == 42',
          `assert f(${JSON.stringify(beside)}) is False`,
          `import os\nassert not os.path.exists(${JSON.stringify(beside)})`,
        ],
      },
      where,
    );
  });
});
