import { reachable } from '../core/catalogue/bundled';
import { currentPrices } from '../core/catalogue/current';
import { isLoopback } from '../core/catalogue/loopback';
import type { Catalogue, Model } from '../core/catalogue/model';
import { CatalogueError, parseModelList } from '../core/catalogue/modelList';
import { validAt } from '../core/catalogue/validity';
import type { OpenAiSettings } from '../core/providers/openaiAddress';
import { type Machine, userDataFolder } from '../core/userData';
import type { CommonOptions } from './args';
import { CommandError } from './exitCode';
import { readText } from './files';

/** OpenAI's own address, used where no other is given. */
const OPENAI = 'https://api.openai.com/v1';
const OPENAI_KEY = 'OPENAI_API_KEY';

/** What to do about old prices, where they are not the user's own. */
export const REFRESH = "run 'solvent prices --refresh'";

type Env = Readonly<Record<string, string | undefined>>;
type EndpointOptions = Pick<CommonOptions, 'models' | 'baseUrl' | 'apiKeyEnv' | 'headers'>;

/** Which models can be asked, and how. */
export interface Endpoint {
  /** The models that can be called; all of the list where none can. */
  readonly catalogue: Catalogue;
  readonly settings: OpenAiSettings;
  /** Variables that would hold the keys of the models that cannot be called. */
  readonly missing: readonly string[];
  /** Whether any model can be called. */
  readonly callable: boolean;
}

/**
 * The endpoint that the options name. Models without a key are left out of the catalogue, so that no plan counts on
 * them; where that is all of them the whole list stays, for `plan`. Models whose price is not valid now are left out, too.
 * @param now ms since the epoch
 * @throws CommandError for a model list that cannot be used
 */
export async function readEndpoint(options: EndpointOptions, machine: Machine, now: number): Promise<Endpoint> {
  const { env } = machine;
  const all = await readModels(options, machine, now);
  const missing = new Set<string>();
  const some = await reachable(all, (model) => {
    const variable = missingKey(model, options, env);
    if (variable !== undefined) missing.add(variable);
    return Promise.resolve(variable === undefined);
  });
  const callable = some.models.length > 0;
  return {
    catalogue: callable ? some : all,
    callable,
    missing: [...missing],
    settings: {
      baseUrl: options.baseUrl ?? OPENAI,
      key: (model) => Promise.resolve(keyFor(model, options, env)),
      headers: Object.fromEntries(options.headers.map(({ name, value }) => [name, value])),
    },
  };
}

/** @throws CommandError where not one model can be called, saying what to set */
export function requireKey({ callable, missing }: Endpoint): void {
  if (callable) return;
  const set = missing.length === 1 ? `set ${missing[0] ?? ''}` : `set one of ${missing.join(', ')}`;
  throw new CommandError(
    `There is no API key: ${set}, or name a server that needs none with --base-url. ` +
      `To try Solvent without a key, run npm start.`,
  );
}

async function readModels(options: EndpointOptions, machine: Machine, now: number): Promise<Catalogue> {
  const { models, baseUrl } = options;
  try {
    if (models !== undefined) {
      const text = await readText(models, 'The model list');
      return validAt(parseModelList(text, models), now, 'update the model list');
    }
    const { catalogue } = await currentPrices(userDataFolder(machine));
    const valid = validAt(catalogue, now, REFRESH);
    // Who names a gateway means it for every model: the list's own addresses are only where they are usually found.
    return baseUrl === undefined ? valid : { ...valid, models: valid.models.map(atDefaultAddress) };
  } catch (error) {
    if (error instanceof CatalogueError) throw new CommandError(error.message);
    throw error;
  }
}

function atDefaultAddress(model: Model): Model {
  const { id, tier, price, contextWindow, maxOutputTokens, tokenizer, exactTokenizer } = model;
  const { priceValidFrom, priceValidUntil } = model;
  return {
    ...{ id, tier, price, contextWindow, maxOutputTokens, tokenizer, exactTokenizer },
    ...(priceValidFrom === undefined ? {} : { priceValidFrom }),
    ...(priceValidUntil === undefined ? {} : { priceValidUntil }),
  };
}

/** The variable that a model's key is expected in and that is not set; undefined where the model can be called. */
function missingKey(model: Model, options: EndpointOptions, env: Env): string | undefined {
  if (keyFor(model, options, env) !== undefined) return undefined;
  if (isLoopback(model.baseUrl ?? options.baseUrl ?? OPENAI)) return undefined;
  if (model.apiKeyEnv !== undefined) return model.apiKeyEnv;
  // An address that the user gave may need no key; OpenAI's own always does.
  if ((model.baseUrl ?? options.baseUrl) !== undefined) return undefined;
  return options.apiKeyEnv ?? OPENAI_KEY;
}

/**
 * A model's own variable wins. OPENAI_API_KEY, where nobody named it, goes to the default address only: a list of models
 * must not be able to send it elsewhere.
 */
function keyFor(model: Model, { apiKeyEnv, baseUrl }: EndpointOptions, env: Env): string | undefined {
  const atDefault = model.baseUrl === undefined || originOf(model.baseUrl) === originOf(baseUrl ?? OPENAI);
  const variable = model.apiKeyEnv ?? apiKeyEnv ?? (atDefault ? OPENAI_KEY : undefined);
  const key = variable === undefined ? '' : (env[variable] ?? '').trim();
  return key === '' ? undefined : key;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
