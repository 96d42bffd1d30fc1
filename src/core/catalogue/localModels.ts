import { ZERO } from '../money';
import { isLoopback } from './loopback';
import type { Catalogue, Model } from './model';
import { CatalogueError, readModel } from './modelList';

/** A model of a server on this machine, as the user's settings hold it. It has no price: it costs nothing. */
export interface LocalModelEntry {
  readonly id: string;
  readonly baseUrl: string;
  /** 1 is the strongest. */
  readonly tier: number;
  /** Prompt and completion together, in tokens. */
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
}

/**
 * Where a server does not tell its window: the smallest that one of them starts with by itself, Ollama's
 * (https://docs.ollama.com/context-length). What is sent beyond the window would be cut without a word.
 */
const UNTOLD_WINDOW = 4096;
/** Nothing is known of their strength, so they stand below the models of the bundled list until the user says more. */
const TIER = 6;

/** A model of a server on this machine as an entry of the settings. @param contextWindow in tokens, as the server says */
export function localModelEntry(id: string, baseUrl: string, contextWindow = UNTOLD_WINDOW): LocalModelEntry {
  return { id, baseUrl, tier: TIER, contextWindow, maxOutputTokens: Math.max(1, Math.floor(contextWindow / 2)) };
}

/**
 * Reads the user's models of this machine: a list of {@link LocalModelEntry}. Their price is 0, whatever an entry says,
 * and so their address must be one of this machine.
 * @param where what holds the list, for messages
 * @throws CatalogueError naming entry and field
 */
export function readLocalModels(value: unknown, where: string): Model[] {
  if (!Array.isArray(value)) throw new CatalogueError(`${where} must be a list of models.`);
  return value.map((entry: unknown, index) => {
    const at = `${where}, model ${index + 1}`;
    const model = readModel(withoutPrice(entry), at);
    if (model.baseUrl === undefined || !isLoopback(model.baseUrl)) {
      throw new CatalogueError(
        `${at} ('${model.id}'): 'baseUrl' must be an address of this machine, such as http://127.0.0.1:11434/v1; models of other servers belong to 'solvent.models', with their prices.`,
      );
    }
    return { ...model, price: { input: ZERO, output: ZERO } };
  });
}

/** A catalogue with the models of this machine beside its own. One whose name is taken is left out, with a note. */
export function withLocalModels(catalogue: Catalogue, local: readonly Model[]): Catalogue {
  if (local.length === 0) return catalogue;
  const taken = new Set(catalogue.models.map(({ id }) => id));
  const added: Model[] = [];
  const notes: string[] = [];
  for (const model of local) {
    if (taken.has(model.id)) notes.push(`Left out: the local model '${model.id}', because another one has its name.`);
    else added.push(model);
    taken.add(model.id);
  }
  return { ...catalogue, models: [...catalogue.models, ...added], notes: [...(catalogue.notes ?? []), ...notes] };
}

function withoutPrice(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
  return { ...entry, inputUsdPerMTok: 0, outputUsdPerMTok: 0 };
}
