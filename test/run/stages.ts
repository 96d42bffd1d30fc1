import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine } from '../setup/editors';
import { prepareMachine } from '../setup/prepareMachine';
import { runChild } from './child';
import { type Counts, countsOf, failuresOf, readResult, RESULT_FILE_VARIABLE, type TestOutcome } from './suiteResult';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What a stage came to. */
export interface StageResult {
  readonly counts: Counts;
  /** Why tests failed without a line of their own, or were skipped. */
  readonly note?: string;
  /** The tests that failed. */
  readonly failures?: readonly TestOutcome[];
}

const PASSED: StageResult = { counts: { passed: 1, failed: 0, skipped: 0 } };
const failed = (note: string): StageResult => ({ counts: { passed: 0, failed: 1, skipped: 0 }, note });

/** A suite that could not run: skipped, except under CI, where everything has to. */
export function notRun(reason: string): StageResult {
  if (process.env['CI'] === 'true') return failed(`could not run: ${reason}`);
  return { counts: { passed: 0, failed: 0, skipped: 1 }, note: `skipped: ${reason}` };
}

/**
 * The environment of every stage: this process's own without keys of providers, so that no test can spend money, and
 * without what VS Code sets in its terminal, by which a second VS Code would be led astray.
 */
function stageEnvironment(): NodeJS.ProcessEnv {
  const unwanted = /_API_KEY$|^(OPENAI_|ANTHROPIC_|VSCODE_|ELECTRON_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)));
}

/** Makes the machine ready. What it cannot bring is told in its answer. */
export async function setUp(): Promise<{ readonly machine: Machine; readonly result: StageResult }> {
  const machine = await prepareMachine({ log: console.log });
  const result = machine.problems.length === 0 ? PASSED : failed(machine.problems.join(' '));
  return { machine, result };
}

/** The checks of `npm run lint`: its `lint:...` scripts where it is split into such, else itself. */
export function lintScripts(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const parts = Object.keys(scripts).filter((name) => name.startsWith('lint:'));
  return parts.length > 0 ? parts : ['lint'];
}

/** Runs a package script that passes or fails as a whole. */
export async function runScript(name: string): Promise<StageResult> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const failure = await runChild(npm, ['run', '--silent', name], { env: stageEnvironment(), timeout: 10 * MINUTE });
  return failure === undefined ? PASSED : failed(failure);
}

/** What of the test files that match is run, and how long it may take. */
interface MochaOptions {
  /** A pattern of files that are left out. */
  readonly ignore?: string;
  /** In ms. */
  readonly timeout?: number;
}

/** Runs mocha over the test files that match. */
export async function runMocha(
  pattern: string,
  { ignore, timeout = 15 * MINUTE }: MochaOptions = {},
): Promise<StageResult> {
  const args = [
    join('node_modules', 'mocha', 'bin', 'mocha.js'),
    '--import=tsx',
    '--reporter=./test/run/reporter.ts',
    `--timeout=${MINUTE}`,
    ...(process.env['CI'] === 'true' ? ['--forbid-only'] : []),
    ...(ignore === undefined ? [] : [`--ignore=${ignore}`]),
    pattern,
  ];
  return runSuite(args, timeout);
}

/** Runs the suite of a real extension host. */
export async function runHostSuite(): Promise<StageResult> {
  return runSuite(['--import=tsx', join('test', 'vscode', 'host', 'run.ts')], 8 * MINUTE);
}

/** A suite is believed by its result file; the exit code only adds a failure that the file does not know of. */
async function runSuite(nodeArgs: readonly string[], timeout: number): Promise<StageResult> {
  const folder = mkdtempSync(join(tmpdir(), 'solvent-result-'));
  const file = join(folder, 'result.json');
  try {
    const env = { ...stageEnvironment(), [RESULT_FILE_VARIABLE]: file };
    const failure = await runChild(process.execPath, nodeArgs, { env, timeout });
    const result = readResult(file);
    const counts = countsOf(result);
    const failures = failuresOf(result);
    if (result?.complete === true && (failure === undefined || counts.failed > 0)) return { counts, failures };
    const where = result?.running === undefined ? '' : ` during "${result.running}"`;
    const note = `${failure ?? 'no result'}${where}`;
    return { counts: { ...counts, failed: Math.max(counts.failed, 1) }, note, failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
