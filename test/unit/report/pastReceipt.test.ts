import assert from 'node:assert/strict';
import { readHistory } from '../../../src/core/budget/ledger';
import { add, usd, ZERO } from '../../../src/core/money';
import { pastReceiptSheet } from '../../../src/report/pastReceipt';
import { type PastRun, pastRuns, sumsOf } from '../../../src/report/pastRun';
import type { Section } from '../../../src/report/sheet';
import { aLedger, type LedgerFixture } from './ledgerFixture';

describe('the receipt of a past run', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => (fixture = await aLedger()));
  afterEach(() => fixture.remove());

  const found = (prefix: string) => pastRuns(readHistory(fixture.folder), prefix);
  const only = async (prefix: string): Promise<PastRun> => {
    const [run, ...others] = await found(prefix);
    assert.ok(run !== undefined && others.length === 0);
    return run;
  };
  const section = (run: PastRun, title: string): Section => {
    const one = pastReceiptSheet(run).sections.find((candidate) => candidate.title === title);
    assert.ok(one, title);
    return one;
  };

  it('is found by the beginning of its id', async () => {
    assert.deepEqual(
      (await found('aaaaaaaa')).map(({ task }) => task),
      ['median', 'roman'],
    );
    assert.equal((await only('aaaaaaaa-2')).task, 'roman');
    assert.deepEqual(await found('b'), []);
  });

  it('has every call with what it was allowed, reserved and billed, and a total to the last digit', async () => {
    const { table } = section(await only('aaaaaaaa-1'), 'Calls');
    assert.deepEqual(table?.rows, [
      ['1', 'executor', 'cheap', 600, 650, 120, 384, usd('0.002'), usd('0.0002'), undefined, undefined],
      ['2', 'critic', 'strong', 600, 650, 120, 384, usd('0.002'), usd('0.002'), usd('0.002'), undefined],
    ]);
    const billed = table.rows.map((row) => row[8] as typeof ZERO);
    assert.equal(table.total?.[8], add(ZERO, ...billed));
    assert.equal(sumsOf((await only('aaaaaaaa-1')).calls).cost, usd('0.0022'));
  });

  it('says what the plan expected, what the budget was and that it was raised', async () => {
    const { table, lines } = section(await only('aaaaaaaa-1'), 'Money');
    assert.deepEqual(Object.fromEntries(table?.rows.map(([name, amount]) => [name, amount]) ?? []), {
      Budget: usd('0.02'),
      Billed: usd('0.0022'),
      'of it confirmed': usd('0.0002'),
      'of it unconfirmed': usd('0.002'),
      'Left over': usd('0.0178'),
      'Expected by the plan': usd('0.001'),
      'Worst case of the plan': usd('0.009'),
    });
    assert.deepEqual(
      lines?.map(({ text }) => text),
      ['The budget was raised from $0.01 to $0.02.', 'It cost 2.2 times what the plan expected.'],
    );
  });

  it('tells unconfirmed calls and broken words', async () => {
    const unconfirmed = section(await only('aaaaaaaa-1'), 'Calls').lines ?? [];
    assert.deepEqual(
      unconfirmed.map(({ text }) => text),
      ['Call 2: Its bill is unknown, so it is booked at its worst case.'],
    );
    const [ignored, above] = section(await only('aaaaaaaa-2'), 'Calls').lines ?? [];
    assert.match(ignored!.text, /^Call 1: cheap ignored its limit: it wrote 4096 tokens, allowed were 384\./);
    assert.match(above!.text, /^Call 1: The provider billed \$0\.00210003 more than was reserved\.$/);
  });

  it('adds up by model and by role where there is more than one call', async () => {
    const run = await only('aaaaaaaa-1');
    assert.deepEqual(section(run, 'By model').table?.rows[1]?.slice(0, 2), ['strong', 1]);
    assert.deepEqual(section(run, 'By role').table?.rows[0]?.slice(0, 2), ['critic', 1]);
    const single = pastReceiptSheet(await only('aaaaaaaa-2')).sections.map(({ title }) => title);
    assert.deepEqual(single, ['', 'Money', 'Calls']);
  });

  it('has a call that was cleared since at its new amount, once', async () => {
    const [call] = await fixture.ledger.unconfirmed();
    await fixture.ledger.clear(call?.id ?? '', usd('0.0003'));
    const run = await only('aaaaaaaa-1');
    assert.deepEqual(
      run.calls.map(({ cost, unconfirmed }) => [cost, unconfirmed]),
      [
        [usd('0.0002'), ZERO],
        [usd('0.0003'), ZERO],
      ],
    );
  });

  it('does so where run and calls are spread over several files', async () => {
    const small = await aLedger(1500);
    await small.call('aaaaaaaa-1111', 'cheap', 'executor', { cost: usd('0.0001') }, 'median');
    const [call] = await small.ledger.unconfirmed();
    await small.ledger.clear(call?.id ?? '', usd('0.0003'));
    const [run] = await pastRuns(readHistory(small.folder), 'aaaaaaaa-1');
    assert.deepEqual(
      run?.calls.map(({ cost }) => cost),
      [usd('0.0002'), usd('0.0003'), usd('0.0001')],
    );
    assert.deepEqual([run.status, run.budgets.length], ['solved', 2]);
    await small.remove();
  });

  it('of a run under way says so', async () => {
    await fixture.begin('open', 'open');
    await fixture.call('open', 'cheap', 'executor', undefined);
    const run = await only('open');
    assert.deepEqual(section(run, '').table?.rows.at(-1), ['Status', 'under way']);
    assert.match(section(run, 'Calls').lines?.[0]?.text ?? '', /It is sent; it counts as its worst case/);
  });
});
