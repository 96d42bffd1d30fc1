import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { limitsAt } from '../../../../src/core/budget/caps';
import { packClosed } from '../../../../src/core/budget/ledger/archive';
import { writeLine } from '../../../../src/core/budget/ledger/line';
import { listSegments, segmentFile } from '../../../../src/core/budget/ledger/segments';
import { type Money, toDecimal } from '../../../../src/core/money';
import { billOf, BOOKING, BOUND, sizedAt } from '../../../support/ledger';
import type { Real } from './real';
import {
  DAY,
  HOUR,
  mills,
  MINUTE,
  type Reference,
  type ReferenceCall,
  SECOND,
  type Workspace,
  WORKSPACES,
} from './reference';

type Command = fc.AsyncCommand<Reference, Real>;
/** What the library hands to `check`: it must not change it. */
type Seen = Readonly<Reference>;

/** Commands that were run so far, by name. */
export const ran = new Map<string, number>();

/** Something that is done with the ledger and with the reference, and after which both must agree. */
function command(
  name: string,
  window: number,
  run: (reference: Reference, real: Real) => Promise<void>,
  possible: (reference: Seen) => boolean = () => true,
): Command {
  return {
    check: (reference) => possible(reference),
    run: async (reference, real) => {
      await run(reference, real);
      ran.set(name, (ran.get(name) ?? 0) + 1);
      await real.agrees(window + 1);
    },
    toString: () => name,
  };
}

const window = fc.nat(2);
const workspace = fc.constantFrom<Workspace>(...WORKSPACES);
const amount = fc.integer({ min: 0, max: 25 }).map(mills);

async function reserve(reference: Reference, real: Real, by: number, where: Workspace, money: Money): Promise<void> {
  const booking = { ...BOOKING, workspace: where };
  const fits = reference.admits(where, money);
  const id = await real.ledger(by).reserve(booking, reference.caps, sizedAt(money));
  assert.equal(id !== undefined, fits);
  if (id !== undefined) reference.reserve(id, where, money);
}

/** Picks one of some calls, the latest more often than others. */
function pick(calls: readonly ReferenceCall[], luck: number): ReferenceCall {
  const call = calls.at(-1 - (luck % Math.min(calls.length, 1 + (luck % 7))));
  if (call === undefined) throw new Error('There is at least one call.');
  return call;
}

/** A command about one of the calls that were made. */
function about(
  name: string,
  of: (reference: Seen) => readonly ReferenceCall[],
  run: (reference: Reference, real: Real, call: ReferenceCall, by: number, money: Money) => Promise<void>,
): fc.Arbitrary<Command> {
  return fc.tuple(window, fc.nat(), amount).map(([by, luck, money]) =>
    command(
      name,
      by,
      (reference, real) => run(reference, real, pick(of(reference), luck), by, money),
      (reference) => of(reference).length > 0,
    ),
  );
}

const unsettled = ({ young }: Seen): readonly ReferenceCall[] =>
  young.filter(({ state }) => state === 'reserved' || state === 'sent');
const sent = (reference: Seen): readonly ReferenceCall[] =>
  unsettled(reference).filter(({ state }) => state === 'sent');

const asked: fc.Arbitrary<Command> = fc
  .tuple(window, workspace, amount)
  .map(([by, where, money]) => command('reserve', by, (reference, real) => reserve(reference, real, by, where, money)));

const left: fc.Arbitrary<Command> = about(
  'sent',
  ({ young }) => young.filter(({ state }) => state !== 'settled'),
  async (reference, real, call, by) => {
    assert.equal(await real.ledger(by).sent(call.id), reference.sent(call));
  },
);

const settled: fc.Arbitrary<Command> = about('settle', sent, async (reference, real, call, by, money) => {
  // A provider may bill more than was reserved, and confirm none or a part of it.
  const unconfirmed = call.id.charCodeAt(0) % 3 === 0 ? money : mills(0);
  await real.ledger(by).settle(call.id, call.workspace, billOf(money, { unconfirmed }), reference.caps);
  reference.settle(call, money, unconfirmed);
});

const released: fc.Arbitrary<Command> = about('release', unsettled, async (reference, real, call, by) => {
  await real.ledger(by).release(call.id);
  reference.release(call);
});

const cleared: fc.Arbitrary<Command> = about(
  'clear',
  ({ young }) => young,
  async (reference, real, call, by, money) => {
    assert.equal(await real.ledger(by).clear(call.id, money), reference.clear(call, money));
  },
);

/** A whole call, so that many commands spend. */
const spent: fc.Arbitrary<Command> = fc.tuple(window, workspace, amount, amount).map(([by, where, money, bill]) =>
  command('spend', by, async (reference, real) => {
    await reserve(reference, real, by, where, money);
    const call = reference.calls.at(-1);
    if (call?.state !== 'reserved') return;
    assert.equal(await real.ledger(by + 1).sent(call.id), reference.sent(call));
    await real.ledger(by + 2).settle(call.id, call.workspace, billOf(bill), reference.caps);
    reference.settle(call, bill, mills(0));
  }),
);

/** All windows reserve at once: who is first is not known, but that nobody gets too much, and none too little. */
const rushed: fc.Arbitrary<Command> = fc
  .array(fc.tuple(window, workspace, amount), { minLength: 2, maxLength: 8 })
  .map((wishes) =>
    command('rush', 0, async (reference, real) => {
      const ids = await Promise.all(
        wishes.map(([by, where, money]) =>
          real.ledger(by).reserve({ ...BOOKING, workspace: where }, reference.caps, sizedAt(money)),
        ),
      );
      wishes.forEach(([, where, money], index) => {
        const id = ids[index];
        if (id === undefined) return;
        assert.ok(reference.admits(where, money), 'what was admitted fits with all others');
        reference.reserve(id, where, money);
      });
      wishes.forEach(([, where, money], index) => {
        if (ids[index] === undefined) assert.ok(!reference.admits(where, money), 'what was denied would not fit');
      });
    }),
  );

const passed: fc.Arbitrary<Command> = fc
  .tuple(window, fc.constantFrom(SECOND, 59 * SECOND, MINUTE, 31 * MINUTE, 5 * HOUR, DAY, 12 * DAY), fc.nat(MINUTE))
  .map(([by, ms, more]) =>
    command('time', by, (reference) => {
      reference.pass(ms + more);
      return Promise.resolve();
    }),
  );

/** The clock is set back: no further than the sums are kept for. */
const setBack: fc.Arbitrary<Command> = fc
  .tuple(window, fc.constantFrom(SECOND, 2 * MINUTE, HOUR, DAY))
  .map(([by, ms]) =>
    command('clock back', by, (reference) => {
      reference.pass(-ms);
      return Promise.resolve();
    }),
  );

const restarted: fc.Arbitrary<Command> = window.map((by) => command('restart', by, (_, real) => real.restart(by)));

/** A process was killed while it wrote. */
const torn: fc.Arbitrary<Command> = fc.tuple(window, fc.double({ min: 0, max: 1, noNaN: true })).map(([by, part]) =>
  command('torn', by, async (_, real) => {
    const line = writeLine({ type: 'settle', id: 'never', cost: '1', unconfirmed: '0', ...NO_TOKENS });
    await real.append(line.slice(0, SHORTEST + Math.floor(part * (line.length - SHORTEST - 1))));
  }),
);
/** Two cuts in a row, with fewer bytes than these of the second, are not told from damage. */
const SHORTEST = '{"type":"'.length;
const NO_TOKENS = { promptTokens: 0, completionTokens: 0, reported: false, violations: [] };

/** A process was killed right after it had written: its reservation counts if it fits, and lapses. */
const abandoned: fc.Arbitrary<Command> = fc.tuple(window, workspace, amount).map(([by, where, money]) =>
  command('abandon', by, async (reference, real) => {
    const { now: at, caps } = reference;
    const id = randomUUID();
    const limits = limitsAt(caps, at).map(({ cap, since, limit }) => [cap, since, toDecimal(limit)] as const);
    const booking = { ...BOOKING, workspace: where, at, until: at + MINUTE, reserved: toDecimal(money), bound: BOUND };
    await real.append(`\n${writeLine({ type: 'reserve', id, ...booking, limits })}\n`);
    if (reference.admits(where, money)) reference.reserve(id, where, money);
  }),
);

/** A process was killed between closing a segment and making the next. */
const sealed: fc.Arbitrary<Command> = window.map((by) =>
  command('seal', by, (reference, real) => real.append(`\n${writeLine({ type: 'seal', at: reference.now })}\n`)),
);

/** Two processes pack at once; perhaps one is killed before it has removed what it packed. */
const packed: fc.Arbitrary<Command> = fc
  .tuple(window, fc.constantFrom(0, 0, 500 * DAY), fc.boolean())
  .map(([by, later, killed]) =>
    command(later > 0 ? 'pack by day' : 'pack', by, async (reference, real) => {
      const { folder } = real;
      const before = killed ? await contents(folder) : [];
      const at = reference.now + later;
      await Promise.all([packClosed(folder, at), packClosed(folder, at)]);
      for (const [file, text] of before) await writeFile(file, text);
      await real.historyAgrees();
    }),
  );

async function contents(folder: string): Promise<readonly (readonly [string, string])[]> {
  const closed = (await listSegments(folder)).slice(0, -1);
  const files: (readonly [string, string])[] = [];
  for (const segment of closed) {
    const file = segmentFile(folder, segment);
    // It may be packed by a window at this very moment.
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) files.push([file, text]);
  }
  return files;
}

/** All commands, those that spend more often than others. */
export const COMMANDS: readonly fc.Arbitrary<Command>[] = [
  ...[asked, asked, left, left, settled, settled, spent, spent, spent, rushed],
  ...[released, cleared, passed, passed, setBack, restarted, torn, abandoned, sealed, packed],
];
