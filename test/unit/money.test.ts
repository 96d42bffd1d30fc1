import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  add,
  countWithin,
  formatUsd,
  largest,
  type Money,
  perMillion,
  perToken,
  smallest,
  subtract,
  times,
  toDecimal,
  toMicroUsd,
  usd,
  usdAtMost,
  ZERO,
} from '../../src/core/money';

const amount = fc.bigInt(0n, 10n ** 24n).map((units) => units as Money);

/** A decimal notation with its exact value as a fraction of whole numbers. */
const notation = fc
  .record({
    whole: fc.bigInt(0n, 10n ** 9n),
    fraction: fc.string({ unit: fc.integer({ min: 0, max: 9 }).map(String), maxLength: 20 }),
    exponent: fc.option(fc.integer({ min: -12, max: 12 }), { nil: undefined }),
  })
  .map(({ whole, fraction, exponent }) => ({
    text: `${whole}${fraction === '' ? '' : `.${fraction}`}${exponent === undefined ? '' : `e${exponent}`}`,
    numerator: BigInt(`${whole}${fraction}`) * 10n ** BigInt(Math.max(0, exponent ?? 0)),
    denominator: 10n ** BigInt(fraction.length + Math.max(0, -(exponent ?? 0))),
  }));

describe('money', () => {
  it('survives printing and reading unchanged, also as a JSON number', () => {
    fc.assert(
      fc.property(amount, (value) => {
        assert.equal(usd(toDecimal(value)), value);
        assert.equal(typeof JSON.parse(toDecimal(value)), 'number');
      }),
    );
  });

  it('read from decimal notation is the exact value, rounded up to the next femto-dollar', () => {
    fc.assert(
      fc.property(notation, ({ text, numerator, denominator }) => {
        const units = usd(text);
        const exact = numerator * 10n ** 15n;
        assert.ok(units * denominator >= exact, `${text} is not rounded down`);
        assert.ok((units - 1n) * denominator < exact, `${text} is off by less than one unit`);
      }),
    );
  });

  it('that limits what is spent is rounded down, and what is below a femto-dollar is nothing', () => {
    fc.assert(
      fc.property(notation, ({ text, numerator, denominator }) => {
        const exact = numerator * 10n ** 15n;
        assert.equal(usdAtMost(text), exact / denominator, text);
      }),
    );
    assert.deepEqual([usdAtMost('1e-18'), usdAtMost('9e-16'), usdAtMost('1e-15')], [0n, 0n, 1n]);
    assert.throws(() => usdAtMost('-1'), RangeError);
  });

  it('of tokens times price is exact where floats are not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 0, max: 1_000_000 }), (tokens, price) => {
        // Prices in ten-thousandths of a dollar per million tokens, as an exact fraction.
        const cost = times(perToken(`${price}e-4`), tokens);
        assert.equal(cost * 10n ** 10n, BigInt(tokens) * BigInt(price) * 10n ** 15n);
      }),
    );
    assert.notEqual(0.1 + 0.2, 0.3);
    assert.equal(add(usd(0.1), usd(0.2)), usd(0.3));
  });

  it('adds and subtracts without loss', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        assert.equal(subtract(add(a, b), b), a);
        assert.equal(subtract(a, b) < 0n, a < b);
        assert.equal(add(smallest(a, b), largest(a, b)), add(a, b));
      }),
    );
    assert.equal(add(), ZERO);
  });

  it('of $0.0028 per million tokens does not vanish, and neither does $0.000000001', () => {
    assert.equal(perToken(0.0028), 2_800_000n);
    assert.equal(toDecimal(times(perToken(0.0028), 1_000_000)), '0.0028');
    assert.equal(perToken('0.000000001'), 1n);
    assert.equal(perMillion(perToken('0.0028')), '0.0028');
    assert.equal(usd('0.0000001'), 10n ** 8n, 'a tenth of a micro-dollar');
    assert.equal(toMicroUsd(usd('0.0005')), 500);
  });

  it('per million tokens prints what was read', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), (price) => {
        const text = toDecimal(usd(`${price}e-6`));
        assert.equal(perMillion(perToken(text)), text);
      }),
    );
  });

  it('counts how often a price fits, and never more than asked', () => {
    fc.assert(
      fc.property(amount, fc.bigInt(1n, 10n ** 15n), fc.nat(10_000), (sum, price, limit) => {
        const count = countWithin(sum, price as Money, limit);
        assert.ok(count <= limit && times(price as Money, count) <= sum);
        assert.ok(count === limit || times(price as Money, count + 1) > sum);
      }),
    );
    assert.equal(countWithin(usd(1), ZERO, 7), 7);
    assert.equal(countWithin(subtract(ZERO, usd(1)), ZERO, 7), 0);
  });

  it('refuses what is no amount, with a sentence', () => {
    for (const bad of ['', ' ', '.', 'abc', '-1', '1,5', '0x10', 'Infinity', 'NaN', '1e9999', '$5', '1 2', NaN, -0.5]) {
      assert.throws(() => usd(bad), RangeError, String(bad));
    }
    assert.throws(() => usd('two'), /'two' is not an amount of USD: write a decimal number such as 0\.002\./);
    assert.equal(usd(' .5 '), usd('0.5'));
    assert.equal(usd(5e-7), usd('0.0000005'));
  });

  it('is shown short to people', () => {
    for (const [value, shown] of [
      ['0', '$0.00'],
      ['0.0000000004', '$0.0000000004'],
      ['0.0000001537', '$0.000000154'],
      ['0.000154', '$0.000154'],
      ['0.0015', '$0.0015'],
      ['0.00199999', '$0.002'],
      ['0.0123456', '$0.0123'],
      ['0.25', '$0.25'],
      ['0.2', '$0.20'],
      ['0.99999', '$1.00'],
      ['1', '$1.00'],
      ['12.345', '$12.35'],
      ['1234567', '$1234567.00'],
    ] as const) {
      assert.equal(formatUsd(usd(value)), shown, value);
    }
    assert.equal(formatUsd(subtract(ZERO, usd('0.5'))), '-$0.50');
  });

  it('is shown within half a percent of what it is', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 21n), (units) => {
        const shown = usd(formatUsd(units as Money).slice(1));
        const off = shown > units ? shown - units : units - shown;
        assert.ok(off * 200n <= units, `${units} shown as ${toDecimal(shown)}`);
      }),
    );
  });
});
