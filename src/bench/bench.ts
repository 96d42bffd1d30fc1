import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../core/budget/ledger/errors';
import { SandboxError } from '../core/sandbox/sandbox';
import { differences, type Figures } from './quick/figures';
import { quickFigures, STORED } from './quick/quick';
import { dataFolder, NO_DATA } from './topologies/recordings';
import { topologiesBench } from './topologies/report';

const USAGE = `Usage: npm run bench [-- --quick [--store]]

Without options it prints the tables of the README that are made of recorded answers: topologies, profiles and modes on
both sets of tasks, and how much of their budgets runs use. That takes a while.
--quick replays a small part, the same one each time, and compares its figures with the stored ones: exit 0 where all
are equal, 1 where one is not.
--store stores them in place of those.`;

/** Runs at each budget, as in the README. */
const BUDGET_RUNS = '200';

// `npm run bench`. Exit 2: bad usage, or there are no recordings; 4: no sandbox.
async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--quick' && arg !== '--store');
  const [quick, store] = [args.includes('--quick'), args.includes('--store')];
  if (unknown !== undefined || (store && !quick)) return complain(USAGE, 2);
  const data = dataFolder();
  if (data === undefined) return complain(NO_DATA, 2);
  try {
    if (quick) return await quickly(data, store);
    for (const [typed, few] of [
      [false, false],
      [true, true],
    ] as const) {
      await topologiesBench({ data, typed, quick: few, only: [] }, print, complain);
      print('');
    }
    return await budgets();
  } catch (error) {
    if (error instanceof SandboxError) return complain(error.message, 4);
    if (codeOf(error) === 'ENOENT') return complain(`${NO_DATA} ${(error as Error).message}`, 2);
    throw error;
  }
}

async function quickly(data: string, store: boolean): Promise<number> {
  const measured = await quickFigures(data, print);
  if (store) {
    await writeFile(STORED, `${JSON.stringify(measured, undefined, 2)}\n`);
    print(`\nStored in ${path.relative('.', STORED)}.`);
    return 0;
  }
  if (!existsSync(STORED))
    return complain('\nNo figures are stored. Store these by `npm run bench -- --quick --store`.', 1);
  const changed = differences(JSON.parse(await readFile(STORED, 'utf8')) as Figures, measured);
  if (changed.length === 0) {
    print('\nAll figures are equal to the stored ones.');
    return 0;
  }
  const what =
    '\nThese figures are not as stored. Where that is meant, store them by `npm run bench -- --quick --store`.';
  return complain([what, ...changed.map((line) => `  ${line}`)].join('\n'), 1);
}

/** How much of their budgets runs use, which needs the servers of the tests. */
async function budgets(): Promise<number> {
  const program = path.join('test', 'hostile', 'bench.ts');
  const args = [...process.execArgv, program, '--runs', BUDGET_RUNS];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string, code = 1): number {
  process.stderr.write(`${line}\n`);
  return code;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  },
);
