import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { Caps } from '../../../src/core/budget/caps';
import { COMMANDS, ran } from './model/commands';
import { Real } from './model/real';
import { mills, Reference } from './model/reference';

/** What is done is the same in every run; another seed does something else. */
const SEED = Number(process.env['SOLVENT_SEED'] ?? 20_261_121);
/** Two at a time: one waits for the disk while the other computes. */
const LANES = 2;
const SEQUENCES = 180;
const LONGEST = 140;

const cap = fc.integer({ min: 20, max: 400 }).map(mills);
const caps: fc.Arbitrary<Caps> = fc.record({
  user: fc.record({ day: cap, month: cap }),
  workspace: fc.record({ day: cap, month: cap }),
});
/** A folder in memory where there is one: it is not the disk that is tested here. */
const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

async function sequences(seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      caps,
      fc.commands([...COMMANDS], { maxCommands: LONGEST, size: 'max' }),
      async (limits, commands) => {
        const folder = await mkdtemp(path.join(BASE, 'solvent-model-'));
        const reference = new Reference(limits);
        const real = await Real.open(folder, reference, 3);
        try {
          await fc.asyncModelRun(() => ({ model: reference, real }), commands);
          await real.historyAgrees();
        } finally {
          await real.close();
          await rm(folder, { recursive: true, force: true, maxRetries: 5 });
        }
      },
    ),
    { numRuns: SEQUENCES, seed, endOnFailure: true },
  );
}

describe('the ledger and a plain list of calls', () => {
  it('agree after every one of 20,000 steps: calls, crashes, clocks, torn lines, closing and packing', async () => {
    await Promise.all(Array.from({ length: LANES }, (_, lane) => sequences(SEED + lane)));
    const counts = [...ran.values()];
    assert.ok(ran.size >= 15 && counts.every((count) => count >= 100), JSON.stringify([...ran]));
    const steps = counts.reduce((sum, count) => sum + count, 0);
    assert.ok(steps >= 20_000, `${steps} steps`);
  }).timeout(120_000);
});
