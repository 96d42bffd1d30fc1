import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { differences, type Figures } from '../../src/bench/quick/figures';
import { quickFigures, STORED } from '../../src/bench/quick/quick';
import { dataFolder } from '../../src/bench/topologies/recordings';
import { inFolder } from '../support/ledger';

/** Runs `npm run bench` as it is. */
async function bench(args: readonly string[], data: string): Promise<{ readonly code: number; readonly said: string }> {
  const program = path.join('src', 'bench', 'bench.ts');
  const env = { ...process.env, SOLVENT_DATA: data };
  const run = promisify(execFile)(process.execPath, ['--import=tsx', program, ...args], { env });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, said: `${stdout}${stderr}` }),
    (error: unknown) => {
      const { code, stderr } = error as { readonly code: number; readonly stderr: string };
      return { code, said: stderr };
    },
  );
}

describe('npm run bench', function () {
  this.timeout(300_000);

  it('comes to the figures that are stored', async function () {
    const data = dataFolder();
    if (data === undefined) {
      console.log('    skipped: no recordings; set SOLVENT_DATA to the folder that holds humaneval/ and mbpp-typed/');
      this.skip();
    }
    const stored = JSON.parse(await readFile(STORED, 'utf8')) as Figures;
    const measured = await quickFigures(data, () => undefined);
    if (stored.python !== measured.python) {
      console.log(`    skipped: stored with Python ${stored.python}, and this is ${measured.python}`);
      this.skip();
    }
    assert.deepEqual(differences(stored, measured), []);
  });

  it('without recordings says where they belong, exit 2', () =>
    inFolder(async (folder) => {
      for (const args of [[], ['--quick']]) {
        const { code, said } = await bench(args, folder);
        assert.equal(code, 2);
        assert.match(said, /set SOLVENT_DATA to the folder that holds humaneval/);
      }
    }));

  it('called wrongly says how it is called, exit 2', () =>
    inFolder(async (folder) => {
      for (const args of [['--fast'], ['--store']]) {
        const { code, said } = await bench(args, folder);
        assert.equal(code, 2);
        assert.match(said, /Usage: npm run bench/);
      }
    }));
});
