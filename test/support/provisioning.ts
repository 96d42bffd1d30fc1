import fc from 'fast-check';
import { type Money, usd } from '../../src/core/money';
import type { Provisioning } from '../../src/core/provisioning/provision';
import type { PricedModel } from '../../src/core/provisioning/tier';
import { aModel } from './models';

/** A model of which a call costs so many USD. */
export function priced(id: string, tier: number, cost: string | number): PricedModel {
  return { model: aModel(id, tier, 1, 1), callCost: usd(cost) };
}

/** A model of which a call costs so many femto-dollars. */
export function exactly(id: string, tier: number, femto: bigint): PricedModel {
  return { model: aModel(id, tier, 1, 1), callCost: femto as Money };
}

/** "2 x strong, 1 x weak", or what would do. */
export function names(provisioning: Provisioning): string {
  return provisioning.feasible
    ? provisioning.pool.map(({ model, count }) => `${count} x ${model.id}`).join(', ')
    : `needs ${String(provisioning.smallest)}`;
}

/** Counts of agents per tier that has models, strongest first. */
export function countsOf(provisioning: Provisioning, models: readonly PricedModel[]): number[] {
  const pool = provisioning.feasible ? provisioning.pool : [];
  return levelsOf(models).map((level) =>
    pool.reduce((sum, { model, count }) => sum + (model.tier === level ? count : 0), 0),
  );
}

/** The tiers that have models, strongest first. */
export function levelsOf(models: readonly PricedModel[]): number[] {
  return [...new Set(models.map(({ model }) => model.tier))].sort((a, b) => a - b);
}

/** Programs of a few models with prices of one order of magnitude, some of them equal or nothing. */
export const likePrices = programs(fc.bigInt({ min: 0n, max: 400n }), 4, 5);

/** Programs whose prices lie anywhere between nothing and some hundred dollars, to the last femto-dollar. */
export const anyPrices = (mostModels: number): ReturnType<typeof programs> =>
  programs(
    fc.tuple(fc.bigInt({ min: 0n, max: 99n }), fc.integer({ min: 0, max: 15 })).map(([digits, zeros]) => {
      return digits * 10n ** BigInt(zeros) + (digits % 3n);
    }),
    mostModels,
    mostModels,
  );

/** A program: its budget is between nothing and the price of everything, and often that of some pool. */
function programs(femto: fc.Arbitrary<bigint>, tiers: number, most: number) {
  const model = fc.record({ tier: fc.integer({ min: 1, max: tiers }), femto });
  return fc.array(model, { minLength: 1, maxLength: most }).chain((entries) => {
    const models = entries.map((entry, index) => exactly(`m${index}`, entry.tier, entry.femto));
    const everything = entries.reduce((sum, entry) => sum + 5n * entry.femto, 0n);
    const aPool = fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: most, maxLength: most })
      .map((counts) => entries.reduce((sum, entry, index) => sum + BigInt(counts[index] ?? 0) * entry.femto, 0n));
    const nearby = fc.tuple(aPool, fc.bigInt({ min: -2n, max: 2n })).map(([cost, more]) => cost + more);
    return fc.record({
      models: fc.constant(models),
      budget: fc
        .oneof(nearby, fc.bigInt({ min: 0n, max: everything + 1n }))
        .map((money) => (money > 0n ? money : 0n) as Money),
      made: fc.integer({ min: 0, max: 3 }),
    });
  });
}
