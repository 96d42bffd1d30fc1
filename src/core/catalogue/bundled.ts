import snapshot from './bundled.json';
import { type Rank, tierOf, TIERS_FROM } from './leaderboard';
import type { Catalogue, Model } from './model';
import { readCatalogue } from './modelList';

/** The dated snapshot of models and prices that comes with Solvent, in tiers of a public leaderboard. */
export function bundledCatalogue(): Catalogue {
  const models = snapshot.models.map((model) => ({ ...model, tier: tierOf(model.rank as Rank) }));
  return readCatalogue({ ...snapshot, models, source: `${snapshot.source}; ${TIERS_FROM}` }, 'the bundled model list');
}

/**
 * The models that can be called here: those for which `hasKey` says that there is a key, or that none is needed.
 * Provisioning money for a model that would answer "401" would spend the plan on nothing.
 */
export async function reachable(catalogue: Catalogue, hasKey: (model: Model) => Promise<boolean>): Promise<Catalogue> {
  const flags = await Promise.all(catalogue.models.map(hasKey));
  return { ...catalogue, models: catalogue.models.filter((_, index) => flags[index]) };
}
