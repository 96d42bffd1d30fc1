import assert from 'node:assert/strict';
import { link, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { usd } from '../../../src/core/money';
import { bundled, type Bundle } from '../../support/bundle';
import { bookedIn, callsIn, inFolder, openLedger } from '../../support/ledger';
import { mills, type Orders } from './orders';
import { replay } from './replay';
import { type Spender, startSpender, type Told } from './spenders';

const PROCESSES = 8;
const ROUNDS = 12;
/** In each round so many are killed one by one, and in its end all of them. */
const KILLS = 18;
/** Between two kills, ms: some processes have hardly begun by then. */
const LONGEST_PAUSE_MS = 160;
/** In these rounds one process stands still for most of the time, and then goes on. */
const STANDSTILLS = process.platform === 'win32' ? [] : [3, 8];
/** What a round may spend, in thousandths of a dollar; less than all calls in flight want, so that they compete. */
const ALLOWANCE = 900;
const SEGMENT_BYTES = 40_000;

/** A small generator of its own (mulberry32), so that the waits are the same in every run. */
function luck(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Everything that was done in one run of the test. */
class Battle {
  readonly told: Told[] = [];
  /** All caps that were given out: the user's for the day, and the workspace's. */
  readonly caps = new Set<string>();
  kills = 0;
  /** Decisions that each process slot has told, by round. */
  readonly progress: number[][] = [];
  /** Twenty times as fast, so that what was never sent lapses within seconds. */
  readonly clock = { start: new Date(2026, 10, 20, 10).getTime(), real: Date.now(), speed: 20 };
  readonly #luck = luck(20_261_121);
  readonly #alive = new Set<Spender>();
  #stopped = false;

  constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly keepIn: string,
  ) {}

  now = (): number => this.clock.start + (Date.now() - this.clock.real) * this.clock.speed;

  /** Ends whatever is still running, also where the test has failed half way. */
  stop(): void {
    this.#stopped = true;
    for (const { child } of this.#alive) child.kill('SIGKILL');
  }

  async round(number: number): Promise<void> {
    const ledger = await openLedger(this.folder, this.now);
    const [all, a, b] = await Promise.all([ledger.totals(), ledger.totals('/a'), ledger.totals('/b')]);
    await ledger.close();
    const userDay = Number(all.day / usd('0.001')) + ALLOWANCE;
    const workspaceDay = (slot: number): number =>
      Number((slot % 2 === 0 ? a : b).day / usd('0.001')) + Math.ceil(0.7 * ALLOWANCE);
    const start = (slot: number): Spender => {
      const orders: Orders = {
        ...{ folder: this.folder, name: `slot ${slot} of round ${number}`, workspace: slot % 2 === 0 ? '/a' : '/b' },
        ...{ userDay, workspaceDay: workspaceDay(slot), segmentBytes: SEGMENT_BYTES, inFlight: 4, patient: true },
        ...{ keepIn: this.keepIn, clock: this.clock },
      };
      this.caps.add(`${userDay} ${orders.workspaceDay ?? ''}`);
      if (this.#stopped) throw new Error('The test has ended.');
      const spender = startSpender(this.program, orders);
      this.#alive.add(spender);
      return spender;
    };
    const slots = Array.from({ length: PROCESSES }, (_, slot) => start(slot));
    this.progress.push(slots.map(() => 0));
    await Promise.all(slots.map((spender) => ready(spender)));
    const still = STANDSTILLS.includes(number) ? slots.shift() : undefined;
    still?.child.kill('SIGSTOP');
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(this.#luck() * LONGEST_PAUSE_MS);
      const slot = Math.floor(this.#luck() * slots.length);
      const spender = slots[slot];
      if (spender === undefined) continue;
      await this.#kill(spender, number, slot);
      slots[slot] = start(slot);
    }
    await Promise.all(slots.map((spender) => ready(spender)));
    if (still !== undefined) {
      const before = still.told.length;
      still.child.kill('SIGCONT');
      while (still.told.length < before + 20) await sleep(10);
      slots.push(still);
    }
    await sleep(LONGEST_PAUSE_MS);
    await Promise.all(slots.map((spender, slot) => this.#heard(spender, number, slot)));
    await Promise.all(slots.map((spender, slot) => this.#kill(spender, number, slot)));
  }

  /** Resolves once a slot has had a decision in a round: where all wait for one disk, that of the last may take its time. */
  async #heard({ told, child }: Spender, round: number, slot: number): Promise<void> {
    const before = this.progress[round]?.[slot] ?? 0;
    while (before + decisionsOf(told) === 0 && child.exitCode === null && child.signalCode === null) await sleep(10);
  }

  async #kill(spender: Spender, round: number, slot: number): Promise<void> {
    spender.child.kill('SIGKILL');
    const { signal, code } = await spender.gone;
    assert.equal(signal, 'SIGKILL', `it ended by itself, with ${code ?? '?'}: ${spender.told.at(-1)?.more ?? ''}`);
    this.#alive.delete(spender);
    this.kills += 1;
    this.told.push(...spender.told);
    const decisions = decisionsOf(spender.told);
    const slots = this.progress[round];
    if (slots !== undefined) slots[slot] = (slots[slot] ?? 0) + decisions;
  }
}

const decisionsOf = (told: readonly Told[]): number => told.filter(({ step }) => step !== 'ready').length;

/** Resolves when it has opened the ledger, or is gone. */
async function ready({ told, child }: Spender): Promise<void> {
  while (told.length === 0 && child.exitCode === null && child.signalCode === null) await sleep(5);
}

/** The last segment may be so new that all were killed before one of them came to keep it. */
async function keepRest(folder: string, keepIn: string): Promise<void> {
  const kept = await readdir(keepIn);
  for (const name of await readdir(folder)) {
    if (/^ledger\.\d+\.jsonl$/.test(name) && !kept.includes(name)) {
      await link(path.join(folder, name), path.join(keepIn, name));
    }
  }
}

describe('eight processes that are killed again and again', () => {
  let program: Bundle;
  let battle: Battle | undefined;
  before(async () => {
    program = await bundled(path.join(import.meta.dirname, 'spender.ts'));
  });
  after(async () => {
    battle?.stop();
    await program.remove();
  });

  it('exceed no cap, lose nothing that they told, and hold nobody up', () =>
    inFolder(async (folder) => {
      const [ledgerFolder, keepIn] = [path.join(folder, 'ledger'), path.join(folder, 'kept')];
      await mkdir(keepIn);
      const fought = (battle = new Battle(program.file, ledgerFolder, keepIn));
      for (let round = 0; round < ROUNDS; round++) await fought.round(round);
      await keepRest(ledgerFolder, keepIn);

      const ledger = await openLedger(ledgerFolder, fought.now);
      const { day } = await ledger.totals();
      const { calls, segments, torn, total } = replay(keepIn);
      const stepsOf = (step: string): readonly Told[] => fought.told.filter((one) => one.step === step);
      assert.deepEqual(stepsOf('error'), []);
      assert.ok(fought.kills >= 300, `${fought.kills} kills`);
      for (const [round, slots] of fought.progress.entries()) {
        assert.ok(
          slots.every((decisions) => decisions > 0),
          `round ${round}: ${slots.join(' ')}`,
        );
      }

      for (const [id, call] of calls) {
        const { 'user day': userDay = 0, 'user month': month, 'workspace day': workspaceDay = 0 } = call.limits;
        assert.ok(fought.caps.has(`${userDay} ${workspaceDay}`) && month === 2 * userDay, `the limits of ${id}`);
        assert.ok(call.total <= userDay && call.ofWorkspace <= workspaceDay, `${id} exceeds a cap`);
      }
      for (const { id } of stepsOf('reserved')) assert.ok(calls.has(id), `${id} was told to be reserved, and was not`);
      for (const { id } of stepsOf('sent')) {
        const state = calls.get(id)?.state;
        assert.ok(state === 'sent' || state === 'settled', `${id} was sent, and is ${state ?? 'lost'}`);
      }
      for (const { id, more } of stepsOf('settled')) {
        assert.deepEqual([calls.get(id)?.state, calls.get(id)?.cost], ['settled', Number(more) * 1000]);
      }
      for (const { id } of [...stepsOf('released'), ...stepsOf('lapsed')]) assert.equal(calls.get(id)?.state, 'gone');

      assert.equal(day, mills(total));
      assert.equal(await bookedIn(ledgerFolder), mills(total));
      const packed = new Map((await callsIn(ledgerFolder)).map((call) => [call.id, call]));
      for (const { id, more } of stepsOf('settled')) assert.equal(packed.get(id)?.cost, usd(more));
      const files = await readdir(ledgerFolder);
      assert.ok(files.includes('calls.1.jsonl') && segments > ROUNDS, 'segments were closed and packed');
      assert.ok(total > 0);
      console.log(
        `      ${fought.kills} kills, ${calls.size} calls admitted, ${stepsOf('settled').length} settled, ` +
          `${stepsOf('denied').length} denied, ${stepsOf('lapsed').length} lapsed, ${segments} segments, ${torn} torn lines`,
      );
    })).timeout(600_000);
});
