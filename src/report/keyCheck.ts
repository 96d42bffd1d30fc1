import type { Offered } from '../core/providers/offeredModels';
import { counted } from './text';

/** What is said after a key was stored and tried. */
export interface KeyCheck {
  /** `warning` where the key, as far as can be told, will not do. */
  readonly level: 'info' | 'warning';
  readonly message: string;
}

/**
 * Says in a sentence or two whether a key works, and how many of the server's models have a price here.
 * @param host host and port of the server
 * @param priced ids of the models in use that this server serves
 */
export function keyCheck(host: string, offered: Offered, priced: readonly string[]): KeyCheck {
  const stored = `The API key for ${host} is stored`;
  if (offered.kind === 'models') {
    const ids = new Set(offered.models.map(({ id }) => id));
    const known = priced.filter((id) => ids.has(id));
    const models = counted(offered.models.length, 'model');
    const prices =
      known.length > 0
        ? `${known.length} of them with a price here: ${known.join(', ')}`
        : `none of them with a price here; name those to use, with their prices, in 'solvent.models'`;
    return {
      level: known.length > 0 ? 'info' : 'warning',
      message: `${stored} and accepted. It serves ${models}, ${prices}.`,
    };
  }
  if (offered.accepted === false)
    return { level: 'warning', message: `${offered.message} It is stored all the same: set another.` };
  return { level: 'info', message: `${stored}. Whether it works is not known yet: ${offered.message}` };
}
