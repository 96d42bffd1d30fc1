import type { Money } from '../money';
import type { Catalogue, Model, Price } from './model';
import { PRICE_KINDS } from './writeModelList';

/** A price that is not what it was. */
export interface PriceChange {
  readonly model: string;
  readonly kind: keyof Price;
  /** Per token; undefined where it was not stated. */
  readonly before: Money | undefined;
  /** Per token; undefined where it is no longer stated. */
  readonly after: Money | undefined;
  /** New price by old price; undefined where one of them is missing or the old one was 0. */
  readonly factor: number | undefined;
  /** Whether this is more likely a mistake than a price: it became 0, fell by more than half or rose more than tenfold. */
  readonly unusual: boolean;
}

/** What changed in the prices of the models that are in both catalogues, in the order of the later one. */
export function priceChanges(before: Catalogue, after: Catalogue): PriceChange[] {
  const earlier = new Map(before.models.map((model) => [model.id, model]));
  return after.models.flatMap((model) => {
    const same = earlier.get(model.id);
    return same === undefined ? [] : changesOf(same, model);
  });
}

/** Unusual changes first, otherwise in the order in which they came. */
export function unusualFirst(changes: readonly PriceChange[]): PriceChange[] {
  return [...changes.filter(({ unusual }) => unusual), ...changes.filter(({ unusual }) => !unusual)];
}

function changesOf(earlier: Model, later: Model): PriceChange[] {
  return PRICE_KINDS.filter((kind) => earlier.price[kind] !== later.price[kind]).map((kind) => {
    const [before, after] = [earlier.price[kind], later.price[kind]];
    const unusual = isUnusual(kind, earlier.price, later.price);
    return { model: later.id, kind, before, after, factor: factorOf(before, after), unusual };
  });
}

function factorOf(before: Money | undefined, after: Money | undefined): number | undefined {
  if (before === undefined || after === undefined || before === 0n) return undefined;
  return Number(after) / Number(before);
}

function isUnusual(kind: keyof Price, earlier: Price, later: Price): boolean {
  const [before, after] = [paid(kind, earlier), paid(kind, later)];
  if (after === 0n) return before !== 0n;
  // A price that is stated for the first time is as a rule a discount on the one that held in its place.
  const fell = earlier[kind] !== undefined && after * 2n < before;
  return fell || after > before * 10n;
}

/** What a token of a kind costs, stated or not. */
function paid(kind: keyof Price, price: Price): Money {
  const parent = kind === 'output' || kind === 'reasoning' ? price.output : price.input;
  return price[kind] ?? parent;
}
