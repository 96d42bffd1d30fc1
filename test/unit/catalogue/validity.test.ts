import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TokenCounter } from '../../../src/core/budget/tokens';
import { daysSince, isDay, monthsSince, utcDay } from '../../../src/core/catalogue/day';
import type { Catalogue, Model } from '../../../src/core/catalogue/model';
import { CatalogueError } from '../../../src/core/catalogue/modelList';
import { validAt } from '../../../src/core/catalogue/validity';
import { usd } from '../../../src/core/money';
import { planTask } from '../../../src/core/planning/planTask';
import { aModel } from '../../support/models';

const ALWAYS = aModel('always', 1, 1, 2);
const NOON = Date.UTC(2026, 6, 1, 12);
const REMEDY = 'update the model list';

const catalogue = (models: readonly Model[], asOf = '2026-06-01'): Catalogue => ({ asOf, source: 'test', models });
const usable = (model: Model, now: number): boolean =>
  validAt(catalogue([ALWAYS, model]), now, REMEDY).models.includes(model);

describe('a price that is valid for a time', () => {
  const promotion = aModel('promotion', 2, 1, 2, { priceValidFrom: '2026-06-01', priceValidUntil: '2026-06-30' });

  it('is used from the first to the last millisecond of its days, in UTC', () => {
    const [from, until] = [Date.UTC(2026, 5, 1), Date.UTC(2026, 6, 1)];
    assert.deepEqual(
      [from - 1, from, until - 1, until].map((now) => usable(promotion, now)),
      [false, true, true, false],
    );
  });

  it('may be open at either end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 4e12 }), (now, other) => {
        const day = utcDay(other);
        assert.equal(usable(aModel('m', 2, 1, 1, { priceValidFrom: day }), now), utcDay(now) >= day);
        assert.equal(usable(aModel('m', 2, 1, 1, { priceValidUntil: day }), now), utcDay(now) <= day);
        assert.equal(usable(aModel('m', 2, 1, 1), now), true);
      }),
    );
  });

  it('leaves its model out of the plan when it is over, and the plan says so and what to do', async () => {
    const later = aModel('later', 2, 1, 2, { priceValidFrom: '2026-12-01' });
    const valid = validAt(catalogue([ALWAYS, promotion, later]), NOON, REMEDY);
    const task = {
      id: 't',
      language: 'python',
      prompt: 'p',
      entryPoint: 'f',
      tests: ['assert f()'],
      setup: '',
    } as const;
    for (const budget of [usd(1), usd('1e-9')]) {
      const plan = await planTask(
        { task, budget, profile: 'verified', topology: 'auto' },
        { catalogue: valid, tokens: new TokenCounter() },
      );
      assert.ok(plan.pool.every(({ model }) => model === 'always'));
      assert.deepEqual(plan.explanation.slice(-2), [
        "Left out: promotion's price was valid until 2026-06-30; update the model list.",
        "Left out: later's price is valid from 2026-12-01 on; update the model list.",
      ]);
    }
  });

  it('is an error where no model has a valid one, naming each and what to do', () => {
    assert.throws(
      () => validAt(catalogue([promotion]), NOON, REMEDY),
      (error) =>
        error instanceof CatalogueError &&
        error.message ===
          "No model has a price that is valid today, 2026-07-01: promotion's price was valid until 2026-06-30; update the model list.",
    );
  });
});

describe('the age of prices', () => {
  const notes = (asOf: string, now: number): readonly string[] =>
    validAt(catalogue([ALWAYS], asOf), now, REMEDY).notes!;

  it('is told in one sentence when it is more than 180 days', () => {
    const day = Date.UTC(2026, 0, 1);
    assert.deepEqual(notes('2026-01-01', day + 180 * 86_400_000), []);
    assert.deepEqual(notes('2026-01-01', day + 181 * 86_400_000), [
      'Prices are as of 2026-01-01, 6 months old: update the model list.',
    ]);
    assert.deepEqual(notes('2026-01-01', Date.UTC(2026, 10, 21)), [
      'Prices are as of 2026-01-01, 10 months old: update the model list.',
    ]);
  });

  it('of prices of tomorrow is nothing to speak of', () => {
    assert.deepEqual(notes('2027-01-01', NOON), []);
  });

  it('adds to what else is to be said of the catalogue', () => {
    const noted = { ...catalogue([ALWAYS], '2020-01-01'), notes: ['Mind this.'] };
    assert.equal(validAt(noted, NOON, REMEDY).notes?.[0], 'Mind this.');
    assert.equal(validAt(noted, NOON, REMEDY).notes?.length, 2);
  });
});

describe('days', () => {
  it('are those of the calendar', () => {
    assert.ok(['2026-02-28', '2024-02-29', '1970-01-01'].every(isDay));
    assert.ok(!['2026-02-29', '2026-00-10', '2026-1-1', '', 'today', '+002026-01-01'].some(isDay));
  });

  it('and months are counted whole', () => {
    assert.equal(daysSince('2026-07-01', NOON), 0);
    assert.equal(daysSince('2026-06-30', NOON), 1);
    assert.equal(monthsSince('2026-05-31', Date.UTC(2026, 6, 30)), 1);
    assert.equal(monthsSince('2025-07-01', NOON), 12);
  });
});
