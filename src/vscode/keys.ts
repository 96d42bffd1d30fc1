import { isLoopback } from '../core/catalogue/loopback';
import type { Model } from '../core/catalogue/model';
import { presetAt } from '../core/providers/presets';
import { originOf } from './endpoint';

/** What a stored key is filed under: the server that it belongs to, so that no other server ever sees it. */
const PREFIX = 'solvent.apiKey ';

/** Where keys are kept: the editor's `SecretStorage`, as far as keys need it. */
export interface SecretStore {
  get(name: string): PromiseLike<string | undefined>;
  store(name: string, value: string): PromiseLike<void>;
  delete(name: string): PromiseLike<void>;
}

/**
 * API keys, one for each server, in the editor's secret storage. The environment is the second place to look: a model's
 * own `apiKeyEnv` where it has one, else the variable of the provider at that address (OPENAI_API_KEY for OpenAI's own),
 * which goes to no other.
 */
export class Keys {
  constructor(
    private readonly secrets: SecretStore,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /** The key for a model's server; undefined where there is none. */
  async keyFor(model: Pick<Model, 'baseUrl' | 'apiKeyEnv'>, baseUrl: string): Promise<string | undefined> {
    const server = model.baseUrl ?? baseUrl;
    const stored = await this.stored(server);
    if (stored !== undefined && stored !== '') return stored;
    const variable = model.apiKeyEnv ?? presetAt(server)?.keyEnv;
    const value = variable === undefined ? undefined : this.env[variable]?.trim();
    return value === '' ? undefined : value;
  }

  /** Whether a model can be called: there is a key for its server, or its server is on this machine. */
  async canCall(model: Pick<Model, 'baseUrl' | 'apiKeyEnv'>, baseUrl: string): Promise<boolean> {
    return isLoopback(model.baseUrl ?? baseUrl) || (await this.keyFor(model, baseUrl)) !== undefined;
  }

  async store(baseUrl: string, key: string): Promise<void> {
    await this.secrets.store(PREFIX + originOf(baseUrl), key);
  }

  async remove(baseUrl: string): Promise<void> {
    await this.secrets.delete(PREFIX + originOf(baseUrl));
  }

  /** The key for a server that is in the secret storage; undefined where there is none. */
  async stored(baseUrl: string): Promise<string | undefined> {
    return this.secrets.get(PREFIX + originOf(baseUrl));
  }
}
