import assert from 'node:assert/strict';
import { differences, type Figures, figuresOf } from '../../../src/bench/quick/figures';
import type { Graded } from '../../../src/bench/topologies/table';
import { usd } from '../../../src/core/money';

const RUN: Graded = {
  ...{ code: 'x', passes: true, right: true, calls: 2, rounds: 1 },
  ...{ cost: usd('0.1'), reserved: usd('0.25'), worstReserved: usd('0.2') },
};
const ROW = figuresOf({ name: 'linear, frugal', runs: [RUN, { ...RUN, right: false, cost: usd('0.2') }] });
const STORED: Figures = { python: '3.11', tables: [{ name: 'HumanEval', rows: [ROW] }] };
const changed = (more: Partial<typeof ROW>, python = '3.11'): Figures => ({
  ...{ python, tables: [{ name: 'HumanEval', rows: [{ ...ROW, ...more }] }] },
});

describe('the figures of the quick benchmark', () => {
  it('are exact sums over the runs', () => {
    assert.deepEqual(ROW, {
      ...{ way: 'linear, frugal', runs: 2, right: 1, passed: 2, passedAndWrong: 1, calls: 4, rounds: 2 },
      ...{ costUsd: '0.3', reservedUsd: '0.5', worstReservedUsd: '0.4' },
    });
  });

  it('are equal to themselves, also once they were stored, and whatever Python measured them', () => {
    assert.deepEqual(differences(JSON.parse(JSON.stringify(STORED)) as Figures, STORED), []);
    assert.deepEqual(differences(STORED, { ...STORED, python: '3.14' }), []);
  });

  it('that changed are named one by one, with what they were', () => {
    assert.deepEqual(differences(STORED, changed({ right: 2, costUsd: '0.300000000000001' })), [
      'HumanEval, linear, frugal: right is 2, stored is 1',
      'HumanEval, linear, frugal: costUsd is 0.300000000000001, stored is 0.3',
    ]);
  });

  it('that are new, or missing, are named', () => {
    const way = 'star, frugal';
    const more: Figures = { ...STORED, tables: [{ name: 'HumanEval', rows: [ROW, { ...ROW, way }] }] };
    assert.deepEqual(differences(STORED, more), ['HumanEval, star, frugal: is not among the stored figures']);
    assert.deepEqual(differences(more, STORED), ['HumanEval, star, frugal: is stored, but was not measured']);
    const none: Figures = { ...STORED, tables: [] };
    assert.deepEqual(differences(none, STORED), ['HumanEval: is not among the stored figures']);
    assert.deepEqual(differences(STORED, none), ['HumanEval: is stored, but was not measured']);
  });

  it('measured with another Python say so where they differ', () => {
    const [first, why] = differences(STORED, changed({ calls: 5 }, '3.12'));
    assert.equal(first, 'HumanEval, linear, frugal: calls is 5, stored is 4');
    assert.match(why ?? '', /stored figures were measured with Python 3\.11, these with 3\.12/);
  });
});
