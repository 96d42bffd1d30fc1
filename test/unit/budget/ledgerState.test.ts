import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import type { LedgerLine, WrittenLimit } from '../../../src/core/budget/ledger/line';
import { LedgerState } from '../../../src/core/budget/ledger/state';
import { LedgerError } from '../../../src/core/budget/ledger';
import { NO_CAPS } from '../../../src/core/budget/caps';
import { type Money, usd, ZERO } from '../../../src/core/money';
import { billOf, BOOKING, BOUND, inFolder, openLedger, reserved } from '../../support/ledger';

const AT = Date.UTC(2026, 10, 20, 12);
const UNTIL = AT + 60_000;

/** What other processes may have written, whatever version they are: the lines alone decide. */
const reserve = (id: string, amount: string, limits: readonly WrittenLimit[] = []): LedgerLine => ({
  ...{ type: 'reserve', id, at: AT, until: UNTIL, ...BOOKING, reserved: amount, bound: BOUND, limits },
});
const settle = (id: string, cost: string): LedgerLine => ({
  ...{ type: 'settle', id, cost, unconfirmed: '0', promptTokens: 1, completionTokens: 1, reported: true },
  violations: [],
});
const sent = (id: string): LedgerLine => ({ type: 'sent', id, until: UNTIL });
const lapse = (id: string, at: number): LedgerLine => ({ type: 'lapse', id, at });

function stateOf(...lines: readonly LedgerLine[]): { readonly state: LedgerState; readonly effects: boolean[] } {
  const state = new LedgerState();
  return { state, effects: lines.map((line) => state.apply(line)) };
}
const booked = ({ state }: { readonly state: LedgerState }): Money => state.since(AT - 1, undefined);

describe('the lines of a ledger, whoever wrote them', () => {
  it('lapse only what was never sent, and only when its time is over', () => {
    const early = stateOf(reserve('a', '1'), lapse('a', UNTIL - 1));
    assert.deepEqual([early.effects, booked(early)], [[true, false], usd(1)]);
    const due = stateOf(reserve('a', '1'), lapse('a', UNTIL), sent('a'));
    assert.deepEqual([due.effects, booked(due)], [[true, true, false], ZERO]);
    const left = stateOf(reserve('a', '1'), sent('a'), lapse('a', UNTIL + 1e9));
    assert.deepEqual([left.effects, booked(left)], [[true, true, false], usd(1)]);
    const over = stateOf(reserve('a', '1'), sent('a'), settle('a', '0.5'), lapse('a', UNTIL + 1e9));
    assert.deepEqual([over.effects.at(-1), booked(over)], [false, usd('0.5')]);
  });

  it('fill a cap to its last unit, and not beyond', () => {
    const limit: WrittenLimit = ['user day', AT - 1000, '0.002'];
    const filled = stateOf(
      ...[reserve('a', '0.001', [limit]), reserve('b', '0.001', [limit]), reserve('c', '0.000000000000001', [limit])],
    );
    assert.deepEqual(filled.effects, [true, true, false]);
    assert.equal(booked(filled), usd('0.002'));
  });

  it('book a call once, however often they say it', () => {
    const twice = stateOf(reserve('a', '1'), reserve('a', '1'), sent('a'), settle('a', '0.5'), settle('a', '0.1'));
    assert.deepEqual([twice.effects, booked(twice)], [[true, false, true, true, false], usd('0.5')]);
    const released = stateOf(reserve('a', '1'), sent('a'), settle('a', '0.5'), { type: 'release', id: 'a' });
    assert.deepEqual([released.effects.at(-1), booked(released)], [false, usd('0.5')]);
  });

  it('clear what nobody confirmed, and neither a bill nor what is still awaited', () => {
    const clear = (at: number): LedgerLine => ({ type: 'clear', id: 'a', at, cost: '0.25' });
    const awaited = stateOf(reserve('a', '1'), sent('a'), clear(UNTIL - 1), clear(UNTIL));
    assert.deepEqual([awaited.effects.slice(2), booked(awaited)], [[false, true], usd('0.25')]);
    const confirmed = stateOf(reserve('a', '1'), sent('a'), settle('a', '0.5'), clear(UNTIL));
    assert.deepEqual([confirmed.effects.at(-1), booked(confirmed)], [false, usd('0.5')]);
  });
});

describe('the first line of the next segment', () => {
  it('carries over what was spent, what is open, what was learned and what was told', () => {
    const told: LedgerLine = {
      ...{ type: 'warned', by: 'w', cap: 'user day', workspace: '', since: AT, percent: 80 },
    };
    const { state, effects } = stateOf(
      ...[reserve('a', '1'), sent('a'), settle('a', '0.5'), reserve('b', '0.25'), sent('b')],
      ...[told, { ...told, by: 'x' }],
    );
    assert.deepEqual(effects.slice(-2), [true, false], 'of two that tell the same, the first tells it');
    const next = LedgerState.from(state.checkpoint(2, AT + 1000));
    assert.equal(booked({ state: next }), usd('0.75'));
    assert.deepEqual(
      next.open.map(({ id, state: step, cost }) => [id, step, cost]),
      [['b', 'sent', usd('0.25')]],
    );
    assert.equal(next.learned(BOOKING.model).reports, 1);
    assert.equal(next.warned({ cap: 'user day', workspace: '', since: AT }), 80);
    assert.ok(!next.apply(told));
  });
});

describe('a ledger that was replaced while a call was under way', () => {
  it('says what the call cost, because it is not on it', () =>
    inFolder(async (folder) => {
      const ledger = await openLedger(folder);
      const id = await reserved(ledger);
      await ledger.sent(id);
      await rm(folder, { recursive: true });
      await assert.rejects(
        ledger.settle(id, BOOKING.workspace, billOf(usd('0.00125')), NO_CAPS),
        (error) =>
          error instanceof LedgerError && /was replaced.*its cost of \$0\.00125 is not on it/.test(error.message),
      );
    }));
});
