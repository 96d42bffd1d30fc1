import type { Catalogue, Model } from '../catalogue/model';
import type { Calibration } from './calibration';
import { chanceOfLead, type Rate } from './statistics';

/** How unlikely a lead must be between models that are equally good, over all pairs that are compared. */
const SIGNIFICANT = 0.01;
/** First answers of each model, at least. */
const LEAST_ANSWERS = 20;

/** A model whose first answers pass more often than those of one that is ranked above it. */
export interface Inversion {
  readonly better: Model;
  readonly worse: Model;
  readonly betterRate: Rate;
  readonly worseRate: Rate;
}

/**
 * The catalogue with the tiers of models exchanged where the user's own runs contradict them significantly (Fisher's
 * exact test at 1 %, shared out over all pairs), and a sentence for each exchange. Without such evidence it is as it was.
 */
export function rankedByEvidence(catalogue: Catalogue, calibration: Calibration): Catalogue {
  let models = catalogue.models;
  const notes: string[] = [];
  // Each exchange mends one pair; there are no more exchanges than pairs.
  for (let left = (models.length * (models.length - 1)) / 2; left > 0; left--) {
    const inversion = clearestInversion(models, calibration);
    if (inversion === undefined) break;
    const { better, worse } = inversion;
    models = models.map((model) =>
      model.id === better.id
        ? { ...model, tier: worse.tier }
        : model.id === worse.id
          ? { ...model, tier: better.tier }
          : model,
    );
    notes.push(sentence(inversion));
  }
  return notes.length === 0 ? catalogue : { ...catalogue, models, notes: [...(catalogue.notes ?? []), ...notes] };
}

function clearestInversion(models: readonly Model[], calibration: Calibration): Inversion | undefined {
  const rated = models
    .map((model) => ({ model, rate: calibration.passRate(model.id) }))
    .filter(({ rate }) => rate.of >= LEAST_ANSWERS);
  const pairs = (rated.length * (rated.length - 1)) / 2;
  let clearest: { readonly inversion: Inversion; readonly chance: number } | undefined;
  for (const one of rated) {
    for (const other of rated) {
      if (one.model.tier <= other.model.tier) continue;
      const chance = chanceOfLead(one.rate, other.rate);
      if (chance * pairs >= SIGNIFICANT || chance >= (clearest?.chance ?? 1)) continue;
      const inversion = { better: one.model, worse: other.model, betterRate: one.rate, worseRate: other.rate };
      clearest = { inversion, chance };
    }
  }
  return clearest?.inversion;
}

function sentence({ better, worse, betterRate, worseRate }: Inversion): string {
  return (
    `Your runs rank ${better.id} above ${worse.id}, against the list: ${betterRate.held} of ${betterRate.of} first answers ` +
    `passed, and ${worseRate.held} of ${worseRate.of}.`
  );
}
