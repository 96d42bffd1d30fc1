import type { Model } from '../core/catalogue/model';
import { DEFAULT_BASE_URL, isLoopback, originOf } from './endpoint';

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
 * own `apiKeyEnv` where it has one, else OPENAI_API_KEY, which is for OpenAI's own address and no other.
 */
export class Keys {
  constructor(
    private readonly secrets: SecretStore,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /** The key for a model's server; undefined where there is none. */
  async keyFor(model: Pick<Model, 'baseUrl' | 'apiKeyEnv'>, baseUrl: string): Promise<string | undefined> {
    const server = model.baseUrl ?? baseUrl;
    const stored = await this.secrets.get(PREFIX + originOf(server));
    if (stored !== undefined && stored !== '') return stored;
    const variable =
      model.apiKeyEnv ?? (originOf(server) === originOf(DEFAULT_BASE_URL) ? 'OPENAI_API_KEY' : undefined);
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

  /** Whether a key for this server is in the secret storage. */
  async isStored(baseUrl: string): Promise<boolean> {
    return (await this.secrets.get(PREFIX + originOf(baseUrl))) !== undefined;
  }
}
