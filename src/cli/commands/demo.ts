import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NO_CAPS } from '../../core/budget/caps';
import { TokenCounter } from '../../core/budget/tokens';
import { OpenAiProvider } from '../../core/providers/openai';
import type { RunResult } from '../../core/result';
import { DEMO_BUDGET, DEMO_CATALOGUE } from '../../demo/models';
import { SAMPLES } from '../../demo/samples';
import { startDemoServer } from '../../demo/server';
import type { DemoOptions } from '../args';
import { EXIT, type ExitCode } from '../exitCode';
import { ledgerFolder, openLedger } from '../folders';
import { type CliParts, requestFor, runParts, runTask } from '../parts';
import { openWantedSandbox } from '../sandboxes';
import { CompactRun } from '../view/compactRun';
import { demoHeading, demoSummary } from '../view/demoLines';
import { LiveMeter } from '../view/liveMeter';
import { type Screen, screenOn } from '../view/screen';
import type { World } from '../world';

/** Solves the bundled sample tasks: with scripted answers, or, where the user has a provider, for real. */
export async function demoCommand(options: DemoOptions, world: World): Promise<ExitCode> {
  const screen = screenOn(world.stdout, world.env);
  if (isScripted(options, world)) return scriptedDemo(options, world, screen);
  const parts = await runParts(options, world, 'python');
  return solveSamples(parts, options, world, screen, ledgerFolder(options.ledger, world));
}

/** A key or an address means the real provider. */
function isScripted({ scripted, baseUrl, models, apiKeyEnv }: DemoOptions, { env }: World): boolean {
  if (scripted) return true;
  const named = baseUrl !== undefined || models !== undefined || apiKeyEnv !== undefined;
  return !named && (env['OPENAI_API_KEY'] ?? '').trim() === '';
}

async function scriptedDemo(options: DemoOptions, world: World, screen: Screen): Promise<ExitCode> {
  const sandbox = await openWantedSandbox(options, world, 'python');
  // Play money has no place on the user's ledger, nor on one that was asked for.
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-demo-'));
  const server = await startDemoServer(SAMPLES);
  try {
    const parts: CliParts = {
      catalogue: DEMO_CATALOGUE,
      tokens: new TokenCounter(),
      provider: new OpenAiProvider({ baseUrl: server.baseUrl, key: () => Promise.resolve(undefined) }),
      sandbox,
      ledger: await openLedger(folder),
      caps: NO_CAPS,
      workspace: '',
    };
    return await solveSamples(parts, options, world, screen, undefined);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param ledger folder of the user's ledger; undefined for the scripted demo */
async function solveSamples(
  parts: CliParts,
  options: DemoOptions,
  world: World,
  screen: Screen,
  ledger: string | undefined,
): Promise<ExitCode> {
  const budget = options.budget ?? DEMO_BUDGET;
  const scripted = ledger === undefined;
  const { catalogue, sandbox } = parts;
  const heading = {
    ...{ scripted, catalogue, budget },
    sandbox: sandbox.description,
    tasks: SAMPLES.length,
    mode: options.mode,
    ledger: ledger ?? '',
  };
  const print = (lines: readonly string[]): void => {
    for (const line of lines) screen.line(line);
  };
  print(demoHeading(heading, screen.width(), screen.paint));
  const names = Math.max(...catalogue.models.map(({ id }) => id.length));
  const results: RunResult[] = [];
  for (const [index, { task }] of SAMPLES.entries()) {
    if (world.interrupt.aborted) break;
    const number = String(index + 1).padStart(2);
    const run = new CompactRun(screen, `${number}  ${task.id}`, Math.min(names, 30));
    const meter = new LiveMeter(screen, task, budget, sandbox.description, '    ');
    try {
      const emit: LiveMeter['on'] = (event) => {
        meter.on(event);
        run.on(event);
      };
      const request = requestFor(task, budget, options);
      const result = await runTask(request, parts, emit, options.maxSeconds, world.interrupt);
      results.push(result);
      meter.end();
      run.end(result);
    } finally {
      meter.end();
    }
  }
  print(demoSummary(results, scripted, screen.width(), screen.paint));
  return world.interrupt.aborted ? EXIT.interrupted : EXIT.ok;
}
