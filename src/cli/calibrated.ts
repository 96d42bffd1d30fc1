import { Calibration } from '../core/calibration/calibration';
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
): Promise<Pick<PlanParts, 'catalogue' | 'calibration'>> {
  const calibration = new Calibration(await new Journal(folder).entries());
  return { catalogue: models === undefined ? rankedByEvidence(catalogue, calibration) : catalogue, calibration };
}
