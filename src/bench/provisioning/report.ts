import os from 'node:os';
import type { Spread } from '../micro/stats';
import { type Contest, contest, farApart, large, likeCatalogues } from './contest';
import { overhead } from './overhead';

/** Runs the benchmarks of provisioning and prints a line for each figure, with its target. */
export async function provisioningBench(print: (line: string) => void): Promise<void> {
  const busy = os.loadavg()[0] ?? NaN;
  print(`node ${process.version}, ${os.platform()} ${os.arch()}, ${os.cpus().length} cores, load ${busy.toFixed(1)}`);

  print('programs of 2 to 12 models in 2 to 8 tiers at prices like those of catalogues, built and solved');
  printContest(await contest(likeCatalogues), print);
  print('programs of 2 to 8 models at prices that differ by up to twelve orders of magnitude');
  printContest(await contest(farApart), print);

  const { time, slowest, checked } = await large();
  print(
    `500 models in 20 tiers     ${spread(time)}  slowest ${ms(slowest)}  (target: under 50 ms; ${checked} checked by HiGHS)`,
  );

  const { provisioning, metered, undisturbed, sync, both, withoutDisk } = await overhead();
  print('what the engine adds to a model call, with a model that answers at once and caps of day and month');
  print(`  pricing and provisioning ${spread(provisioning)}`);
  print(`  the call, on its ledger  ${spread(metered)}  (target: under 1 ms at the median)`);
  print(`    in the fastest tenth   ${ms(undisturbed)}`);
  print(`    two waits for the disk ${spread(sync)}`);
  print(`  both, one after other    ${spread(both)}`);
  const memory = withoutDisk === undefined ? 'not here: no /dev/shm' : spread(withoutDisk);
  print(`  both, ledger in memory   ${memory}`);
}

function printContest({ programs, standings, missing }: Contest, print: (line: string) => void): void {
  for (const { solver, time, right } of standings) {
    print(`  ${solver.padEnd(24)} ${spread(time)}  optimal ${right} of ${programs}`);
  }
  const [own] = standings;
  const cbc = standings.find(({ solver }) => solver.includes('CBC'));
  if (missing !== undefined)
    print(`  PuLP with CBC            not here: ${missing} (Debian: python3-pulp, coinor-cbc)`);
  if (own !== undefined && cbc !== undefined) {
    print(`  at the median ${(cbc.time.p50 / own.time.p50).toFixed(0)} times as fast as PuLP with CBC  (target: 50)`);
  }
}

function spread({ p50, p95 }: Spread): string {
  return `p50 ${ms(p50)}  p95 ${ms(p95)}`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 3 : 0)} ms`;
}
