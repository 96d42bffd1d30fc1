import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dayOf, monthOf, startOfDay, startOfMonth } from '../../../src/core/budget/period';
import { Ledger } from '../../../src/core/budget/ledger';
import { usd } from '../../../src/core/money';
import { BOOKING, sizedAt } from '../../support/bills';

/**
 * A process whose time zone is that of its environment, for the tests of days and months. Its arguments are days, as
 * `2026-03-29=23`: the day and how many hours it has; or `moved`. It prints `ok`, or fails.
 */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEP = usd('0.001');
const caps = { user: { day: usd('0.003') }, workspace: { day: usd('0.003') } };

/** The calendar's own word for the day of a moment. */
const calendar = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' });

/** The first moments of a day and of the next, by looking at every minute. */
function boundsOf(day: string): readonly [number, number] {
  let at = Date.parse(`${day}T12:00:00Z`) - 40 * HOUR;
  const next = (to: (day: string) => boolean): number => {
    while (!to(calendar.format(at))) at += MINUTE;
    return at;
  };
  return [next((one) => one === day), next((one) => one !== day)];
}

async function check(day: string, hours: number): Promise<void> {
  const [first, end] = boundsOf(day);
  assert.equal((end - first) / HOUR, hours, `${day} has ${hours} hours`);
  for (const at of [first, first + 1, first + 3 * HOUR, end - 1]) {
    assert.deepEqual([startOfDay(at), dayOf(at), monthOf(at)], [first, day, day.slice(0, 7)]);
    assert.equal(calendar.format(startOfMonth(at)).slice(8), '01');
    assert.ok(startOfMonth(at) % (15 * MINUTE) === 0 && first % (15 * MINUTE) === 0);
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-days-'));
  let now = first - 1;
  const ledger = await Ledger.open(folder, () => now);
  try {
    const spends = async (at: number): Promise<boolean> => {
      now = at;
      const id = await ledger.reserve(BOOKING, caps, sizedAt(STEP));
      return id !== undefined && (await ledger.sent(id));
    };
    // The whole cap is spent in the last moment of the day before, and again on this day, from its first to its last.
    for (const at of [first - 1, first - 1, first - 1]) assert.ok(await spends(at), `before ${day}`);
    assert.ok(!(await spends(first - 1)));
    for (const at of [first, first + 3 * HOUR, end - 1]) assert.ok(await spends(at), `on ${day}`);
    for (const at of [end - 1, first + 2 * HOUR, first]) assert.ok(!(await spends(at)), `above the cap of ${day}`);
    assert.deepEqual((await ledger.totals()).day, caps.user.day);
    // A clock that is set back makes no room: the later calls count as well.
    assert.ok(!(await spends(first - 25 * HOUR)), `a day before ${day}`);
    assert.ok(await spends(end), `after ${day}`);
  } finally {
    await ledger.close();
    await rm(folder, { recursive: true });
  }
}

/** The clock of the machine moves to another zone while a run is open: the day is that of the zone in which it is now. */
async function moved(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'solvent-moved-'));
  // Noon of the 20th in London, one in the morning of the 21st in Auckland, four in the morning of the 20th in Los Angeles.
  const at = Date.UTC(2026, 10, 20, 12);
  let now = at;
  const ledger = await Ledger.open(folder, () => now);
  const spends = async (zone: string, to: number): Promise<boolean> => {
    process.env['TZ'] = zone;
    now = to;
    const id = await ledger.reserve(BOOKING, { user: { day: STEP }, workspace: {} }, sizedAt(STEP));
    return id !== undefined && (await ledger.sent(id));
  };
  try {
    assert.ok(await spends('Europe/London', at));
    assert.ok(!(await spends('Pacific/Auckland', at)), 'what was spent an hour after midnight is of this day there');
    assert.ok(!(await spends('America/Los_Angeles', at + 19 * HOUR)), 'it is still the 20th there');
    assert.ok(await spends('America/Los_Angeles', at + 20 * HOUR), 'and now the 21st');
    assert.ok(!(await spends('Europe/London', at + 20 * HOUR)));
  } finally {
    await ledger.close();
    await rm(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  for (const argument of process.argv.slice(2)) {
    if (argument === 'moved') {
      await moved();
      continue;
    }
    const [day = '', hours = ''] = argument.split('=');
    await check(day, Number(hours));
  }
  process.stdout.write('ok');
}

void main();
