import type { CurrentPrices } from '../../core/catalogue/current';
import type { Model, Price } from '../../core/catalogue/model';
import { type PriceChange, unusualFirst } from '../../core/catalogue/priceChanges';
import { PRICE_KINDS } from '../../core/catalogue/writeModelList';
import { changeTexts, factorText, kindName, perMillionText } from '../../report/priceText';
import { oneLine } from '../../report/text';
import { widthOf } from './cells';
import type { Screen } from './screen';
import { tableLines } from './table';

/** A column of the table of prices. */
interface Column {
  readonly title: string;
  readonly cell: (model: Model) => string;
}

/** Columns that are shown however narrow the terminal is. */
const LEAST_COLUMNS = 3;

/** Where the prices come from, then a line for each model. */
export function priceLines({ catalogue, origin }: CurrentPrices, screen: Screen): string[] {
  const { asOf, source, models } = catalogue;
  const [head = '', ...lines] = priceTable(models, screen);
  return [
    `Prices as of ${asOf} (${origin}), in USD per million tokens.`,
    screen.paint.dim(`Source: ${oneLine(source)}.`),
    '',
    screen.paint.bold(head),
    ...lines,
  ];
}

/** The changes of a refresh, unusual ones first and marked. */
export function changeLines(changes: readonly PriceChange[], { paint }: Pick<Screen, 'paint'>): string[] {
  if (changes.length === 0) return ['No price changed.'];
  const sorted = unusualFirst(changes);
  const rows = sorted.map((change) => {
    const { before, after } = changeTexts(change);
    const mark = change.unusual ? 'unusual' : '';
    return [oneLine(change.model, 40), kindName(change.kind), before, '→', after, factorText(change), mark];
  });
  return tableLines(rows, [2, 4]).map((line, index) => (sorted[index]?.unusual === true ? paint.yellow(line) : line));
}

/** The table with as many columns as the terminal has room for; a pipe gets them all. */
function priceTable(models: readonly Model[], screen: Screen): string[] {
  const columns = columnsOf(models);
  for (;;) {
    const rows = [columns.map(({ title }) => title), ...models.map((model) => columns.map(({ cell }) => cell(model)))];
    const lines = tableLines(
      rows,
      columns.map((_, index) => index).filter((index) => index > 0),
    );
    const fits = !screen.live || lines.every((line) => widthOf(line) <= screen.width());
    if (fits || columns.length <= LEAST_COLUMNS) return lines;
    columns.pop();
  }
}

/** The most important first; kinds that no model has a price of its own for are left out. */
function columnsOf(models: readonly Model[]): Column[] {
  const stated = (kind: keyof Price): boolean => models.some(({ price }) => price[kind] !== undefined);
  const valid = models.some(({ priceValidFrom, priceValidUntil }) => (priceValidFrom ?? priceValidUntil) !== undefined);
  return [
    { title: 'model', cell: ({ id }) => oneLine(id, 40) },
    ...PRICE_KINDS.filter(stated).map((kind): Column => ({ title: kindName(kind), cell: priceCell(kind) })),
    ...(valid ? [{ title: 'valid', cell: validCell }] : []),
    { title: 'tier', cell: ({ tier }) => String(tier) },
    { title: 'context', cell: ({ contextWindow }) => String(contextWindow) },
    { title: 'longest answer', cell: ({ maxOutputTokens }) => String(maxOutputTokens) },
  ];
}

function priceCell(kind: keyof Price): (model: Model) => string {
  return ({ price }) => {
    const stated = price[kind];
    return stated === undefined ? '' : perMillionText(stated);
  };
}

function validCell({ priceValidFrom: from, priceValidUntil: until }: Model): string {
  if (from === undefined) return until === undefined ? '' : `until ${until}`;
  return until === undefined ? `from ${from}` : `${from} to ${until}`;
}
