import { Experience } from '../core/calibration/experience';
import { rankedByEvidence } from '../core/calibration/tiers';
import type { Catalogue } from '../core/catalogue/model';
import { Journal } from '../core/journal/journal';
import type { PlanParts } from '../core/solve';

/**
 * What the user's own runs say about the models. Their evidence ranks bundled models anew where it is significant; the
 * tiers of the user's own list are the user's.
 * @param folder that of the ledger, which the journal lies beside
 */
export async function calibrated(
  catalogue: Catalogue,
  { models }: { readonly models?: string },
  folder: string,
): Promise<Pick<PlanParts, 'catalogue' | 'calibration'> & { readonly experience: Experience }> {
  const experience = new Experience(await new Journal(folder).entries());
  const { calibration } = experience;
  const ranked = models === undefined ? rankedByEvidence(catalogue, calibration) : catalogue;
  return { catalogue: ranked, calibration, experience };
}
