import { type PriceChange, unusualFirst } from '../core/catalogue/priceChanges';
import type { Refreshed } from '../core/catalogue/refresh';
import { infoItem, titledItems } from './planView';
import { changeTexts, factorText, kindName } from './priceText';
import { counted, oneLine } from './text';

/** What the user may do with refreshed prices. */
export type PricesAction = 'use' | 'keep';

/** A line of the list of changes. Without an action it only informs. */
export interface PricesItem {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly action?: PricesAction;
  /** The line is the title of those below it. */
  readonly separator?: boolean;
}

/** "Solvent: 2 prices changed, 1 of them unusual". */
export function pricesTitle({ changes }: Pick<Refreshed, 'changes'>): string {
  const unusual = changes.filter((change) => change.unusual).length;
  const marked = unusual === 0 ? '' : `, ${unusual} of them unusual`;
  return `Solvent: ${changes.length === 0 ? 'no price' : counted(changes.length, 'price')} changed${marked}`;
}

/**
 * Refreshed prices as a list; its first line is what Enter does, and that is to keep the old ones where a change looks
 * like a mistake.
 * @param inUse day of the prices in use
 * @param ownList the full name of the setting with the user's own models; undefined where there are none
 */
export function pricesItems({ catalogue, changes, notes }: Refreshed, inUse: string, ownList?: string): PricesItem[] {
  const use: PricesItem = { label: '$(check) Use these prices', description: `as of ${catalogue.asOf}`, action: 'use' };
  const keep: PricesItem = { label: '$(close) Keep the old ones', description: `as of ${inUse}`, action: 'keep' };
  const own = ownList === undefined ? [] : [`Your own models in '${ownList}' go first: this does not change them.`];
  const said = [...own, ...notes, 'What is on the ledger keeps its cost.'];
  return [
    ...(changes.some(({ unusual }) => unusual) ? [keep, use] : [use, keep]),
    { label: 'USD per million tokens', separator: true },
    ...(changes.length === 0 ? [infoItem('No price changed.')] : unusualFirst(changes).map(changeItem)),
    ...titledItems('Notes', said),
  ];
}

function changeItem(change: PriceChange): PricesItem {
  const { before, after } = changeTexts(change);
  const factor = factorText(change);
  const text = `${oneLine(change.model, 60)}, ${kindName(change.kind)}: ${before} → ${after}`;
  const marked = change.unusual
    ? { description: `${factor} unusual, perhaps a mistake`.trim() }
    : { description: factor };
  return { label: `${change.unusual ? '$(warning)' : '$(arrow-swap)'} ${text}`, ...marked };
}
