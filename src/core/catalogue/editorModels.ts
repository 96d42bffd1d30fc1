import { type Money, perToken, ZERO } from '../money';
import { isDay } from './day';
import snapshot from './editorPrices.json';
import type { Model, Price } from './model';
import { CatalogueError } from './modelList';

/** A model that the editor offers, as the editor describes it. */
export interface EditorModel {
  /** Whose it is: `copilot`, say. */
  readonly vendor: string;
  /** Unique for the vendor. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** The longest prompt, in tokens. */
  readonly maxInputTokens: number;
}

/** What a model of the editor costs, with what goes along. */
export interface EditorPrice {
  readonly price: Price;
  /** 1 is the strongest. */
  readonly tier: number;
  /** Prompt and completion together up to which the price holds, in tokens. */
  readonly contextWindow?: number;
  readonly priceValidUntil?: string;
}

/** How the models of the editor may be used. */
export interface EditorTerms {
  /** The user's own prices, by vendor and id: `copilot/gpt-5-mini`. */
  readonly prices: ReadonlyMap<string, EditorPrice>;
  /** Requests that a run may make of models whose price is not known; with 0 they are not used. */
  readonly unpricedRequests: number;
}

/** The models of the editor that can be planned with. */
export interface EditorModels {
  readonly models: readonly Model[];
  /** Ids of those among them that are counted in requests, because their price is not known. */
  readonly unpriced: ReadonlySet<string>;
  /** Vendor and id of those that were left out for want of a price. */
  readonly missing: readonly string[];
  /** What every plan with them has to say, a sentence each. */
  readonly notes: readonly string[];
}

/** Begins the name of every model of the editor, and of no other. */
const PREFIX = 'vscode:';
/** The longest completion that is asked of them, in tokens: the editor does not say what they can do. */
const MOST_OUTPUT = 4096;
/** Of whose strength nothing is known. */
const TIER = 4;
/** Names that a sentence holds. */
const SHOWN = 4;

const NONE_OFFERED =
  "The editor offers no models: sign in to GitHub Copilot, or set 'solvent.editorModels.use' to false.";

/** How plans, meter and ledger name a model of the editor. */
export function editorModelId({ vendor, id }: Pick<EditorModel, 'vendor' | 'id'>): string {
  return `${PREFIX}${vendor}/${id}`;
}

/**
 * Whether amounts of a model are estimated: the editor reports no usage, so nobody but its own count of tokens says what
 * a call came to, and a budget is held against that and not against a bill.
 */
export function isEstimated(model: string): boolean {
  return model.startsWith(PREFIX);
}

/** When the bundled prices of Copilot's models were true, and where they come from. */
export const EDITOR_PRICES: { readonly asOf: string; readonly source: string } = {
  asOf: snapshot.asOf,
  source: snapshot.source,
};

/**
 * The models of the editor as models that can be planned with. A price is the user's own or else, for Copilot's, the
 * bundled one; a model without is left out, or used by the number of requests where the user allows that.
 *
 * The bundled prices are in AI credits of $0.01 for a million tokens, which Copilot bills since June 2026
 * (https://docs.github.com/en/copilot/reference/copilot-billing/models-and-pricing). Those models are listed whose prices
 * two copies of that page from different days agree on, with the dearer of long prompts left out by their window; tiers
 * follow the page's categories.
 */
export function editorModels(offered: readonly EditorModel[], terms: EditorTerms): EditorModels {
  const bundled = readEditorPrices(snapshot.models, 'the bundled prices of Copilot');
  const models = new Map<string, Model>();
  const unpriced = new Set<string>();
  const missing: string[] = [];
  let byBundle = false;
  for (const one of offered) {
    const id = editorModelId(one);
    const own = terms.prices.get(`${one.vendor}/${one.id}`);
    const known = own ?? bundledPrice(one, bundled);
    byBundle ||= own === undefined && known !== undefined;
    if (known === undefined && terms.unpricedRequests === 0) missing.push(`${one.vendor}/${one.id}`);
    else if (one.maxInputTokens > 0 && !models.has(id)) {
      models.set(id, modelOf(one, known ?? { price: { input: ZERO, output: ZERO }, tier: TIER }));
      if (known === undefined) unpriced.add(id);
    }
  }
  const listed = [...models.values()];
  const notes = [
    ...(offered.length === 0 ? [NONE_OFFERED] : []),
    ...(byBundle ? [`Prices of Copilot's models are as of ${EDITOR_PRICES.asOf}, by ${EDITOR_PRICES.source}.`] : []),
    ...notesOn(listed, unpriced, missing, terms.unpricedRequests),
  ];
  return { models: listed, unpriced, missing, notes };
}

/**
 * Reads the user's prices: `[{ id: "copilot/gpt-5-mini", inputCreditsPerMTok, outputCreditsPerMTok,
 * cacheWriteCreditsPerMTok?, tier?, contextWindow?, priceValidUntil? }]`, in AI credits of $0.01 per million tokens.
 * @throws CatalogueError naming entry and field
 */
export function readEditorPrices(value: unknown, where: string): Map<string, EditorPrice> {
  if (!Array.isArray(value)) throw new CatalogueError(`${where} must be a list of models.`);
  return new Map(value.map((entry: unknown, index) => readEntry(entry, `${where}, model ${index + 1}`)));
}

function bundledPrice(
  { vendor, id, name }: EditorModel,
  bundled: ReadonlyMap<string, EditorPrice>,
): EditorPrice | undefined {
  if (vendor !== 'copilot') return undefined;
  return bundled.get(id) ?? bundled.get(name.toLowerCase().replaceAll(' ', '-'));
}

function modelOf(offered: EditorModel, { price, tier, contextWindow, priceValidUntil }: EditorPrice): Model {
  const whole = offered.maxInputTokens + MOST_OUTPUT;
  return {
    id: editorModelId(offered),
    tier,
    price,
    contextWindow: Math.min(whole, contextWindow ?? whole),
    maxOutputTokens: MOST_OUTPUT,
    tokenizer: 'editor',
    exactTokenizer: false,
    // What fails for one model of a vendor, such as the user's consent, fails for all of them, and for no others.
    baseUrl: `vscode-lm://${encodeURIComponent(offered.vendor)}`,
    ...(priceValidUntil === undefined ? {} : { priceValidUntil }),
  };
}

function notesOn(
  models: readonly Model[],
  unpriced: ReadonlySet<string>,
  missing: readonly string[],
  requests: number,
): string[] {
  const notes: string[] = [];
  if (models.some(({ id }) => !unpriced.has(id))) {
    notes.push(
      `Amounts of ${PREFIX} models are estimated: the editor reports no usage, so they rest on its own count of tokens, and thinking that is not shown is not in them.`,
    );
  }
  if (unpriced.size > 0) {
    notes.push(
      `What ${few([...unpriced])} cost is not known and not in any budget: a run makes at most ${requests} of their requests.`,
    );
  }
  if (missing.length > 0) {
    notes.push(
      `Left out: ${few(missing)}, because their price is not known; enter it in 'solvent.editorModels.prices', or allow requests without one in 'solvent.editorModels.unpricedRequests'.`,
    );
  }
  return notes;
}

function few(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ');
}

type Fields = Readonly<Record<string, unknown>>;

function readEntry(entry: unknown, where: string): [string, EditorPrice] {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw new CatalogueError(`${where} must be an object.`);
  }
  const fields = entry as Fields;
  const { id } = fields;
  if (typeof id !== 'string' || id.trim() === '') {
    throw new CatalogueError(`${where}: 'id' must be vendor and id of the model, such as copilot/gpt-5-mini.`);
  }
  const at = `${where} ('${id}')`;
  const cacheWrite = credits(fields, 'cacheWriteCreditsPerMTok', at);
  const contextWindow = wholeNumber(fields, 'contextWindow', at);
  const until = fields['priceValidUntil'];
  if (until !== undefined && (typeof until !== 'string' || !isDay(until))) {
    throw new CatalogueError(`${at}: 'priceValidUntil' must be a day, such as "2026-12-31".`);
  }
  return [
    id,
    {
      price: {
        input: required(fields, 'inputCreditsPerMTok', at),
        output: required(fields, 'outputCreditsPerMTok', at),
        ...(cacheWrite === undefined ? {} : { cacheWrite }),
      },
      tier: wholeNumber(fields, 'tier', at) ?? TIER,
      ...(contextWindow === undefined ? {} : { contextWindow }),
      ...(until === undefined ? {} : { priceValidUntil: until }),
    },
  ];
}

function required(fields: Fields, name: string, at: string): Money {
  const price = credits(fields, name, at);
  if (price !== undefined) return price;
  throw new CatalogueError(`${at} has no price: add '${name}', in AI credits per million tokens; 1 credit is $0.01.`);
}

/** The price of a token from AI credits per million, rounded up to a whole unit of money. */
function credits(fields: Fields, name: string, at: string): Money | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' || typeof value === 'string') {
    try {
      return ((perToken(value) + 99n) / 100n) as Money;
    } catch {
      // Falls through to the one message for everything that is not a price.
    }
  }
  throw new CatalogueError(`${at}: '${name}' must be AI credits per million tokens, such as 25; 1 credit is $0.01.`);
}

function wholeNumber(fields: Fields, name: string, at: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new CatalogueError(`${at}: '${name}' must be a whole number from 1 on.`);
}
