import { offeredModels, type OfferedModel } from './offeredModels';
import { PRESETS, type ProviderPreset } from './presets';

/** A server that answers at its usual port of this machine. */
export interface LocalServer {
  readonly preset: ProviderPreset;
  /** Undefined where it wants a key before it tells them. */
  readonly models: readonly OfferedModel[] | undefined;
}

/** How long a server of this machine may take to list its models, in ms. */
const PROBE_MS = 1500;

/**
 * Finds the servers of this machine, each at its usual port of 127.0.0.1, all at once. No key is sent: another program
 * may listen there. Nothing but that address is asked.
 * @param presets whom to look for
 */
export async function localServers(
  presets: readonly ProviderPreset[] = PRESETS,
  signal?: AbortSignal,
  withinMs: number = PROBE_MS,
): Promise<LocalServer[]> {
  const own = presets.filter(({ place, baseUrl }) => place === 'own' && new URL(baseUrl).hostname === '127.0.0.1');
  const found = await Promise.all(own.map((preset) => probed(preset, { withinMs, ...(signal && { signal }) })));
  return found.filter((server) => server !== undefined);
}

async function probed(
  preset: ProviderPreset,
  asking: { readonly withinMs: number; readonly signal?: AbortSignal },
): Promise<LocalServer | undefined> {
  const offered = await offeredModels({ baseUrl: preset.baseUrl, key: undefined }, asking);
  if (offered.kind === 'models') return { preset, models: offered.models };
  return offered.accepted === false ? { preset, models: undefined } : undefined;
}
