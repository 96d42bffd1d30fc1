import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toJson } from '../../../src/cli/json';
import { add, type Money, toDecimal, usd, ZERO } from '../../../src/core/money';

describe('JSON of the command line', () => {
  it('is what JSON.stringify writes where there is no money', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        assert.deepEqual(JSON.parse(toJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('prints amounts with all their digits, so that sums of what was printed add up', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 20n }), { minLength: 1 }), (units) => {
        const amounts = units as Money[];
        const texts = amounts.map((cost) => /^\{"cost":([\d.]+)\}$/.exec(toJson({ cost }))?.[1] ?? '');
        assert.equal(
          texts.map(usd).reduce((sum, amount) => add(sum, amount), ZERO),
          add(...amounts),
        );
        assert.deepEqual(texts, amounts.map(toDecimal));
      }),
    );
  });

  it('never touches text that looks like an amount', () => {
    const code = '{"costUsd": 1n, "x": "@@money:5@@"} 0.1';
    assert.deepEqual(JSON.parse(toJson({ code, costUsd: usd('0.0028') })), { code, costUsd: 0.0028 });
  });

  it('stays on one line, whatever the text holds', () => {
    assert.doesNotMatch(toJson({ a: 'x\ny\u2028', b: ['\r', { c: '\n' }] }), /[\n\r]/);
  });

  it('leaves out what is undefined', () => {
    assert.equal(toJson({ a: undefined, b: 1, c: [undefined] }), '{"b":1,"c":[null]}');
  });

  it('refuses what JSON cannot hold', () => {
    assert.throws(() => toJson({ a: Number.NaN }), TypeError);
    assert.throws(() => toJson(() => 1), TypeError);
  });
});
