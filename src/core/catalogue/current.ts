import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { bundledCatalogue } from './bundled';
import { RefreshError } from './download';
import type { Catalogue } from './model';
import { CatalogueError, parseModelList } from './modelList';
import { onTerms } from './terms';
import { modelListOf } from './writeModelList';

const FILE = 'prices.json';

/** A list of prices has some kilobytes; what is larger is something else. */
const MOST_BYTES = 10 * 1024 * 1024;

/** The prices in use where the user has no model list of their own. */
export interface CurrentPrices {
  /** Its notes say where the refreshed prices could not be used. */
  readonly catalogue: Catalogue;
  readonly origin: 'bundled' | 'refreshed';
  /** Where refreshed prices are kept, whether or not there are any. */
  readonly file: string;
}

/**
 * The bundled models at the refreshed prices of the user's data folder where there are any that are not older than the
 * bundled ones, and else at the bundled prices. Models, tiers, tokenizers and addresses are always the bundled ones, so
 * that a new version's corrections hold at once. A file that cannot be read stops nothing: it stays where it is, and the
 * catalogue's notes tell of it.
 */
export async function currentPrices(folder: string): Promise<CurrentPrices> {
  const file = path.join(folder, FILE);
  const bundled = bundledCatalogue();
  let stored: Catalogue | undefined;
  try {
    stored = await readPrices(file);
  } catch (error) {
    const note = `${oneSentence(error)} The bundled prices as of ${bundled.asOf} are used until it is replaced by a refresh.`;
    return { catalogue: { ...bundled, notes: [note] }, origin: 'bundled', file };
  }
  if (stored === undefined || Date.parse(stored.asOf) < Date.parse(bundled.asOf)) {
    return { catalogue: bundled, origin: 'bundled', file };
  }
  return { catalogue: atPricesOf(bundled, stored), origin: 'refreshed', file };
}

/**
 * Stores refreshed prices, for all editors and command lines of the account. Whoever reads meanwhile finds the old file
 * or the new one, whole.
 * @throws RefreshError where the folder cannot be written to; the old file is untouched then
 */
export async function storePrices(folder: string, catalogue: Catalogue): Promise<void> {
  const draft = path.join(folder, `${FILE}.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(`${JSON.stringify(modelListOf(catalogue), null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path.join(folder, FILE));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new RefreshError(`The new prices cannot be stored, and the old ones stay in use: ${messageOf(error)}.`);
  }
}

/** Undefined where there is no such file. */
async function readPrices(file: string): Promise<Catalogue | undefined> {
  try {
    if ((await stat(file)).size > MOST_BYTES) throw new CatalogueError(`${file} is too large for a list of prices.`);
    return parseModelList(await readFile(file, 'utf8'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function atPricesOf({ models }: Catalogue, stored: Catalogue): Catalogue {
  const terms = new Map(stored.models.map((model) => [model.id, model]));
  return { ...stored, models: models.map((model) => onTerms(model, terms.get(model.id) ?? model)) };
}

function oneSentence(error: unknown): string {
  if (error instanceof CatalogueError) return error.message;
  return `The refreshed prices cannot be read: ${messageOf(error)}.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
