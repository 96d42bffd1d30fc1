import { type Machine } from '../setup/editors';
import { lintScripts, notRun, runHostSuite, runMocha, runScript, setUp, type StageResult } from './stages';
import { type Counts, total } from './suiteResult';

const UI_SUITE_TIMEOUT_MS = 15 * 60_000;
const SANDBOX_TIMEOUT_MS = 20 * 60_000;
const WASM_TIMEOUT_MS = 15 * 60_000;
const HOSTILE_TIMEOUT_MS = 15 * 60_000;
const BUDGET_TESTS = 'test/unit/budget/**/*.test.ts';

/** Runs one stage under a heading and keeps what it came to. */
type Run = (name: string, stage: () => Promise<StageResult>) => Promise<StageResult>;

/**
 * Runs all tests, or with `--fast` the lint and the unit tests only. Prints what failed and the sum at the end.
 * @returns the exit code: 0 when nothing failed.
 */
export async function main(args: readonly string[]): Promise<number> {
  const results: Counts[] = [];
  const failures: string[] = [];
  const run: Run = async (name, stage) => {
    console.log(`\n== ${name}`);
    const started = performance.now();
    const result = await stage().catch((error: unknown) => crashed(error));
    results.push(result.counts);
    failures.push(...failureLines(name, result));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`== ${name}: ${describe(result.counts)} in ${seconds} s${result.note ? `: ${result.note}` : ''}`);
    return result;
  };
  if (args.includes('--fast')) await runFast(run);
  else await runAll(run);
  if (failures.length > 0) console.log(`\n== What failed\n${failures.join('\n')}`);
  const sum = total(results);
  console.log(`\n${describe(sum)}`);
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
}

async function runFast(run: Run): Promise<void> {
  // They wait for nothing and measure nothing: together they take as long as the longest.
  await Promise.all(lintScripts().map(async (script) => run(script, () => runScript(script))));
  // Either half leaves a core idle: those of the budget wait for the disk.
  await Promise.all([
    run('unit tests of the budget', () => runMocha(BUDGET_TESTS)),
    run('other unit tests', () => runMocha('test/unit/**/*.test.ts', { ignore: BUDGET_TESTS })),
  ]);
}

async function runAll(run: Run): Promise<void> {
  let machine: Machine | undefined;
  await run('set-up', async () => {
    const prepared = await setUp();
    machine = prepared.machine;
    return prepared.result;
  });
  await runFast(run);
  const build = await run('build', () => runScript('build'));
  await run('sandbox', () => runMocha('test/sandbox/**/!(wasm)*.test.ts', { timeout: SANDBOX_TIMEOUT_MS }));
  await run('WebAssembly sandbox', () => runMocha('test/sandbox/wasm*.test.ts', { timeout: WASM_TIMEOUT_MS }));
  await run('command line', () => runMocha('test/commandLine/**/*.test.ts'));
  await run('replay', () => runMocha('test/replay/**/*.test.ts'));
  await run('hostile provider', () => runMocha('test/hostile/**/*.test.ts', { timeout: HOSTILE_TIMEOUT_MS }));
  const { host, workbench } = withBuild(machine, build);
  await run('host suite', async () => (host.kind === 'none' ? notRun(host.reason) : runHostSuite()));
  await run('UI suite', async () =>
    workbench.kind === 'none'
      ? notRun(workbench.reason)
      : runMocha('test/vscode/ui/**/*.test.ts', { timeout: UI_SUITE_TIMEOUT_MS }),
  );
}

/** The editors to test in: none where set-up or the build failed, for there is nothing to run. */
function withBuild(machine: Machine | undefined, build: StageResult): Pick<Machine, 'host' | 'workbench'> {
  if (machine !== undefined && build.counts.failed === 0) return machine;
  const none = { kind: 'none', reason: machine === undefined ? 'the set-up failed' : 'the build failed' } as const;
  return { host: none, workbench: none };
}

function crashed(error: unknown): StageResult {
  const note = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { counts: { passed: 0, failed: 1, skipped: 0 }, note };
}

/** What failed in a stage, each with the first line of why: the end of a long log has to be enough to start from. */
function failureLines(stage: string, { counts, note, failures = [] }: StageResult): readonly string[] {
  const named = failures.map(({ title, failure = '' }) => `${stage}: ${title}: ${failure.split('\n', 1).join('')}`);
  return named.length < counts.failed ? [...named, `${stage}: ${note ?? 'a failure without a name'}`] : named;
}

const describe = (counts: Counts): string =>
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
