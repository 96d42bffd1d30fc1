import type { Model } from '../../core/catalogue/model';
import { add, perToken, times, type Money } from '../../core/money';
import type { ProvisionRequest } from '../../core/provisioning/provision';
import { cheaperFirst, type PricedModel } from '../../core/provisioning/tier';

/** Tokens of a planned call (BAMAS: T_in, and T_out on MBPP). */
const T_IN = 500;
const T_OUT = 384;

/** Numbers from 0 to below 1, the same for a seed on every machine. */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A program over models as catalogues have them: USD 0.05 to 15 per million input tokens, in whole cents, the dearer for
 * the stronger tiers, output at three to five times that; a budget of one to twenty times the least that does.
 */
export function instanceOf(random: Random, models: number, tiers: number): ProvisionRequest {
  const priced = Array.from({ length: models }, (_, index) => pricedModel(random, index, 1 + (index % tiers), tiers));
  const [cheapest] = [...priced].sort(cheaperFirst);
  if (cheapest === undefined) throw new Error('A program has models.');
  const budget = ((times(cheapest.callCost, 2) * BigInt(Math.round(1000 * 20 ** random()))) / 1000n) as Money;
  return { models: priced, budget, made: 0 };
}

/**
 * A program whose prices lie anywhere between a femto-dollar and a tenth of a cent a call, as no catalogue has them: three
 * digits and up to nine zeros, the tiers at random. Its budget is what some pool costs.
 */
export function wideInstanceOf(random: Random, models: number): ProvisionRequest {
  const below = (bound: number): number => Math.floor(bound * random());
  const priced = Array.from({ length: models }, (_, index) => {
    const callCost = (BigInt(1 + below(999)) * 10n ** BigInt(below(10)) + BigInt(below(3))) as Money;
    return { ...pricedModel(random, index, 1 + below(models), models), callCost };
  });
  const budget = priced.reduce<bigint>((sum, { callCost }) => sum + callCost * BigInt(below(4)), 0n);
  return { models: priced, budget: budget as Money, made: 0 };
}

function pricedModel(random: Random, index: number, tier: number, tiers: number): PricedModel {
  const strength = tiers === 1 ? 0.5 : (tiers - tier) / (tiers - 1);
  const cents = Math.round(100 * 0.05 * 300 ** Math.min(1, Math.max(0, strength * 0.8 + random() * 0.2)));
  const input = perToken(cents / 100);
  const output = perToken((cents * (3 + Math.floor(3 * random()))) / 100);
  const model: Model = {
    ...{ id: `m${index}`, tier, contextWindow: 128_000, maxOutputTokens: 4096 },
    ...{ tokenizer: 'bytes', exactTokenizer: false, price: { input, output } },
  };
  return { model, callCost: add(times(input, T_IN), times(output, T_OUT)) };
}
