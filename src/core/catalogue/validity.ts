import { daysSince, monthsSince, utcDay } from './day';
import type { Catalogue, Model } from './model';
import { CatalogueError } from './modelList';

/** Prices that are older than this are said to be so, in days. */
const OLD_DAYS = 180;

/**
 * The catalogue as it may be used at a moment: without models whose price is not valid on that UTC day, and with notes
 * that name them and tell when the prices are old.
 * @param now ms since the epoch
 * @param remedy what to do about prices that are over, as the end of a sentence: "run 'solvent prices --refresh'"
 * @throws CatalogueError where no price is valid, saying which were and what to do
 */
export function validAt(catalogue: Catalogue, now: number, remedy: string): Catalogue {
  const today = utcDay(now);
  const models = catalogue.models.filter((model) => whyInvalid(model, today) === undefined);
  const reasons = catalogue.models.flatMap((model) => whyInvalid(model, today) ?? []);
  if (models.length === 0) {
    throw new CatalogueError(`No model has a price that is valid today, ${today}: ${reasons.join(', ')}; ${remedy}.`);
  }
  const notes = [
    ...(catalogue.notes ?? []),
    ...reasons.map((reason) => `Left out: ${reason}; ${remedy}.`),
    ...ageNotes(catalogue, now, remedy),
  ];
  return { ...catalogue, models, notes };
}

/** One sentence where the prices are older than half a year; parameters as those of {@link validAt}. */
export function ageNotes({ asOf }: Catalogue, now: number, remedy: string): string[] {
  if (daysSince(asOf, now) <= OLD_DAYS) return [];
  return [`Prices are as of ${asOf}, ${monthsSince(asOf, now)} months old: ${remedy}.`];
}

/** Why a model's price does not hold at a moment (ms since the epoch), as a clause; undefined where it does. */
export function priceProblem(model: Model, now: number): string | undefined {
  return whyInvalid(model, utcDay(now));
}

function whyInvalid({ id, priceValidFrom, priceValidUntil }: Model, today: string): string | undefined {
  if (priceValidUntil !== undefined && today > priceValidUntil)
    return `${id}'s price was valid until ${priceValidUntil}`;
  if (priceValidFrom !== undefined && today < priceValidFrom) return `${id}'s price is valid from ${priceValidFrom} on`;
  return undefined;
}
