import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Catalogue, Price } from '../../../src/core/catalogue/model';
import { type PriceChange, priceChanges, unusualFirst } from '../../../src/core/catalogue/priceChanges';
import { PRICE_KINDS } from '../../../src/core/catalogue/writeModelList';
import { type Money, perToken } from '../../../src/core/money';
import { aModel } from '../../support/models';

const catalogue = (...models: Catalogue['models']): Catalogue => ({ asOf: '2026-07-01', source: 'test', models });
const one = (price: Partial<Price> = {}): Catalogue => {
  const model = aModel('m', 1, 2, 8);
  return catalogue({ ...model, price: { ...model.price, ...price } });
};
const only = (before: Partial<Price>, after: Partial<Price>): PriceChange => {
  const [change, ...others] = priceChanges(one(before), one(after));
  assert.ok(change !== undefined && others.length === 0);
  return change;
};
const usual = (before: Partial<Price>, after: Partial<Price>): boolean => !only(before, after).unusual;

describe('changes of prices', () => {
  it('name model, kind, old and new price and the factor, and nothing that stayed', () => {
    const before = catalogue(aModel('a', 1, 2, 8), aModel('b', 2, 1, 4), aModel('gone', 3, 1, 1));
    const after = catalogue(aModel('new', 3, 9, 9), aModel('a', 1, 2, 6), aModel('b', 2, 1.5, 4));
    assert.deepEqual(priceChanges(before, after), [
      { model: 'a', kind: 'output', before: perToken(8), after: perToken(6), factor: 0.75, unusual: false },
      { model: 'b', kind: 'input', before: perToken(1), after: perToken('1.5'), factor: 1.5, unusual: false },
    ]);
    assert.deepEqual(priceChanges(before, before), []);
  });

  it('are unusual where a price became 0, fell by more than half or rose more than tenfold', () => {
    assert.ok(!usual({}, { input: perToken(0) }));
    assert.ok(!usual({}, { input: perToken('0.999') }));
    assert.ok(usual({}, { input: perToken(1) }));
    assert.ok(usual({}, { input: perToken(20) }));
    assert.ok(!usual({}, { input: perToken('20.1') }));
    assert.ok(!usual({ input: perToken(0) }, { input: perToken(1) }), 'out of nothing');
  });

  it('take what held in the place of a price that was not stated', () => {
    const added = only({}, { cachedInput: perToken('0.2') });
    assert.deepEqual([added.before, added.after, added.factor], [undefined, perToken('0.2'), undefined]);
    assert.equal(added.unusual, false, 'a discount of 90 % is usual for a cache');
    assert.ok(!usual({}, { cachedInput: perToken(0) }));
    assert.ok(usual({ cachedInput: perToken(1) }, {}));
    assert.ok(!usual({ cachedInput: perToken('0.1') }, {}), 'twenty times as dear as before');
    assert.ok(!usual({}, { reasoning: perToken(81) }), 'more than ten times the output price');
  });

  it('are found in every kind, exactly', () => {
    const price = fc.option(fc.bigInt(0n, 10n ** 12n) as fc.Arbitrary<Money>, { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom(...PRICE_KINDS.slice(2)), price, price, (kind, before, after) => {
        const stated = (amount: Money | undefined): Partial<Price> => (amount === undefined ? {} : { [kind]: amount });
        const found = priceChanges(one(stated(before)), one(stated(after)));
        assert.deepEqual(
          found.map((change) => [change.kind, change.before, change.after]),
          before === after ? [] : [[kind, before, after]],
        );
      }),
    );
  });

  it('come unusual ones first, otherwise in their order', () => {
    const before = catalogue(aModel('a', 1, 1, 1), aModel('b', 1, 1, 1), aModel('c', 1, 1, 1), aModel('d', 1, 1, 1));
    const after = catalogue(aModel('a', 1, 2, 1), aModel('b', 1, 0, 1), aModel('c', 1, 2, 1), aModel('d', 1, 99, 1));
    const sorted = unusualFirst(priceChanges(before, after)).map(({ model }) => model);
    assert.deepEqual(sorted, ['b', 'd', 'a', 'c']);
  });
});
