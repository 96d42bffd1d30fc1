import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { recordResult, RESULT_FILE_VARIABLE } from '../../run/suiteResult';

/** How long a test may take where it does not say so itself, ms. */
const TEST_TIMEOUT_MS = 60_000;

/**
 * What the extension host calls: runs the test bundles beside this one and writes the result file.
 * @throws when a test has failed, which is how VS Code learns of it.
 */
export async function run(): Promise<void> {
  const file = process.env[RESULT_FILE_VARIABLE];
  if (file === undefined) throw new Error(`${RESULT_FILE_VARIABLE} is not set`);
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: TEST_TIMEOUT_MS, reporter: 'spec', color: false });
  for (const name of readdirSync(__dirname)) if (name.endsWith('.test.js')) mocha.addFile(join(__dirname, name));
  const failures = await new Promise<number>((done) => {
    recordResult(mocha.run(done), file);
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
