import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { Ledger } from '../../../src/core/budget/ledger';
import { add, times, usd } from '../../../src/core/money';
import { inFolder } from './runMoney';

const SPENDER = path.join(import.meta.dirname, 'spender.ts');
const STEP = usd('0.001');

function spender(folder: string, cap: string, name: string, ...more: string[]): ChildProcess {
  const args = ['--import=tsx', SPENDER, folder, cap, name, ...more];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The steps that a spender has told, as they come. */
function stepsOf(child: ChildProcess, onStep: (step: string, count: number) => void = () => undefined): string[] {
  const steps: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    steps.push(line);
    onStep(line, steps.length);
  });
  return steps;
}

/** Makes the lock of a killed process look as old as it would be some seconds later. */
async function ageLock(folder: string): Promise<void> {
  const lock = path.join(folder, 'ledger.jsonl.lock');
  const then = new Date(Date.now() - 60_000);
  if (existsSync(lock)) await utimes(lock, then, then);
}

describe('a ledger that several processes share', () => {
  it('never lets them exceed a cap together, and lets them use all of it', () =>
    inFolder(async (folder) => {
      const children = [1, 2, 3, 4].map((name) => spender(folder, '0.0405', `process ${name}`));
      const steps = children.map((child) => stepsOf(child));
      const codes = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0] as number));
      assert.deepEqual(codes, [0, 0, 0, 0]);
      const entries = await (await Ledger.open(folder)).entries();
      assert.equal(entries.length, 40);
      assert.equal(add(...entries.map(({ cost }) => cost)), times(STEP, 40));
      assert.equal(steps.flat().filter((step) => step.startsWith('settled')).length, 40);
    })).timeout(60_000);

  it('keeps what a killed process had settled, and what it had sent at its worst case', () =>
    inFolder(async (folder) => {
      const child = spender(folder, '1', 'killed', 'pause');
      const steps = stepsOf(child, (_, count) => {
        if (count === 14) child.kill('SIGKILL');
      });
      await once(child, 'close');
      assert.equal(steps.length, 14);
      await ageLock(folder);
      const entries = await (await Ledger.open(folder)).entries();
      assert.deepEqual(
        entries.map(({ state, cost, confirmed }) => [state, cost, confirmed]),
        [...Array<unknown>(4).fill(['settled', STEP, true]), ['sent', STEP, false]],
      );
      const later = await Ledger.open(folder, () => Date.now() + 365 * 86_400_000);
      assert.equal((await later.entries()).length, 5, 'what was sent does not lapse');
    })).timeout(30_000);

  it('has at least all that a process told before it was killed anywhere, and goes on from there', () =>
    inFolder(async (folder) => {
      for (const count of [1, 2, 3, 7, 20]) {
        const child = spender(folder, '1', `killed after ${count}`);
        const steps = stepsOf(child, (_, seen) => {
          if (seen === count) child.kill('SIGKILL');
        });
        await once(child, 'close');
        assert.ok(steps.length >= count);
        await ageLock(folder);
        const ledger = await Ledger.open(folder);
        const states = new Map((await ledger.entries()).map(({ id, state }) => [id, state]));
        const order = ['reserved', 'sent', 'settled'];
        for (const step of steps) {
          const [told = '', id = ''] = step.split(' ');
          const state = states.get(id) ?? 'lost';
          assert.ok(order.indexOf(state) >= order.indexOf(told), `${step} is ${state}`);
        }
        const booking = { run: 'r', task: 't', workspace: '', role: 'executor', model: 'm' } as const;
        assert.ok((await ledger.reserve(booking, NO_CAPS, () => STEP)) !== undefined);
      }
    })).timeout(60_000);
});
