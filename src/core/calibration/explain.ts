import { CHANCE_OF_ANOTHER, T_OUT } from '../provisioning/estimate';
import type { Order } from '../plan';
import type { Provision } from '../provisioning/provision';
import { cheaperFirst, type PricedModel } from '../provisioning/tier';
import type { Calibration } from './calibration';

/** From so many first answers on, a rate is told in numbers. */
const TELLING = 10;

/** What the expected cost rests on, as the end of "Expected $0.0004: ...". */
export function explainCalibration(
  pool: readonly Provision[],
  models: readonly PricedModel[],
  calibration: Calibration,
  order: Order = 'cheap to strong',
): string {
  const first = order === 'cheap to strong' ? 'cheapest' : 'strongest';
  const begin = `the ${first} model tries first, and each further call`;
  const [cheapest] = [...models].sort(cheaperFirst);
  const shown = [...(cheapest === undefined ? [] : [cheapest]), ...pool].map(({ model }) => model.id);
  const known = [...new Set(shown)].flatMap((id) => knownOf(id, calibration));
  if (known.length > 0) return `${begin} is needed as often as in your own runs (${known.join('; ')}).`;
  const prior = `${CHANCE_OF_ANOTHER * 100}% of the cases`;
  const runs = calibration.runs === 0 ? 'not yet learned from your runs' : 'hardly changed by your few runs';
  return `${begin} is taken to be needed in ${prior} (a prior, ${runs}).`;
}

function knownOf(id: string, calibration: Calibration): readonly string[] {
  const { held, of, low, high } = calibration.passRate(id);
  if (of < TELLING) return [];
  const share = (part: number): string => `${Math.round(part * 100)}`;
  const rate = `${id}: ${held} of ${of} first answers passed, ${share(low)} to ${share(high)}% in the long run`;
  const tokens = `${calibration.plannedOutput(id, 'executor', T_OUT)} tokens planned`;
  const speed = calibration.speed(id);
  const pace =
    speed === undefined
      ? []
      : [
          `${(speed.firstTextMs / 1000).toFixed(1)} s to the first word`,
          `${Math.round(speed.tokensPerSecond)} tokens a second`,
        ];
  return [[rate, tokens, ...pace].join(', ')];
}
