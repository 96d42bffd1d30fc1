// Runs the host suite: `node --import=tsx test/vscode/host/run.ts [--settings FILE.json] [--env NAME=VALUE]... [PART]`
// where PART, a part of a file name, chooses test files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RESULT_FILE_VARIABLE, type SuiteResult } from '../../run/suiteResult';
import { prepareMachine } from '../../setup/prepareMachine';
import { type Settings } from '../profile';
import { HOST_LOG, runInHost } from './runInHost';

const TIMEOUT_MS = 300_000;
/** Characters of the workbench's log that are shown when it explains a failure. */
const SHOWN_LOG = 4000;
const MARKS = { passed: '✔', failed: '✖', skipped: '-' } as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { settings: { type: 'string' }, env: { type: 'string', multiple: true, default: [] } },
    allowPositionals: true,
  });
  const { host } = await prepareMachine({ log: console.log });
  if (host.kind === 'none') throw new Error(host.reason);
  const result = await runInHost({
    editor: host,
    extension: '.',
    testFiles: testFiles(positionals[0] ?? ''),
    settings: values.settings === undefined ? {} : (JSON.parse(readFileSync(values.settings, 'utf8')) as Settings),
    env: Object.fromEntries(values.env.map(assignment)),
    resultFile: process.env[RESULT_FILE_VARIABLE] ?? join('out', 'host-result.json'),
    timeout: TIMEOUT_MS,
  });
  report(result);
}

function testFiles(part: string): string[] {
  const folder = join('test', 'vscode', 'host');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && name.includes(part))
    .map((name) => join(folder, name));
}

function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--env wants NAME=VALUE, not ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function report(result: SuiteResult | undefined): void {
  for (const outcome of result?.outcomes ?? []) {
    console.log(`  ${MARKS[outcome.state]} ${outcome.title} (${outcome.durationMs} ms)`);
    if (outcome.failure !== undefined) console.log(outcome.failure.replace(/^/gm, '      '));
  }
  const whole = result?.complete === true && result.outcomes.length > 0;
  if (whole && result.outcomes.every((outcome) => outcome.state !== 'failed')) return;
  process.exitCode = 1;
  if (whole) return;
  console.error(`The suite did not reach its end${result?.running === undefined ? '' : `: "${result.running}"`}.`);
  console.error(endOfLog());
}

function endOfLog(): string {
  try {
    return readFileSync(HOST_LOG, 'utf8').slice(-SHOWN_LOG);
  } catch {
    return '';
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
